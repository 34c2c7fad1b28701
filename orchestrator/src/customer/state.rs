//! A customer saga's state: a fold of its journal, shared by recovery and run. What is not in the journal (clocks,
//! attempts, what a look is doing) stands apart in [`Volatile`] and begins anew with each life of the hub.

use std::hash::Hasher;
use std::sync::Arc;

use super::definition::{Act, Definitions, Kind, StepDefinition};
use super::entry::{Began, Entry, Grant, Heard, Intent, Reason};
use super::press::Pressed;
use super::step::{Step, as_kept};
use super::volatile::Volatile;
use crate::connector::{Condition, Connector, Operation, Profile, Reading, Vendor};
use crate::effect::Direction;
use crate::fingerprint::Fingerprint;
use crate::policy::Policy;
use crate::saga::SagaId;
use crate::saga::outcome::Outcome;
use crate::time::Instant;

/// What the engine needs besides a saga: its patience and its ways to speak.
#[derive(Debug, Clone)]
pub struct Engine {
    /// How patient it is.
    pub policy: Policy,
    /// The connectors, by vendor.
    pub connectors: [Arc<dyn Connector>; 4],
    /// The steps of each saga.
    pub definitions: Definitions,
}

impl Engine {
    /// The connector of this vendor.
    #[must_use]
    pub fn connector(&self, vendor: Vendor) -> &dyn Connector {
        &*self.connectors[vendor as usize]
    }
}

/// A customer saga.
#[derive(Debug, Clone)]
pub struct Saga {
    /// Its id.
    pub id: SagaId,
    /// How it began.
    pub began: Began,
    /// Its claim, once granted.
    pub grant: Option<Grant>,
    /// Its definition.
    pub definition: &'static [StepDefinition],
    /// What it knows of each step.
    pub steps: Vec<Step>,
    /// Why it gave up going forward, if it did.
    pub aborted: Option<Reason>,
    /// Whether what may have happened is taken back, as far as it shows.
    pub undone: bool,
    /// Whether it passed its pivot.
    pub pivoted: bool,
    /// Steps before this one are over: a primary commit stands after them.
    pub passed: usize,
    /// Whether it holds no claim any more.
    pub released: bool,
    /// Where and why it is parked, if it is: step, attempts, refused.
    pub parked: Option<(u8, u32, bool)>,
    /// What an operator's last press made of it.
    pub pressed: Pressed,
    /// The intent whose outcome is not known yet.
    pub open: Option<Intent>,
    /// The number of the last look that mended anything.
    pub look: u32,
    /// What is not journaled.
    pub volatile: Volatile,
}

/// An entry that cannot follow what came before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IllegalEntry(pub Entry);

impl Saga {
    /// A saga that has just begun.
    #[must_use]
    pub fn new(id: SagaId, began: Began, definitions: &Definitions) -> Self {
        let definition = definitions.of(began.version).unwrap_or(definitions).steps(began.wish.kind);
        Self {
            id,
            began,
            grant: None,
            definition,
            steps: vec![Step::default(); definition.len()],
            aborted: None,
            undone: false,
            pivoted: false,
            passed: 0,
            released: false,
            parked: None,
            pressed: Pressed::default(),
            open: None,
            look: 0,
            volatile: Volatile::default(),
        }
    }

