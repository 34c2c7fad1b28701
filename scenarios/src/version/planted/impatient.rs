//! The time-out is shorter than any vendor needs, so that nothing ever succeeds. Anomaly: slow, not dead.
//! Seam: policy. Convicted by `works-in-fair-weather`.

use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time::Nanos;

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "impatient",
    summary: "Gives up on vendors that are merely far away.",
    origin: "slow, not dead",
    convicted_by: CheckerName::WorksInFairWeather,
    hunted_in: "fair-weather",
    mistake: Mistake::Policy(policy),
};

fn policy(shipped: Policy) -> Policy {
    Policy { time_out: Nanos::millis(5), ..shipped }
}
