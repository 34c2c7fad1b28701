//! Where the journal stands, as a fold of the observations: its neutral notes, never the hub's internals. It tells the
//! logbook in which state an exchange leaves and in which the process is between two of them.

use std::collections::BTreeMap;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{Point, Route};
use sagaproof_sim::observation::Observation;
use sagaproof_sim::process::{CallNote, Direction, Note};
use sagaproof_sim::wire::{Answer, CallError};

use super::kind::Kind;
use super::logbook::Logbook;
use super::state::{Attempts, Call, State, Step};

/// The journal of one world.
#[derive(Debug)]
pub(super) struct Journal {
    logbook: Logbook,
    life: u64,
    sagas: BTreeMap<u64, Saga>,
    /// Calls that have not been heard of: number, what they are, their note and fate, and the life that sent them.
    open: Vec<(u64, Call, Option<CallNote>, Fate, u64)>,
    /// The call that was sent last.
    last: Option<(u64, Call)>,
    /// Operations whose client has asked.
    asked: Vec<u32>,
}

#[derive(Debug)]
struct Saga {
    kind: &'static str,
    /// The life in which it began.
    life: u64,
    /// What the attempts amount to, by step and direction.
    steps: Vec<(u8, Direction, Attempts)>,
}

impl Saga {
    const fn new(kind: &'static str, life: u64) -> Self {
        Self { kind, life, steps: Vec::new() }
    }

    fn attempts(&mut self, note: &CallNote) -> &mut Attempts {
        let known = self.steps.iter().position(|(step, way, _)| (*step, *way) == (note.step, note.direction));
        let place = known.unwrap_or_else(|| {
            self.steps.push((note.step, note.direction, Attempts::Plain));
            self.steps.len() - 1
        });
        &mut self.steps[place].2
    }
}

impl Journal {
    pub(super) const fn new(logbook: Logbook) -> Self {
        Self { logbook, life: 0, sagas: BTreeMap::new(), open: Vec::new(), last: None, asked: Vec::new() }
    }

    pub(super) fn see(&mut self, observation: &Observation<'_>) {
        match observation {
            Observation::Asked { operation, fate, point, .. } => {
                let again = self.asked.contains(operation);
                if !again {
                    self.asked.push(*operation);
                }
                self.logbook.leave(State::Asked(route(*point), again), Kind::of_fate(*fate));
            }
            Observation::Sent { call, to, fate, point, note, life, .. } => {
                let sent = Call { system: *to, route: route(*point), step: note.as_ref().map(|note| self.step(note)) };
                self.open.push((*call, sent, *note, *fate, *life));
                self.last = Some((*call, sent));
                self.logbook.leave(State::Sent(sent), Kind::of_fate(*fate));
                self.logbook.stand(State::Open(sent));
            }
            Observation::Heard { call, answer, .. } => self.heard(*call, answer),
            Observation::Crashed { .. } | Observation::Stopped { .. } => {
                let (lost, open) =
                    std::mem::take(&mut self.open).into_iter().partition(|(.., life)| *life == self.life);
                self.open = open;
                let lost: Vec<_> = lost;
                for (_, _, note, ..) in lost {
                    self.learn(note, Attempts::Unknown);
                }
                self.close();
            }
            Observation::Restarted { life } | Observation::Turn { life, .. } => self.life = *life,
            Observation::Noted(Note::Began { saga, kind, .. }) => {
                let life = self.life;
                self.sagas.entry(*saga).or_insert_with(|| Saga::new(kind, life)).kind = kind;
            }
            Observation::Noted(Note::Ended { saga }) => {
                self.sagas.remove(saga);
            }
            _ => {}
        }
    }

    fn step(&mut self, note: &CallNote) -> Step {
        self.logbook.has_journal();
        let life = self.life;
        let saga = self.sagas.entry(note.saga).or_insert_with(|| Saga::new("saga", life));
        let attempts = *saga.attempts(note);
        let (saga, resumed) = (saga.kind, saga.life < life);
        Step { saga, number: note.step, direction: note.direction, attempts, resumed }
    }

    fn heard(&mut self, call: u64, answer: &Answer) {
        if let Some(place) = self.open.iter().position(|(number, ..)| *number == call) {
            let (_, _, note, fate, _) = self.open.swap_remove(place);
            self.learn(note, amounts(answer, fate));
        }
        if self.last.is_some_and(|(number, _)| number == call) {
            self.close();
        }
    }

    fn learn(&mut self, note: Option<CallNote>, amounts: Attempts) {
        let Some(note) = note else { return };
        if let Some(saga) = self.sagas.get_mut(&note.saga) {
            let attempts = saga.attempts(&note);
            *attempts = amounts.max(*attempts);
        }
    }

    fn close(&self) {
        if let Some((_, call)) = self.last {
            self.logbook.stand(State::Closed(call));
        }
    }
}

