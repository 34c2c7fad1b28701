//! The neutral journal view, saga by saga: what the conduct checkers judge by. A saga's history is kept until the saga
//! has ended, so that memory is bounded by what is under way. What is right or wrong stands with each checker.

use std::collections::BTreeMap;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Fingerprint, System};
use sagaproof_sim::process::{CallNote, Direction};
use sagaproof_sim::wire::{Answer, Request};

use super::CheckerName;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It has not, or its process crashed.
    Open,
    /// The vendor did what it was asked, readably.
    Fine,
    /// A definite no that no repetition changes.
    Refused,
    /// Anything else: no answer, an unreadable one, 401, 408, 429, 5xx.
    Failed,
}

/// One call of a saga.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noted {
    pub(super) call: u64,
    pub(super) sent: Instant,
    pub(super) note: CallNote,
    /// A hash of vendor, method, target and body.
    pub(super) request: u64,
    pub(super) end: End,
}

/// A saga that has not ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Saga {
    pub(super) id: u64,
    /// Its correlation id: as it began, or as its first call bears it.
    pub(super) correlation: Option<String>,
    /// The trace id of its first call.
    pub(super) trace: Option<[u8; 32]>,
    /// The life of the process in which it began, or was first seen.
    pub(super) life: u64,
    /// Its calls, in order of their sending.
    pub(super) calls: Vec<Noted>,
    /// Which checkers have convicted it: one conviction of each is enough.
    convicted: u16,
}

impl Saga {
    /// Whether this is the saga's first conviction by this checker.
    pub(super) const fn convict(&mut self, checker: CheckerName) -> bool {
        let bit = 1 << checker as u16;
        let first = self.convicted & bit == 0;
        self.convicted |= bit;
        first
    }
}

/// All sagas that have not ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Journal {
    sagas: BTreeMap<u64, Saga>,
    /// The buffer of a saga that has ended.
    spare: Vec<Noted>,
}

impl Journal {
    /// The saga's history; a new one where it is not known.
    pub(super) fn saga(&mut self, id: u64, life: u64) -> &mut Saga {
        let spare = &mut self.spare;
        self.sagas.entry(id).or_insert_with(|| {
            let mut calls = std::mem::take(spare);
            calls.reserve(8);
            Saga { id, life, calls, ..Saga::default() }
        })
    }

    /// The hub heard the end of a saga's call.
    pub(super) fn heard(&mut self, id: u64, call: u64, end: End) {
        let Some(saga) = self.sagas.get_mut(&id) else { return };
        if let Some(noted) = saga.calls.iter_mut().rfind(|noted| noted.call == call) {
            noted.end = end;
        }
    }

    /// A saga has ended: its history leaves, through `last`.
    pub(super) fn ended(&mut self, id: u64, last: impl FnOnce(&mut Saga)) {
        let Some(mut saga) = self.sagas.remove(&id) else { return };
        last(&mut saga);
        saga.calls.clear();
        self.spare = saga.calls;
    }

    /// The sagas that have not ended.
    pub(super) fn unended(&mut self) -> impl Iterator<Item = &mut Saga> {
        self.sagas.values_mut()
    }

    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        for saga in self.sagas.values() {
            print.number(saga.id);
            print.number(saga.life << 16 | u64::from(saga.convicted));
            print.bytes(saga.correlation.as_deref().unwrap_or_default().as_bytes());
            for noted in &saga.calls {
                let CallNote { step, direction, mutating, attempt, key, .. } = noted.note;
                print.number(
                    u64::from(step) << 16 | (direction as u64) << 8 | u64::from(mutating) << 4 | noted.end as u64,
                );
                print.number(u64::from(attempt));
                print.number(key);
                print.number(noted.request);
                print.number(now.since(noted.sent).0);
            }
        }
    }
}

/// A hash of what an idempotency key stands for: vendor, method, target and body; headers are exempt.
pub(super) fn fingerprint(to: System, request: &Request) -> u64 {
    let mut print = Fingerprint::default();
    print.number((to as u64) << 8 | request.method as u64);
    print.bytes(request.target.as_bytes());
    print.bytes(&request.body);
    print.finish()
}

/// How an answer ends a call.
pub(super) fn end(answer: &Answer, unreadable: bool) -> End {
    match answer {
        Ok(response) => match response.status {
            200..=399 if !unreadable => End::Fine,
            200..=399 | 401 | 408 | 429 | 500.. => End::Failed,
            _ => End::Refused,
        },
        Err(_) => End::Failed,
    }
}

/// The first call of each step in this direction, in order of sending.
pub(super) fn firsts(calls: &[Noted], direction: Direction) -> impl Iterator<Item = &Noted> {
    calls.iter().enumerate().filter_map(move |(at, noted)| {
        let same = |other: &Noted| other.note.step == noted.note.step && other.note.direction == direction;
        (noted.note.direction == direction && !calls[..at].iter().any(same)).then_some(noted)
    })
}
