//! The outlook: what a saga would still do if it were redriven now, found by letting its own plan run on fresh reads. It
//! goes as far as one can see: past a call whose answer decides what comes next it says *look again*.

use super::difference::look;
use super::{Case, Reader, Vendors, render};
use crate::connector::{MergeState, Operation, Profile, Reading, learned};
use crate::customer::definition::Act;
use crate::customer::entry::{Entry, Heard, Intent};
use crate::customer::plan::Next;
use crate::customer::state::{Engine, Saga};
use crate::message::Request;
use crate::time::Instant;

/// More steps than this no saga takes between two looks; a plan that goes on longer does not come to rest.
const STEPS: u32 = 256;

/// Something that remains to be done.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a report names a few, and nearly all of them are calls")]
pub enum Remaining {
    /// This call to a vendor.
    Call {
        /// What it is for.
        intent: Intent,
        /// The call.
        request: Request,
        /// The call instead, where the vendor refuses that one because of what has come meanwhile.
        otherwise: Option<Request>,
    },
    /// The hub's own commit at this step, which no call of a person's replaces.
    Commit(u8),
}

/// How far one can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// To the end: redriven, the saga ends.
    Ends,
    /// To an answer that decides what comes next.
    LookAgain,
    /// To a vendor's job that is under way.
    Pending,
    /// To a vendor that cannot be read now: this step.
    Unreadable(u8),
    /// To a no: this step, and the vendor's word.
    Refused(u8, String),
}

/// What a saga would still do.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// In order.
    pub remaining: Vec<Remaining>,
    /// What comes after that.
    pub then: Then,
}

/// Looks ahead.
#[must_use]
pub fn outlook(case: &Case, engine: &Engine, vendors: &mut dyn Vendors) -> Outlook {
    let mut ahead = Ahead {
        engine,
        reader: Reader::new(engine, vendors),
        saga: case.saga.clone(),
        now: Instant(0),
        remaining: Vec::new(),
        calls: 0,
    };
    ahead.enter(Entry::Redriven);
    ahead.refresh();
    let then = (0..STEPS).find_map(|_| ahead.step()).unwrap_or(Then::LookAgain);
    Outlook { remaining: ahead.remaining, then }
}

struct Ahead<'a> {
    engine: &'a Engine,
    reader: Reader<'a>,
    saga: Saga,
    now: Instant,
    remaining: Vec<Remaining>,
    /// Calls that were only imagined.
    calls: u32,
}

impl Ahead<'_> {
    /// Folds in an entry that the plan itself made.
    fn enter(&mut self, entry: Entry) {
        // What the plan proposes can follow.
        drop(self.saga.apply(entry, self.engine));
    }

    /// What stands at each vendor may be otherwise than the journal knows, for a person may have been there.
    fn refresh(&mut self) {
        if self.saga.released {
            // The customers are others' by now.
            return;
        }
        for index in 0..self.saga.definition.len() {
            let (Act::Put(vendor) | Act::Remove(vendor)) = self.saga.definition[index].act else { continue };
            if !self.saga.steps[index].sent && self.saga.steps[index].have.is_none() {
                continue;
            }
            if let Ok((_, found)) = look(&self.saga, index, vendor, false, &mut self.reader) {
                self.enter(Entry::Adopted(index as u8, found.map(Box::new)));
            }
        }
    }

    /// One step further; `Some` where that is as far as one can see.
    fn step(&mut self) -> Option<Then> {
        match self.saga.next(self.now, self.engine) {
            Next::Idle => Some(self.parked()),
            Next::End => Some(Then::Ends),
            Next::Wait(_) if self.saga.volatile.poll.is_some() => Some(Then::Pending),
            Next::Wait(until) => {
                self.now = until;
                None
            }
            Next::Write(entry) => {
                if let Entry::Primary(step) = entry {
                    self.remaining.push(Remaining::Commit(step));
                }
                self.enter(entry);
                None
            }
            Next::Look(..) if self.calls > 0 => Some(Then::LookAgain),
            Next::Look(step, operation, direction) => {
                let vendor = self.saga.definition[usize::from(step)].act.vendor()?;
                let reading = self.reader.read(&self.saga, vendor, &operation, direction);
                if matches!(reading, Reading::NotDone(_) | Reading::Unknown(_) | Reading::Unauthorized) {
                    return Some(Then::Unreadable(step));
                }
                if let Some(entry) = self.saga.looked(self.now, step, &operation, reading, self.engine) {
                    self.enter(entry);
                }
                None
            }
            Next::Call(intent) => self.imagine(intent),
        }
    }

    /// A call is listed, and held to succeed as far as that can be imagined.
    fn imagine(&mut self, intent: Intent) -> Option<Then> {
        let vendor = self.saga.definition[usize::from(intent.step)].act.vendor()?;
        let request = render(self.engine, &self.saga, vendor, &intent.operation, intent.direction, "");
        let otherwise = self.otherwise(&intent);
        self.remaining.push(Remaining::Call { intent: intent.clone(), request, otherwise });
        self.calls += 1;
        let Some(heard) = imagined(&intent.operation) else { return Some(Then::LookAgain) };
        self.enter(Entry::Intent(intent));
        self.enter(Entry::Heard(heard));
        None
    }

    /// What is done where a deletion is refused: the record is blanked and marked. What that must know first is read.
    fn otherwise(&mut self, intent: &Intent) -> Option<Request> {
        let Operation::Delete(id) = &intent.operation else { return None };
        let step = &self.saga.steps[usize::from(intent.step)];
        let vendor = self.saga.definition[usize::from(intent.step)].act.vendor()?;
        let connector = self.engine.connector(vendor);
        let record = step.have.iter().chain(&step.extras).find(|record| record.id == *id)?;
        let mut blank = connector.blank(record)?;
        if !blank.mutating() {
            let reading = self.reader.read(&self.saga, vendor, &blank, intent.direction);
            let record = learned(connector, &Profile::default(), record, &blank, &reading)?;
            blank = connector.blank(&record)?;
        }
        blank.mutating().then(|| render(self.engine, &self.saga, vendor, &blank, intent.direction, ""))
    }

    /// Where the plan itself would stop for a person again.
    fn parked(&self) -> Then {
        let Some((step, ..)) = self.saga.parked else { return Then::LookAgain };
        let step_now = &self.saga.steps[usize::from(step)];
        let word = step_now.refused.clone().or(step_now.join.barred.clone());
        match self.saga.definition[usize::from(step)].act {
            Act::Merge(_) if word.is_none() => Then::Pending,
            _ => Then::Refused(step, word.unwrap_or_default()),
        }
    }
}

/// What the answer to a call will be, where it can be imagined without knowing what the vendor makes of it.
fn imagined(operation: &Operation) -> Option<Heard> {
    match operation {
        Operation::Update(id) | Operation::Own(id) => Some(Heard::AsWanted(id.clone())),
        Operation::Delete(_)
        | Operation::Purge(_)
        | Operation::DropEmail(..)
        | Operation::Unmerge(..)
        | Operation::Restore(..)
        | Operation::MoveChild(..)
        | Operation::Push => Some(Heard::Accepted),
        Operation::Merge(..) => Some(Heard::Merge(MergeState::Pending)),
        _ => None,
    }
}
