//! Merging two records, as steps do it: what stands and what is to be done next, from what the vendor shows of the two
//! and what earlier attempts amount to. A vendor's job is waited for; a link is parted again with what was kept of the
//! record. Which steps there are is `merge`'s; records of one customer are `plan`'s.

use std::hash::Hasher;

use super::definition::Act;
use super::entry::{Entry, Goner, Heard, Intent, Reason};
use super::plan::Move;
use super::state::{Engine, IllegalEntry, Saga};
use super::step::Step;
use crate::connector::{Found, MergeState, Operation, Profile, Reading, Vendor};
use crate::effect::Direction;
use crate::fingerprint::Fingerprint;
use crate::saga::outcome::Outcome;
use crate::time::{Instant, Nanos};

/// The waiting for a vendor's job.
#[derive(Debug, Clone)]
pub struct Poll {
    step: usize,
    /// When it was first seen under way in this life.
    since: Instant,
    /// When it is looked at again.
    due: Instant,
    /// How often it was seen under way.
    count: u32,
}

impl Poll {
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { step, since, due, count } = self;
        print.fold(&(step, count));
        print.origin(Some(*since));
        print.deadline(Some(*due));
    }
}

impl Step {
    /// The two records are one: this one.
    pub(super) fn merged(&mut self, found: Found) {
        self.join.one = Some(true);
        self.join.declined = None;
        self.stands(found);
    }

    /// The two records are two. A no that was met meanwhile counts.
    pub(super) fn apart(&mut self, past: bool) {
        self.join.one = Some(false);
        let declined = self.join.declined.take();
        let no = if past { &mut self.join.barred } else { &mut self.refused };
        *no = declined.or(no.take());
    }

    /// A merging met a no after an attempt that may have happened.
    fn declined(&mut self, code: String) {
        self.join.declined = Some(code);
        self.join.one = None;
    }
}

impl Saga {
    /// The customer that goes.
    fn goner(&self) -> Option<&Goner> {
        self.grant.as_ref()?.from.as_deref()
    }

    /// The ids of the two records at this vendor: the one that stays, the one that goes.
    pub(crate) fn pair(&self, vendor: Vendor) -> Option<(String, String)> {
        let place = vendor as usize;
        let stays = self.grant.as_ref()?.ids.get(place)?.clone()?;
        let goes = match self.goner() {
            Some(goner) => goner.ids.get(place)?.clone(),
            None => self.second(vendor),
        };
        Some((stays, goes?))
    }

    /// The id of the record at this vendor that a look found beside the one that stays.
    fn second(&self, vendor: Vendor) -> Option<String> {
        let mut steps = self.definition.iter().zip(&self.steps);
        steps.find(|(definition, _)| definition.act == Act::Merge(vendor))?.1.join.second.clone()
    }

    /// The profile and the owner tag that an operation is about.
    #[must_use]
    pub fn asked(&self, operation: &Operation, direction: Direction) -> (Option<&Profile>, &str) {
        match (operation, self.goner()) {
            (Operation::Restore(..), Some(goner)) => (Some(&goner.profile), &goner.owner),
            (Operation::Blank(id), _) if self.is_leaving(id) => {
                (self.wanted(direction), self.leaver().unwrap_or_default())
            }
            (Operation::FindByOwner, _) => (None, self.sought().unwrap_or_default()),
            _ => (self.wanted(direction), self.grant.as_ref().map_or("", |grant| &grant.owner)),
        }
    }

    /// A question before the first merging: whether it would be refused, and what is to be kept.
    pub(super) fn check(&self, index: usize, vendor: Vendor) -> Move {
        let step = &self.steps[index];
        match (&step.refused, self.pair(vendor)) {
            (Some(code), _) => Move::Refused(code.clone()),
            (None, None) => Move::Done,
            (None, Some((_, goes))) if vendor == Vendor::Identity => Move::Look(Operation::ReadKept(goes)),
            (None, Some((stays, goes))) => Move::Look(Operation::ReadMerge(stays, goes)),
        }
    }

