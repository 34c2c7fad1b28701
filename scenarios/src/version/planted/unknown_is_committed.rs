//! A commit of which the store does not say whether it was applied counts as applied. Anomaly: unknown commit.
//! Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::event::{Event, Verdict};
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "unknown-is-committed",
    summary: "Takes a commit whose end is unknown for durable.",
    origin: "unknown commit",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "doubtful-store",
    mistake: Mistake::Store(fresh::<Trusting<true>>, fresh::<Trusting<false>>),
};

#[derive(Debug, Clone, Default)]
struct Trusting<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Trusting<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        Some(match event {
            Event::Committed { commit, verdict: Verdict::Unknown } if PLANTED => {
                Event::Committed { commit, verdict: Verdict::Committed }
            }
            event => event,
        })
    }
}
