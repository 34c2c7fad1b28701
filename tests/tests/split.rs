//! The split: a regression is rolled back with its blast radius, what is alike gets everybody, and threads change nothing.

#![expect(clippy::unwrap_used, reason = "a split that cannot be walked fails the test")]

use sagaproof::canary::split::{Walked, walk};
use sagaproof::canary::{Margin, Order, Verdict};
use sagaproof::report::canary::{Walk, split_json};
use sagaproof::run::{Became, Tally, judge};
use sagaproof::scenario::{Scenario, Shift, built_in};
use sagaproof::version::Orchestrator;

const SAGA: Orchestrator = Orchestrator::BuiltIn("saga");

/// A version whose recovery is of no use to the baseline: it takes nothing back.
const REGRESSION: Orchestrator = Orchestrator::BuiltIn("no-compensation");

fn scenarios(names: &[&str]) -> Vec<Scenario> {
    built_in().unwrap().into_iter().filter(|scenario| names.contains(&scenario.name.as_str())).collect()
}

fn order<'a>(scenarios: &'a [Scenario], candidate: &'a Orchestrator) -> Order<'a> {
    Order {
        scenarios,
        baseline: &SAGA,
        candidate,
        seeds: 300,
        until_decided: false,
        margin: Margin::DEFAULT,
        threads: 2,
    }
}

fn plan() -> Shift {
    Shift::of(&[5, 25, 50, 100]).unwrap()
}

fn walked(order: &Order<'_>) -> Walked {
    walk(order, &plan(), 1, &|_| {}).unwrap()
}

fn json(order: &Order<'_>) -> String {
    let (plan, walked) = (plan(), walked(order));
    let mut out = Vec::new();
    split_json(&Walk { order, plan: &plan, walked: &walked }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn two_versions_that_are_alike_reach_everybody() {
    let scenarios = scenarios(&["create-one", "hubs-takeover", "everything"]);
    let walked = walked(&Order { seeds: 40, ..order(&scenarios, &SAGA) });
    assert_eq!((walked.verdict(), walked.share()), (Verdict::Pass, 100));
    assert_eq!(walked.stages.iter().map(|stage| stage.share).collect::<Vec<_>>(), plan().shares());
    for stage in &walked.stages {
        let total = stage.compared.pairs.total();
        assert_eq!(total.alike, total.pairs);
    }
    assert!(walked.blast.is_none());
}

#[test]
fn a_regression_is_rolled_back_and_its_blast_radius_is_told() {
    let scenarios = scenarios(&["permission-lost"]);
    let walked = walked(&order(&scenarios, &REGRESSION));
    assert_eq!((walked.verdict(), walked.share()), (Verdict::Fail, 0));
    let blast = walked.blast.unwrap();
    assert_eq!(blast.worlds, 300);
    assert!(blast.customers() > 0 && blast.reached > 0);
    let harmed = |sums: &[u64]| Became::ALL[3..].iter().map(|became| sums[*became as usize]).sum::<u64>();
    assert!(harmed(&blast.touched) > 0, "{blast:?}");
    assert_eq!(harmed(&blast.others), 0, "nobody else came to harm: {blast:?}");
    assert!(blast.told.iter().all(|told| told.customers.iter().all(|one| one.touched)));
    // The worst comes first.
    let worst: Vec<Became> =
        blast.told.iter().filter_map(|told| told.customers.iter().map(|one| one.became).max()).collect();
    assert!(worst.is_sorted_by(|one, next| one >= next), "{worst:?}");
}

#[test]
fn a_split_is_the_same_whoever_walked_it() {
    let scenarios = scenarios(&["permission-lost", "hubs-takeover"]);
    let order = Order { seeds: 60, ..order(&scenarios, &REGRESSION) };
    let [one, two] = [1, 2].map(|threads| json(&Order { threads, ..order }));
    assert_eq!(one, two);
}

#[test]
fn whoever_is_rolled_back_leaves_a_world_that_holds() {
    // The shipped hub beside itself, rolled back in the middle of the work: nobody is the worse for it.
    for scenario in scenarios(&["hubs-share", "everything", "merge-one", "crash-anywhere"]) {
        let mut tally = Tally::default();
        judge("saga+steadfast@25,100,0", &scenario).unwrap().sweep(0..200, &mut tally);
        assert!(tally.convictions.is_empty(), "{}: {:?}", scenario.name, tally.convictions.first());
    }
}
