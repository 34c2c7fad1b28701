//! A sweep as the tests of reports need it: two scenarios, one from a file; in the first all that can be wrong is wrong.

use std::path::PathBuf;
use std::time::Duration;

use sagaproof_sim::clock::{Instant, Nanos};

use super::Report;
use crate::check::{CheckerName, Diagnosis, Violation};
use crate::run::sweep::{Order, Swept};
use crate::run::{Conviction, Histogram, Tally};
use crate::scenario::{Mark, Origin, Scenario, built_in};
use crate::version::Orchestrator;

pub(super) static NAIVE: Orchestrator = Orchestrator::BuiltIn("naive");

/// The scenarios: `<=1 & "file"` stands for a path that formats must escape.
pub(super) fn scenarios() -> Vec<Scenario> {
    let built_in = built_in().unwrap();
    let named = |name: &str| built_in.iter().find(|scenario| scenario.name == name).unwrap().clone();
    let path = PathBuf::from("suites/<=1 & \"more\".yaml");
    let mine = Scenario { name: "mine".to_owned(), origin: Origin::File(path), line: 7, ..named("create-one-fault") };
    vec![Scenario { sometimes: vec![Mark::Retried, Mark::Parked], ..mine }, named("create-one-fault")]
}

pub(super) fn order(scenarios: &[Scenario]) -> Order<'_> {
    Order { scenarios, orchestrator: &NAIVE, seeds: 0..600, threads: 1, budget: None }
}

pub(super) fn swept() -> Swept {
    let violation = Violation {
        checker: CheckerName::SerialEquivalent,
        diagnosis: Some(Diagnosis::NoDuplicates),
        customer: "C001".to_owned(),
        message: "C001 is <there> twice,\n  50% of \"it\" & \u{1b}[1mmore\n".to_owned(),
        at: Instant::ZERO,
        operations: Vec::new(),
        exchanges: Vec::new(),
        calls: Vec::new(),
    };
    let impolite = Violation {
        checker: CheckerName::Polite,
        diagnosis: None,
        customer: String::new(),
        message: "too often".to_owned(),
        ..violation.clone()
    };
    let mut wrong = Tally {
        violations: 12,
        convictions: vec![Conviction { seed: 4, violation }, Conviction { seed: 9, violation: impolite }],
        unequal: 2,
        first_unequal: Some(64),
        latencies: Histogram::of([(10, 3), (40, 1)]).unwrap(),
        ..tally()
    };
    wrong.marks.add(Mark::Parked);
    let mut right = tally();
    right.latencies.add(Nanos::millis(2));
    right.marks.add(Mark::Retried);
    let busy = vec![Duration::from_millis(250), Duration::from_millis(1_750)];
    Swept { tallies: vec![wrong, right], busy, took: Duration::from_secs(2), cut: false }
}

fn tally() -> Tally {
    Tally {
        worlds: 600,
        sagas: 599,
        calls: 2_000,
        exchanges: 700,
        drawn: 30,
        struck: 20,
        effective: 10,
        ..Tally::default()
    }
}

/// What it found.
pub(super) fn report() -> Report {
    Report::of(&order(&scenarios()), None, &swept())
}

/// What a report writes.
pub(super) fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}
