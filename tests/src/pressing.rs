//! An operator without patience: the shipped hub, redriven again and again whether anything is parked or not.

use sagaproof::adapter::Wrapper;
use sagaproof::version::hub::Hub;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::time::Instant;

/// Presses *redrive* after every nth event of a life, so many times.
#[derive(Debug, Clone, Default)]
pub struct Pressed<const EVERY: u32, const TIMES: u32> {
    events: u32,
    presses: u32,
}

impl<const EVERY: u32, const TIMES: u32> Wrapper for Pressed<EVERY, TIMES> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        self.events += 1;
        if self.events.is_multiple_of(EVERY) {
            self.presses = TIMES;
        }
        Some(event)
    }

    fn at_once(&mut self) -> Option<Event> {
        self.presses = self.presses.checked_sub(1)?;
        Some(Event::Redrive)
    }
}

/// The shipped hub under this operator.
#[must_use]
pub fn pressed<const EVERY: u32, const TIMES: u32>() -> Hub<Pressed<EVERY, TIMES>> {
    let Hub { policy, definitions, next, connectors, .. } = Hub::shipped();
    Hub { policy, definitions, next, connectors, wrapper: Pressed::default }
}
