//! Tests of processes: crashes, commits, wake-ups.

use super::super::toy::{CLIENT_TIME_OUT, Kept, Picks, Test, ToyWorld, Toys, settings, world};
use super::*;
use crate::chaos::choices::Quiet;
use crate::chaos::rule::{CrashRule, DiskRule, Odds};
use crate::clock::{Instant, Nanos};
use crate::wire::CallError;

const REQUEST: Test = |point| matches!(point, Point::Crash { event: EventKind::Request, .. });
const ANSWER: Test = |point| matches!(point, Point::Crash { event: EventKind::Answer, .. });
const COMMITTED: Test = |point| matches!(point, Point::Crash { event: EventKind::Committed, .. });
const IN_FLIGHT: Test = |point| matches!(point, Point::InFlight { .. });
const COMMIT: Test = |point| matches!(point, Point::Commit { .. });

/// A world in which these choices are taken, and crashes and disk faults may be.
fn played(picks: &[(Test, u16)]) -> ToyWorld<Picks> {
    let mut settings = settings();
    let odds = Odds::ppm(10_000);
    settings.chaos.crash = CrashRule { odds, at_most: 1, restart_after: Nanos::secs(2) };
    settings.chaos.disk = DiskRule { unknown_applied: odds, unknown_lost: odds, full: odds, conflict: odds };
    let mut world = world(&settings, Toys::default(), Picks(picks.to_vec()));
    assert!(world.run().converged);
    world
}

fn told(world: &ToyWorld<Picks>) -> Result<u16, CallError> {
    world.parts().clients.heard[0].2.clone().map(|response| response.status)
}

fn notes(observer: &Kept) -> usize {
    observer.times("Noted").len()
}

#[test]
fn a_crash_keeps_a_prefix_of_the_effects_and_the_notes_before_the_cut() {
    // The toy answers a request with: note, commit, wake, note.
    for (pick, kept, noted) in [(1, 0, 1), (2, 1, 1), (3, 2, 2)] {
        let world = played(&[(REQUEST, pick), (IN_FLIGHT, 1)]);
        let observer = &world.parts().observer;
        assert!(observer.0.iter().any(|(_, text)| text.ends_with(&format!("kept: {kept} }}"))));
        assert_eq!(notes(observer), noted);
        assert_eq!(world.disk().rows().count(), usize::from(kept > 0), "the commit was sent if it was kept");
        assert_eq!((world.counts().crashes, world.counts().effective), (1, 1));
    }
}

#[test]
fn a_commit_in_flight_at_a_crash_survives_only_by_choice() {
    assert_eq!(played(&[(REQUEST, 3)]).disk().rows().count(), 0);
    assert_eq!(played(&[(REQUEST, 3), (IN_FLIGHT, 1)]).disk().rows().count(), 1);
}

#[test]
fn a_crash_breaks_the_connections_of_clients_and_forgets_the_wake_up() {
    let world = played(&[(REQUEST, 3)]);
    assert_eq!(told(&world), Err(CallError::Reset));
    assert!(!world.process().unwrap().events.contains(&"wake"));
}

#[test]
fn a_call_that_left_before_the_crash_goes_on_but_its_answer_goes_nowhere() {
    let world = played(&[(COMMITTED, 2)]);
    let observer = &world.parts().observer;
    assert_eq!((observer.times("Handled").len(), observer.times("Heard").len()), (1, 0));
    assert_eq!(told(&world), Err(CallError::Reset));
    let cut = played(&[(COMMITTED, 1)]);
    assert!(cut.parts().observer.times("Sent").is_empty());
}

#[test]
fn an_answer_that_left_before_the_crash_arrives() {
    assert!(told(&played(&[(ANSWER, 2)])).is_ok());
    assert_eq!(told(&played(&[(ANSWER, 1)])), Err(CallError::Reset));
}

#[test]
fn a_crashed_process_begins_a_new_life_with_its_disk() {
    let world = played(&[(ANSWER, 1)]);
    let process = world.process().unwrap();
    assert_eq!((process.life, process.events.as_slice()), (1, ["start", "rows"].as_slice()));
    assert_eq!(process.mounted, ["x/0"], "and is handed it before it starts");
    let observer = &world.parts().observer;
    let crashed = observer.times("Crashed")[0];
    assert_eq!(observer.times("Restarted"), [crashed + Nanos::secs(2)]);
}

#[test]
fn nobody_listens_while_the_process_is_down() {
    let mut settings = settings();
    settings.chaos.crash = CrashRule { odds: Odds::ALWAYS, at_most: 1, restart_after: Nanos::secs(2) };
    let start: Test = |point| matches!(point, Point::Crash { event: EventKind::Start, .. });
    let mut world = world(&settings, Toys::default(), Picks(vec![(start, 1)]));
    world.run();
    assert_eq!(told(&world), Err(CallError::Refused));
    assert!(world.parts().observer.times("TakenIn").is_empty());
}

#[test]
fn a_request_refused_by_a_dead_process_is_not_delivered_a_second_time() {
    let mut settings = settings();
    settings.chaos.crash = CrashRule { odds: Odds::ALWAYS, at_most: 1, restart_after: Nanos::millis(50) };
    let start: Test = |point| matches!(point, Point::Crash { event: EventKind::Start, .. });
    let twice = crate::chaos::fate::Fate::Twice.code();
    let picks = Picks(vec![(start, 1), (super::super::toy::exchange, twice)]);
    let mut world = world(&settings, Toys::default(), picks);
    world.run();
    assert_eq!(told(&world), Err(CallError::Refused));
    assert!(world.parts().observer.times("TakenIn").is_empty());
}

#[test]
fn each_commit_fate_is_what_it_says() {
    for (fate, heard, rows) in [
        (CommitFate::UnknownApplied, "unknown", 1),
        (CommitFate::UnknownLost, "unknown", 0),
        (CommitFate::Full, "full", 0),
        (CommitFate::Conflict, "conflict", 0),
    ] {
        let world = played(&[(COMMIT, fate as u16)]);
        assert!(world.process().unwrap().events.contains(&heard), "{fate:?}");
        assert_eq!(world.disk().rows().count(), rows, "{fate:?}");
        assert_eq!((world.counts().drawn, world.counts().struck), (1, 1));
    }
}

#[test]
fn only_the_last_wake_up_asked_for_comes() {
    let mut world = world(&settings(), Toys::default(), Quiet);
    world.parts_mut().clients.work = vec![Instant::ZERO, Instant(500_000_000)];
    world.run();
    assert_eq!(world.process().unwrap().events.iter().filter(|event| **event == "wake").count(), 1);
}

#[test]
fn a_crash_that_is_not_allowed_is_not_on_the_menu() {
    let mut world = world(&settings(), Toys::default(), Picks(vec![(REQUEST, 1)]));
    world.run();
    assert_eq!(world.counts().crashes, 0);
    assert!(world.parts().clients.heard[0].0.since(Instant::ZERO) < CLIENT_TIME_OUT);
}
