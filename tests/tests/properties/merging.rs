//! Merges conserve: whatever is asked for and whatever goes wrong, what belonged to the customers belongs to whoever they
//! became. Redriving changes nothing of the end, however often and whenever.

use proptest::prelude::*;
use sagaproof::scenario::Scenario;
use sagaproof_sim::chaos::choices::{Deviation, Quiet, Replay};
use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::fleet::{Record, System};
use sagaproof_tests::choosers::{Drawn, Probe};
use sagaproof_tests::play::{play, play_version, replay};
use sagaproof_tests::pressing::pressed;
use sagaproof_tests::scenes::{any_merges, whole};

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_merged_and_whatever_goes_wrong_nothing_is_lost_or_doubled(
        scenario in any_merges(),
        seed in 0..1_000_u64,
        choices in Drawn::any(8),
    ) {
        let played = play(&scenario, seed, choices);
        prop_assert!(played.violations.is_empty(), "{}", played.wrong());
    }

    #[test]
    fn whoever_redrives_merges_at_any_time_and_any_number_of_times_breaks_nothing(
        scenario in any_merges(),
        seed in 0..1_000_u64,
        choices in Drawn::any(6),
    ) {
        for played in [
            play_version(&pressed::<1, 2>(), &scenario, seed, choices.clone()),
            play_version(&pressed::<5, 3>(), &scenario, seed, choices),
        ] {
            prop_assert!(played.violations.is_empty(), "{}", played.wrong());
        }
    }
}

/// What stands in the end of the world with these deviations, redriven after each event, after each third twice, and only
/// when the world has healed.
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

#[test]
fn a_merge_that_is_redriven_after_any_event_ends_as_one_that_is_not() {
    let scenario = whole("merge-one");
    let uneventful = play(&scenario, 0, Probe::new(Quiet));
    let vendors = |one: &Deviation| {
        matches!(one.point, Point::Exchange { system, .. } if system != System::Hub)
            || matches!(one.point, Point::Crash { .. })
    };
    let mut tried = 0;
    for one in uneventful.choices.deviations().into_iter().filter(vendors) {
        let [each, third, last] = ends(&scenario, &[one]);
        assert_eq!(each, last, "{one:?}");
        assert_eq!(third, last, "{one:?}");
        tried += 1;
    }
    assert!(tried > 200, "{tried}");
}
