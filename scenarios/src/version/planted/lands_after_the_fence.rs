//! Nobody keeps the commits of a process that was taken over from landing: when it wakes, what it was about to begin
//! begins, and is nobody's. Kleppmann, "How to do distributed locking" (2016): locks without fencing tokens.
//! Seam: store adapter. Convicted by `converged`.

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "lands-after-the-fence",
    summary: "Lets commits of a process land that was taken over.",
    origin: "Kleppmann, How to do distributed locking",
    convicted_by: CheckerName::Converged,
    hunted_in: "hubs-paused-worker",
    mistake: Mistake::Store(fresh::<Unfenced<true>>, fresh::<Unfenced<false>>),
};

#[derive(Debug, Clone, Default)]
struct Unfenced<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Unfenced<PLANTED> {
    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects.iter_mut().filter(|_| PLANTED) {
            if let Effect::Commit { writes, .. } = effect {
                writes.retain(|write| !(write.key.starts_with("f/") && write.value.is_none()));
            }
        }
    }
}
