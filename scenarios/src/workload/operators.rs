//! Operators who press buttons at random: each looks at the list of sagas and presses something on one of them, often
//! twice, whatever is under way. Those who redrive in the end, when the world is healed, are the world's own.

use std::borrow::Cow;

use sagaproof_sim::client::ClientAction;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::wire::Answer;
use serde::Deserialize;

use super::draw::{Draw, Topic};
use super::request::{self, OPERATE, SAGAS};
use crate::operation::PRESSES_FROM;

/// A press that is repeated comes again within so long.
const TWICE_WITHIN: Nanos = Nanos::secs(2);

/// On one that may long have ended, or never was.
const SOMETHING: &str = "s1-1";

/// When an operator looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Its fixed id: what is asked in it has it as the operation.
    pub id: u32,
    /// When.
    pub at: Instant,
}

/// The operators of a world.
#[derive(Debug, Clone, Default)]
pub(super) struct Operators {
    draw: Draw,
    /// Which of them have looked, and so have pressed something.
    pressed: Vec<u32>,
}

/// What of the list counts here.
#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    sagas: Vec<Listed<'a>>,
}

#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    saga: Cow<'a, str>,
    #[serde(borrow)]
    state: Cow<'a, str>,
    #[serde(borrow)]
    step: Option<Cow<'a, str>>,
}

impl Operators {
    pub(super) const fn new(draw: Draw) -> Self {
        Self { draw, pressed: Vec::new() }
    }

    /// Each looks when its time comes.
    pub(super) fn begin(shifts: &[Shift], time_out: Nanos, actions: &mut Vec<ClientAction>) {
        actions.extend(shifts.iter().map(|shift| ClientAction::Ask {
            at: shift.at,
            operation: shift.id,
            route: SAGAS,
            request: request::sagas(),
            time_out,
        }));
    }

    /// What one presses who has looked. What is heard of a press is heard, and that is all.
    pub(super) fn heard(
        &mut self,
        now: Instant,
        id: u32,
        answer: &Answer,
        time_out: Nanos,
        actions: &mut Vec<ClientAction>,
    ) {
        if self.pressed.contains(&id) {
            return;
        }
        self.pressed.push(id);
        let body = answer.as_ref().map_or(&[][..], |response| &response.body);
        let list = serde_json::from_slice::<List<'_>>(body).map_or_else(|_| Vec::new(), |list| list.sagas);
        let nth = id - PRESSES_FROM;
        let request = self.choose(nth, &list);
        let press = |at| ClientAction::Ask { at, operation: id, route: OPERATE, request: request.clone(), time_out };
        actions.push(press(now));
        if self.draw.below(Topic::PressTwice, nth, 2) == 0 {
            actions.push(press(now + self.draw.within(Topic::PressAgain, nth, TWICE_WITHIN)));
        }
    }

    fn choose(&self, nth: u32, list: &[Listed<'_>]) -> sagaproof_sim::wire::Request {
        let below = |topic, bound: usize| self.draw.below(topic, nth, bound as u32) as usize;
        let parked: Vec<&Listed<'_>> = list.iter().filter(|saga| saga.state == "parked").collect();
        let all: Vec<&Listed<'_>> = list.iter().collect();
        // Mostly on what is parked, where anything is.
        let among = if below(Topic::PressParked, 4) > 0 && !parked.is_empty() { parked } else { all };
        let saga = among.get(below(Topic::PressOn, among.len() + usize::from(among.len() != 1)));
        let id = saga.map_or(SOMETHING, |saga| &saga.saga);
        match below(Topic::Press, 10) {
            0 => request::redrive_all(),
            1..=3 => request::press(id, "redrive", None),
            4..=6 => {
                let step = saga.and_then(|saga| saga.step.as_deref()).filter(|_| nth.is_multiple_of(2));
                request::press(id, "resolve", step)
            }
            _ => request::press(id, "abandon", None),
        }
    }

    pub(super) fn feed(&self, print: &mut Fingerprint) {
        self.pressed.iter().for_each(|id| print.number(u64::from(*id)));
    }
}
