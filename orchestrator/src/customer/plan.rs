//! What a customer saga does next, decided from its state alone: forward through its steps, back through what may have
//! happened, then the last look (`settle`). Nothing is done here; the node does what [`Next`] says.

use super::definition::Act;
use super::entry::{Entry, Intent, Reason};
use super::press::Watch;
use super::settle::Inspection;
use super::state::{Engine, Saga};
use super::step::Step;
use super::volatile::{Trying, Vain};
use crate::connector::{Condition, Operation, Reading, Vendor};
use crate::effect::Direction;
use crate::saga::outcome::Outcome;
use crate::saga::retry;
use crate::time::{Instant, Nanos};

/// After more successful writes than these at one step its record is held never to come to rest: the vendor takes each in,
/// and shows something else.
const RESTLESS: u32 = 16;

/// What a saga does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing, until something happens to it.
    Idle,
    /// Nothing before then.
    Wait(Instant),
    /// Write this intent, make it durable, then call.
    Call(Intent),
    /// Read: nothing to make durable first.
    Look(u8, Operation, Direction),
    /// Write this entry; it becomes durable with the next commit. Then ask again.
    Write(Entry),
    /// All is done and quiet: release what is held, shrink to one row.
    End,
}

/// What one step needs.
pub(super) enum Move {
    Do(Operation),
    Look(Operation),
    Wait(Instant),
    Write(Entry),
    Refused(String),
    Done,
}

impl Step {
    /// This operation, as the next thing to make at the step.
    pub(super) fn make(&self, operation: Operation) -> Move {
        match operation.mutating() {
            false => Move::Look(operation),
            true if self.writes > RESTLESS => Move::Refused("the record does not come to rest".to_owned()),
            true => Move::Do(operation),
        }
    }
}

impl Saga {
    /// What it does next, at this instant.
    pub fn next(&mut self, now: Instant, engine: &Engine) -> Next {
        if self.open.is_some() || self.volatile.looking.is_some() || self.parked.is_some() {
            return Next::Idle;
        }
        if (self.aborted.is_some() && self.grant.is_none()) || self.pressed.left {
            return Next::End;
        }
        if self.grant.is_none() {
            return Next::Idle;
        }
        if let Some(trying) = &self.volatile.trying
            && now < trying.due
        {
            return Next::Wait(trying.due);
        }
        match self.pressed.watch {
            Some(Watch::Abandoning(parked, whatever)) => self.leave(parked, whatever, now, engine),
            _ if self.aborted.is_some() => self.back(now, engine),
            _ => self.forward(now, engine),
        }
    }

    fn forward(&mut self, now: Instant, engine: &Engine) -> Next {
        for index in self.passed..self.definition.len() {
            let step = index as u8;
            let made = match self.definition[index].act {
                _ if self.steps[index].finished => continue,
                Act::Put(vendor) => self.step(index, vendor, true, Direction::Forward, now, engine),
                Act::Remove(vendor) => self.step(index, vendor, false, Direction::Forward, now, engine),
                Act::Ask(_) => match (&self.steps[index].refused, &self.steps[index].have) {
                    (Some(code), _) => Move::Refused(code.clone()),
                    (None, Some(have)) => Move::Look(Operation::Read(have.id.clone())),
                    (None, None) => continue,
                },
                Act::Check(vendor) => self.check(index, vendor),
                Act::Merge(vendor) => self.join(index, vendor, true, now, engine),
                Act::Primary(_) => return Next::Write(Entry::Primary(step)),
                Act::Welcome => Move::Do(Operation::Push),
            };
            if let Some(next) = self.made(step, made, Direction::Forward) {
                return next;
            }
        }
        self.settle(now, engine)
    }

    fn back(&mut self, now: Instant, engine: &Engine) -> Next {
        if !self.undone {
            let count = self.definition.len();
            let definitions = engine.definitions.of(self.began.version).unwrap_or(&engine.definitions);
            for place in 0..count {
                let index = if definitions.undo_backwards { count - 1 - place } else { place };
                if !self.steps[index].sent || !self.definition[index].compensated {
                    continue;
                }
                let there = self.wanted(Direction::Compensate).is_some();
                let made = match self.definition[index].act {
                    Act::Put(vendor) => self.step(index, vendor, there, Direction::Compensate, now, engine),
                    Act::Merge(vendor) => self.join(index, vendor, false, now, engine),
                    Act::Remove(_) | Act::Ask(_) | Act::Check(_) | Act::Primary(_) | Act::Welcome => continue,
                };
                if let Some(next) = self.made(index as u8, made, Direction::Compensate) {
                    return next;
                }
            }
            if self.any_unknown() {
                return Next::Write(Entry::Undone);
            }
        }
        self.settle(now, engine)
    }

