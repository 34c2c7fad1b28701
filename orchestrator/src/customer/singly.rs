//! Moving children singly: what a merge does where the vendor refuses it past the pivot. What belongs to the record that
//! goes (orders, tickets) is given to the one that stays, piece by piece; then the one that goes is blanked and marked.
//!
//! It begins only when nothing of a merge can still arrive, and then no merge is sent any more: so a late merge never meets
//! half of this. The pieces are found by looking, never remembered: after a crash, and in the last look, whatever still hangs
//! on the record that goes is what is left. The last list is made after the blanking, for nobody adds anything to a record
//! that is marked as closed.

use super::definition::Act;
use super::entry::{Entry, Heard};
use super::plan::Move;
use super::state::{Engine, Saga};
use crate::connector::{Condition, Found, Operation, Profile, Reading, Vendor, learned, with_emails};
use crate::time::Instant;

/// So many lists in one go: who has more pages of orders than that, or whose orders come back, is left to a person.
pub(crate) const LISTS: u32 = 256;

/// Why it is.
pub(crate) const NO_END: &str = "what belongs to the record does not come to an end";

/// What was last seen of the record that goes, in this life.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Leaver {
    /// The step.
    step: usize,
    /// The record; `None` until it was read.
    record: Option<Found>,
    /// What still hangs on it, as it was listed, without what was moved since; `None`: to be listed.
    children: Option<Vec<String>>,
    /// How often it was listed.
    lists: u32,
}

impl Saga {
    /// Whether this step only goes forward.
    pub(super) fn is_past(&self, index: usize) -> bool {
        self.pivoted || index < self.passed
    }

    /// The owner tag of the customer that goes.
    pub(super) fn leaver(&self) -> Option<&str> {
        match self.grant.as_ref()?.from.as_deref() {
            Some(goner) => Some(&goner.owner),
            None => self.sought(),
        }
    }

    /// Whether this is the record of a customer that goes while its children are moved singly.
    pub(super) fn is_leaving(&self, id: &str) -> bool {
        (0..self.steps.len())
            .any(|index| self.steps[index].join.singly && self.leaves(index).is_some_and(|goes| goes == id))
    }

    /// The id of the record that goes at this step.
    fn leaves(&self, index: usize) -> Option<String> {
        match self.definition[index].act {
            Act::Merge(vendor) => self.pair(vendor).map(|(_, goes)| goes),
            _ => None,
        }
    }

    /// Whether the operation is on what is moved singly, or on the record that it is moved from.
    pub(super) fn is_about_leaver(&self, index: usize, operation: &Operation) -> bool {
        self.steps[index].join.singly
            && match operation {
                Operation::ListChildren(_) | Operation::ListOn(..) | Operation::MoveChild(..) => true,
                _ => operation.record().is_some_and(|id| self.leaves(index).is_some_and(|goes| goes == id)),
            }
    }

    /// The vendor does not merge the two. Before the pivot that ends the way forward. Past it the children are moved singly
    /// where the vendor lets us, once nothing of a merge can still arrive; else it is a person's.
    pub(super) fn barred(&self, index: usize, vendor: Vendor, now: Instant, engine: &Engine) -> Move {
        let (step, place) = (&self.steps[index], index as u8);
        if !self.is_past(index) || !engine.connector(vendor).moves_children() {
            return match &step.join.barred {
                Some(code) => Move::Refused(code.clone()),
                None => Move::Write(self.spent(place, step.join.tries)),
            };
        }
        let landed = self.volatile.last_unknown.filter(|_| step.unknown()).map(|last| last + engine.policy.in_flight());
        match landed.filter(|landed| now < *landed) {
            Some(landed) => Move::Wait(landed),
            None => Move::Write(Entry::Singly(place)),
        }
    }

    /// From here on the step never merges. Whether a merge has landed meanwhile, a look tells.
    pub(super) fn goes_singly(&mut self, step: u8) {
        let join = &mut self.steps[usize::from(step)].join;
        join.singly = true;
        join.one = None;
        join.barred = None;
        self.forget_leaver(usize::from(step));
    }

