//! The lock is released at once, although a request that timed out may still land: after the compensation, after the
//! next update, after a close. Particular/NServiceBus#6496 (the late success of an abandoned step is ignored).
//! Seam: policy. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time::Nanos;

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "no-quiet",
    summary: "Releases its locks while a request that timed out may still land.",
    origin: "Particular/NServiceBus#6496",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "ghosts",
    mistake: Mistake::Policy(policy),
};

fn policy(shipped: Policy) -> Policy {
    Policy { horizon: Nanos::ZERO, index_lag: Nanos::ZERO, ..shipped }
}