    /// Turns a step's need into what the saga does; `None` where the step needs nothing.
    pub(super) fn made(&self, step: u8, made: Move, direction: Direction) -> Option<Next> {
        Some(match self.resolved(step, made) {
            Move::Done => return None,
            Move::Do(operation) => {
                let attempt = self.attempts(step, &operation) + 1;
                let look = if direction == Direction::Settle { self.look_number() } else { 0 };
                Next::Call(Intent { step, direction, operation, attempt, look })
            }
            Move::Look(operation) => Next::Look(step, operation, direction),
            Move::Wait(until) => Next::Wait(until),
            Move::Write(entry) => Next::Write(entry),
            Move::Refused(code) if direction == Direction::Forward && !self.pivoted => {
                Next::Write(Entry::Aborted(Reason::Refused(code)))
            }
            Move::Refused(_) => {
                let attempts = self.volatile.trying.as_ref().map_or(1, |trying| trying.attempts);
                Next::Write(Entry::Parked(step, attempts, true))
            }
        })
    }

    /// The difference between what one step's vendor shall hold and what it holds, as the next operation.
    pub(super) fn step(
        &mut self,
        index: usize,
        vendor: Vendor,
        there: bool,
        direction: Direction,
        now: Instant,
        engine: &Engine,
    ) -> Move {
        let connector = engine.connector(vendor);
        let step = &self.steps[index];
        if let Some(code) = &step.refused {
            return Move::Refused(code.clone());
        }
        if step.conflict {
            return self.resolve(index, vendor, now, engine);
        }
        if (step.doubt && direction == Direction::Compensate) || self.must_look(index) {
            return self.look_once(index, vendor, now, engine);
        }
        let wanted = if there { self.wanted(direction) } else { None };
        let operation = match (wanted, &step.have) {
            (Some(_), None) => Some(Operation::Create),
            (Some(profile), Some(have)) if have.condition == Condition::Live => connector.mend(profile, have),
            (None, Some(have)) if step.undeletable => connector.blank(have),
            (None, Some(have)) => connector.remove(have),
            (Some(_), Some(_)) | (None, None) => None,
        };
        operation.map_or(Move::Done, |operation| step.make(operation))
    }

    /// A creation met a conflict after an attempt that may have happened: whose is the record? Found and ours, it is
    /// adopted; not found after the index must show it, the key is another's.
    fn resolve(&mut self, index: usize, vendor: Vendor, now: Instant, engine: &Engine) -> Move {
        let since = *self.volatile.conflict_at.get_or_insert(now);
        match self.inspect(index, vendor, now, engine) {
            Err(made) => made,
            Ok(inspection) => {
                let step = index as u8;
                if let Some(live) = inspection.found.into_iter().find(|found| found.condition == Condition::Live) {
                    self.volatile.conflict_at = None;
                    return Move::Write(Entry::Adopted(step, Some(Box::new(live))));
                }
                let shown = since + engine.policy.index_wait();
                if inspection.searched_at.is_none_or(|at| at >= shown) {
                    self.volatile.conflict_at = None;
                    return Move::Write(Entry::Refused(step, "conflict".to_owned()));
                }
                let pause = engine.policy.backoff_cap.min(Nanos(engine.policy.index_wait().0 / 4));
                Move::Wait(self.pause_inspection(index, shown.min(now + pause)))
            }
        }
    }

    /// Before a step that may have happened is taken back: what stands of it now, as far as it shows.
    fn look_once(&mut self, index: usize, vendor: Vendor, now: Instant, engine: &Engine) -> Move {
        match self.inspect(index, vendor, now, engine) {
            Err(made) => made,
            Ok(inspection) => self.adopt(index, inspection),
        }
    }

    /// Takes what a look found: the first live record stands, the others must go.
    pub(super) fn adopt(&mut self, index: usize, inspection: Inspection) -> Move {
        let mut found = inspection.found;
        let first = found.iter().position(|record| record.condition == Condition::Live).unwrap_or(0);
        let have = (!found.is_empty()).then(|| Box::new(found.remove(first)));
        self.steps[index].extras = found;
        Move::Write(Entry::Adopted(index as u8, have))
    }