    /// The difference between the two records and what shall be of them, as the next operation.
    pub(super) fn singly(&self, index: usize, vendor: Vendor, pair: (String, String), engine: &Engine) -> Move {
        let (stays, goes) = pair;
        let seen = self.volatile.leavers.iter().find(|leaver| leaver.step == index);
        let children = seen.and_then(|leaver| leaver.children.as_ref());
        let record = seen.and_then(|leaver| leaver.record.as_ref());
        let lists = seen.map_or(0, |leaver| leaver.lists);
        match (children, record) {
            (None, _) if lists >= LISTS => Move::Refused(NO_END.to_owned()),
            (None, _) => Move::Look(Operation::ListChildren(goes)),
            (_, None) => Move::Look(Operation::Read(goes)),
            (Some(children), Some(record)) => match children.first() {
                Some(child) => Move::Do(Operation::MoveChild(child.clone(), stays)),
                None => match engine.connector(vendor).blank(record).filter(|_| record.condition == Condition::Live) {
                    Some(operation) => self.steps[index].make(operation),
                    None => self.survivor(&self.steps[index], vendor, engine),
                },
            },
        }
    }

    /// A look at the record that goes, or at what belongs to it, ended with something definite.
    pub(super) fn looked_at_leaver(&mut self, index: usize, operation: &Operation, reading: Reading) {
        match (operation, reading) {
            (_, Reading::Refused(code)) => self.steps[index].refused = Some(code),
            // One page is enough: what is moved leaves the list, and it is asked for again from its beginning.
            (_, Reading::Children(children, _)) => {
                let leaver = self.leaver_at(index);
                leaver.children = Some(children);
                leaver.lists += 1;
            }
            (_, Reading::Record(found)) if found.condition != Condition::SoftDeleted => {
                self.leaver_at(index).record = Some(found);
            }
            (_, Reading::Emails(emails)) => {
                if let Some(record) = &mut self.leaver_at(index).record {
                    *record = with_emails(record, emails);
                }
            }
            // It is gone: so there is one.
            _ => self.look_again(index),
        }
    }

    /// A call that moves a child, or blanks the record that goes, ended.
    pub(super) fn moved(&mut self, index: usize, operation: &Operation, heard: Heard, engine: &Engine) {
        let reading = match heard {
            Heard::Record(found) => Reading::Record(*found),
            Heard::Emails(emails) => Reading::Emails(emails),
            Heard::Accepted => Reading::Accepted,
            Heard::Absent => Reading::Absent,
            Heard::Conflict => return self.steps[index].refused = Some("conflict".to_owned()),
            Heard::Refused(code) => return self.steps[index].refused = Some(code),
            // The same is tried again; no other answer is given to these.
            Heard::AsWanted(_) | Heard::Merge(_) | Heard::Undeletable | Heard::NotDone | Heard::Unknown => return,
        };
        let vendor = self.definition[index].act.vendor();
        let Some(leaver) = self.volatile.leavers.iter_mut().find(|leaver| leaver.step == index) else { return };
        if let Operation::MoveChild(child, _) = operation {
            match &mut leaver.children {
                Some(children) if reading == Reading::Accepted => children.retain(|other| other != child),
                children => *children = None,
            }
            // A list is one page. Nothing is left only where one that is asked for after the blanking comes empty.
            let blanked = leaver.record.as_ref().is_some_and(|record| record.condition == Condition::Closed);
            if blanked && leaver.children.as_ref().is_some_and(Vec::is_empty) {
                leaver.children = None;
            }
            return;
        }
        let (Some(record), Some(vendor)) = (&leaver.record, vendor) else { return };
        match learned(engine.connector(vendor), &Profile::default(), record, operation, &reading) {
            Some(found) if found.condition == Condition::Live => leaver.record = Some(found),
            Some(found) if found.condition == Condition::Closed => {
                leaver.record = Some(found);
                // Something may have come between the list and the blanking.
                leaver.children = None;
            }
            _ => self.look_again(index),
        }
    }

    fn look_again(&mut self, index: usize) {
        self.forget_leaver(index);
        self.steps[index].join.one = None;
    }

    /// What belongs to the record that goes at this step is to be listed anew.
    pub(super) fn forget_leaver(&mut self, index: usize) {
        self.volatile.leavers.retain(|leaver| leaver.step != index);
    }

    fn leaver_at(&mut self, index: usize) -> &mut Leaver {
        let leavers = &mut self.volatile.leavers;
        let place = leavers.iter().position(|leaver| leaver.step == index).unwrap_or_else(|| {
            leavers.push(Leaver { step: index, ..Leaver::default() });
            leavers.len() - 1
        });
        &mut leavers[place]
    }
}
