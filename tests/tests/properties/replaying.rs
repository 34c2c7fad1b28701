//! Replay equality: a world goes again as its schedule file says, and a new choice elsewhere moves no fault.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sagaproof::run::route_names;
use sagaproof::scenario::built_in;
use sagaproof_sim::chaos::choices::{Deviation, Random, Recording};
use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::chaos::schedule::Schedule;
use sagaproof_tests::choosers::{Drawn, Except, Probe};
use sagaproof_tests::play::{play, replay};
use sagaproof_tests::scenes::{ONES, any_scene, whole};

/// The deviations as they come out of a schedule file into which they were written.
fn through_a_file(deviations: &[Deviation]) -> Vec<Deviation> {
    let schedule = Schedule {
        scenario: "any".to_owned(),
        hash: 0,
        seed: 0,
        orchestrator: "saga".to_owned(),
        deviations: deviations.to_vec(),
        without: Vec::new(),
        stale: Vec::new(),
    };
    let read = Schedule::parse(schedule.text(route_names()).as_bytes(), route_names()).unwrap();
    assert_eq!(read, schedule);
    read.deviations
}

#[test]
fn every_scenario_goes_again_as_its_schedule_says() {
    for scenario in built_in().unwrap() {
        for seed in 0..8 {
            let recorded = play(&scenario, seed, Recording::new(Random::new(seed)));
            let again = replay(&scenario, seed, &through_a_file(recorded.choices.chosen()));
            assert_eq!(again.trace, recorded.trace, "{} {seed}", scenario.name);
            assert_eq!(again.choices.stale().count(), 0, "{} {seed}", scenario.name);
        }
    }
}

/// What was picked at each exchange that had these very options.
fn fates<C>(probe: &Probe<C>) -> BTreeMap<(Point, Vec<u16>), u16> {
    let exchanges = probe.met.iter().filter(|(point, _)| matches!(point, Point::Exchange { .. }));
    exchanges.map(|(point, (options, pick))| ((*point, options.clone()), *pick)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_world_goes_again_as_its_schedule_says(
        scenario in any_scene(),
        seed in 0..1_000_u64,
        choices in Drawn::any(8),
    ) {
        let recorded = play(&scenario, seed, Recording::new(choices));
        let again = replay(&scenario, seed, &through_a_file(recorded.choices.chosen()));
        prop_assert_eq!(again.trace, recorded.trace);
        prop_assert_eq!(again.choices.stale().count(), 0);
    }

    #[test]
    fn a_new_choice_elsewhere_moves_no_fault(
        place in any::<prop::sample::Index>(),
        which in 0..ONES.len(),
        seed in any::<u64>(),
    ) {
        let scenario = whole(ONES[which]);
        let before = play(&scenario, seed, Probe::new(Random::new(seed)));
        let exception = *place.get(&before.choices.deviations());
        let after = play(&scenario, seed, Probe::new(Except::new(Random::new(seed), exception)));
        let (before, after) = (fates(&before.choices), fates(&after.choices));
        for (at, fate) in before {
            let kept = after.get(&at).is_none_or(|now| *now == fate);
            prop_assert!(kept || at.0 == exception.point, "{:?} moved", at.0);
        }
    }
}
