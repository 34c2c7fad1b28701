//! Marks, each from the fewest observations that reach it.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{Route, Subject};
use sagaproof_sim::fleet::System;
use sagaproof_sim::process::{CallNote, Direction};
use sagaproof_sim::wire::{Answer, CallError, Headers, Method, Request, Response};

use super::*;

const NOW: Instant = Instant(1_000_000_000);
const POINT: Point = Point::Exchange { system: System::Commerce, route: Route(0), subject: Subject::NONE, nth: 0 };
const CRASH: Point = Point::Crash { process: 0, event: EventKind::Committed, subject: Subject::NONE, nth: 0 };

/// A story is told in observations of one saga's first step at commerce.
struct Story(Coverage);

impl Story {
    fn new() -> Self {
        let mut coverage = Coverage::default();
        coverage.reset(&Arc::new(Plan::default()));
        Self(coverage)
    }

    fn see(mut self, observation: &Observation<'_>) -> Self {
        self.0.see(NOW, observation);
        self
    }

    fn note(self, note: &Note) -> Self {
        self.see(&Observation::Noted(note))
    }

    fn begun(self) -> Self {
        self.note(&Note::Began { saga: 7, kind: "create", correlation: "client-0".to_owned() })
    }

    fn sent(self, call: u64, direction: Direction, key: u64) -> Self {
        let headers = Headers::new();
        let target = "/admin/api/2026-01/customers.json".to_owned();
        let request = Request { method: Method::Post, target, headers, body: Vec::new() };
        let note = Some(CallNote { saga: 7, step: 0, direction, mutating: true, attempt: 1, key });
        let (to, fate, life) = (System::Commerce, Fate::Fine, 0);
        self.see(&Observation::Sent { call, to, request: &request, fate, point: POINT, note, life })
    }

    fn handled(self, call: u64, status: u16) -> Self {
        let response = Response::json(status, "{}");
        self.see(&Observation::Handled { call, by: System::Commerce, response: &response, again: false })
    }

    fn heard(self, call: u64, answer: &Answer) -> Self {
        self.see(&Observation::Heard { call, from: System::Commerce, answer })
    }

    fn committed(self, verdict: Verdict, applied: bool) -> Self {
        self.see(&Observation::Committed { verdict, rows: 1, applied })
    }

    fn crashed(self, kept: u16) -> Self {
        self.see(&Observation::Crashed { point: CRASH, kept })
    }

    #[track_caller]
    fn reached(self, marks: &[Mark]) {
        let reached: Vec<Mark> = Mark::ALL.iter().copied().filter(|mark| self.0.marks().has(*mark)).collect();
        assert_eq!(reached, marks);
    }
}

fn timed_out() -> Answer {
    Err(CallError::TimedOut)
}

#[test]
fn a_call_that_lands_after_its_time_out_is_late() {
    let story = Story::new().begun().sent(1, Direction::Forward, 1).heard(1, &timed_out()).handled(1, 201);
    story.reached(&[Mark::LateLandedAfterTimeOut, Mark::AnswerLostAfterEffect]);
}

#[test]
fn a_call_that_lands_after_a_later_one_of_its_step_is_late() {
    let story = Story::new().begun().sent(1, Direction::Forward, 1).sent(2, Direction::Forward, 1);
    story.handled(2, 201).handled(1, 422).reached(&[Mark::LateLandedAfterLaterCall]);
}

#[test]
fn an_unknown_call_is_resolved_as_done_once_its_saga_passes_the_pivot() {
    let story = Story::new().begun().sent(1, Direction::Forward, 1).handled(1, 201).heard(1, &timed_out());
    story.note(&Note::Pivoted { saga: 7 }).reached(&[Mark::AnswerLostAfterEffect, Mark::UnknownResolvedAsDone]);
}

#[test]
fn an_unknown_call_is_resolved_as_absent_when_it_is_sent_under_another_key() {
    let story = Story::new().begun().sent(1, Direction::Forward, 1).heard(1, &timed_out());
    story.sent(2, Direction::Forward, 2).reached(&[Mark::UnknownResolvedAsAbsent]);
    let story = Story::new().begun().sent(1, Direction::Forward, 1).heard(1, &timed_out());
    story.sent(2, Direction::Forward, 1).reached(&[]);
}

#[test]
fn a_compensation_of_what_never_happened_is_empty() {
    let story = Story::new().begun().sent(1, Direction::Forward, 1).note(&Note::Aborted { saga: 7 });
    let story = story.sent(2, Direction::Compensate, 2).handled(2, 404);
    story.reached(&[Mark::Aborted, Mark::CompensationRan, Mark::CompensationEmpty]);
}

#[test]
fn a_conflict_is_adopted_or_refused_as_its_saga_goes_on() {
    let conflict = Ok(Response::json(422, "{}"));
    let story = || Story::new().begun().sent(1, Direction::Forward, 1).heard(1, &conflict);
    story().note(&Note::Pivoted { saga: 7 }).reached(&[Mark::ConflictAdopted]);
    story().note(&Note::Aborted { saga: 7 }).reached(&[Mark::Aborted, Mark::ConflictRefused]);
}

#[test]
fn a_crash_on_hearing_of_a_commit_falls_between_intent_and_call() {
    let story = || Story::new().begun().committed(Verdict::Committed, true);
    story().crashed(0).reached(&[Mark::CrashBetweenIntentAndCall]);
    story().crashed(1).reached(&[]);
}

#[test]
fn a_crash_between_call_and_outcome_needs_an_effect_that_no_commit_knows() {
    let story = || Story::new().begun().sent(1, Direction::Forward, 1).handled(1, 201);
    story().crashed(1).reached(&[Mark::CrashBetweenCallAndOutcome]);
    let heard = || story().heard(1, &Ok(Response::json(201, "{}")));
    heard().crashed(1).reached(&[Mark::CrashBetweenCallAndOutcome]);
    heard().committed(Verdict::Committed, true).crashed(1).reached(&[]);
}

#[test]
fn a_crash_while_compensating_falls_between_abort_and_end() {
    let story = || Story::new().begun().note(&Note::Aborted { saga: 7 });
    story().crashed(1).reached(&[Mark::Aborted, Mark::CrashWhileCompensating]);
    story().note(&Note::Ended { saga: 7 }).crashed(1).reached(&[Mark::Aborted]);
}

#[test]
fn a_reset_forgets_the_world_before() {
    let mut story = Story::new().begun().sent(1, Direction::Forward, 1).note(&Note::Aborted { saga: 7 });
    story.0.reset(&Arc::new(Plan::default()));
    assert_eq!((story.0.sagas(), story.0.parked(), story.0.compensations()), (0, 0, 0));
    story.reached(&[]);
}