    /// How often this very operation was tried. Looks come between mergings, which are therefore counted apart.
    fn attempts(&self, step: u8, operation: &Operation) -> u32 {
        match operation {
            _ if is_merging(operation) => self.steps[usize::from(step)].join.tries,
            _ => self.tried(step, operation).map_or(0, |trying| trying.attempts),
        }
    }

    /// The trying of this very operation.
    fn tried(&self, step: u8, operation: &Operation) -> Option<&Trying> {
        self.volatile.trying.as_ref().filter(|trying| trying.step == step && trying.operation == *operation)
    }

    /// A call ended without a definite success or no: another attempt later, or the budget is spent.
    pub fn failed(
        &mut self,
        now: Instant,
        step: u8,
        operation: Operation,
        direction: Direction,
        vain: Vain,
        engine: &Engine,
    ) -> Option<Entry> {
        let attempts = self.attempts(step, &operation) + u32::from(!is_merging(&operation));
        let before = self.tried(step, &operation).map_or(0, |trying| trying.throttled);
        let throttled = before + u32::from(vain.throttled);
        let policy = &engine.policy;
        let budget = match direction {
            Direction::Forward if !self.pivoted => policy.forward_attempts,
            Direction::Compensate => policy.compensate_attempts,
            Direction::Forward | Direction::Settle => policy.settle_attempts,
        };
        let salt = self.id.0 ^ u64::from(attempts) << 40 ^ u64::from(step) << 50;
        let backoff = retry::backoff(policy.backoff_base, policy.backoff_cap, attempts, salt);
        let due = now + vain.wait.map_or(backoff, |told| told + Nanos(backoff.0 / 4));
        let trying = self.volatile.trying.insert(Trying { step, operation, attempts, throttled, due });
        if trying.spent() < budget {
            return None;
        }
        if direction == Direction::Forward && !self.pivoted {
            self.volatile.trying = None;
            let name = self.definition[usize::from(step)].name;
            return Some(Entry::Aborted(Reason::Exhausted(name.to_owned())));
        }
        Some(Entry::Parked(step, attempts, false))
    }

    /// A call that may write ended. Returns what is to be journaled after it, if its budget is spent.
    pub fn answered(
        &mut self,
        now: Instant,
        intent: Intent,
        outcome: Outcome,
        vain: Vain,
        engine: &Engine,
    ) -> Option<Entry> {
        if outcome == Outcome::Unknown {
            self.volatile.last_unknown = Some(now);
            if let Some(settling) = &mut self.volatile.settling {
                settling.dirty = true;
            }
        }
        match outcome {
            Outcome::Unknown | Outcome::NotDone => {
                self.failed(now, intent.step, intent.operation, intent.direction, vain, engine)
            }
            Outcome::Done | Outcome::Refused => {
                self.volatile.trying = None;
                None
            }
        }
    }

    /// A read ended with something definite. Returns what is to be journaled of it.
    pub fn looked(
        &mut self,
        now: Instant,
        step: u8,
        operation: &Operation,
        reading: Reading,
        engine: &Engine,
    ) -> Option<Entry> {
        self.volatile.trying = None;
        let index = usize::from(step);
        if matches!(operation, Operation::ReadMerge(..) | Operation::ReadKept(_)) {
            return self.looked_at_merge(index, reading, now, engine);
        }
        if self.is_about_leaver(index, operation) {
            self.looked_at_leaver(index, operation, reading);
            return None;
        }
        match self.definition[index].act {
            Act::Ask(_) => match reading {
                Reading::Refused(code) => self.steps[index].refused = Some(code),
                _ => self.steps[index].finished = true,
            },
            _ => match (operation, reading) {
                (_, Reading::Refused(code)) => self.steps[index].refused = Some(code),
                (Operation::ReadEmails(id), Reading::Emails(emails)) => self.steps[index].keep_emails(id, &emails),
                (Operation::ReadEmails(_), _) => self.steps[index].have = None,
                (operation, reading) => self.inspected(index, operation, reading, engine),
            },
        }
        None
    }
}

/// Whether the operation joins two records or parts them.
const fn is_merging(operation: &Operation) -> bool {
    matches!(operation, Operation::Merge(..) | Operation::Unmerge(..))
}
