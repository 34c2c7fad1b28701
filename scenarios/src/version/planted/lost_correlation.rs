//! A retry is a call of its own in the logs: the correlation id of the client's request is kept for first attempts only.
//! Rule: one correlation id from the client's request to each call. Seam: event/effect wrapper. Convicted by `traceable`.

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "lost-correlation",
    summary: "Retries bear no correlation id.",
    origin: "context that is not carried into a retry",
    convicted_by: CheckerName::Traceable,
    hunted_in: "lost-either-way",
    mistake: Mistake::Wrapper(fresh::<Forgetful<true>>, fresh::<Forgetful<false>>),
};

const CORRELATION: &str = "x-correlation-id: ";

#[derive(Debug, Clone, Default)]
struct Forgetful<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Forgetful<PLANTED> {
    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Call { request, note: Some(note), .. } = effect
                && PLANTED
                && note.attempt > 1
            {
                let lines = request.headers.0.split_inclusive("\r\n");
                request.headers.0 = lines.filter(|line| !line.starts_with(CORRELATION)).collect();
            }
        }
    }
}
