//! Driving a saga: asks it what it does next and turns the answer into commits, calls, waits and its end.

use super::running::{Commit, Then};
use super::{Node, SagaId};
use crate::customer::definition::{Act, Primary};
use crate::customer::entry::Entry;
use crate::customer::plan::Next;
use crate::effect::Effect;
use crate::saga::retry::Admit;
use crate::time::Instant;

impl Node {
    /// Goes on with this saga as far as it can now.
    pub(super) fn drive(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        loop {
            let Some(running) = self.sagas.get_mut(&id) else { return };
            if running.commit != Commit::None || running.in_line {
                return;
            }
            match running.saga.next(now, &self.engine) {
                Next::Write(entry) => self.write(id, entry),
                Next::Idle => return self.flush(id, effects),
                Next::Wait(until) => {
                    self.wake_saga(id, until);
                    return self.flush(id, effects);
                }
                Next::Call(intent) => {
                    let vendor = running.saga.definition[usize::from(intent.step)].act.vendor();
                    if !vendor.is_some_and(|vendor| self.may_call(now, id, vendor, effects)) {
                        return self.flush(id, effects);
                    }
                    if let Some(running) = self.sagas.get_mut(&id) {
                        if running.saga.apply(Entry::Intent(intent.clone()), &self.engine).is_ok() {
                            running.enter(Entry::Intent(intent.clone()));
                        }
                        running.then = Then::Call(intent);
                    }
                    return self.commit(id, effects);
                }
                Next::Look(step, operation, direction) => {
                    if running.must_commit() {
                        return self.flush(id, effects);
                    }
                    let vendor = running.saga.definition[usize::from(step)].act.vendor();
                    if vendor.is_some_and(|vendor| self.may_call(now, id, vendor, effects)) {
                        self.look(now, id, step, operation, direction, effects);
                    }
                    return;
                }
                Next::End => {
                    // The journal of what was let go undone stays: it says what is left.
                    running.carries.end = !running.saga.pressed.left;
                    running.carries.release |= !running.saga.released && running.saga.grant.is_some();
                    running.carries.job |= running.saga.aborted.is_some() && running.told.is_none();
                    running.then = Then::End;
                    return self.commit(id, effects);
                }
            }
        }
    }

    /// Whether a call may be made now: a lease is held, a token is at hand, and the vendor's gate is open. If not, the saga is in line.
    fn may_call(
        &mut self,
        now: Instant,
        id: SagaId,
        vendor: crate::connector::Vendor,
        effects: &mut Vec<Effect>,
    ) -> bool {
        if let Some(until) = self.awaits_lease(now) {
            self.wake_saga(id, until);
            return false;
        }
        if self.engine.connector(vendor).needs_token() && !self.token.usable(now) {
            self.await_token(now, id, effects);
            return false;
        }
        match self.gates[vendor as usize].admit(now, id, self.engine.policy.concurrency) {
            Admit::Go => true,
            Admit::Queued => {
                if let Some(running) = self.sagas.get_mut(&id) {
                    running.in_line = true;
                }
                false
            }
            Admit::Open(until) => {
                self.wake_saga(id, until);
                false
            }
        }
    }

    /// Writes an entry that becomes durable with the next commit, and what the primary database says with it.
    pub(super) fn write(&mut self, id: SagaId, entry: Entry) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        if running.saga.apply(entry.clone(), &self.engine).is_err() {
            return;
        }
        match &entry {
            Entry::Primary(step) => {
                running.carries.customer = true;
                if !matches!(running.saga.definition[usize::from(*step)].act, Act::Primary(Primary::Closing)) {
                    running.carries.job = true;
                    running.answer = running.outcome();
                }
            }
            Entry::Pressed(_) if !running.is_given_up() => {}
            Entry::Aborted(_) | Entry::Pressed(_) => {
                running.carries.job = true;
                running.answer = running.outcome();
            }
            Entry::Left(_) => {
                running.carries.job = true;
                if running.told.is_none() {
                    running.answer = running.outcome();
                }
            }
            Entry::Parked(..) | Entry::Wanting(_) => running.parked_at = Some(self.now),
            _ => {}
        }
        running.note(id, &entry);
        running.enter(entry);
        // Quiet at once: the commit that precedes the answer also releases.
        let answered = running.answer.is_some() && running.saga.aborted.is_none();
        if answered && !running.saga.released && !running.saga.any_unknown() {
            running.carries.release = true;
            if running.saga.apply(Entry::Released, &self.engine).is_ok() {
                running.note(id, &Entry::Released);
                running.enter(Entry::Released);
            }
        }
    }

    /// Makes durable what must not wait.
    pub(super) fn flush(&mut self, id: SagaId, effects: &mut Vec<Effect>) {
        if let Some(running) = self.sagas.get_mut(&id)
            && running.must_commit()
        {
            running.then = Then::Drive;
            self.commit(id, effects);
        }
    }

    /// The operator makes every parked saga runnable again. Pressed twice, it does nothing the second time.
    pub(super) fn redrive(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let parked: Vec<_> =
            self.sagas.iter().filter(|(_, running)| running.saga.parked.is_some()).map(|(id, _)| *id).collect();
        for id in parked {
            if self.sagas.get(&id).is_some_and(|running| running.commit == Commit::None) {
                self.write(id, Entry::Redriven);
                self.drive(now, id, effects);
            }
        }
    }
}
