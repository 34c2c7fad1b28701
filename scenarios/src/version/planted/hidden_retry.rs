//! The client library sends a request again by itself where there was no answer, and tells nobody: the saga hears the
//! second one's success, takes its step for certain, and lets go while the first may still land. Anomaly: duplicate
//! delivery, late arrival. Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use std::collections::BTreeMap;

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "hidden-retry",
    summary: "Sends requests again beneath the saga, which does not know that one may still land.",
    origin: "duplicate delivery by a client library",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "create-one",
    mistake: Mistake::Wrapper(fresh::<Retrying<true>>, fresh::<Retrying<false>>),
};

/// Sets the number of a call that was sent again apart from all that the node gives.
const AGAIN: u64 = 1 << 63;

#[derive(Debug, Clone, Default)]
struct Retrying<const PLANTED: bool> {
    /// Calls that are out for the first time.
    out: BTreeMap<u64, Effect>,
    /// Calls to be sent again.
    again: Vec<Effect>,
}

impl<const PLANTED: bool> Wrapper for Retrying<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        let Event::Answer { call, answer } = event else { return Some(event) };
        match self.out.remove(&call) {
            Some(effect) if PLANTED && answer.is_err() => {
                self.again.push(effect);
                // The node is woken for nothing, so that its effects are asked for.
                Some(Event::Wake)
            }
            _ => Some(Event::Answer { call: call & !AGAIN, answer }),
        }
    }

    fn on_effects(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        for effect in &*effects {
            if let Effect::Call { call, .. } = effect {
                self.out.insert(*call, effect.clone());
            }
        }
        for mut effect in self.again.drain(..) {
            if let Effect::Call { call, not_after, .. } = &mut effect {
                *call |= AGAIN;
                *not_after = now + Policy::SHIPPED.leave_within;
            }
            effects.push(effect);
        }
    }
}
