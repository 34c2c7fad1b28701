//! Takeover: a life whose lease was seen unchanged for long enough is over. First it is fenced, so that no commit of it
//! lands any more; then its sagas are taken in one commit; then they go on as after a crash. Claims that other processes
//! hold are met here, too, for they are known only once a commit meets them.

use super::call::InFlight;
use super::lease::{Business, OVER, fence_key, lease_key, unfenced};
use super::running::{Carries, Commit, Running, put};
use super::timer::Timer;
use super::{Node, ReadFor, SagaId};
use crate::customer::encode;
use crate::customer::entry::Entry;
use crate::customer::row;
use crate::customer::state::Saga;
use crate::effect::{Effect, Expect, Note, Write};
use crate::event::Row;
use crate::gateway::answer::{self, JobBody};
use crate::saga::journal::{self, Journal, Keyed};
use crate::saga::retry::{self, Gate};
use crate::time::Instant;

impl Running {
    /// Whether a conflict may mean that another process claimed one of the keys of a queued saga.
    pub(super) fn loses_claim(&self) -> bool {
        self.ungranted.is_some() && !self.maybe
    }
}

impl Node {
    /// Begins to take over a life that is over, or goes on with it.
    pub(super) fn take_over(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let over = self.engine.policy.lease_over;
        let Some(lease) = &mut self.lease else { return };
        if let Some(life) = lease.taking {
            if lease.business.is_empty() && !self.reads.iter().any(|(_, read)| *read == ReadFor::Taken(life)) {
                self.read(ReadFor::Taken(life), journal::PREFIX.to_owned(), effects);
            }
            return;
        }
        if lease.drains {
            return;
        }
        let stale = lease.others.iter().find(|(_, seen)| seen.left == 0 && now.since(seen.since) >= over);
        let Some((&life, seen)) = stale else { return };
        let writes = vec![
            unfenced(self.life),
            put(fence_key(life), Expect::Any, OVER.to_vec()),
            put(lease_key(life), Expect::Version(seen.version), OVER.to_vec()),
        ];
        lease.taking = Some(life);
        self.commit_business(Business::Fence(life), writes, effects);
    }

    /// From now on nothing more is taken over from other lives; what this one has, it finishes. For a process that is to go.
    pub fn drain(&mut self) {
        if let Some(lease) = &mut self.lease {
            lease.drains = true;
        }
    }

