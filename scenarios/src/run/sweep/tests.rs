//! Laws of sweeps: every world once, whoever runs it.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::run::Plot;
use crate::scenario::built_in;

fn scenarios(names: &[&str]) -> Vec<Scenario> {
    built_in().unwrap().into_iter().filter(|scenario| names.contains(&scenario.name.as_str())).collect()
}

fn order<'a>(scenarios: &'a [Scenario], seeds: Range<u64>, threads: usize) -> Order<'a> {
    Order { scenarios, orchestrator: &Orchestrator::BuiltIn("naive"), seeds, threads, budget: None }
}

proptest! {
    #[test]
    fn the_parts_of_a_sweep_are_its_seeds_once(from in 0_u64..1_000, count in 0_u64..3_000) {
        static SCENARIOS: OnceLock<Vec<Scenario>> = OnceLock::new();
        let scenarios = SCENARIOS.get_or_init(|| scenarios(&["create-one", "update-one", "close-one"]));
        let parts = Parts::of(&order(scenarios, from..from + count, 1), clock());
        let mut seeds = vec![Vec::new(); scenarios.len()];
        while let Part::Do(place, part) = parts.next() {
            seeds[place].extend(part);
        }
        for seeds in seeds {
            prop_assert!(seeds.into_iter().eq(from..from + count));
        }
    }
}

#[test]
fn a_sweep_brings_the_same_whatever_the_threads() {
    let scenarios = scenarios(&["create-one", "two-at-once"]);
    let sweep = |threads| order(&scenarios, 0..130, threads).run(&|_| {}).unwrap();
    let (one, three) = (sweep(1), sweep(3));
    assert_eq!(one.tallies, three.tallies);
    assert!(one.tallies.iter().all(|tally| tally.worlds == 130 && tally.unequal == 0));
    assert!(one.tallies.iter().any(|tally| tally.violations > 0));
}

#[test]
fn a_budget_that_has_run_out_begins_nothing() {
    let scenarios = scenarios(&["create-one"]);
    let swept = Order { budget: Some(Duration::ZERO), ..order(&scenarios, 0..10, 1) }.run(&|_| {}).unwrap();
    assert!(swept.cut);
    assert_eq!(swept.tallies[0].worlds, 0);
}

#[test]
fn an_unknown_orchestrator_is_an_error() {
    let scenarios = scenarios(&["create-one"]);
    let order = Order { orchestrator: &Orchestrator::BuiltIn("nobody"), ..order(&scenarios, 0..1, 1) };
    assert!(matches!(order.run(&|_| {}), Err(SweepError::NoOrchestrator)));
}

#[test]
fn a_conviction_of_a_sweep_is_found_again_in_the_record() {
    let scenarios = scenarios(&["create-one"]);
    let swept = order(&scenarios, 0..60, 1).run(&|_| {}).unwrap();
    let conviction = &swept.tallies[0].convictions[0];
    let mut judge = crate::run::judge("naive", &scenarios[0]).unwrap();
    let record = judge.record(conviction.seed, None);
    assert!(record.violations.contains(&conviction.violation));
    let again = judge.record(conviction.seed, Some(Plot::of(&record.chosen)));
    assert_eq!((again.violations, again.chosen), (record.violations, record.chosen));
    assert_eq!(again.stale, []);
}
