//! The neutral journal view, saga by saga: what the conduct checkers judge by. A saga's history is kept until the saga
//! has ended, so that memory is bounded by what is under way. What is right or wrong stands with each checker.

use std::collections::BTreeMap;

use sagaproof_sim::clock::{Instant, Nanos};
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

/// Which way a saga goes, as far as the journal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Way {
    /// It may still turn back; or a crash took the word with it that it must not, or has.
    #[default]
    Unknown,
    /// It is past its pivot.
    Forward,
    /// It has given up.
    Back,
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

impl Noted {
    /// Whether it may still arrive, within the delivery horizon: its caller has not heard the vendor's complete answer.
    pub(super) const fn may_arrive(&self) -> bool {
        matches!(self.end, End::Open | End::Failed)
    }
}

/// A saga that has not ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Saga {
    pub(super) id: u64,
    /// Its correlation id: as it began, or as its first call bears it; empty where neither is known.
    pub(super) correlation: String,
    /// The trace id of its first call.
    pub(super) trace: Option<[u8; 32]>,
    /// How often processes had been interrupted when it began, or was first seen.
    pub(super) interrupted: u64,
    /// Its calls, in order of their sending.
    pub(super) calls: Vec<Noted>,
    /// Which way it goes.
    pub(super) way: Way,
    /// How often processes had been interrupted when it was parked, while it is, as far as the journal shows.
    pub(super) parked: Option<u64>,
    open: bool,
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

/// All sagas that have not ended. The place of one that has is used again, with what it had allocated.
#[derive(Debug, Clone, Default)]
pub(super) struct Journal {
    sagas: Vec<Saga>,
    /// Where each saga is.
    places: BTreeMap<u64, usize>,
    /// Where none is any more.
    free: Vec<usize>,
    /// Where the last one was that was asked for.
    last: usize,
}

impl Journal {
    pub(super) fn reset(&mut self) {
        while let Some((_, place)) = self.places.pop_first() {
            self.sagas[place].open = false;
            self.free.push(place);
        }
    }

    /// The saga's history; a new one where it is not known.
    pub(super) fn saga(&mut self, id: u64, interrupted: u64) -> &mut Saga {
        let place = match self.place(id) {
            Some(place) => place,
            None => self.begin(id, interrupted),
        };
        self.last = place;
        &mut self.sagas[place]
    }

    /// The saga's history, where it is known and has not ended.
    pub(super) fn known(&mut self, id: u64) -> Option<&mut Saga> {
        self.place(id).map(|place| &mut self.sagas[place])
    }

    fn place(&self, id: u64) -> Option<usize> {
        let last = self.sagas.get(self.last).filter(|saga| saga.open && saga.id == id);
        last.map(|_| self.last).or_else(|| self.places.get(&id).copied())
    }

    fn begin(&mut self, id: u64, interrupted: u64) -> usize {
        let place = self.free.pop().unwrap_or(self.sagas.len());
        if place == self.sagas.len() {
            self.sagas.push(Saga { calls: Vec::with_capacity(8), ..Saga::default() });
        }
        let saga = &mut self.sagas[place];
        saga.calls.clear();
        saga.correlation.clear();
        (saga.id, saga.interrupted, saga.open, saga.trace, saga.convicted) = (id, interrupted, true, None, 0);
        saga.way = Way::Unknown;
        saga.parked = None;
        self.places.insert(id, place);
        place
    }

    /// The hub heard the end of a saga's call.
    pub(super) fn heard(&mut self, id: u64, call: u64, end: End) {
        let Some(place) = self.place(id) else { return };
        if let Some(noted) = self.sagas[place].calls.iter_mut().rfind(|noted| noted.call == call) {
            noted.end = end;
        }
    }

    /// A saga has ended: its history is shown for the last time.
    pub(super) fn ended(&mut self, id: u64) -> Option<&mut Saga> {
        let place = self.places.remove(&id)?;
        self.free.push(place);
        let saga = &mut self.sagas[place];
        saga.open = false;
        Some(saga)
    }

    /// Calls with each saga that has not ended.
    pub(super) fn unended(&mut self, mut each: impl FnMut(&mut Saga)) {
        for place in self.places.values() {
            each(&mut self.sagas[*place]);
        }
    }

    /// Feeds what can still matter. When a call was sent matters to the next attempt under another key, within `horizon`.
    pub(super) fn feed(&self, now: Instant, horizon: Nanos, interrupted: u64, print: &mut Fingerprint) {
        for saga in self.places.values().map(|place| &self.sagas[*place]) {
            print.number(saga.id);
            print.number(saga.interrupted << 16 | u64::from(saga.convicted));
            print.number(saga.way as u64 | u64::from(saga.parked == Some(interrupted)) << 8);
            print.bytes(saga.correlation.as_bytes());
            print.bytes(saga.trace.as_ref().map_or(&[], |trace| trace.as_slice()));
            let mut before = None;
            for noted in &saga.calls {
                let CallNote { step, direction, mutating, key, .. } = noted.note;
                let together = before.replace(noted.sent) == Some(noted.sent);
                let flags = u64::from(together) << 5 | u64::from(mutating) << 4;
                print.number(u64::from(step) << 16 | (direction as u64) << 8 | flags | noted.end as u64);
                print.number(key);
                print.number(noted.request);
                if key != 0 && noted.may_arrive() {
                    print.number(now.since(noted.sent).min(horizon).0);
                }
            }
        }
    }
}

/// A hash of what an idempotency key stands for: vendor, method, target and body; headers are exempt. Folded multiplying,
/// as in wyhash, for it runs over every body; it is compared within one run only.
pub(super) fn fingerprint(to: System, request: &Request) -> u64 {
    let head = fold((to as u64) << 8 | request.method as u64, request.target.as_bytes());
    fold(head, &request.body)
}

fn fold(seed: u64, bytes: &[u8]) -> u64 {
    let step = |hash: u64, word: u64| {
        let product = u128::from(hash ^ word) * u128::from(0xa076_1d64_78bd_642f_u64);
        (product >> 64) as u64 ^ product as u64
    };
    let mut hash = step(seed ^ 0xe703_7ed1_a0b4_28db, bytes.len() as u64);
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        hash = step(hash, word.try_into().map_or(0, u64::from_le_bytes));
    }
    let rest = words.remainder();
    step(hash, rest.iter().fold(1, |word, byte| word << 8 | u64::from(*byte)))
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

/// The first call of each step in this direction, in order of sending. A step that was only looked at does not count:
/// there was nothing to do, or nothing to take back.
pub(super) fn firsts(calls: &[Noted], direction: Direction) -> impl Iterator<Item = &Noted> {
    calls.iter().enumerate().filter_map(move |(at, noted)| {
        let same = |other: &&Noted| other.note.step == noted.note.step && other.note.direction == direction;
        let first = noted.note.direction == direction && !calls[..at].iter().any(|other| same(&other));
        (first && calls[at..].iter().filter(same).any(|other| other.note.mutating)).then_some(noted)
    })
}
