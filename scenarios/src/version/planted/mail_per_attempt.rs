//! The welcome message goes out under a new retry key with every attempt, so that whoever is greeted is greeted once an
//! attempt; and nothing takes a message back. LINE, *Retrying an API request*: the same `X-Line-Retry-Key` for the same
//! message. Anomaly: side effects. Seam: event/effect wrapper. Convicted by `keys-are-stable`.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::time::Instant;

use super::key_per_attempt::rekey;
use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "mail-per-attempt",
    summary: "Sends the welcome message under a new key with every attempt.",
    origin: "LINE, retrying a request",
    convicted_by: CheckerName::KeysAreStable,
    hunted_in: "welcome-once",
    mistake: Mistake::Wrapper(fresh::<Greeting<true>>, fresh::<Greeting<false>>),
};

#[derive(Debug, Clone, Default)]
struct Greeting<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Greeting<PLANTED> {
    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Call { call, to: Vendor::Messaging, request, note: Some(note), .. } = effect
                && PLANTED
                && note.mutating
            {
                rekey(*call, request, note);
            }
        }
    }
}
