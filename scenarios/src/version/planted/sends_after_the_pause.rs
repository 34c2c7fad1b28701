//! A call that was decided before a pause leaves after it, whatever happened meanwhile: nobody looks at the clock between
//! decision and send. Kleppmann, "How to do distributed locking" (2016): the request delayed on its way out.
//! Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "sends-after-the-pause",
    summary: "Sends what it decided before a pause, however long that was.",
    origin: "Kleppmann, How to do distributed locking",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "hubs-paused-worker",
    mistake: Mistake::Wrapper(fresh::<Late<true>>, fresh::<Late<false>>),
};

#[derive(Debug, Clone, Default)]
struct Late<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Late<PLANTED> {
    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects.iter_mut().filter(|_| PLANTED) {
            if let Effect::Call { not_after, .. } = effect {
                *not_after = Instant(u64::MAX);
            }
        }
    }
}
