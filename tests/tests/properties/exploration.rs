//! The smallest worlds, explored: every single deviation (each fate of each exchange, a crash after each prefix of each
//! event's effects, each end of each commit, each order of each tie), and a share of all pairs. None is a violation.

use std::fmt::Write as _;

use sagaproof::run::{Plot, judge, route_names};
use sagaproof::scenario::Scenario;
use sagaproof_sim::chaos::choices::{Deviation, Quiet, Replay};
use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::chaos::schedule::line;
use sagaproof_tests::choosers::Probe;
use sagaproof_tests::play::{Nobody, Played, play};
use sagaproof_tests::scenes::{ONES, whole};

/// One in so many pairs is tried; a prime, so that pairs of every kind are.
const ONE_PAIR_IN: usize = 97;

type Probed = Played<Probe<Replay>, Nobody>;

fn probed(scenario: &Scenario, deviations: &[Deviation]) -> Probed {
    play(scenario, 0, Probe::new(Replay::new(deviations)))
}

/// What is wrong with a world, with the schedule that leads there.
fn wrong(scenario: &Scenario, deviations: &[Deviation], played: &Probed) -> String {
    let mut text = String::new();
    if !played.violations.is_empty() {
        writeln!(text, "{}:", scenario.name).unwrap();
        deviations.iter().for_each(|one| writeln!(text, "  {}", line(*one, route_names())).unwrap());
        text.push_str(&played.wrong());
    }
    text
}

#[test]
fn no_single_deviation_and_no_pair_tried_leads_to_a_violation() {
    let mut all_wrong = String::new();
    let mut pairs = 0;
    for name in ONES {
        let scenario = whole(name);
        for first in probed(&scenario, &[]).choices.deviations() {
            let once = probed(&scenario, &[first]);
            assert_eq!(once.choices.met[&first.point].1, first.pick);
            all_wrong.push_str(&wrong(&scenario, &[first], &once));
            // A pair is tried in the order of its points, where the first leaves the second possible.
            for second in once.choices.deviations().into_iter().filter(|second| second.point > first.point) {
                pairs += 1;
                if pairs % ONE_PAIR_IN == 0 {
                    let schedule = [first, second];
                    all_wrong.push_str(&wrong(&scenario, &schedule, &probed(&scenario, &schedule)));
                }
            }
        }
    }
    assert_eq!(all_wrong, "");
    assert!(pairs > 100_000, "{pairs}");
}

#[test]
fn the_smallest_worlds_offer_every_kind_of_deviation() {
    for name in ONES {
        let deviations = play(&whole(name), 0, Probe::new(Quiet)).choices.deviations();
        let kinds = |is: fn(&Point) -> bool| deviations.iter().filter(|deviation| is(&deviation.point)).count();
        let exchanges = kinds(|point| matches!(point, Point::Exchange { .. }));
        let crashes = kinds(|point| matches!(point, Point::Crash { .. }));
        let commits = kinds(|point| matches!(point, Point::Commit { .. }));
        assert!(exchanges >= 5 * 28 && crashes >= 35 && commits >= 4 * 4, "{name}: {exchanges} {crashes} {commits}");
    }
}

#[test]
fn single_deviations_convict_an_orchestrator_without_sagas() {
    let scenario = whole("create-one");
    let deviations = probed(&scenario, &[]).choices.deviations();
    let mut naive = judge("naive", &scenario).unwrap();
    let convicts = |one: &&Deviation| !naive.record(0, Some(Plot::of(&[**one]))).violations.is_empty();
    let convicted = deviations.iter().filter(convicts).count();
    assert!(convicted >= 20, "{convicted} of {}", deviations.len());
}
