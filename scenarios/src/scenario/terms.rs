//! What an orchestrator is told of the world that it is put into. What will go wrong there is not in it.

use sagaproof_sim::clock::Nanos;

use super::{Deployment, FleetSettings, PolicyOverrides, Scenario};

/// The terms on which an orchestrator runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// The delivery horizon D: a request takes effect within it or never.
    pub horizon: Nanos,
    /// The index lag S: a search shows every write within it.
    pub index_lag: Nanos,
    /// J: a vendor's job ends within it, once the world is healed.
    pub job_time: Nanos,
    /// Whether the clocks of its processes drift.
    pub clocks: bool,
    /// What it shall do otherwise than by default.
    pub policy: PolicyOverrides,
    /// How many processes share its store, and how long their leases last.
    pub hub: Deployment,
}

impl Scenario {
    /// What an orchestrator is told of this scenario's worlds.
    #[must_use]
    pub fn terms(&self) -> Terms {
        let FleetSettings { index_lag, job_time, .. } = self.fleet;
        Terms {
            horizon: self.harm.told_horizon.unwrap_or(self.horizon),
            index_lag: self.harm.told_index_lag.unwrap_or(index_lag),
            job_time,
            clocks: self.chaos.clocks,
            policy: self.policy,
            hub: self.hub,
        }
    }
}
