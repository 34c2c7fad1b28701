//! Abandon cancels what is under way: calls of an abandoned saga that have no clear answer count as not done, so the saga
//! lets go of its customer at once, while a call may still land. Anomaly: late arrival, at an operator's button.
//! Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use std::collections::{BTreeMap, BTreeSet};

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::CallError;
use sagaproof_orchestrator::time::Instant;

use super::pressed::pressed;
use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "abandon-forgets-the-unknown",
    summary: "Lets an abandoned saga go while a call of it may still land.",
    origin: "late arrival after an operator's abandon",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "operators-give-up-early",
    mistake: Mistake::Wrapper(fresh::<Cancelling<true>>, fresh::<Cancelling<false>>),
};

#[derive(Debug, Clone, Default)]
struct Cancelling<const PLANTED: bool> {
    abandoned: BTreeSet<u64>,
    /// The saga of each call that is out.
    out: BTreeMap<u64, u64>,
}

impl<const PLANTED: bool> Wrapper for Cancelling<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        self.abandoned.extend(pressed(&event, "abandon"));
        let Event::Answer { call, answer } = event else { return Some(event) };
        let own = self.out.remove(&call).is_some_and(|saga| self.abandoned.contains(&saga));
        let unclear = answer.as_ref().map_or(true, |response| response.status >= 500);
        let answer = if PLANTED && own && unclear { Err(CallError::NotSent) } else { answer };
        Some(Event::Answer { call, answer })
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Call { call, note: Some(note), .. } = effect {
                self.out.insert(*call, note.saga);
            }
        }
    }
}
