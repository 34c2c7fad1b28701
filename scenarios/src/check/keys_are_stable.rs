//! `keys-are-stable`: one idempotency key means one request (vendor, method, target and body; headers are exempt), and
//! attempts at one operation keep their key. Only when an earlier attempt can no longer arrive, D after it left, may
//! another key follow.

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::process::Direction;

use super::journal::{Noted, Saga};
use super::wording::At;
use super::{CheckerName, Finding};

/// Every key that was used, and for which request.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys(Vec<Used>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Used {
    key: u64,
    call: u64,
    request: u64,
    saga: u64,
    sent: Instant,
}

impl Keys {
    pub(super) fn reset(&mut self) {
        self.0.clear();
    }

    /// A call was sent under a key.
    pub(super) fn sent(&mut self, noted: &Noted) {
        let Noted { call, sent, note, request, .. } = *noted;
        if note.key != 0 {
            self.0.push(Used { key: note.key, call, request, saga: note.saga, sent });
        }
    }

    /// Keys that meant more than one request; one conviction a key.
    pub(super) fn judge(&mut self) -> Vec<(u64, Instant, Finding)> {
        self.0.sort_unstable();
        let uses = self.0.chunk_by(|one, other| one.key == other.key);
        let two = uses.filter_map(|uses| {
            let first = uses.first()?;
            Some((first, uses.iter().find(|other| other.request != first.request)?))
        });
        two.map(|(first, second)| {
            let message = format!(
                "one idempotency key means two requests\n  \
                 saga {} used it at {} (call {})\n  \
                 saga {} used it at {} (call {}) for another vendor, method, path or body\n",
                first.saga,
                At(first.sent),
                first.call,
                second.saga,
                At(second.sent),
                second.call,
            );
            let calls = vec![first.call, second.call];
            (second.saga, second.sent, Finding { checker: CheckerName::KeysAreStable, calls, message })
        })
        .collect()
    }

    /// Feeds which keys stand for which requests; how often, and who used them, does not matter.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        let mut meant: Vec<_> = self.0.iter().map(|used| (used.key, used.request)).collect();
        meant.sort_unstable();
        meant.dedup();
        print.number(meant.len() as u64);
        for (key, request) in meant {
            print.number(key);
            print.number(request);
        }
    }
}

/// An attempt that has another key than the one before it, although that one may still arrive. Settling numbers its
/// looks in its keys, so it is exempt.
pub(super) fn attempt(saga: &Saga, new: &Noted, horizon: Nanos) -> Option<Finding> {
    if new.note.attempt < 2 || new.note.key == 0 || new.note.direction == Direction::Settle {
        return None;
    }
    let same = |old: &&Noted| {
        (old.note.step, old.note.direction, old.request) == (new.note.step, new.note.direction, new.request)
    };
    let before = saga.calls.iter().rev().find(same).filter(|before| before.may_arrive())?;
    let another = before.note.key != new.note.key && new.sent.since(before.sent) < horizon;
    another.then(|| {
        let message = format!(
            "saga {} changed the idempotency key of step {} between two attempts at one operation\n  \
             attempt {} left at {} (call {})\n  \
             attempt {} left at {} (call {}) under another key, while the first could still arrive\n",
            saga.id,
            new.note.step,
            before.note.attempt,
            At(before.sent),
            before.call,
            new.note.attempt,
            At(new.sent),
            new.call,
        );
        Finding { checker: CheckerName::KeysAreStable, calls: vec![before.call, new.call], message }
    })
}
