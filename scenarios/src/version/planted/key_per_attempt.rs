//! Each attempt has an idempotency key of its own, so that the vendor cannot tell a retry from a new request.
//! Anomaly: lost answer. Seam: event/effect wrapper. Convicted by `keys-are-stable`.

use sagaproof_orchestrator::connector::uuid;
use sagaproof_orchestrator::effect::{CallNote, Effect};
use sagaproof_orchestrator::message::Request;
use sagaproof_orchestrator::saga::retry::mix;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "key-per-attempt",
    summary: "Makes a new idempotency key for every attempt.",
    origin: "lost answer",
    convicted_by: CheckerName::KeysAreStable,
    hunted_in: "lost-either-way",
    mistake: Mistake::Wrapper(fresh::<Rekeying<true>>, fresh::<Rekeying<false>>),
};

/// Gives a call a key of its own.
pub(super) fn rekey(call: u64, request: &mut Request, note: &mut CallNote) {
    let key = mix(note.key ^ mix(call));
    request.headers.0 = request.headers.0.replace(&uuid(note.key), &uuid(key));
    note.key = key;
}

#[derive(Debug, Clone, Default)]
struct Rekeying<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Rekeying<PLANTED> {
    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Call { call, request, note: Some(note), .. } = effect
                && PLANTED
                && note.mutating
            {
                rekey(*call, request, note);
            }
        }
    }
}
