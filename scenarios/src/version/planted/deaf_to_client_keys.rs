//! The client's idempotency key is not read, so that a request which is sent again is another saga: what the first did
//! and others have undone since is done once more. Anomaly: same request resent by the client, duplicate delivery.
//! Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "deaf-to-client-keys",
    summary: "Begins another saga where a client sends its request again.",
    origin: "same request resent by the client",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "arrives-again",
    mistake: Mistake::Wrapper(fresh::<Deaf<true>>, fresh::<Deaf<false>>),
};

const KEY: &str = "idempotency-key: ";

#[derive(Debug, Clone, Default)]
struct Deaf<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Deaf<PLANTED> {
    fn on_event(&mut self, _: Instant, mut event: Event) -> Option<Event> {
        if let Event::Request { request, .. } = &mut event
            && PLANTED
        {
            let lines = request.headers.0.split_inclusive("\r\n");
            request.headers.0 = lines.filter(|line| !line.starts_with(KEY)).collect();
        }
        Some(event)
    }
}
