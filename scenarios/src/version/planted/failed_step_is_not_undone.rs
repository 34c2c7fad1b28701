//! The first time-out is final: the saga gives up and takes back the steps that succeeded, but not the one that timed
//! out, although that one may have happened as well. oxidecomputer/omicron#3097 (a node that fails is not undone, also
//! where it succeeded in part). Anomaly: lost request, lost answer.
//! Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use std::collections::BTreeSet;

use sagaproof_orchestrator::effect::{Direction, Effect};
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::{Answer, CallError, Headers, Response};
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "failed-step-is-not-undone",
    summary: "Gives up at the first time-out, and takes back all steps but the one that timed out.",
    origin: "oxidecomputer/omicron#3097",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "create-one",
    mistake: Mistake::Wrapper(fresh::<Final<true>>, fresh::<Final<false>>),
};

#[derive(Debug, Clone, Default)]
struct Final<const PLANTED: bool> {
    /// Calls of the way forward that are out.
    forward: BTreeSet<u64>,
}

impl<const PLANTED: bool> Wrapper for Final<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        let Event::Answer { call, answer } = event else { return Some(event) };
        let forward = self.forward.remove(&call);
        let timed_out = answer == Err(CallError::TimedOut);
        Some(Event::Answer { call, answer: if forward && timed_out && PLANTED { no() } else { answer } })
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Call { call, note: Some(note), .. } = effect
                && note.mutating
                && note.direction == Direction::Forward
            {
                self.forward.insert(*call);
            }
        }
    }
}

/// A definite no.
fn no() -> Answer {
    Ok(Response { status: 400, headers: Headers::default(), body: Vec::new() })
}
