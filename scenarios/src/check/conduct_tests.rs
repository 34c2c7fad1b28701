//! The conduct checkers, clause by clause, on journals made by hand.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::observation::Observation;
use sagaproof_sim::process::{CallNote, Direction, Note};
use sagaproof_sim::wire::{Answer, CallError, Request, Response};

use super::testing::{World, create, note, plan, request};
use super::{CheckerName, Violation};

fn world() -> World {
    let mut world = World::new(plan([create("C1")]));
    let began = Note::Began { saga: 1, kind: "create", correlation: "corr-0".to_owned() };
    world.note(&began);
    world
}

/// The only conviction, which names the customer by the correlation id.
fn convicted(mut world: World, checker: CheckerName) -> Violation {
    let violation = world.convicted(checker, None);
    assert_eq!((violation.customer.as_str(), &*violation.operations), ("C1", [0].as_slice()));
    violation
}

/// Calls of one saga, a second apart.
fn calls(world: &mut World, calls: &[(u8, Direction)]) {
    for (key, (step, direction)) in calls.iter().enumerate() {
        world.wait(Nanos::secs(1));
        world.call(note(*step, *direction, key as u64 + 1), &request("/x"));
    }
}

#[test]
fn steps_are_taken_back_in_reverse() {
    use Direction::{Compensate, Forward, Settle};
    for fine in [
        &[(0, Forward), (1, Forward), (2, Forward), (2, Compensate), (1, Compensate), (0, Compensate)][..],
        &[(0, Forward), (1, Forward), (1, Compensate), (0, Compensate), (1, Compensate)],
        // The second step never left, for the process crashed; nothing is known of its order.
        &[(0, Forward), (0, Compensate), (1, Compensate)],
        &[(0, Forward), (1, Forward), (0, Settle), (1, Settle)],
        // What was tried in another order is taken back in another order.
        &[(1, Forward), (0, Forward), (0, Compensate), (1, Compensate)],
    ] {
        let mut world = world();
        calls(&mut world, fine);
        world.holds_true();
    }
    let mut world = world();
    calls(&mut world, &[(0, Forward), (1, Forward), (0, Compensate), (1, Compensate)]);
    let violation = convicted(world, CheckerName::CompensationOrder);
    assert_eq!(violation.calls.len(), 2);
}

#[test]
fn a_look_is_no_compensation() {
    let mut world = world();
    calls(&mut world, &[(0, Direction::Forward), (1, Direction::Forward), (0, Direction::Compensate)]);
    // The second step was refused its connection; a look that comes after a redrive finds nothing to take back.
    world.wait(Nanos::secs(1));
    world.call(CallNote { mutating: false, ..note(1, Direction::Compensate, 0) }, &request("/x"));
    world.holds_true();
}

#[test]
fn a_compensation_begins_with_its_look() {
    let mut world = world();
    calls(&mut world, &[(0, Direction::Forward), (1, Direction::Forward)]);
    // A lagging search shows nothing of the second step, so that the first is taken back; then it shows.
    world.wait(Nanos::secs(1));
    world.call(CallNote { mutating: false, ..note(1, Direction::Compensate, 0) }, &request("/x"));
    calls(&mut world, &[(0, Direction::Compensate), (1, Direction::Compensate)]);
    world.holds_true();
}

#[test]
fn checkers_that_were_reset_know_nothing_of_the_world_before() {
    let mut world = world();
    calls(&mut world, &[(0, Direction::Forward), (1, Direction::Forward), (0, Direction::Compensate)]);
    world.done(0, 201);
    let mut other = plan([create("C1")]);
    other.operations[0].correlation = Some("corr-9".to_owned());
    world.checkers.reset(other.into());
    world.note(&Note::Began { saga: 1, kind: "create", correlation: "corr-9".to_owned() });
    world.holds_true();
}

#[test]
fn the_order_is_judged_when_the_saga_ends_and_once() {
    use Direction::{Compensate, Forward};
    let mut world = world();
    calls(&mut world, &[(0, Forward), (1, Forward), (0, Compensate), (1, Compensate)]);
    world.note(&Note::Ended { saga: 1 });
    assert_eq!(world.convicted(CheckerName::CompensationOrder, None).customer, "C1");
}

#[test]
fn one_key_means_one_request() {
    let mut world = world();
    world.call(note(0, Direction::Forward, 9), &request("/x"));
    let mut headers = request("/x");
    headers.headers.push("authorization", "Bearer other");
    world.call(CallNote { attempt: 2, ..note(0, Direction::Forward, 9) }, &headers);
    world.holds_true();
    world.call(note(1, Direction::Forward, 9), &request("/y"));
    convicted(world, CheckerName::KeysAreStable);
}

