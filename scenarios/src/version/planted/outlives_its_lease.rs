//! A process calls on although its lease is over: it paused, another one took over, and what it had decided before leaves
//! all the same. Kleppmann, "How to do distributed locking" (2016): a client that pauses while it holds a lock.
//! Seam: policy. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time::Nanos;

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "outlives-its-lease",
    summary: "Calls on after its lease is over, and was taken over meanwhile.",
    origin: "Kleppmann, How to do distributed locking",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "hubs-paused-worker",
    mistake: Mistake::Policy(policy),
};

fn policy(shipped: Policy) -> Policy {
    Policy { lease: Nanos::secs(3_600), ..shipped }
}
