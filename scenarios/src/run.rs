//! Running scenarios: one world, watched and judged ([`Judge`]), and sweeps of many over all cores ([`sweep`]). What a
//! world does stands in the simulation, what is right with the checkers, how it is told with the reports.

mod aftermath;
mod chooser;
mod costs;
mod desk;
mod histogram;
mod left;
pub mod live;
mod load;
mod partition;
mod rollout;
mod settings;
mod simulated;
mod stage;
pub mod sweep;
mod tally;
mod trace;
mod watch;

use std::ops::Range;
use std::rc::Rc;

use sagaproof_sim::chaos::choices::{Deviation, Met};
use sagaproof_sim::chaos::schedule::RouteNames;
use sagaproof_sim::client::Clients;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::{Fleet, Record as Held, System};
use sagaproof_sim::process::Spawn;
use sagaproof_sim::world::Counts;

pub use aftermath::{Became, Left as LeftBehind};
pub use desk::{Curiosity, Desk};
pub use histogram::Histogram;
pub use left::{Asked, Left, left};
pub use partition::Partition;
pub use stage::stage;
pub use tally::{Conviction, SHOWN, Tally};
pub use trace::Trace;

use self::simulated::Simulated;
use crate::check::{Charge, Violation};
use crate::coverage::Marks;
use crate::scenario::Scenario;
use crate::timeline::Timeline;
use crate::version::planted::Bug;
use crate::version::{Orchestrator, Version, any};
use crate::workload::WorkloadClients;

/// One in so many worlds runs twice, and both runs must show the same trace.
pub const TWICE_IN: u64 = 64;

/// From so many worlds of a scenario on, a mark that was not reached counts.
pub const ENOUGH_WORLDS: u64 = 500;

/// Runs the worlds of one scenario under one orchestrator.
pub trait Judge {
    /// Runs and judges the worlds of these seeds, and adds what happened. Stops where something broke.
    fn sweep(&mut self, seeds: Range<u64>, tally: &mut Tally);

    /// The seed of the world that ran last, or runs.
    fn seed(&self) -> u64;

    /// Runs one world and records it. With a plot the world goes as that says, else as its seed draws.
    fn record(&mut self, seed: u64, plot: Option<Plot<'_>>) -> Record;

    /// Runs and judges the world of this seed, and tells what it cost.
    fn measure(&mut self, seed: u64) -> Measured;

    /// Runs the world of this seed under a split that is rolled back, and tells what became of everybody.
    fn aftermath(&mut self, seed: u64) -> Aftermath;

    /// What broke outside of the simulation ([`Version::broken`]): what the last world showed means nothing then.
    fn broken(&self) -> Option<String>;
}

/// What became of every customer of a world, in order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aftermath(pub Vec<LeftBehind>);

/// How a world goes whose seed does not draw its faults.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plot<'a> {
    /// Where it goes otherwise than uneventfully.
    pub deviations: &'a [Deviation],
    /// The operations that are left out.
    pub without: &'a [u32],
}

impl<'a> Plot<'a> {
    /// A plot with all operations.
    #[must_use]
    pub const fn of(deviations: &'a [Deviation]) -> Self {
        Self { deviations, without: &[] }
    }
}

/// Appoints judges of one orchestrator, for the worlds of any scenario. They share what it holds outside of them.
pub type Appoint<'s> = Box<dyn Fn(&'s Scenario) -> Box<dyn Judge + 's> + 's>;

/// One world, recorded.
#[derive(Debug)]
pub struct Record {
    /// What happened, in order.
    pub timeline: Timeline,
    /// What commerce, support and identity held at its end, in this order.
    pub held: [Vec<Held>; 3],
    /// What is wrong with it.
    pub violations: Vec<Violation>,
    /// Where it went otherwise than uneventfully.
    pub chosen: Vec<Deviation>,
    /// The deviations that were asked for and could not be taken.
    pub stale: Vec<(Deviation, Met)>,
    /// What happened, in numbers.
    pub counts: Counts,
}

/// One world, measured, so that it can be compared with that of another orchestrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Who convicts, and of whom, each once, in order.
    pub charges: Vec<Charge>,
    /// Whether operations have more possible orders than the law looks at: whether they fit any is not known then.
    pub undecided: bool,
    /// The hash of all that it showed.
    pub trace: u64,
    /// Whether it was run a second time and showed something else then.
    pub unlike: bool,
    /// Sagas that began; without a journal, operations that ask for a change and came to the hub.
    pub sagas: u32,
    /// How long the work took: from a client's first request to the last word before the world healed.
    pub worked: Nanos,
    /// The most requests that each of [`System::VENDORS`] was sent within one second.
    pub peaks: [u32; System::VENDORS.len()],
    /// Requests to vendors.
    pub calls: u32,
    /// Writes that had been sent before, byte for byte.
    pub retries: u32,
    /// Writes that a vendor accepted and that served nothing.
    pub wasted: u32,
    /// How often a saga was parked.
    pub parked: u32,
    /// Writes to vendors.
    pub writes: u32,
    /// Writes to vendors of which no journal told.
    pub unjournaled: u32,
    /// Writes to vendors without a correlation id.
    pub uncorrelated: u32,
    /// What was reached.
    pub marks: Marks,
    /// How long each operation took, in the order of the plan; none where its client never learnt its outcome.
    pub latencies: Vec<Option<Nanos>>,
    /// Where it went otherwise than uneventfully.
    pub chosen: Vec<Deviation>,
}

/// The judge of a scenario's worlds under the orchestrator of this name; `None` where there is none.
#[must_use]
pub fn judge<'s>(orchestrator: &str, scenario: &'s Scenario) -> Option<Box<dyn Judge + 's>> {
    Some(judges(&Orchestrator::built_in(orchestrator)?)?(scenario))
}

/// The judge of a scenario's worlds under this version, whoever wrote it.
#[must_use]
pub fn judge_version<'s, S: Spawn + 'static>(
    version: Rc<dyn Version<Spawn = S>>,
    scenario: &'s Scenario,
) -> Box<dyn Judge + 's> {
    Box::new(Simulated::new(scenario, any(version)))
}

/// Who appoints judges of this orchestrator; `None` where there is none of its name.
#[must_use]
pub fn judges<'s>(orchestrator: &Orchestrator) -> Option<Appoint<'s>> {
    let version = orchestrator.version()?;
    Some(Box::new(move |scenario| Box::new(Simulated::new(scenario, Rc::clone(&version)))))
}

/// The judge of a scenario's worlds under the hub in which this bug was planted, the bug taken out again.
#[must_use]
pub fn judge_mended<'s>(bug: &Bug, scenario: &'s Scenario) -> Box<dyn Judge + 's> {
    judge_version(Rc::new(bug.mended()), scenario)
}

/// The names of all routes by system and number: what schedules speak.
#[must_use]
pub fn route_names() -> RouteNames<'static> {
    let [commerce, support, identity, messaging] = System::VENDORS.map(Fleet::route_names);
    [WorkloadClients::routes(), commerce, support, identity, messaging]
}