    /// Folds in all that can still matter; the definition follows from how it began.
    pub fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self {
            id,
            began,
            grant,
            definition: _,
            steps,
            aborted,
            undone,
            pivoted,
            passed,
            released,
            parked,
            pressed,
            open,
            look,
            volatile,
        } = self;
        print.fold(&(id, began, grant, steps, aborted, undone, pivoted, passed, released, parked, open, look));
        print.fold(pressed);
        volatile.feed(print);
    }

    /// Folds a whole journal. An open intent counts as unknown and as sent now.
    ///
    /// # Errors
    /// Where an entry cannot follow what came before it, or the journal does not begin with `Began` in a known version.
    pub fn fold(id: SagaId, entries: Vec<Entry>, engine: &Engine, now: Instant) -> Result<Self, IllegalEntry> {
        let (mut entries, known) = (entries.into_iter(), &engine.definitions);
        let mut saga = match entries.next() {
            Some(Entry::Began(began)) if known.of(began.version).is_some() => Self::new(id, *began, known),
            Some(other) => return Err(IllegalEntry(other)),
            None => return Err(IllegalEntry(Entry::Released)),
        };
        for entry in entries {
            saga.apply(entry, engine)?;
        }
        if saga.open.is_some() {
            saga.apply(Entry::Heard(Heard::Unknown), engine)?;
        }
        if saga.any_unknown() {
            saga.volatile.last_unknown = Some(now);
        }
        Ok(saga)
    }

    /// Folds one entry in.
    ///
    /// # Errors
    /// Where it cannot follow what came before it.
    pub fn apply(&mut self, entry: Entry, engine: &Engine) -> Result<(), IllegalEntry> {
        match entry {
            Entry::Granted(grant) if self.grant.is_none() => self.granted(*grant),
            Entry::Intent(intent) if self.open.is_none() && self.steps.len() > usize::from(intent.step) => {
                let step = &mut self.steps[usize::from(intent.step)];
                step.sent = true;
                step.created |= intent.operation == Operation::Create;
                self.joins(&intent);
                self.look = self.look.max(intent.look);
                self.open = Some(intent);
            }
            Entry::Heard(heard) => match self.open.take() {
                Some(intent) => {
                    self.heard(&intent, heard, engine);
                    // Given up while it was under way: a no of the way forward is none of the way back.
                    if self.aborted.is_some() && intent.direction == Direction::Forward {
                        self.steps[usize::from(intent.step)].given_up();
                    }
                }
                None => return Err(IllegalEntry(Entry::Heard(heard))),
            },
            Entry::Adopted(step, found)
                if self.began.wish.kind == Kind::Rejoin && self.steps.len() > usize::from(step) =>
            {
                let join = &mut self.steps[usize::from(step)].join;
                join.second = found.map(|found| found.id);
                join.one = None;
            }
            Entry::Adopted(step, found) if self.steps.len() > usize::from(step) => {
                self.pressed.looked_at(step);
                let step = &mut self.steps[usize::from(step)];
                step.have = found.map(|found| *found);
                step.doubt = false;
                step.conflict = false;
            }
            Entry::Refused(step, code) if self.steps.len() > usize::from(step) => {
                self.steps[usize::from(step)].refused = Some(code);
            }
            Entry::Kept(step, kept) if self.steps.len() > usize::from(step) => {
                let step = &mut self.steps[usize::from(step)];
                step.join.kept = Some(kept);
                step.finished = true;
            }
            merges @ (Entry::Merged(..) | Entry::Apart(_) | Entry::Barred(..) | Entry::Singly(_)) => {
                return self.found_of_merge(merges);
            }
            Entry::Primary(step) if self.steps.len() > usize::from(step) => {
                self.pivoted = true;
                self.passed = usize::from(step) + 1;
                self.steps[usize::from(step)].finished = true;
            }
            Entry::Aborted(reason) if !self.pivoted && self.aborted.is_none() => self.abort(reason),
            Entry::Undone if self.aborted.is_some() => self.undone = true,
            Entry::Released => self.released = true,
            Entry::Parked(step, attempts, refused) => self.park((step, attempts, refused)),
            Entry::Redriven => self.redriven(),
            // Whose it is decides nothing about what it does.
            Entry::TakenOver(_) => {}
            operators => return self.operated(operators),
        }
        Ok(())
    }

    /// Under the claim, each vendor's record stands as the primary says: nothing older is in flight.
    fn granted(&mut self, mut grant: Grant) {
        if grant.after.is_none() {
            grant.after = self.began.wish.granted(grant.before.as_ref());
        }
        for (definition, step) in self.definition.iter().zip(&mut self.steps) {
            let (Act::Put(vendor) | Act::Remove(vendor) | Act::Ask(vendor) | Act::Merge(vendor)) = definition.act
            else {
                continue;
            };
            let id = grant.ids.get(vendor as usize).and_then(Option::as_ref);
            if let (Some(id), Some(before)) = (id, &grant.before) {
                step.have = Some(as_kept(id, &grant.owner, before));
            }
            step.join.one = Some(false);
        }
        if self.began.wish.kind.only_looks() {
            self.steps.iter_mut().for_each(Step::doubtful);
            // There is no way forward: all is the last look's.
            self.passed = self.definition.len();
        }
        self.grant = Some(grant);
    }

    /// What the end of a call that may write means for its step.
    fn heard(&mut self, intent: &Intent, heard: Heard, engine: &Engine) {
        let index = usize::from(intent.step);
        let vendor = self.definition[index].act.vendor();
        let want = wanted(self.grant.as_ref(), self.aborted.is_some(), intent.direction);
        let step = &mut self.steps[index];
        let before = step.outcome;
        step.outcome = Some(step.outcome.map_or(heard.outcome(), |outcome| outcome.join(heard.outcome())));
        // Whatever is moved singly is bounded by how often it is listed.
        if heard.outcome() == Outcome::Done && !matches!(intent.operation, Operation::MoveChild(..)) {
            step.writes += 1;
        }
        if matches!(intent.operation, Operation::Merge(..) | Operation::Unmerge(..) | Operation::Restore(..)) {
            return self.joined(intent, heard, before);
        }
        if self.is_about_leaver(index, &intent.operation) {
            return self.moved(index, &intent.operation, heard, engine);
        }
        let step = &mut self.steps[index];
        match heard {
            // A refused message is listed in the outcome, and the step ends all the same.
            Heard::Accepted | Heard::Refused(_) if intent.operation == Operation::Push => step.finished = true,
            Heard::AsWanted(id) => {
                if let (Some(grant), Some(want)) = (&self.grant, want) {
                    step.stands(as_kept(&id, &grant.owner, want));
                }
            }
            Heard::Record(found) if intent.operation == Operation::Create => step.stands(*found),
            Heard::Record(found) => step.learn(vendor, want, intent, &Reading::Record(*found), engine),
            Heard::Emails(emails) => step.learn(vendor, want, intent, &Reading::Emails(emails), engine),
            Heard::Accepted => step.learn(vendor, want, intent, &Reading::Accepted, engine),
            Heard::Absent => step.learn(vendor, want, intent, &Reading::Absent, engine),
            // No other operation is answered so.
            Heard::Merge(_) => {}
            Heard::Undeletable => step.undeletable = true,
            Heard::Conflict if intent.operation == Operation::Create && before == Some(Outcome::Unknown) => {
                step.conflict = true;
            }
            Heard::Conflict => step.refused = Some("conflict".to_owned()),
            Heard::Refused(code) => step.refused = Some(code),
            Heard::NotDone => {}
            Heard::Unknown => step.doubt |= intent.direction == Direction::Forward,
        }
    }

    /// What the reading of a call that may write means, in the journal's words.
    #[must_use]
    pub fn heard_in(&self, intent: &Intent, reading: Reading, engine: &Engine) -> Heard {
        let vendor = self.definition[usize::from(intent.step)].act.vendor();
        match (reading, vendor, self.wanted(intent.direction), &self.grant) {
            (Reading::Record(found), Some(vendor), Some(want), Some(grant))
                if found.condition == Condition::Live
                    && found.owner.as_deref() == Some(&*grant.owner)
                    && self.concerns(intent, &found.id)
                    && engine.connector(vendor).mend(want, &found).is_none() =>
            {
                Heard::AsWanted(found.id)
            }
            (reading, ..) => Heard::from_reading(reading),
        }
    }

    /// Whether the intent is about the step's own record: the one it makes, or the one that stands.
    fn concerns(&self, intent: &Intent, id: &str) -> bool {
        let step = &self.steps[usize::from(intent.step)];
        intent.operation == Operation::Create || step.have.as_ref().is_some_and(|have| have.id == id)
    }

    /// Whether any attempt at a vendor's records ever ended unknown; the message's do not hold the lock.
    #[must_use]
    pub fn any_unknown(&self) -> bool {
        self.definition
            .iter()
            .zip(&self.steps)
            .any(|(definition, step)| definition.act != Act::Welcome && step.unknown())
    }

    /// What shall stand at the vendors of `Put` steps, as far as the saga has come: a profile, or nothing.
    #[must_use]
    pub fn wanted(&self, direction: Direction) -> Option<&Profile> {
        wanted(self.grant.as_ref(), self.aborted.is_some(), direction)
    }

    /// The vendors' ids as they now stand, for the primary's row.
    #[must_use]
    pub fn ids(&self) -> [Option<&str>; 3] {
        let mut ids = self.grant.as_ref().map_or([None; 3], |grant| grant.ids.each_ref().map(Option::as_deref));
        for (definition, step) in self.definition.iter().zip(&self.steps) {
            if let Act::Put(vendor) | Act::Merge(vendor) = definition.act
                && let Some(id) = ids.get_mut(vendor as usize)
            {
                *id = step.have.as_ref().map(|have| have.id.as_str());
            }
        }
        ids
    }
}

/// What shall stand at the vendors: before the grant nothing is known; backwards it is what stood before.
fn wanted(grant: Option<&Grant>, aborted: bool, direction: Direction) -> Option<&Profile> {
    let back = direction == Direction::Compensate || (direction == Direction::Settle && aborted);
    if back { grant?.before.as_ref() } else { grant?.after.as_ref() }
}