    /// The difference between two records that shall be one (`together`), or two again, and what stands, as the next
    /// operation.
    pub(super) fn join(&self, index: usize, vendor: Vendor, together: bool, now: Instant, engine: &Engine) -> Move {
        let Some((stays, goes)) = self.pair(vendor) else { return Move::Done };
        let step = &self.steps[index];
        if let Some(code) = &step.refused {
            return Move::Refused(code.clone());
        }
        if let Some(poll) = self.volatile.poll.as_ref().filter(|poll| poll.step == index && now < poll.due) {
            return Move::Wait(poll.due);
        }
        match (step.join.one, together) {
            (None, _) => Move::Look(Operation::ReadMerge(stays, goes)),
            (Some(true), true) => self.survivor(step, vendor, engine),
            (Some(false), true) if step.join.singly => self.singly(index, vendor, (stays, goes), engine),
            (Some(false), true) if step.join.barred.is_some() || step.join.tries >= engine.policy.settle_attempts => {
                self.barred(index, vendor, now, engine)
            }
            (Some(false), true) => Move::Do(Operation::Merge(stays, goes)),
            (Some(true), false) => Move::Do(Operation::Unmerge(stays, goes)),
            (Some(false), false) if step.join.parted && !step.join.restored => {
                Move::Do(Operation::Restore(goes, self.kept(vendor)))
            }
            (Some(false), false) => Move::Done,
        }
    }

    /// The vendor's merge failed as often as it may be tried.
    pub(super) fn spent(&self, step: u8, tries: u32) -> Entry {
        if self.is_past(usize::from(step)) {
            Entry::Parked(step, tries, false)
        } else {
            Entry::Aborted(Reason::Exhausted(self.definition[usize::from(step)].name.to_owned()))
        }
    }

    /// What the record that survived still lacks: the tag first, for it says whose it is.
    pub(super) fn survivor(&self, step: &Step, vendor: Vendor, engine: &Engine) -> Move {
        let (Some(have), Some(grant)) = (&step.have, &self.grant) else { return Move::Done };
        let Some(want) = &grant.after else { return Move::Done };
        let operation = if have.owner.as_ref() == Some(&grant.owner) {
            engine.connector(vendor).mend(want, have)
        } else {
            Some(Operation::Own(have.id.clone()))
        };
        operation.map_or(Move::Done, |operation| step.make(operation))
    }

    /// Folds in an entry that says how it stands with a merge.
    pub(super) fn found_of_merge(&mut self, entry: Entry) -> Result<(), IllegalEntry> {
        let steps = self.steps.len();
        match entry {
            Entry::Merged(step, found) if steps > usize::from(step) => self.steps[usize::from(step)].merged(*found),
            Entry::Apart(step) if steps > usize::from(step) => {
                let past = self.is_past(usize::from(step));
                self.steps[usize::from(step)].apart(past);
            }
            Entry::Barred(step, code) if steps > usize::from(step) => {
                let join = &mut self.steps[usize::from(step)].join;
                join.one = Some(false);
                join.barred = Some(code);
            }
            Entry::Singly(step) if steps > usize::from(step) => self.goes_singly(step),
            illegal => return Err(IllegalEntry(illegal)),
        }
        Ok(())
    }

    /// What was kept of the record that goes.
    fn kept(&self, vendor: Vendor) -> String {
        let mut checks = self.definition.iter().zip(&self.steps);
        let kept = checks.find(|(definition, _)| definition.act == Act::Check(vendor));
        kept.and_then(|(_, step)| step.join.kept.clone()).unwrap_or_default()
    }

    /// A merging is about to leave, or a parting.
    pub(super) fn joins(&mut self, intent: &Intent) {
        let index = usize::from(intent.step);
        let join = &mut self.steps[index].join;
        match intent.operation {
            Operation::Merge(..) => {
                join.tries += 1;
                join.declined = None;
                self.pivoted |= self.definition[index].pivots;
                for (definition, step) in self.definition.iter().zip(&mut self.steps).take(index) {
                    step.finished |= matches!(definition.act, Act::Check(_));
                }
            }
            Operation::Unmerge(..) => {
                join.tries += 1;
                join.parted = true;
                join.restored = false;
            }
            _ => {}
        }
    }

