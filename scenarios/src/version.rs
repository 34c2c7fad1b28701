//! Orchestrator versions: the orchestrators that can be put into a world, by name. Each version is a file beside this
//! one. A version says how its processes are made; how a world runs them is not its business.
//!
//! To add one: write its file, implement [`Version`], and name it below. A planted bug is added in `planted`.

mod any;
pub mod choreographed;
pub mod foreign;
pub mod hub;
pub mod naive;
mod next;
mod orchestrator;
pub mod patient;
pub mod planted;
pub mod protocol;
pub mod relay;
pub mod saga;
pub mod split;
pub mod two_phase;

use std::rc::Rc;

use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_sim::process::{Row, Spawn};

use crate::operation::Customer;
use crate::scenario::{Deployment, PolicyOverrides, Terms};

pub use self::any::{AnyLife, AnyProcess, AnySpawn, AnyVersion, any};
pub use self::orchestrator::{Orchestrator, PolicyFile};

/// A customer who stands in the primary and at every vendor before the world begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeededCustomer {
    /// The fields.
    pub customer: Customer,
    /// The id of its record at commerce.
    pub commerce: String,
    /// The id of its record at support.
    pub support: String,
    /// The id of its record at identity, in full.
    pub identity: String,
    /// Its loyalty points, which only the primary has.
    pub points: u64,
}

/// An orchestrator that can be put into a world.
pub trait Version {
    /// What makes its processes. Versions that only differ in settings share one.
    type Spawn: Spawn;

    /// What makes the processes of one world; `logs`: somebody will read what they log.
    fn spawn(&self, terms: &Terms, seed: u64, logs: bool) -> Self::Spawn;

    /// The rows that stand in its store before the world begins, for the customers who stand at the vendors already.
    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<Row>;

    /// On what policy it runs where the scenario asks for this one. What may be expected of it follows from that.
    fn policy(&self, asked: PolicyOverrides) -> PolicyOverrides {
        asked
    }

    /// On how many processes it runs where the scenario asks for these.
    fn deployment(&self, asked: Deployment) -> Deployment {
        asked
    }

    /// What reads its store and asks vendors for an operator who wants a report, where it is a hub that gives such.
    fn desk(&self, _terms: &Terms) -> Option<Engine> {
        None
    }

    /// What went wrong outside of the simulation, where a version reaches out of it. Whoever runs worlds asks after each
    /// of them: once something has gone wrong, worlds mean nothing any more.
    fn broken(&self) -> Option<String> {
        None
    }
}

/// The versions that stand for themselves, in the order of lists: name and summary. Retry policies and planted bugs are
/// listed apart.
pub const ALL: &[(&str, &str)] = &[
    (saga::NAME, saga::SUMMARY),
    (naive::NAME, naive::SUMMARY),
    (choreographed::NAME, choreographed::SUMMARY),
    (two_phase::NAME, two_phase::SUMMARY),
];

/// Name and summary of every version that is no planted bug.
pub fn summaries() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.iter().copied().chain(patient::ALL.iter().map(|one| (one.name, one.summary)))
}

/// The version that runs where none is named.
pub const DEFAULT: &str = saga::NAME;

/// The names of all versions, planted bugs last.
pub fn names() -> impl Iterator<Item = &'static str> {
    summaries().map(|(name, _)| name).chain(planted::ALL.iter().map(|bug| bug.name))
}

/// The version of this name; `None` where there is none.
#[must_use]
pub fn named(name: &str) -> Option<AnyVersion> {
    Some(match name {
        saga::NAME => Rc::new(patient::Patient::shipped()),
        naive::NAME => any(Rc::new(naive::Naive::default())),
        choreographed::NAME => any(Rc::new(relay::Relay::new(choreographed::STYLE))),
        two_phase::NAME => any(Rc::new(relay::Relay::new(two_phase::STYLE))),
        _ => match patient::find(name) {
            Some(retry) => Rc::new(patient::Patient::new(retry.policy)),
            None => any(Rc::new(planted::find(name)?.planted())),
        },
    })
}
