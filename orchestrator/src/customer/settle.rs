//! Quiet before release: a saga one of whose attempts ever ended unknown waits until nothing of it can still arrive,
//! looks at every vendor it touched afresh, and mends each difference from what it intends; again, if a mending call
//! was itself unknown. Looking at one vendor (`Inspection`) also serves conflicts and compensation.

use std::collections::VecDeque;
use std::hash::Hasher;

use super::definition::{Act, Kind};
use super::plan::{Move, Next};
use super::state::{Engine, Saga};
use crate::connector::{Found, Operation, Reading, Vendor};
use crate::effect::Direction;
use crate::fingerprint::Fingerprint;
use crate::time::Instant;

/// A look at what stands of ours at one vendor: by the known id, and by search where we may have created unawares.
#[derive(Debug, Clone)]
pub struct Inspection {
    step: usize,
    reads: VecDeque<Operation>,
    seen: Vec<String>,
    /// Whether a search is still to be made.
    search: bool,
    /// When the search was made, if it was.
    pub(super) searched_at: Option<Instant>,
    /// What was found, read by id, bearing our owner tag.
    pub(super) found: Vec<Found>,
    /// Not before then.
    not_before: Option<Instant>,
}

/// The last look before release.
#[derive(Debug, Clone)]
pub struct Settling {
    until: Instant,
    index: usize,
    pub(super) inspected: bool,
    number: u32,
    /// What an abandoned saga would still have to do, by step.
    pub(super) left: Vec<(u8, Operation)>,
    /// Whether a mending call of this look ended unknown.
    pub(super) dirty: bool,
}

impl Inspection {
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { step, reads, seen, search, searched_at, found, not_before } = self;
        print.fold(&(step, reads, seen, search, found));
        print.origin(*searched_at);
        print.deadline(*not_before);
    }
}

impl Settling {
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { until, index, inspected, number, left, dirty } = self;
        print.fold(&(index, inspected, number, left, dirty));
        print.deadline(Some(*until));
    }
}

impl Saga {
    /// Quiet, then release.
    pub(super) fn settle(&mut self, now: Instant, engine: &Engine) -> Next {
        if self.released || !self.any_unknown() {
            return Next::End;
        }
        loop {
            let (until, index) = self.settling(now, engine);
            if now < until {
                return Next::Wait(until);
            }
            if index < self.definition.len() {
                if let Some(next) = self.settle_step(index, now, engine) {
                    return next;
                }
                self.settle_on();
                continue;
            }
            if !self.volatile.settling.as_ref().is_some_and(|settling| settling.dirty) {
                return Next::End;
            }
            self.volatile.settling = None;
        }
    }

    /// The look goes on to the next step.
    pub(super) fn settle_on(&mut self) {
        if let Some(settling) = &mut self.volatile.settling {
            settling.index += 1;
            settling.inspected = false;
        }
    }

    /// Until when the look waits, and how far it has come; begins it where it has not begun.
    pub(super) fn settling(&mut self, now: Instant, engine: &Engine) -> (Instant, usize) {
        if let Some(settling) = &self.volatile.settling {
            return (settling.until, settling.index);
        }
        let until = match self.volatile.last_unknown {
            // Nobody has called since the claim, and whoever held it before was quiet.
            None if self.began.wish.kind.only_looks() => now,
            last => {
                let landed = last.unwrap_or(now) + engine.policy.in_flight();
                // That all has landed by now does not mean that searches show it.
                let searches = (0..self.definition.len()).any(|index| self.must_search(index, engine));
                if searches { landed + engine.policy.index_wait() } else { landed }
            }
        };
        self.volatile.inspection = None;
        self.volatile.settling =
            Some(Settling { until, index: 0, inspected: false, number: self.look + 1, left: Vec::new(), dirty: false });
        (until, 0)
    }

    /// The number of the look under way.
    pub(super) fn look_number(&self) -> u32 {
        self.volatile.settling.as_ref().map_or(0, |settling| settling.number)
    }

    fn settle_step(&mut self, index: usize, now: Instant, engine: &Engine) -> Option<Next> {
        let (vendor, there) = match self.definition[index].act {
            Act::Put(vendor) => (vendor, self.wanted(Direction::Settle).is_some()),
            Act::Remove(vendor) => (vendor, false),
            Act::Merge(vendor) => return self.settle_merge(index, vendor, now, engine),
            Act::Ask(_) | Act::Check(_) | Act::Primary(_) | Act::Welcome => return None,
        };
        if !self.steps[index].sent {
            return None;
        }
        if !self.volatile.settling.as_ref().is_some_and(|settling| settling.inspected) {
            let made = self.look_afresh(index, vendor, now, engine);
            return self.made(index as u8, made, Direction::Settle);
        }
        let made = self
            .drop_extra(index, vendor, engine)
            .unwrap_or_else(|| self.step(index, vendor, there, Direction::Settle, now, engine));
        self.made(index as u8, made, Direction::Settle)
    }

    /// The last look at a step's records: what it finds stands.
    pub(super) fn look_afresh(&mut self, index: usize, vendor: Vendor, now: Instant, engine: &Engine) -> Move {
        match self.inspect(index, vendor, now, engine) {
            Err(made) => made,
            Ok(inspection) => {
                if let Some(settling) = &mut self.volatile.settling {
                    settling.inspected = true;
                }
                self.adopt(index, inspection)
            }
        }
    }