    /// What the end of a merging, a parting or a giving back means; `before` is the join of the step's earlier attempts.
    pub(super) fn joined(&mut self, intent: &Intent, heard: Heard, before: Option<Outcome>) {
        let index = usize::from(intent.step);
        // The pivot is passed from its sending, unless every attempt was definitely refused.
        if self.definition[index].pivots
            && matches!(self.steps[index].outcome, Some(Outcome::NotDone | Outcome::Refused))
        {
            self.pivoted = false;
        }
        let past = self.is_past(index);
        let step = &mut self.steps[index];
        let doubtful = before == Some(Outcome::Unknown) || step.join.one.is_none();
        match (&intent.operation, heard) {
            (_, Heard::NotDone) | (Operation::Restore(..), Heard::Unknown) => {}
            (Operation::Merge(..), Heard::Merge(MergeState::Merged(found))) => step.merged(*found),
            (Operation::Merge(..), Heard::Accepted) => step.join.one = Some(true),
            (Operation::Merge(..), Heard::Refused(code)) if doubtful => step.declined(code),
            (Operation::Merge(..), Heard::Refused(code)) if past => step.join.barred = Some(code),
            (Operation::Merge(..), Heard::Absent | Heard::Conflict) => step.declined("conflict".to_owned()),
            (Operation::Unmerge(..), Heard::Accepted) => step.join.one = Some(false),
            (Operation::Restore(..), Heard::Record(_) | Heard::AsWanted(_) | Heard::Accepted) => {
                step.join.restored = true;
            }
            (Operation::Restore(..), Heard::Absent) => step.refused = Some("absent".to_owned()),
            (_, Heard::Refused(code)) => step.refused = Some(code),
            // Under way, or not told: a look tells.
            _ => step.join.one = None,
        }
    }

    /// A look at a merge ended. Returns what it found, to be journaled.
    pub(super) fn looked_at_merge(
        &mut self,
        index: usize,
        reading: Reading,
        now: Instant,
        engine: &Engine,
    ) -> Option<Entry> {
        let step = index as u8;
        let checks = matches!(self.definition[index].act, Act::Check(_));
        let going = self.aborted.is_none();
        if reading == Reading::Merge(MergeState::Pending) && !checks {
            return self.poll(index, now, engine);
        }
        self.volatile.poll = None;
        let entry = match reading {
            Reading::Kept(kept) => Entry::Kept(step, kept),
            Reading::Merge(MergeState::Apart) if checks => {
                self.steps[index].finished = true;
                return None;
            }
            Reading::Merge(MergeState::Blocked(code)) if going && !checks && self.is_past(index) => {
                Entry::Barred(step, code)
            }
            Reading::Merge(MergeState::Blocked(code)) if going => Entry::Refused(step, code),
            Reading::Merge(MergeState::Merged(found)) if !checks => Entry::Merged(step, found),
            Reading::Merge(MergeState::Apart | MergeState::Blocked(_)) => Entry::Apart(step),
            Reading::Refused(code) => Entry::Refused(step, code),
            _ => Entry::Refused(step, "no two records to merge".to_owned()),
        };
        self.inspected_merge(index);
        Some(entry)
    }

    /// A job was seen under way: looked at again later, until it should have ended long ago.
    fn poll(&mut self, index: usize, now: Instant, engine: &Engine) -> Option<Entry> {
        let before = self.volatile.poll.take().filter(|poll| poll.step == index);
        let (since, count) = before.map_or((now, 1), |poll| (poll.since, poll.count + 1));
        let attempts = engine.policy.settle_attempts.max(engine.policy.forward_attempts);
        if now >= since + engine.policy.job_wait() && count >= attempts {
            return Some(Entry::Parked(index as u8, count, false));
        }
        let pause = Nanos(engine.policy.poll_base.0 << count.saturating_sub(1).min(16)).min(engine.policy.poll_cap);
        self.volatile.poll = Some(Poll { step: index, since, due: now + pause, count });
        None
    }
}
