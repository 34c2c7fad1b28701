//! A search that does not show a record is taken for its absence, although the index lags behind what was written.
//! Anomaly: lagging index. Seam: policy. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time::Nanos;

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "search-is-believed",
    summary: "Concludes from a lagging search that a record is not there.",
    origin: "lagging index",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "ghosts",
    mistake: Mistake::Policy(policy),
};

fn policy(shipped: Policy) -> Policy {
    Policy { index_lag: Nanos::ZERO, ..shipped }
}
