//! Abandon lets a parked saga go whatever is left to do, which nobody asked for: half of it stands and half does not. The
//! law judges such a world as it is. Anomaly: dead letters thrown away.
//! Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::time::Instant;

use super::pressed::pressed;
use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "abandon-leaves-the-rest",
    summary: "Lets an abandoned saga go although half of it is undone.",
    origin: "dead letters thrown away",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "operators-press-anything",
    mistake: Mistake::Wrapper(fresh::<Leaving<true>>, fresh::<Leaving<false>>),
};

#[derive(Debug, Clone, Copy, Default)]
struct Leaving<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Leaving<PLANTED> {
    fn on_event(&mut self, _: Instant, mut event: Event) -> Option<Event> {
        let abandons = pressed(&event, "abandon").is_some();
        if let Event::Request { request, .. } = &mut event
            && PLANTED
            && abandons
            && request.body.pop() == Some(b'}')
        {
            request.body.extend_from_slice(br#","leave":true}"#);
        }
        Some(event)
    }
}