    /// Two records that shall be one, or two again: looked at afresh, then mended.
    fn settle_merge(&mut self, index: usize, vendor: Vendor, now: Instant, engine: &Engine) -> Option<Next> {
        if !self.steps[index].sent {
            return None;
        }
        if let Some(next) = self.find_second(index, vendor, now, engine) {
            return next;
        }
        if !self.volatile.settling.as_ref().is_some_and(|settling| settling.inspected) {
            self.look_at_two_afresh(index);
        }
        let made = self.join(index, vendor, self.aborted.is_none(), now, engine);
        self.made(index as u8, made, Direction::Settle)
    }

    /// The last look at two records begins. What a late link or a late parting has lost of the one that was given back its
    /// own before, no look shows: it is given back again.
    pub(super) fn look_at_two_afresh(&mut self, index: usize) {
        self.forget_leaver(index);
        let step = &mut self.steps[index];
        if step.refused.is_none() {
            step.join.one = None;
            step.join.restored &= !step.unknown();
        }
    }

    /// The look at a merge under way has told.
    pub(super) fn inspected_merge(&mut self, index: usize) {
        if let Some(settling) = self.volatile.settling.as_mut().filter(|settling| settling.index == index) {
            settling.inspected = true;
        }
    }

    /// The next operation that removes a record which should not stand beside this step's.
    pub(super) fn drop_extra(&mut self, index: usize, vendor: Vendor, engine: &Engine) -> Option<Move> {
        let step = &mut self.steps[index];
        if let Some(code) = &step.refused {
            return Some(Move::Refused(code.clone()));
        }
        while let Some(extra) = step.extras.first() {
            let connector = engine.connector(vendor);
            let operation = if step.undeletable { connector.blank(extra) } else { connector.remove(extra) };
            if let Some(operation) = operation {
                return Some(if operation.mutating() { Move::Do(operation) } else { Move::Look(operation) });
            }
            step.extras.remove(0);
        }
        None
    }

    /// Whether a record of ours may stand at this step's vendor that only a lagging search shows.
    fn must_search(&self, index: usize, engine: &Engine) -> bool {
        self.steps[index].created
            && match self.definition[index].act {
                Act::Put(vendor) => self.chosen_id(vendor, engine).is_none() && !engine.connector(vendor).finds_fresh(),
                _ => false,
            }
    }

    fn chosen_id(&self, vendor: Vendor, engine: &Engine) -> Option<String> {
        engine.connector(vendor).chosen_id(self.sought()?)
    }

    /// Goes on with the look at this step's vendor: `Err` is what it needs next, `Ok` what it found. Where the vendor refuses
    /// to be asked, it ends there.
    pub(super) fn inspect(
        &mut self,
        index: usize,
        vendor: Vendor,
        now: Instant,
        engine: &Engine,
    ) -> Result<Inspection, Move> {
        if let Some(code) = &self.steps[index].refused {
            return Err(Move::Refused(code.clone()));
        }
        if self.volatile.inspection.as_ref().is_none_or(|inspection| inspection.step != index) {
            self.volatile.inspection = Some(self.inspection(index, vendor, engine));
        }
        let Some(inspection) = &mut self.volatile.inspection else { return Err(Move::Done) };
        if let Some(then) = inspection.not_before
            && now < then
        {
            return Err(Move::Wait(then));
        }
        if let Some(read) = inspection.reads.front() {
            return Err(Move::Look(read.clone()));
        }
        if inspection.search {
            inspection.searched_at = Some(now);
            return Err(Move::Look(Operation::FindByOwner));
        }
        self.volatile.inspection.take().ok_or(Move::Done)
    }

    fn inspection(&self, index: usize, vendor: Vendor, engine: &Engine) -> Inspection {
        let step = &self.steps[index];
        let known = match self.began.wish.kind {
            Kind::Rejoin => None,
            _ => step.have.as_ref().map(|have| have.id.clone()),
        };
        let chosen = if step.created { self.chosen_id(vendor, engine) } else { None };
        let search = step.created && chosen.is_none();
        let mut seen: Vec<String> = known.into_iter().chain(chosen).collect();
        seen.dedup();
        let reads = seen.iter().map(|id| Operation::Read(id.clone())).collect();
        Inspection { step: index, reads, seen, search, searched_at: None, found: Vec::new(), not_before: None }
    }

    /// Puts the next look at this step's vendor off.
    pub(super) fn pause_inspection(&mut self, index: usize, until: Instant) -> Instant {
        self.volatile.inspection = Some(Inspection {
            step: index,
            reads: VecDeque::new(),
            seen: Vec::new(),
            search: true,
            searched_at: None,
            found: Vec::new(),
            not_before: Some(until),
        });
        until
    }

    /// A read of the look ended with something definite.
    pub(super) fn inspected(&mut self, index: usize, operation: &Operation, reading: Reading, engine: &Engine) {
        let Some(vendor) = self.definition[index].act.vendor() else { return };
        let keeps = engine.connector(vendor).keeps_deleted();
        let Some(mut inspection) = self.volatile.inspection.take() else { return };
        match reading {
            Reading::Record(found) => {
                inspection.reads.pop_front();
                if self.seeks(&found, vendor, engine) {
                    inspection.found.push(found);
                }
            }
            Reading::Records(records) => {
                inspection.search = false;
                for record in records {
                    if self.seeks(&record, vendor, engine) && !inspection.seen.contains(&record.id) {
                        inspection.reads.push_back(Operation::Read(record.id.clone()));
                        inspection.seen.push(record.id);
                    }
                }
            }
            _ => {
                let read = inspection.reads.pop_front();
                if let (true, Some(Operation::Read(id)), Operation::Read(_)) = (keeps, read, operation) {
                    inspection.reads.push_front(Operation::ReadDeleted(id));
                }
            }
        }
        self.volatile.inspection = Some(inspection);
    }
}
