//! What fails is tried again at once and without end, and no breaker opens. Anomaly: outage; slow, not dead.
//! Seam: policy. Convicted by `polite`.

use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time::Nanos;

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "retry-storm",
    summary: "Tries again at once, for ever, and opens no breaker.",
    origin: "outage",
    convicted_by: CheckerName::Polite,
    hunted_in: "outages",
    mistake: Mistake::Policy(policy),
};

fn policy(shipped: Policy) -> Policy {
    let attempts = 1_000;
    Policy {
        forward_attempts: attempts,
        compensate_attempts: attempts,
        settle_attempts: attempts,
        backoff_base: Nanos::ZERO,
        backoff_cap: Nanos::ZERO,
        breaker_failures: u32::MAX,
        ..shipped
    }
}
