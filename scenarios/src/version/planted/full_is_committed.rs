//! The store is full and says so, and what it could not write is acknowledged all the same. Anomaly: store full.
//! Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::event::{Event, Verdict};
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "full-is-committed",
    summary: "Acknowledges what a full store did not take.",
    origin: "store full",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "full-store",
    mistake: Mistake::Store(fresh::<Deaf<true>>, fresh::<Deaf<false>>),
};

#[derive(Debug, Clone, Default)]
struct Deaf<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Deaf<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        Some(match event {
            Event::Committed { commit, verdict: Verdict::Full } if PLANTED => {
                Event::Committed { commit, verdict: Verdict::Committed }
            }
            event => event,
        })
    }
}
