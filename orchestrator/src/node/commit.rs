//! Commits: made from a saga's state, made again word for word where their end is unknown, full or a conflict, and
//! followed by what waited for them. Rule 10: nothing is told before it is durable.

use super::running::{Commit, Then, Waiter};
use super::timer::Timer;
use super::{Node, ReadFor, SagaId};
use crate::customer::encode;
use crate::effect::{Effect, Note};
use crate::event::{Row, Verdict};
use crate::gateway::answer;
use crate::saga::retry;
use crate::time::Instant;

/// Conflicts that a saga's very first commit may meet before its request is refused as not applied.
const FIRST_TRIES: u32 = 3;

impl Node {
    /// Commits what this saga has to make durable.
    pub(super) fn commit(&mut self, id: SagaId, effects: &mut Vec<Effect>) {
        let commit = self.next_number();
        let fence = self.fence();
        let Some(running) = self.sagas.get_mut(&id) else { return };
        running.commit = Commit::InFlight;
        running.tries += 1;
        self.commits.insert(commit, id);
        let writes = running.writes(fence);
        effects.push(Effect::Commit { commit, writes });
    }

    pub(super) fn on_committed(&mut self, now: Instant, commit: u64, verdict: Verdict, effects: &mut Vec<Effect>) {
        let Some(id) = self.commits.remove(commit) else {
            return self.on_plain_commit(now, commit, verdict, effects);
        };
        let fence = self.fence();
        let Some(running) = self.sagas.get_mut(&id) else { return self.on_refusal(id, verdict, effects) };
        match verdict {
            Verdict::Committed => self.durable(now, id, effects),
            Verdict::Conflict if running.maybe && running.is_conditional(fence) => {
                running.commit = Commit::Checking;
                let key = running.proof(fence);
                self.read(ReadFor::Check(id), key, effects);
            }
            Verdict::Conflict if running.loses_claim() => self.ungrant(now, id, effects),
            Verdict::Full | Verdict::Conflict
                if running.rows == 0
                    && !running.maybe
                    && (verdict == Verdict::Full || running.tries >= FIRST_TRIES) =>
            {
                self.drop_unborn(now, id, verdict, effects);
            }
            Verdict::Full | Verdict::Conflict | Verdict::Unknown => {
                running.maybe |= verdict == Verdict::Unknown;
                self.commit_later(now, id);
            }
        }
    }

