//! Scenarios: what a world is made of and what must happen in it, as validated types. How they are written in YAML
//! stands in `raw`, each setting's rules in its own file; what a world does with them is not here.

mod bounds;
mod canonical;
mod chaos;
mod count;
mod decimal;
mod deployment;
mod duration;
mod fates;
mod fleet;
mod harm;
mod hub_file;
mod latency;
mod level;
mod load;
mod mark;
mod parse;
mod policy;
mod policy_file;
mod probability;
mod raw;
mod read;
mod reference;
mod rules;
mod shift;
mod switch;
mod systems;
mod terms;
mod validate;
mod words;
mod workload;

use std::path::PathBuf;

use sagaproof_sim::chaos::rule::Chaos;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::world::Latency;

pub use deployment::Deployment;
pub use fleet::FleetSettings;
pub use harm::Harm;
pub use hub_file::{HubSettings, load_hub};
pub use level::{Assumption, Level};
pub use load::{MOST_BYTES, built_in, load};
pub use mark::Mark;
pub(crate) use policy::HAMMERING;
pub use policy::PolicyOverrides;
pub use policy_file::load_policy;
pub use reference::reference;
pub use rules::{load_rules, read_rules};
pub use shift::Shift;
pub use systems::CLIENT_ROUTES;
pub use terms::Terms;
pub use workload::{Mix, Resend, WorkloadSettings};

/// The version of the scenario format.
pub const VERSION: u32 = 1;

/// One scenario: with choices it makes a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Its name, unique in a run: lower-case letters, digits and single hyphens.
    pub name: String,
    /// One sentence on what it proves.
    pub proves: String,
    /// How hard it is on an orchestrator.
    pub level: Level,
    /// The assumption that it breaks; `Some` exactly at [`Level::Beyond`].
    pub beyond: Option<Assumption>,
    /// What breaks it.
    pub harm: Harm,
    /// The vendors and what stands in them before the world begins.
    pub fleet: FleetSettings,
    /// How long ways take, by the number of the system.
    pub latency: [Latency; 5],
    /// The delivery horizon D: a request takes effect within it or never.
    pub horizon: Nanos,
    /// What the hub does otherwise than by default.
    pub policy: PolicyOverrides,
    /// How many processes run the hub.
    pub hub: Deployment,
    /// What clients and outsiders do.
    pub workload: WorkloadSettings,
    /// What may go wrong.
    pub chaos: Chaos,
    /// What must have happened at least once over a sweep.
    pub sometimes: Vec<Mark>,
    /// The hash of everything above that shapes a world; names and sentences don't count.
    pub hash: u64,
    /// Where it was read.
    pub origin: Origin,
    /// The line of its name there, from 1.
    pub line: usize,
}

/// Where a scenario was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From a suite built into the binary, by the suite's name.
    BuiltIn(&'static str),
    /// From a file.
    File(PathBuf),
}

impl Scenario {
    /// When chaos ends at the latest: as the workload says, or when the last operation has been sent and its client has
    /// resent it as often as it may.
    #[must_use]
    pub fn work_until(&self) -> Instant {
        let work = &self.workload;
        if let Some(lasts) = work.lasts {
            return Instant::ZERO + lasts;
        }
        let sending = work.spacing.times(u64::from(work.operations));
        let waiting = (work.resend.time_out + work.resend.pause).times(u64::from(work.resend.sendings));
        Instant::ZERO + sending + waiting
    }
}

#[cfg(test)]
mod tests;
