//! Answers to operators that say otherwise than the hub does: it knows which request asks for what is retold, and passes all
//! else on as it is. How it is retold is each bug's own.

use std::fmt::Debug;
use std::marker::PhantomData;

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::time::Instant;

use crate::adapter::Wrapper;

/// What operators are told.
pub(super) trait Retelling: Debug + Clone + Default {
    /// Whether a request to this target is answered so.
    fn is_about(target: &str) -> bool;

    /// The body as it is retold; `None` where it stays as it is.
    fn retell(body: &[u8]) -> Option<Vec<u8>>;
}

/// The desk; without `PLANTED` it says what the hub does.
#[derive(Debug, Clone, Default)]
pub(super) struct Retold<R, const PLANTED: bool> {
    /// The exchange in which an operator wants to know.
    wanted: Option<u64>,
    retelling: PhantomData<R>,
}

impl<R: Retelling, const PLANTED: bool> Wrapper for Retold<R, PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        if let Event::Request { exchange, request } = &event
            && R::is_about(&request.target)
        {
            self.wanted = Some(*exchange);
        }
        Some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            let Effect::Answer { exchange, response } = effect else { continue };
            if self.wanted != Some(*exchange) {
                continue;
            }
            self.wanted = None;
            if PLANTED && let Some(body) = R::retell(&response.body) {
                response.body = body;
            }
        }
    }
}
