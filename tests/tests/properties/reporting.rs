//! Reports to operators are true, and their runbooks lead to the end that is intended, whatever was asked for and
//! whatever went wrong: every world that these tests play is judged by `parked-report-is-true`, at each moment at which a
//! saga has just been parked and each at which an operator is awaited. Here sagas park at their first failure.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::process::Note;
use sagaproof_tests::choosers::Drawn;
use sagaproof_tests::play::play_before;
use sagaproof_tests::scenes::{Scene, any_merges, any_scene, impatient};

/// Counts how often a saga is parked.
#[derive(Debug, Default)]
struct Parkings(u32);

impl Observer for Parkings {
    fn see(&mut self, _now: Instant, observation: &Observation<'_>) {
        self.0 += u32::from(matches!(observation, Observation::Noted(Note::Parked { .. })));
    }
}

/// Plays so many worlds, in which sagas must be parked so often.
fn plays(scenes: impl Strategy<Value = Scene>, cases: u32, least: u32) {
    let parkings = Cell::new(0);
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let worlds = (scenes, 0..1_000_u64, Drawn::any(12));
    let played = runner.run(&worlds, |(scene, seed, choices)| {
        let scenario = impatient((*scene).clone());
        let played = play_before(&scenario, seed, choices, Parkings::default(), |_| {});
        parkings.set(parkings.get() + played.observer.0);
        prop_assert!(played.violations.is_empty(), "{}", played.wrong());
        Ok(())
    });
    if let Err(error) = played {
        panic!("{error}");
    }
    assert!(parkings.get() >= least, "parked only {} times", parkings.get());
}

#[test]
fn what_is_told_of_a_parked_merge_is_true_and_its_runbook_ends_it() {
    plays(any_merges(), 1_000, 20);
}

#[test]
fn what_is_told_of_any_parked_saga_is_true_and_its_runbook_ends_it() {
    plays(any_scene(), 1_000, 20);
}
