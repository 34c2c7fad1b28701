//! Agreement, what `GET /check` judges, demands nothing that the law does not: a world that holds also agrees.

use sagaproof::check::{Checkers, EndState};
use sagaproof::run::stage;
use sagaproof::scenario::{self, Scenario};
use sagaproof::version::Version;
use sagaproof::version::hub::Hub;
use sagaproof::version::naive::Naive;
use sagaproof_sim::chaos::choices::Random;

/// Whether the law holds in a world, and whether its systems agree.
fn judged<V: Version>(version: &V, scenario: &Scenario, seed: u64) -> (bool, bool) {
    let mut world = stage(version, scenario, (seed, false), Random::new(seed), |plan| Checkers::new(plan.clone()));
    while world.step() {}
    let ending = world.ending();
    let mut parts = world.into_parts();
    let end = EndState::of(&parts.fleet, ending.at, ending.converged, ending.unfinished);
    (parts.observer.judge(&end).is_empty(), parts.observer.judge_agreement(&end).is_empty())
}

#[test]
fn a_world_that_holds_also_agrees() {
    for scenario in scenario::built_in().unwrap() {
        for seed in 0..10 {
            assert_eq!(judged(&Hub::shipped(), &scenario, seed), (true, true), "{}, seed {seed}", scenario.name);
        }
    }
}

#[test]
fn half_done_work_does_not_agree() {
    let scenarios = scenario::built_in().unwrap();
    let scenario = scenarios.iter().find(|scenario| scenario.name == "create-one-fault").unwrap();
    let disagreeing = (0..100).filter(|seed| !judged(&Naive::default(), scenario, *seed).1).count();
    assert!(disagreeing > 10, "{disagreeing}");
}
