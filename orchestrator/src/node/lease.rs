//! Leases, where several processes share the store: each life renews a row of its own, calls only while its last renewal
//! holds, and watches the rows of the others. What becomes of a life whose row stands still is `takeover`'s.

use std::collections::BTreeMap;
use std::hash::Hasher;

use super::pending::Pending;
use super::running::put;
use super::timer::Timer;
use super::{Node, ReadFor};
use crate::effect::{Effect, Expect, Write};
use crate::event::{Row, Verdict};
use crate::fingerprint::Fingerprint;
use crate::time::{Instant, Nanos};

/// Under this prefix stands what processes tell each other.
const PREFIX: &str = "h/";

/// Whose lease so many looks in a row did not see renewed may have died.
const MISSES: u8 = 2;

/// The row that counts how often an operator pressed *redrive*.
const PRESSED: &str = "h/redrive;";

/// What a lease's row says while its life holds it, and once another life took it over.
const HELD: &[u8] = b"held";
pub(super) const OVER: &[u8] = b"over";

/// The lease of this life, and its watch over the others'.
#[derive(Debug, Clone, Default)]
pub(super) struct Lease {
    /// The version of its row.
    version: u64,
    /// When its last renewal was sent.
    sent: Instant,
    /// Until when it holds: L after the sending of the last renewal that is known to stand.
    until: Instant,
    /// The other lives' rows.
    pub(super) others: BTreeMap<u64, Seen>,
    /// The version of the row that counts the operator's presses; 0: there is none. Nothing before the first look.
    pressed: Option<u64>,
    /// Its commits.
    pub(super) business: Pending<Business>,
    /// The life that it takes over.
    pub(super) taking: Option<u64>,
    /// Whether it takes nothing over any more.
    pub(super) drains: bool,
}

/// Another life's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    pub(super) version: u64,
    /// Since when it was seen in this version.
    pub(super) since: Instant,
    /// How many of the last looks, at most two, did not see it renewed. Of two processes that look and renew equally often
    /// one may just miss the other, once in a while.
    pub(super) missed: u8,
    /// How many of its sagas this node cannot read: these it leaves to others.
    pub(super) left: usize,
}

/// What a commit is about that is no saga's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Business {
    /// The renewal of this life's lease.
    Renew,
    /// No commit of this life shall land any more.
    Fence(u64),
    /// The sagas of this life become ours, and its lease goes where this says so.
    Take(u64, bool),
    /// The operator pressed *redrive*.
    Press,
}

impl Lease {
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { version, sent, until, others, pressed, business: _, taking, drains } = self;
        print.fold(&(version, pressed, taking, drains, others.len()));
        print.origin(Some(*sent));
        // How they lie to each other is looked at even when both are past.
        print.origin(Some(*until));
        for (life, Seen { version, since, missed, left }) in others {
            print.fold(&(life, version, missed, left));
            print.origin(Some(*since));
        }
    }

    /// Its commits that are under way.
    pub(super) fn business(&self) -> impl Iterator<Item = (u64, &Business)> {
        self.business.iter()
    }

    /// Whether it has looked and all other lives are well, as far as is known, and nothing but the renewal is under way.
    pub(super) fn is_at_rest(&self) -> bool {
        self.pressed.is_some()
            && self.taking.is_none()
            && self.others.values().all(|seen| seen.missed < MISSES || seen.left > 0)
            && self.business.iter().all(|(_, business)| *business == Business::Renew)
    }

    /// How many sagas of lives that are over it cannot read.
    pub(super) fn left_alone(&self) -> usize {
        self.others.values().map(|seen| seen.left).sum()
    }
}

/// The key of a life's lease.
pub(super) fn lease_key(life: u64) -> String {
    [PREFIX, "lease/", &life.to_string(), ";"].concat()
}

/// The key of the row that keeps a life's commits from landing.
pub(super) fn fence_key(life: u64) -> String {
    ["f/", &life.to_string(), ";"].concat()
}

/// What a commit of this life expects besides all else: that nobody took it over.
pub(super) fn unfenced(life: u64) -> Write {
    Write { key: fence_key(life), expect: Expect::Absent, value: None }
}

fn life_of(key: &str) -> Option<u64> {
    key.strip_prefix(PREFIX)?.strip_prefix("lease/")?.strip_suffix(';')?.parse().ok()
}

impl Node {
    /// The life whose fence commits must not meet, where processes share the store.
    pub(super) fn fence(&self) -> Option<u64> {
        self.lease.as_ref().map(|_| self.life)
    }

    /// Until when to wait before the lease is looked at again; `None` where calls may be made.
    pub(super) fn awaits_lease(&self, now: Instant) -> Option<Instant> {
        let lease = self.lease.as_ref().filter(|lease| lease.until <= now)?;
        Some(lease.until.max(now) + Nanos(self.engine.policy.lease_over.0 / 12))
    }

