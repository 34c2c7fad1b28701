//! Redriving changes nothing of the end, at whichever prefix of its journal a saga is redriven and however often.

use sagaproof::scenario::Scenario;
use sagaproof_sim::chaos::choices::{Deviation, Quiet, Replay};
use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::fleet::{Record, System};
use sagaproof_tests::choosers::Probe;
use sagaproof_tests::play::{play, play_version, replay};
use sagaproof_tests::pressing::pressed;
use sagaproof_tests::scenes::{ONES, impatient, whole};

/// What stands in the end of the world with these deviations, redriven after each event, after each third twice, and
/// only when the world has healed.
fn ends(scenario: &Scenario, deviations: &[Deviation]) -> [[Vec<Record>; 3]; 3] {
    let again = || Replay::new(deviations);
    let each = play_version(&pressed::<1, 1>(), scenario, 0, again());
    let third = play_version(&pressed::<3, 2>(), scenario, 0, again());
    let last = replay(scenario, 0, deviations);
    for (when, wrong) in [("each", each.wrong()), ("third", third.wrong()), ("last", last.wrong())] {
        assert_eq!(wrong, "", "{} {when} {deviations:?}", scenario.name);
    }
    [each.standing(), third.standing(), last.standing()]
}

/// Redrives after every event, whatever single thing goes wrong at a vendor or crashes: how many things were tried.
fn redriven(scenario: &Scenario) -> usize {
    let uneventful = play(scenario, 0, Probe::new(Quiet));
    let vendors = |one: &Deviation| {
        matches!(one.point, Point::Exchange { system, .. } if system != System::Hub)
            || matches!(one.point, Point::Crash { .. })
    };
    let tried: Vec<_> = uneventful.choices.deviations().into_iter().filter(vendors).collect();
    for &one in &tried {
        let [each, third, last] = ends(scenario, &[one]);
        assert_eq!(each, last, "{} {one:?}", scenario.name);
        assert_eq!(third, last, "{} {one:?}", scenario.name);
    }
    tried.len()
}

#[test]
fn a_merge_that_is_redriven_after_any_event_ends_as_one_that_is_not() {
    let tried = redriven(&whole("merge-one"));
    assert!(tried > 200, "{tried}");
}

#[test]
fn a_merge_that_parks_at_its_first_failure_ends_alike_whenever_it_is_redriven() {
    let tried = redriven(&impatient(whole("merge-one")));
    assert!(tried > 200, "{tried}");
}

#[test]
fn what_is_redriven_after_any_event_ends_as_what_is_not() {
    for name in ONES {
        let tried = redriven(&whole(name)).min(redriven(&impatient(whole(name))));
        assert!(tried > 100, "{name}: {tried}");
    }
}