    fn drains(&self) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.drains)
    }

    /// The life is fenced, or was not: then its row is looked at again.
    pub(super) fn on_fenced(&mut self, now: Instant, life: u64, committed: bool, effects: &mut Vec<Effect>) {
        let Some(lease) = &mut self.lease else { return };
        let seen = lease.others.get_mut(&life);
        match seen.filter(|_| committed) {
            Some(seen) => {
                seen.version += 1;
                seen.since = now;
                self.read(ReadFor::Taken(life), journal::PREFIX.to_owned(), effects);
            }
            None => lease.taking = None,
        }
    }

    /// Its sagas are ours now. They are taken up from the store, as they are after a commit whose end was unknown.
    pub(super) fn on_take(&mut self, life: u64, whole: bool, effects: &mut Vec<Effect>) {
        let Some(lease) = &mut self.lease else { return };
        if whole {
            lease.others.remove(&life);
        } else if let Some(seen) = lease.others.get_mut(&life) {
            seen.version += 1;
        }
        self.read(ReadFor::Taken(life), journal::PREFIX.to_owned(), effects);
    }

    /// The journals: those that this life owns and does not run are taken up, those of the fenced life are taken.
    pub(super) fn on_taken(&mut self, now: Instant, life: u64, rows: &[Row], effects: &mut Vec<Effect>) {
        let (mut ours, mut theirs, mut left) = (Vec::new(), Vec::new(), 0);
        let began_by = |id: SagaId| id.life() == life || id.life() == self.life && !self.sagas.contains_key(&id);
        let wanted =
            |id: SagaId, rows: &[Keyed<'_>]| began_by(id) || rows.iter().any(|(.., row)| may_be_taken_over(row));
        for journal in journal::decode_some::<Entry>(rows, wanted) {
            let (id, owner) = (journal.saga, owner(&journal));
            if owner == self.life {
                if !self.sagas.contains_key(&id) && self.resume(now, journal).is_some() {
                    ours.push(id);
                }
                continue;
            }
            if owner != life {
                continue;
            }
            match self.readable(&journal, now) {
                Some(rows) => theirs.push((id, rows)),
                None => {
                    left += 1;
                    self.leave_alone(id, effects);
                }
            }
        }
        for &id in &ours {
            let note = Note::TakenOver(id.0);
            self.log_notes(id, std::slice::from_ref(&note), effects);
            effects.push(Effect::Note(note));
        }
        self.take(life, &theirs, left, effects);
        self.take_up(now, &ours, effects);
    }

    /// How many rows a journal has that this node can go on with.
    fn readable(&self, journal: &Journal<Entry>, now: Instant) -> Option<u32> {
        let (entries, rows) = journal.entries.as_ref().ok()?;
        Saga::fold(journal.saga, entries.clone(), &self.engine, now).is_ok().then_some(*rows)
    }

    /// Takes these sagas of a fenced life, all in one commit; its lease goes with them, unless something is left.
    fn take(&mut self, life: u64, sagas: &[(SagaId, u32)], left: usize, effects: &mut Vec<Effect>) {
        let Some(lease) = &mut self.lease else { return };
        let Some(seen) = lease.others.get_mut(&life).filter(|_| left == 0 || !sagas.is_empty()) else {
            if let Some(seen) = lease.others.get_mut(&life) {
                seen.left = left;
            }
            lease.taking = None;
            return;
        };
        let entry = encode::entries(&[Entry::TakenOver(self.life)]);
        let mut writes = vec![unfenced(self.life)];
        let value = (left > 0).then(|| OVER.to_vec());
        writes.push(Write { key: lease_key(life), expect: Expect::Version(seen.version), value });
        writes.extend(sagas.iter().map(|(id, row)| put(journal::key(*id, *row), Expect::Absent, entry.clone())));
        self.commit_business(Business::Take(life, left == 0), writes, effects);
    }

    /// Another life took this one over, or will: all that it ran is the other's. It begins again as a new life.
    pub(super) fn end_life(&mut self, effects: &mut Vec<Effect>) {
        let running: Vec<_> = self.sagas.keys().copied().collect();
        for id in running {
            self.hand_off(id, effects);
            self.dismiss(id, effects);
        }
        for admission in std::mem::take(&mut self.admissions).into_values() {
            admission.turn_away_busy(effects);
        }
        let fresh = Self::new(self.engine.clone(), self.logs);
        let (now, number, wake) = (self.now, self.number, self.wake);
        let drains = self.drains();
        // What clients ask the store for has nothing to do with lives.
        let mut reads = std::mem::take(&mut self.reads);
        reads.retain(|read| read.is_a_clients());
        // What vendors asked of the machine binds its next life, too, and what they are about to ask.
        let gates = self.gates.each_ref().map(Gate::heir);
        let mut calls = std::mem::take(&mut self.calls);
        calls.change(InFlight::outlive);
        *self = Self { now, number, wake, reads, gates, calls, ..fresh };
        if drains {
            self.drain();
        }
        self.start(effects);
    }

    /// Those who wait for this saga's answer are given the job; where it may not have begun, that is not known.
    fn hand_off(&mut self, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let correlation = &running.saga.began.correlation;
        for waiter in running.waiters.drain(..) {
            if let Some(due) = waiter.due {
                self.timers.remove(&(due, Timer::Client(id, waiter.exchange)));
            }
            let response = if running.rows > 0 {
                answer::accepted(&id.to_string(), correlation)
            } else {
                answer::problem(500, "unknown", "another process took over", correlation)
            };
            effects.push(Effect::Answer { exchange: waiter.exchange, response });
        }
    }

    /// Another process runs this saga.
    pub(super) fn lose(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        self.hand_off(id, effects);
        self.dismiss(id, effects);
        self.part_with(now, id, effects);
    }

    /// Another process was first with one of the keys of a queued saga: it waits on, as if nothing had been granted.
    pub(super) fn ungrant(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let next_in_line = self.withdraw(id);
        let freed = self.release(id);
        if let Some(running) = self.sagas.get_mut(&id)
            && let Some(saga) = running.ungranted.take()
        {
            running.saga = *saga;
            running.unsaved.clear();
            running.notes.clear();
            running.granted_on.clear();
            running.carries = Carries::default();
            running.answer = None;
            running.commit = Commit::None;
        }
        self.ask_again(now, id);
        self.let_others_on(now, freed, next_in_line, effects);
    }

    /// A queued saga asks for its claim again after a while: who holds it will not say when it lets go.
    pub(super) fn ask_again(&mut self, now: Instant, id: SagaId) {
        let policy = &self.engine.policy;
        let Some(running) = self.sagas.get_mut(&id) else { return };
        running.tries = running.tries.saturating_add(1);
        let salt = id.0 ^ u64::from(running.tries) << 32;
        let wait = retry::backoff(policy.backoff_base, policy.backoff_cap, running.tries, salt);
        self.wake_saga(id, now + wait);
    }

    /// What reads a job's row: where processes share the store, the job may be another one's and not have ended.
    pub(super) fn reads_job(&self, exchange: u64, id: SagaId) -> ReadFor {
        if self.lease.is_some() { ReadFor::Shared(exchange, id) } else { ReadFor::Job(exchange) }
    }

    /// The journal of a job that this process does not run. Without one it has ended just now, or never was.
    pub(super) fn on_job_journal(
        &mut self,
        now: Instant,
        exchange: u64,
        id: SagaId,
        rows: &[Row],
        effects: &mut Vec<Effect>,
    ) {
        if rows.is_empty() {
            return self.read(ReadFor::Job(exchange), row::job_key(id), effects);
        }
        let entries = journal::decode::<Entry>(rows).pop().and_then(|journal| journal.entries.ok());
        let saga = entries.and_then(|(entries, _)| Saga::fold(id, entries, &self.engine, now).ok());
        let response = match saga {
            Some(saga) => answer::job(&JobBody {
                job_id: id.to_string(),
                operation: saga.began.wish.kind.name(),
                status: if saga.grant.is_none() { "PENDING" } else { "RUNNING" },
                attempts: 0,
                last_error: None,
                attention: saga.parked.is_some(),
                correlation_id: &saga.began.correlation,
                result: None,
            }),
            None => answer::problem(503, "unknown", "another version of the hub runs this job", ""),
        };
        effects.push(Effect::Answer { exchange, response });
    }
}

/// Whether a row may tell of a takeover. Cheap; errs on the side of *yes*.
fn may_be_taken_over(row: &[u8]) -> bool {
    memchr::memmem::find(row, br#""taken-over""#).is_some()
}

/// The life that runs a saga: which took it over last, or began it.
fn owner(journal: &Journal<Entry>) -> u64 {
    let entries = journal.entries.as_ref().map_or(&[][..], |(entries, _)| entries);
    let taken = entries.iter().rev().find_map(|entry| match entry {
        Entry::TakenOver(life) => Some(*life),
        _ => None,
    });
    taken.unwrap_or(journal.saga.life())
}

#[cfg(test)]
mod tests;