    /// The latest moment at which a call may leave: this one, or the end of the lease.
    pub(super) fn not_after(&self, at: Instant) -> Instant {
        self.lease.as_ref().map_or(at, |lease| at.min(lease.until))
    }

    /// The row of this life's lease, which comes with its number.
    pub(super) fn first_lease(&mut self) -> Option<Write> {
        let lease = self.lease.as_mut()?;
        lease.sent = self.now;
        Some(put(lease_key(self.life), Expect::Absent, HELD.to_vec()))
    }

    /// This life's number and its lease are durable.
    pub(super) fn leased(&mut self, effects: &mut Vec<Effect>) {
        let span = self.engine.policy.lease;
        if let Some(lease) = &mut self.lease {
            lease.version = 1;
            lease.until = lease.sent + span;
            self.read(ReadFor::Leases, PREFIX.to_owned(), effects);
        }
    }

    /// Renews the lease; when that has ended, the others' are looked at.
    pub(super) fn renew(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let Some(lease) = &mut self.lease else { return };
        lease.sent = now;
        let renewal = put(lease_key(self.life), Expect::Version(lease.version), HELD.to_vec());
        self.commit_business(Business::Renew, vec![renewal], effects);
    }

    pub(super) fn commit_business(&mut self, business: Business, writes: Vec<Write>, effects: &mut Vec<Effect>) {
        let commit = self.next_number();
        if let Some(lease) = &mut self.lease {
            lease.business.insert(commit, business);
            effects.push(Effect::Commit { commit, writes });
        }
    }

    /// A commit ended that is no saga's.
    pub(super) fn on_business(&mut self, now: Instant, commit: u64, verdict: Verdict, effects: &mut Vec<Effect>) {
        let (span, over) = (self.engine.policy.lease, self.engine.policy.lease_over);
        let Some(lease) = &mut self.lease else { return };
        let Some(business) = lease.business.remove(commit) else { return };
        let committed = verdict == Verdict::Committed;
        match business {
            Business::Renew => {
                if committed {
                    lease.version += 1;
                    lease.until = lease.sent + span;
                }
                self.read(ReadFor::Leases, PREFIX.to_owned(), effects);
            }
            Business::Fence(life) => self.on_fenced(now, life, committed, effects),
            Business::Take(life, whole) if committed => self.on_take(life, whole, effects),
            // Whether its sagas are ours is seen at the next look.
            Business::Take(..) => {}
            Business::Press => {
                lease.pressed = if committed { Some(lease.pressed.unwrap_or(0) + 1) } else { lease.pressed };
                let timer = if committed { Timer::Pressed } else { Timer::Press };
                self.timers.insert((now + over, timer));
            }
        }
    }

    /// The operator makes parked sagas runnable again, whosever they are: each process looks for that in the store.
    pub(super) fn press_everywhere(&mut self, effects: &mut Vec<Effect>) {
        let Some(pressed) = self.lease.as_ref().map(|lease| lease.pressed) else { return };
        let expect = pressed.filter(|version| *version > 0).map_or(Expect::Absent, Expect::Version);
        self.commit_business(Business::Press, vec![put(PRESSED.to_owned(), expect, HELD.to_vec())], effects);
    }

    /// All leases as they stand.
    pub(super) fn on_leases(&mut self, now: Instant, rows: &[Row], effects: &mut Vec<Effect>) {
        let Some(lease) = &mut self.lease else { return };
        let own = rows.iter().find(|row| life_of(&row.key) == Some(self.life));
        let Some(own) = own.filter(|row| row.value == HELD) else { return self.end_life(effects) };
        let renewed = lease.until == lease.sent + self.engine.policy.lease;
        if own.version > lease.version {
            // The renewal whose end was unknown.
            lease.version = own.version;
            lease.until = lease.sent + self.engine.policy.lease;
        }
        let mut others = BTreeMap::new();
        for row in rows {
            let Some(life) = life_of(&row.key).filter(|life| *life != self.life) else { continue };
            // Who takes a life over changes its row, too.
            let renewed = lease.others.contains_key(&life) && row.value == HELD;
            let missed = if renewed { 0 } else { MISSES };
            let fresh = Seen { version: row.version, since: now, missed, left: 0 };
            let known = lease.others.get(&life).filter(|seen| seen.version == row.version);
            others.insert(life, known.map_or(fresh, |seen| Seen { missed: MISSES.min(seen.missed + 1), ..*seen }));
        }
        lease.others = others;
        let presses = rows.iter().find(|row| row.key == PRESSED).map_or(0, |row| row.version);
        let pressed = lease.pressed.replace(presses).is_some_and(|before| before != presses);
        let part = if renewed { 3 } else { 12 };
        self.timers.insert((now + Nanos(self.engine.policy.lease_over.0 / part), Timer::Watch));
        if pressed {
            self.redrive(now, effects);
        }
        self.take_over(now, effects);
    }
}
