//! A store that writes behind: it acknowledges a commit at once and writes it afterwards, so that a client is told 201,
//! the hub crashes, and nothing is there. Anomaly: answer before durable.
//! Seam: store adapter. Convicted by `serial-equivalent`.

use std::collections::VecDeque;

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::{Event, Verdict};
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "told-before-durable",
    summary: "Acknowledges commits before they are durable.",
    origin: "answer before durable",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "crash-anywhere",
    mistake: Mistake::Store(fresh::<WriteBehind<true>>, fresh::<WriteBehind<false>>),
};

#[derive(Debug, Clone, Default)]
struct WriteBehind<const PLANTED: bool> {
    /// Commits to be acknowledged at once.
    acknowledged: VecDeque<u64>,
}

impl<const PLANTED: bool> Wrapper for WriteBehind<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        let known = PLANTED && matches!(event, Event::Committed { .. });
        (!known).then_some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Commit { commit, .. } = effect
                && PLANTED
            {
                self.acknowledged.push_back(*commit);
            }
        }
    }

    fn at_once(&mut self) -> Option<Event> {
        let commit = self.acknowledged.pop_front()?;
        Some(Event::Committed { commit, verdict: Verdict::Committed })
    }
}
