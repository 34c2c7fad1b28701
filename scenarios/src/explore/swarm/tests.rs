//! Laws of swarms: the same whatever the threads, guided by what was met, stopped by a conviction that a replay finds again.

use super::*;
use crate::run::{Plot, judge};
use crate::scenario::built_in;
use crate::version::DEFAULT;

static SHIPPED: Orchestrator = Orchestrator::BuiltIn(DEFAULT);

fn scenario(name: &str) -> Scenario {
    built_in().unwrap().into_iter().find(|scenario| scenario.name == name).unwrap()
}

fn order<'a>(scenario: &'a Scenario, orchestrator: &'a Orchestrator, seeds: u64) -> Order<'a> {
    Order { scenario, orchestrator, seeds, threads: 2, budget: None, guided: true }
}

fn swarmed(order: &Order<'_>) -> Swarmed {
    Swarmed { took: Duration::ZERO, ..order.run(&|_| ()).unwrap() }
}

#[test]
fn a_swarm_is_the_same_whatever_the_threads() {
    let scenario = scenario("create-one");
    let two = order(&scenario, &SHIPPED, 650);
    let one = swarmed(&Order { threads: 1, ..two });
    assert_eq!(one, swarmed(&two));
    assert_eq!(one, swarmed(&Order { threads: 5, ..two }));
    assert_eq!(one.generations.iter().map(|generation| generation.worlds).collect::<Vec<_>>(), [200, 400, 600, 650]);
    assert_eq!(one.saturation.free, 200 + 100 + 100 + 25, "half of each generation but the first is aimed");
}

#[test]
fn a_guided_swarm_meets_more_pairs_in_as_many_worlds() {
    let (mut guided, mut free) = (0, 0);
    for name in ["create-one", "close-one", "crash-anywhere"] {
        let scenario = scenario(name);
        let order = order(&scenario, &SHIPPED, 1_000);
        let free_here = swarmed(&Order { guided: false, ..order }).last().pairs;
        let guided_here = swarmed(&order).last().pairs;
        guided += guided_here;
        free += free_here;
    }
    assert!(guided > free, "{guided} and {free}");
}

#[test]
fn a_conviction_ends_the_swarm_and_is_found_again_by_its_schedule() {
    let scenario = scenario("leaked-record");
    let orchestrator = Orchestrator::BuiltIn("steno-66");
    let swarmed = swarmed(&order(&scenario, &orchestrator, 10_000));
    assert_eq!(swarmed.last().worlds, GENERATION, "the bug is shallow");
    let conviction = &swarmed.convictions[0];
    let mut judge = judge("steno-66", &scenario).unwrap();
    let record = judge.record(conviction.seed, Some(Plot::of(&conviction.deviations)));
    assert!(record.violations.iter().any(|violation| violation.checker == conviction.checker));
    assert_eq!(record.stale, []);
}

#[test]
fn without_a_journal_a_state_is_the_route_called_last() {
    let scenario = scenario("create-one");
    let naive = Orchestrator::BuiltIn("naive");
    let swarmed = swarmed(&order(&scenario, &naive, 100));
    assert!(!swarmed.journal && swarmed.last().pairs > 0);
    assert!(!swarmed.unmet.iter().any(|(state, _)| state.to_string().contains("step")));
}

#[test]
fn a_budget_that_has_run_out_begins_no_world() {
    let scenario = scenario("create-one");
    let swarmed = swarmed(&Order { budget: Some(Duration::ZERO), ..order(&scenario, &SHIPPED, 10) });
    assert!(swarmed.cut);
    assert_eq!((swarmed.last().worlds, swarmed.saturation.next_new_ppm()), (0, 1_000_000));
}

#[test]
fn an_unknown_orchestrator_is_an_error() {
    let scenario = scenario("create-one");
    let swarm = order(&scenario, &Orchestrator::BuiltIn("nobody"), 10).run(&|_| ());
    assert!(matches!(swarm, Err(ExploreError::NoOrchestrator)));
}
