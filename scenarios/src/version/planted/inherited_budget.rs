//! Compensation inherits the retry count of the way forward, which is spent: it gives up at its first failure.
//! MassTransit/MassTransit#4676. Seam: policy. Convicted by `parked-is-justified`.

use sagaproof_orchestrator::policy::Policy;

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "inherited-budget",
    summary: "A compensation has no attempts left where the way forward has spent them.",
    origin: "MassTransit/MassTransit#4676",
    convicted_by: CheckerName::ParkedIsJustified,
    hunted_in: "create-one",
    mistake: Mistake::Policy(policy),
};

fn policy(shipped: Policy) -> Policy {
    Policy { compensate_attempts: 1, ..shipped }
}
