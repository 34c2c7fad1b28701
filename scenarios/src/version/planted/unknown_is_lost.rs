//! A commit of which the store does not say whether it was applied counts as not applied, and is made again without a
//! look at what stands there: it conflicts with itself for ever. Anomaly: unknown commit.
//! Seam: store adapter. Convicted by `converged`.

use sagaproof_orchestrator::event::{Event, Verdict};
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "unknown-is-lost",
    summary: "Makes a commit whose end is unknown again without looking whether it is there.",
    origin: "unknown commit",
    convicted_by: CheckerName::Converged,
    hunted_in: "create-one",
    mistake: Mistake::Store(fresh::<Blind<true>>, fresh::<Blind<false>>),
};

#[derive(Debug, Clone, Default)]
struct Blind<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Blind<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        Some(match event {
            Event::Committed { commit, verdict: Verdict::Unknown } if PLANTED => {
                Event::Committed { commit, verdict: Verdict::Conflict }
            }
            event => event,
        })
    }
}
