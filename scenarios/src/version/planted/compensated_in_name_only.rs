//! A compensation failed, yet the saga is marked as compensated, and nobody comes back to it. mirendev/runtime#559.
//! Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use std::collections::BTreeSet;

use sagaproof_orchestrator::effect::{Direction, Effect};
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::{Answer, Headers, Response};
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "compensated-in-name-only",
    summary: "Takes every compensation for done, whatever the vendor answered.",
    origin: "mirendev/runtime#559",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "crash-while-compensating",
    mistake: Mistake::Wrapper(fresh::<Complacent<true>>, fresh::<Complacent<false>>),
};

#[derive(Debug, Clone, Default)]
struct Complacent<const PLANTED: bool> {
    /// Compensations under way.
    compensating: BTreeSet<u64>,
}

impl<const PLANTED: bool> Wrapper for Complacent<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        let Event::Answer { call, answer } = event else { return Some(event) };
        let compensating = self.compensating.remove(&call);
        let answer = if compensating && failed(&answer) && PLANTED { done() } else { answer };
        Some(Event::Answer { call, answer })
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Call { call, note: Some(note), .. } = effect
                && note.mutating
                && note.direction == Direction::Compensate
            {
                self.compensating.insert(*call);
            }
        }
    }
}

fn failed(answer: &Answer) -> bool {
    answer.as_ref().map_or(true, |response| response.status >= 400)
}

fn done() -> Answer {
    Ok(Response { status: 204, headers: Headers::default(), body: Vec::new() })
}