    fn commit_later(&mut self, now: Instant, id: SagaId) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let policy = &self.engine.policy;
        let wait =
            retry::backoff(policy.backoff_base, policy.backoff_cap, running.tries, id.0 ^ u64::from(running.tries));
        running.commit = Commit::Again(now + wait);
        self.wake_saga(id, now + wait);
    }

    /// The row that proves a commit whose end was unknown: there, or not.
    pub(super) fn on_checked(&mut self, now: Instant, id: SagaId, rows: &[Row], effects: &mut Vec<Effect>) {
        let (fence, ours) = (self.fence(), self.awaits_lease(now).is_none());
        let Some(running) = self.sagas.get_mut(&id) else { return };
        if running.is_proven_by_absence(fence) {
            return if rows.is_empty() { self.durable(now, id, effects) } else { self.undone(now, id, effects) };
        }
        if rows.is_empty() && running.rows == 0 && !ours {
            // Somebody may have taken the saga over and ended it meanwhile, so that its absence proves nothing.
            self.lose(now, id, effects);
        } else if rows.is_empty() && fence.is_some() {
            self.undone(now, id, effects);
        } else if rows.is_empty() {
            self.commit(id, effects);
        } else if running.carries.end || rows[0].value == encode::entries(&running.unsaved) {
            self.durable(now, id, effects);
        } else {
            // Another process writes this journal: leave the saga to it.
            self.lose(now, id, effects);
        }
    }

    /// A commit whose end was unknown never happened, so the conflict that it met may be another's claim.
    fn undone(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        running.maybe = false;
        running.commit = Commit::None;
        if running.loses_claim() {
            self.ungrant(now, id, effects);
        } else if running.rows == 0 && running.tries >= FIRST_TRIES {
            self.drop_unborn(now, id, Verdict::Conflict, effects);
        } else {
            self.commit_later(now, id);
        }
    }

    /// The commit is durable: say what may be said now, then go on.
    fn durable(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let first = running.rows == 0;
        let released = running.carries.release;
        running.rows += 1;
        running.unsaved.clear();
        running.ungranted = None;
        running.carries = Default::default();
        running.commit = Commit::None;
        running.maybe = false;
        running.tries = 0;
        let mut notes = std::mem::take(&mut running.notes);
        if first {
            let kind = running.saga.began.wish.kind.name();
            notes.insert(0, Note::Began { saga: id.0, kind, correlation: running.saga.began.correlation.clone() });
        }
        if let Some(told) = running.answer.take() {
            running.told = Some(told);
        }
        let then = std::mem::replace(&mut running.then, Then::Drive);
        if then == Then::End {
            if released && !running.saga.released {
                notes.push(Note::Released(id.0));
            }
            notes.push(Note::Ended(id.0));
        }
        effects.extend(running.desk.drain(..).map(|(exchange, response)| Effect::Answer { exchange, response }));
        self.log_notes(id, &notes, effects);
        effects.extend(notes.into_iter().map(Effect::Note));
        self.tell(now, id, first, effects);
        let freed = if released { self.release(id) } else { Vec::new() };
        match then {
            Then::Drive => {
                self.take_presses(now, id, effects);
                self.drive(now, id, effects);
            }
            Then::Call(intent) => {
                self.call(now, id, intent, effects);
                self.take_presses(now, id, effects);
            }
            Then::End => {
                if self.sagas.get(&id).is_some_and(|running| running.saga.pressed.left) {
                    self.log_left(id, effects);
                }
                self.dismiss(id, effects);
                self.forget(id);
                self.swept(id, effects);
            }
        }
        if first && self.sagas.get(&id).is_some_and(|running| running.saga.grant.is_none()) {
            self.try_grant(now, id, effects);
        }
        self.let_others_on(now, freed, None, effects);
    }

    /// Answers the clients that wait, as far as they may be answered.
    fn tell(&mut self, now: Instant, id: SagaId, first: bool, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let correlation = &running.saga.began.correlation;
        if !running.saga.began.asynchronous && running.told.is_none() {
            if first {
                let due = now + self.engine.policy.sync_wait;
                for waiter in &mut running.waiters {
                    waiter.due = Some(due);
                    self.timers.insert((due, Timer::Client(id, waiter.exchange)));
                }
            }
            return;
        }
        for Waiter { exchange, due } in running.waiters.drain(..) {
            if let Some(due) = due {
                self.timers.remove(&(due, Timer::Client(id, exchange)));
            }
            let response = match &running.told {
                Some((status, body)) if !running.saga.began.asynchronous => answer::answer(*status, body, correlation),
                _ => answer::accepted(&id.to_string(), correlation),
            };
            effects.push(Effect::Answer { exchange, response });
        }
    }

    /// The call that the saga's commit announced will not be made. Returns who may go next at its vendor.
    pub(super) fn withdraw(&mut self, id: SagaId) -> Option<SagaId> {
        let running = self.sagas.get_mut(&id)?;
        let Then::Call(intent) = std::mem::replace(&mut running.then, Then::Drive) else { return None };
        let vendor = running.saga.definition[usize::from(intent.step)].act.vendor()?;
        self.gates[vendor as usize].withdrew()
    }

    /// Releases the saga's claims in memory. Returns who waited for one of them.
    pub(super) fn release(&mut self, id: SagaId) -> Vec<SagaId> {
        let Some(running) = self.sagas.get_mut(&id) else { return Vec::new() };
        let claimed = std::mem::take(&mut running.claimed);
        self.claims.release(id, claimed.iter().map(String::as_str));
        if self.queue.is_empty() {
            return Vec::new();
        }
        claimed.iter().filter_map(|key| self.queue.remove(key)).flatten().collect()
    }

    /// Takes an ended saga out of memory.
    pub(super) fn forget(&mut self, id: SagaId) {
        if let Some(running) = self.sagas.remove(&id) {
            if let Some(at) = running.timer {
                self.timers.remove(&(at, Timer::Saga(id)));
            }
            if let Some(key) = &running.saga.began.client_key {
                self.keys.remove(key);
            }
        }
    }

    /// The first commit of a saga surely did not happen: nothing began, and its clients are told so.
    fn drop_unborn(&mut self, now: Instant, id: SagaId, verdict: Verdict, effects: &mut Vec<Effect>) {
        let shared = self.lease.is_some();
        if let Some(running) = self.sagas.get_mut(&id) {
            let correlation = &running.saga.began.correlation;
            for Waiter { exchange, .. } in running.waiters.drain(..) {
                let response = if shared && verdict == Verdict::Conflict {
                    answer::busy(correlation)
                } else {
                    answer::problem(503, "not-applied", "the store takes nothing now", correlation)
                };
                effects.push(Effect::Answer { exchange, response });
            }
        }
        self.part_with(now, id, effects);
    }

    /// Nothing more becomes of this saga here: what it holds in memory is free.
    pub(super) fn part_with(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let next_in_line = self.withdraw(id);
        let freed = self.release(id);
        self.forget(id);
        self.swept(id, effects);
        self.let_others_on(now, freed, next_in_line, effects);
    }

    /// Those who waited for a claim that is free now may try, and who stood behind at a vendor steps up.
    pub(super) fn let_others_on(
        &mut self,
        now: Instant,
        freed: Vec<SagaId>,
        next_in_line: Option<SagaId>,
        effects: &mut Vec<Effect>,
    ) {
        for next in freed {
            self.try_grant(now, next, effects);
        }
        if let Some(next) = next_in_line {
            self.step_up(now, next, effects);
        }
    }
}