/// What an attempt with this answer amounts to, for whoever reads it carefully.
fn amounts(answer: &Answer, fate: Fate) -> Attempts {
    let unreadable = matches!(fate, Fate::Truncated | Fate::Malformed | Fate::Html | Fate::Empty);
    match answer {
        Ok(response) => match response.status {
            401 | 429 => Attempts::Failed,
            408 | 500.. => Attempts::Unknown,
            _ if unreadable => Attempts::Unknown,
            _ => Attempts::Plain,
        },
        Err(CallError::Refused | CallError::NotSent) => Attempts::Failed,
        Err(_) => Attempts::Unknown,
    }
}

const fn route(point: Point) -> Route {
    match point {
        Point::Exchange { route, .. } => route,
        _ => Route(u8::MAX),
    }
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::chaos::point::{EventKind, Subject};
    use sagaproof_sim::fleet::System;
    use sagaproof_sim::wire::{Headers, Method, Request, Response};

    use super::super::kind::Kinds;
    use super::*;

    const CREATE: Point = Point::Exchange { system: System::Commerce, route: Route(0), subject: Subject::NONE, nth: 0 };
    const CRASH: Point = Point::Crash { process: 0, event: EventKind::Answer, subject: Subject::NONE, nth: 0 };

    /// A journal in which a create began, and its book.
    fn begun() -> (Journal, Logbook) {
        let logbook = Logbook::new();
        let mut journal = Journal::new(logbook.clone());
        let began = Note::Began { saga: 7, kind: "create", correlation: String::new() };
        journal.see(&Observation::Noted(&began));
        (journal, logbook)
    }

    /// The hub sends the call of this number, which is struck by this fate.
    fn send(journal: &mut Journal, call: u64, fate: Fate, note: Option<CallNote>) {
        let (target, headers, body) = ("/customers.json".to_owned(), Headers::default(), Vec::new());
        let request = Request { method: Method::Post, target, headers, body };
        let to = System::Commerce;
        journal.see(&Observation::Sent { call, to, request: &request, fate, point: CREATE, note, life: 0 });
    }

    fn hear(journal: &mut Journal, call: u64, answer: Answer) {
        journal.see(&Observation::Heard { call, from: System::Commerce, answer: &answer });
    }

    fn forward() -> Option<CallNote> {
        Some(CallNote { saga: 7, step: 1, direction: Direction::Forward, mutating: true, attempt: 1, key: 1 })
    }

    /// The states that were met, as they are told; the call itself is written `*`.
    fn told(logbook: &Logbook) -> Vec<String> {
        let call = Call { system: System::Commerce, route: Route(0), step: None }.to_string();
        logbook.read().0.iter().map(|(state, _)| state.to_string().replace(&call, "*")).collect()
    }

    #[test]
    fn what_a_steps_attempts_amount_to_is_part_of_the_state() {
        let (mut journal, logbook) = begun();
        for (call, answer) in [
            (0, Ok(Response::json(429, ""))),
            (1, Err(CallError::TimedOut)),
            (2, Err(CallError::Refused)),
            (3, Ok(Response::json(201, "{}"))),
        ] {
            send(&mut journal, call, Fate::Slow, forward());
            hear(&mut journal, call, answer);
        }
        assert_eq!(
            told(&logbook),
            ["* (create, step 1)", "* (create, step 1, an attempt failed)", "* (create, step 1, an attempt unknown)"]
        );
    }

    #[test]
    fn an_answer_that_cannot_be_read_leaves_its_attempt_unknown() {
        let (mut journal, logbook) = begun();
        send(&mut journal, 0, Fate::Html, forward());
        hear(&mut journal, 0, Ok(Response::json(200, "<html>")));
        send(&mut journal, 1, Fate::Slow, forward());
        assert!(told(&logbook)[1].ends_with("an attempt unknown)"));
    }

    #[test]
    fn a_crash_leaves_open_calls_unknown_and_what_follows_is_after_it() {
        let (mut journal, logbook) = begun();
        send(&mut journal, 0, Fate::Slow, forward());
        logbook.strike(Kinds::default(), Kind::of(CRASH, 1));
        journal.see(&Observation::Crashed { point: CRASH, kept: 0 });
        journal.see(&Observation::Restarted { life: 1 });
        logbook.strike(Kinds::default(), Kind::of(CRASH, 1));
        send(&mut journal, 1, Fate::Slow, forward());
        assert_eq!(
            told(&logbook),
            [
                "* (create, step 1)",
                "* (create, step 1, an attempt unknown, after a crash)",
                "waiting for * (create, step 1)",
                "after * (create, step 1)",
            ]
        );
    }

    #[test]
    fn without_notes_the_route_is_left() {
        let (mut journal, logbook) = begun();
        send(&mut journal, 0, Fate::Slow, None);
        assert_eq!(told(&logbook), ["*"]);
        assert!(!logbook.read().1);
        send(&mut journal, 1, Fate::Slow, forward());
        assert!(logbook.read().1);
    }
}
