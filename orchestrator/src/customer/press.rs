//! What an operator's press makes of a saga. A press never decides what stands: *resolve* and *abandon* of a parked saga
//! ask for a look, and what the look shows decides. What a saga does without operators is `plan`'s and `settle`'s.

use super::definition::Act;
use super::entry::{Button, Entry, Press, Reason, Wanting};
use super::plan::{Move, Next};
use super::state::{Engine, IllegalEntry, Saga};
use super::step::Step;
use crate::connector::Operation;
use crate::effect::Direction;
use crate::time::Instant;

/// What an operator's last press made of a saga.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Pressed {
    /// The look that it asked for, while it is under way.
    pub watch: Option<Watch>,
    /// What the last such look showed to be wanting, until the next press.
    pub wanting: Vec<(u8, Operation)>,
    /// Whether the saga is let go with that.
    pub left: bool,
}

/// A look that an operator asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Watch {
    /// Whether the step at which the saga was parked was done by hand; and whether that was looked at.
    Resolving((u8, u32, bool), bool),
    /// Whether anything is left to do anywhere; and whether the saga is let go all the same.
    Abandoning((u8, u32, bool), bool),
}

/// What a press would do to a saga now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is pressed.
    Takes,
    /// What it asks for is so already: why.
    Already(&'static str),
    /// It cannot be: why.
    Cannot(&'static str),
}

impl Pressed {
    /// A look at this step told what stands there.
    pub(super) fn looked_at(&mut self, step: u8) {
        if let Some(Watch::Resolving(parked, looked)) = &mut self.watch {
            *looked |= parked.0 == step;
        }
    }
}

impl Saga {
    /// What a press of this button would do now.
    #[must_use]
    pub fn would(&self, button: Button) -> Effect {
        let abandons = matches!(button, Button::Abandon | Button::Leave);
        match (button, self.pressed.watch) {
            _ if self.pressed.left => Effect::Already("it is being let go"),
            _ if self.parked.is_some() => Effect::Takes,
            (Button::Resolve, Some(Watch::Resolving(..))) => Effect::Already("it is being looked at"),
            (Button::Abandon | Button::Leave, Some(Watch::Abandoning(..))) => Effect::Already("it is being looked at"),
            _ if abandons && self.aborted.is_some() => Effect::Already("it was given up, and takes back what it did"),
            _ if abandons && !self.pivoted => Effect::Takes,
            _ if abandons => {
                Effect::Cannot("it is past its pivot and only goes forward; once it is parked it can be abandoned")
            }
            (Button::Redrive, _) => Effect::Already("it is not parked, and goes on by itself"),
            _ => Effect::Cannot("it is not parked, and goes on by itself"),
        }
    }

    /// It gives up going forward.
    pub(super) fn abort(&mut self, reason: Reason) {
        self.aborted = Some(reason);
        // What is taken back has a budget of its own, however often the way forward was tried.
        self.volatile.trying = None;
        self.steps.iter_mut().for_each(Step::given_up);
    }

    /// It waits for a person.
    pub(super) fn park(&mut self, parked: (u8, u32, bool)) {
        self.parked = Some(parked);
        self.pressed.watch = None;
    }

    /// It may go on, and tries as often as the first time.
    pub(super) fn redriven(&mut self) {
        self.parked = None;
        self.pressed = Pressed::default();
        self.volatile.trying = None;
        self.volatile.settling = None;
        self.volatile.inspection = None;
        self.volatile.poll = None;
        self.volatile.leavers.clear();
        self.steps.iter_mut().for_each(Step::redriven);
    }

    /// Folds in an entry that operators are the reason of.
    pub(super) fn operated(&mut self, entry: Entry) -> Result<(), IllegalEntry> {
        match entry {
            Entry::Pressed(press) if self.would(press.button) == Effect::Takes => self.press(&press),
            Entry::Recognised(_) if self.pressed.watch.is_some() => {
                self.pressed.watch = None;
                self.volatile.settling = None;
            }
            Entry::Wanting(wanting) if self.pressed.watch.is_some() => {
                self.park(wanting.parked);
                self.pressed.wanting = wanting.left;
                // What a fresh look found that did not show before comes too late for the order of compensation.
                self.undone |= self.aborted.is_some() && self.any_unknown();
            }
            Entry::Left(wanting) if self.pressed.watch.is_some() => {
                self.pressed.watch = None;
                self.pressed.wanting = wanting.left;
                self.pressed.left = true;
            }
            illegal => return Err(IllegalEntry(illegal)),
        }
        Ok(())
    }

    fn press(&mut self, press: &Press) {
        let Some(parked) = self.parked else {
            // Only abandoning takes on a saga that is not parked, and only before the pivot. What it was looking for on
            // the way forward is looked for anew on the way back.
            self.volatile.inspection = None;
            return self.abort(Reason::Abandoned);
        };
        self.redriven();
        // Nothing shows afterwards whether a message was sent, and it is nobody's record: here the person is believed.
        let message = self.definition[usize::from(parked.0)].act == Act::Welcome;
        if message && press.button != Button::Redrive {
            self.steps[usize::from(parked.0)].finished = true;
            return;
        }
        self.pressed.watch = match press.button {
            Button::Redrive => None,
            Button::Resolve => Some(Watch::Resolving(parked, false)),
            Button::Abandon => Some(Watch::Abandoning(parked, false)),
            Button::Leave => Some(Watch::Abandoning(parked, true)),
        };
    }

    /// Whether a person says to have done this step, and nobody has looked yet.
    pub(super) fn must_look(&self, step: usize) -> bool {
        matches!(self.pressed.watch, Some(Watch::Resolving(parked, false)) if usize::from(parked.0) == step)
    }

    /// What a step needs, given that a person says to have done it: it counts as done where nothing is left to do there,
    /// and otherwise the saga is parked as it was.
    pub(super) fn resolved(&self, step: u8, made: Move) -> Move {
        match (self.pressed.watch, made) {
            (Some(Watch::Resolving(parked, _)), Move::Done) if parked.0 == step => Move::Write(Entry::Recognised(step)),
            (Some(Watch::Resolving(parked, _)), Move::Do(operation)) if parked.0 == step => {
                Move::Write(Entry::Wanting(Box::new(Wanting { parked, left: vec![(step, operation)] })))
            }
            (_, made) => made,
        }
    }

    /// An abandoned saga that was parked: once nothing of it can still arrive it looks at every system that it is about,
    /// writes to none, and what is left to do decides.
    pub(super) fn leave(&mut self, parked: (u8, u32, bool), whatever: bool, now: Instant, engine: &Engine) -> Next {
        loop {
            let (until, index) = self.settling(now, engine);
            if now < until {
                return Next::Wait(until);
            }
            if index >= self.definition.len() {
                break;
            }
            if let Some(next) = self.look_at(index, now, engine) {
                return next;
            }
            self.settle_on();
        }
        let left =
            self.volatile.settling.as_mut().map(|settling| std::mem::take(&mut settling.left)).unwrap_or_default();
        Next::Write(match (left.is_empty(), whatever) {
            (true, _) => Entry::Recognised(parked.0),
            (false, true) => Entry::Left(Box::new(Wanting { parked, left })),
            (false, false) => Entry::Wanting(Box::new(Wanting { parked, left })),
        })
    }

    /// Looks at one step afresh, and keeps in mind what is left to do there.
    fn look_at(&mut self, index: usize, now: Instant, engine: &Engine) -> Option<Next> {
        let back = self.aborted.is_some();
        if back && !(self.steps[index].sent && self.definition[index].compensated) {
            return None;
        }
        let fresh = self.volatile.settling.as_ref().is_some_and(|settling| settling.inspected);
        let made = match self.definition[index].act {
            Act::Put(vendor) | Act::Remove(vendor) if !fresh => self.look_afresh(index, vendor, now, engine),
            Act::Put(vendor) => {
                let there = self.wanted(Direction::Settle).is_some();
                let extra = self.drop_extra(index, vendor, engine);
                extra.unwrap_or_else(|| self.step(index, vendor, there, Direction::Settle, now, engine))
            }
            Act::Remove(vendor) => self.step(index, vendor, false, Direction::Settle, now, engine),
            Act::Merge(vendor) => {
                if let Some(next) = self.find_second(index, vendor, now, engine) {
                    return next;
                }
                if !fresh {
                    self.look_at_two_afresh(index);
                }
                self.join(index, vendor, !back, now, engine)
            }
            Act::Ask(_) | Act::Check(_) | Act::Primary(_) | Act::Welcome => return None,
        };
        match made {
            Move::Do(operation) => {
                if let Some(settling) = &mut self.volatile.settling {
                    settling.left.push((index as u8, operation));
                }
                None
            }
            made => self.made(index as u8, made, Direction::Settle),
        }
    }
}
