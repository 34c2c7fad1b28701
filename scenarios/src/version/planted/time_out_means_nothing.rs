//! A time-out is taken to mean that nothing happened, as if the connection had been refused. Anomaly: lost
//! request, lost answer. Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::CallError;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "time-out-means-nothing",
    summary: "Takes a time-out to mean that nothing happened.",
    origin: "lost answer",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "ghosts",
    mistake: Mistake::Wrapper(fresh::<Hasty<true>>, fresh::<Hasty<false>>),
};

#[derive(Debug, Clone, Default)]
struct Hasty<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Hasty<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        Some(match event {
            Event::Answer { call, answer: Err(CallError::TimedOut) } if PLANTED => {
                Event::Answer { call, answer: Err(CallError::Refused) }
            }
            event => event,
        })
    }
}