#[test]
fn a_body_that_changes_from_attempt_to_attempt_is_convicted() {
    let mut world = world();
    world.call(note(0, Direction::Forward, 9), &request("/x"));
    let changed = Request { body: b"{\"at\":2}".to_vec(), ..request("/x") };
    world.call(CallNote { attempt: 2, ..note(0, Direction::Forward, 9) }, &changed);
    convicted(world, CheckerName::KeysAreStable);
}

#[test]
fn an_attempt_keeps_its_key_while_the_one_before_may_still_arrive() {
    let again = |wait: Nanos, direction: Direction| {
        let mut world = world();
        world.call(note(0, direction, 9), &request("/x"));
        world.wait(wait);
        world.call(CallNote { attempt: 2, ..note(0, direction, 10) }, &request("/x"));
        world
    };
    convicted(again(Nanos::secs(4), Direction::Forward), CheckerName::KeysAreStable);
    again(Nanos::secs(6), Direction::Forward).holds_true();
    again(Nanos::secs(4), Direction::Settle).holds_true();
}

#[test]
fn a_saga_is_parked_after_a_refusal_or_a_spent_budget() {
    let parked = |answers: &[Answer], attempts: u32, refused: bool| {
        let mut world = world();
        for (attempt, answer) in (1..).zip(answers) {
            let note = CallNote { attempt, ..note(2, Direction::Compensate, 9) };
            let call = world.call(note, &request("/x"));
            world.wait(Nanos::secs(1));
            world.hear(call, answer);
        }
        world.note(&Note::Parked { saga: 1, step: 2, attempts, refused });
        world
    };
    let status = |status| Ok(Response::json(status, "{}"));
    let silent = || Err(CallError::TimedOut);
    parked(&[silent(), status(500), status(429)], 3, false).holds_true();
    parked(&[status(403)], 1, true).holds_true();
    convicted(parked(&[silent(), status(500)], 2, false), CheckerName::ParkedIsJustified);
    convicted(parked(&[silent(), status(500)], 3, false), CheckerName::ParkedIsJustified);
    convicted(parked(&[status(200), status(200), status(200)], 3, false), CheckerName::ParkedIsJustified);
    convicted(parked(&[silent(), status(503)], 2, true), CheckerName::ParkedIsJustified);
    convicted(parked(&[], 3, false), CheckerName::ParkedIsJustified);
}

#[test]
fn a_crash_may_take_an_attempt_with_it() {
    let mut world = world();
    for attempt in 1..3 {
        world.call(CallNote { attempt, ..note(2, Direction::Compensate, 9) }, &request("/x"));
        world.wait(Nanos::secs(1));
    }
    world.see(&Observation::Restarted { life: 1 });
    world.note(&Note::Parked { saga: 1, step: 2, attempts: 3, refused: false });
    world.holds_true();
}

#[test]
fn every_call_bears_the_sagas_correlation_id_and_trace() {
    let with = |old: &str, new: &str| {
        let mut world = world();
        world.call(note(0, Direction::Forward, 1), &request("/x"));
        let mut other = request("/y");
        other.headers.0 = other.headers.0.replace(old, new);
        world.call(note(1, Direction::Forward, 2), &other);
        world
    };
    with("01\r\n", "00\r\n").holds_true();
    with("b7ad6b7169203331", "b7ad6b7169203332").holds_true();
    for (old, new) in [
        ("corr-0", "corr-1"),
        ("x-correlation-id", "x-request-id"),
        ("0af7651916", "0bf7651916"),
        ("00-0af7", "0af7"),
        ("b7ad6b7169203331", "0000000000000000"),
        ("traceparent", "tracestate"),
    ] {
        convicted(with(old, new), CheckerName::Traceable);
    }
}

#[test]
fn a_saga_bears_the_correlation_id_that_its_client_sent() {
    let began = |saga, correlation: &str| Note::Began { saga, kind: "create", correlation: correlation.to_owned() };
    let mut world = World::new(plan([create("C1")]));
    world.note(&began(1, "made-up"));
    world.convicted(CheckerName::Traceable, None);
    let mut plan = plan([create("C1"), create("C2")]);
    plan.operations[1].correlation = None;
    let mut world = World::new(plan);
    world.note(&began(1, "made-up"));
    world.holds_true();
}

#[test]
fn without_a_journal_conduct_is_not_judged() {
    let mut world = World::new(plan([create("C1")]));
    world.send(sagaproof_sim::fleet::System::Commerce, sagaproof_sim::chaos::point::Subject(1), None, &request("/x"));
    assert!(!world.checkers.saw_a_journal());
    world.holds_true();
}
