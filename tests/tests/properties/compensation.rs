//! Compensations are idempotent: one that is done twice, or comes late, or must be tried again, leaves what one leaves.
//! That a compensation sent again changes no live record is besides looked at in every world that these tests play.

use sagaproof::scenario::Scenario;
use sagaproof_sim::chaos::choices::Replay;
use sagaproof_sim::chaos::choices::{Deviation, Quiet};
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::process::Direction;
use sagaproof_tests::choosers::Probe;
use sagaproof_tests::play::{Nobody, Played, play_before, replay};
use sagaproof_tests::scenes::whole;

/// A definite no, as a vendor gives it for want of permission: the saga aborts.
const NO: Fate = Fate::Before403;

/// Fates after which a compensation has been done once, twice, or is tried again.
const AGAIN: [Fate; 9] = [
    Fate::Twice,
    Fate::TwiceLate,
    Fate::LateShort,
    Fate::LateLong,
    Fate::AnswerLost,
    Fate::After500,
    Fate::Truncated,
    Fate::Before503,
    Fate::RequestLost,
];

/// Keeps where calls that may write were sent, by their direction.
#[derive(Debug, Default)]
struct Writes {
    forward: Vec<Point>,
    compensations: Vec<Point>,
}

impl Observer for Writes {
    fn see(&mut self, _now: Instant, observation: &Observation<'_>) {
        if let Observation::Sent { point, note: Some(note), .. } = observation
            && note.mutating
        {
            match note.direction {
                Direction::Forward => self.forward.push(*point),
                Direction::Compensate => self.compensations.push(*point),
                Direction::Settle => {}
            }
        }
    }
}

fn watched(scenario: &Scenario, deviations: &[Deviation]) -> Played<Replay, Writes> {
    play_before(scenario, 0, Replay::new(deviations), Writes::default(), |_| {})
}

fn befalls(point: Point, fate: Fate) -> Deviation {
    Deviation { point, pick: fate.code() }
}

#[test]
fn a_compensation_done_again_leaves_what_one_leaves() {
    for (name, at_least) in [("create-one", 3), ("update-one", 3)] {
        let scenario = whole(name);
        let mut compensations = 0;
        for refused in watched(&scenario, &[]).observer.forward {
            let once = watched(&scenario, &[befalls(refused, NO)]);
            assert_eq!(once.wrong(), "");
            compensations += once.observer.compensations.len();
            for &compensation in &once.observer.compensations {
                for fate in AGAIN {
                    let again = replay(&scenario, 0, &[befalls(refused, NO), befalls(compensation, fate)]);
                    assert_eq!(again.wrong(), "", "{name} {fate:?}");
                    assert_eq!(again.choices.stale().count(), 0);
                    assert_eq!(again.standing(), once.standing(), "{name} {fate:?}");
                }
            }
        }
        assert!(compensations >= at_least, "{name}: {compensations}");
    }
}

#[test]
fn a_crash_anywhere_while_compensating_leaves_what_none_leaves() {
    for name in ["create-one", "update-one"] {
        let scenario = whole(name);
        let last = *watched(&scenario, &[]).observer.forward.iter().rfind(|point| vendor_keeps(point)).unwrap();
        let no = befalls(last, NO);
        let aborted = play_before(&scenario, 0, Probe::new(Replay::new(&[no])), Nobody, |_| {});
        let uneventful = play_before(&scenario, 0, Probe::new(Quiet), Nobody, |_| {});
        let crashes = aborted.choices.deviations().into_iter().filter(|deviation| {
            matches!(deviation.point, Point::Crash { .. }) && !uneventful.choices.met.contains_key(&deviation.point)
        });
        let crashes: Vec<_> = crashes.collect();
        assert!(crashes.len() >= 8, "{name}: {}", crashes.len());
        for crash in crashes {
            let played = replay(&scenario, 0, &[no, crash]);
            assert_eq!(played.wrong(), "", "{name} {crash:?}");
            assert_eq!(played.standing(), aborted.standing(), "{name} {crash:?}");
        }
    }
}

/// Whether the vendor called keeps records.
fn vendor_keeps(point: &Point) -> bool {
    use sagaproof_sim::fleet::System;
    matches!(point, Point::Exchange { system, .. } if *system != System::Messaging)
}
