//! The report for machines: one object on one line, the same bytes for the same worlds whatever the threads. Real times
//! are in it only where they were asked for.

use std::io::{self, Write};

use sagaproof_sim::clock::Nanos;
use serde::Serialize;

use super::{Report, words};
use crate::run::Tally;
use crate::scenario::Scenario;

/// The name and version of the format.
pub const FORMAT: &str = "sagaproof-run/1";

/// The checker's name in violations of two runs of one world that differed.
const SAME_WORLD_TWICE: &str = "same-world-twice";

#[derive(Serialize)]
struct Object<'a> {
    format: &'static str,
    verdict: &'static str,
    orchestrator: &'a str,
    worlds: u64,
    sagas: u64,
    calls: u64,
    faults: Faults,
    violations_total: u64,
    violations: Vec<Violation<'a>>,
    scenarios: Vec<Row<'a>>,
    unreached: Vec<Unreached<'a>>,
    cut_by_time_budget: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<Timings>,
}

#[derive(Serialize)]
struct Faults {
    drawn: u64,
    struck: u64,
    effective: u64,
}

#[derive(Serialize)]
struct Violation<'a> {
    scenario: &'a str,
    seed: u64,
    checker: &'a str,
    diagnosis: Option<&'a str>,
    customer: Option<&'a str>,
    message: String,
    replay: String,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    level: &'a str,
    worlds: u64,
    sagas: u64,
    calls: u64,
    exchanges: u64,
    crashes: u64,
    faults: Faults,
    compensations: u64,
    parked: u64,
    /// Virtual time from a client's first sending until its outcome was known.
    latency_us: Latency,
    violations: u64,
    reached: Vec<&'a str>,
    unreached: Vec<&'a str>,
}

#[derive(Serialize)]
struct Latency {
    p50: Option<u64>,
    p99: Option<u64>,
}

#[derive(Serialize)]
struct Unreached<'a> {
    scenario: &'a str,
    mark: &'a str,
    meaning: &'a str,
    /// Whether it counts: enough worlds were run.
    judged: bool,
}

#[derive(Serialize)]
struct Timings {
    took_ms: u64,
    worlds_per_second: u64,
}

/// Writes the report.
///
/// # Errors
/// Where it cannot be written.
pub fn write(report: &Report<'_>, timings: bool, out: &mut dyn Write) -> io::Result<()> {
    let total = report.total();
    let unreached = report.unreached().map(|unreached| Unreached {
        scenario: unreached.scenario,
        mark: unreached.mark.name(),
        meaning: unreached.mark.meaning(),
        judged: unreached.judged,
    });
    let object = Object {
        format: FORMAT,
        verdict: report.verdict().name(),
        orchestrator: report.orchestrator.name(),
        worlds: total.worlds,
        sagas: total.sagas,
        calls: total.calls,
        faults: faults(&total),
        violations_total: total.violations + total.unequal,
        violations: report.rows().flat_map(|(scenario, tally)| violations(report, scenario, tally)).collect(),
        scenarios: report.rows().map(|(scenario, tally)| row(scenario, tally)).collect(),
        unreached: unreached.collect(),
        cut_by_time_budget: report.swept.cut,
        timings: timings.then(|| Timings {
            took_ms: u64::try_from(report.swept.took.as_millis()).unwrap_or(u64::MAX),
            worlds_per_second: words::rate(total.worlds, report.swept.took),
        }),
    };
    serde_json::to_writer(&mut *out, &object)?;
    out.write_all(b"\n")
}

const fn faults(tally: &Tally) -> Faults {
    Faults { drawn: tally.drawn, struck: tally.struck, effective: tally.effective }
}

fn violations<'a>(report: &Report<'a>, scenario: &'a Scenario, tally: &'a Tally) -> Vec<Violation<'a>> {
    let differed = tally.first_unequal.map(|seed| Violation {
        scenario: &scenario.name,
        seed,
        checker: SAME_WORLD_TWICE,
        diagnosis: None,
        customer: None,
        message: super::differed(tally.unequal),
        replay: report.replay(scenario, seed),
    });
    let convictions = tally.convictions.iter().map(|conviction| Violation {
        scenario: &scenario.name,
        seed: conviction.seed,
        checker: conviction.violation.checker.name(),
        diagnosis: conviction.violation.diagnosis.map(crate::check::Diagnosis::name),
        customer: Some(&*conviction.violation.customer).filter(|customer| !customer.is_empty()),
        message: conviction.violation.message.clone(),
        replay: report.replay(scenario, conviction.seed),
    });
    differed.into_iter().chain(convictions).collect()
}

fn row<'a>(scenario: &'a Scenario, tally: &Tally) -> Row<'a> {
    let micros = |length: Nanos| length.0 / 1_000;
    let marks = |reached| scenario.sometimes.iter().filter(move |mark| tally.marks.has(**mark) == reached);
    Row {
        name: &scenario.name,
        level: scenario.level.name(),
        worlds: tally.worlds,
        sagas: tally.sagas,
        calls: tally.calls,
        exchanges: tally.exchanges,
        crashes: tally.crashes,
        faults: faults(tally),
        compensations: tally.compensations,
        parked: tally.parked,
        latency_us: Latency {
            p50: tally.latencies.percentile(50).map(micros),
            p99: tally.latencies.percentile(99).map(micros),
        },
        violations: tally.violations,
        reached: marks(true).map(|mark| mark.name()).collect(),
        unreached: marks(false).map(|mark| mark.name()).collect(),
    }
}
