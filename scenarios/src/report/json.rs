//! The report for machines: one object on one line, the same bytes for the same worlds whatever the threads. Real times
//! are in it only where they were asked for. A report that is a part of a run also holds what joining it needs.

use std::io::{self, Write};

use sagaproof_sim::clock::Nanos;

use super::wire::{FORMAT, Faults, Latency, Object, Part, PartRow, Row, Seeds, Timings, Unreached};
use super::{Report, Sheet, words};
use crate::run::sweep::Swept;
use crate::run::{Partition, Tally};
use crate::scenario::Mark;

/// Writes the report; with real times where it is given what took them.
///
/// # Errors
/// Where it cannot be written.
pub fn write(report: &Report, timed: Option<&Swept>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &object(report, timed))?;
    out.write_all(b"\n")
}

pub(super) fn object(report: &Report, timed: Option<&Swept>) -> Object {
    let total = report.total();
    Object {
        format: FORMAT.to_owned(),
        verdict: report.verdict().name().to_owned(),
        orchestrator: report.orchestrator.clone(),
        worlds: total.worlds,
        sagas: total.sagas,
        calls: total.calls,
        faults: faults(&total),
        violations_total: total.violations.saturating_add(total.unequal),
        violations: report.sheets.iter().flat_map(Sheet::violations).cloned().collect(),
        scenarios: report.sheets.iter().map(row).collect(),
        unreached: unreached(report),
        cut_by_time_budget: report.cut,
        timings: timed.map(|swept| timings(&total, swept)),
        part: report.partition.map(|partition| part(report, partition)),
    }
}

const fn faults(tally: &Tally) -> Faults {
    Faults { drawn: tally.drawn, struck: tally.struck, effective: tally.effective }
}

fn timings(total: &Tally, swept: &Swept) -> Timings {
    Timings {
        took_ms: u64::try_from(swept.took.as_millis()).unwrap_or(u64::MAX),
        worlds_per_second: words::rate(total.worlds, swept.took),
    }
}

fn unreached(report: &Report) -> Vec<Unreached> {
    let unreached = report.unreached().map(|unreached| Unreached {
        scenario: unreached.scenario.to_owned(),
        mark: unreached.mark.name().to_owned(),
        meaning: unreached.mark.meaning().to_owned(),
        judged: unreached.judged,
    });
    unreached.collect()
}

fn row(sheet: &Sheet) -> Row {
    let micros = |length: Nanos| length.0 / 1_000;
    let tally = &sheet.tally;
    Row {
        name: sheet.name.clone(),
        level: sheet.level.name().to_owned(),
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
        undecided: tally.undecided,
        violations: tally.violations,
        reached: names(sheet.marks(true)),
        unreached: names(sheet.marks(false)),
    }
}

fn part(report: &Report, partition: Partition) -> Part {
    let rows = report.sheets.iter().map(|sheet| PartRow {
        hash: format!("{:016x}", sheet.hash),
        sometimes: names(sheet.sometimes.iter().copied()),
        unequal: sheet.tally.unequal,
        latencies: sheet.tally.latencies.buckets().collect(),
    });
    Part {
        number: partition.number(),
        of: partition.of(),
        program: super::merge::PROGRAM.to_owned(),
        orchestrator: format!("{:016x}", report.orchestrator_hash),
        seeds: Seeds::of(&report.seeds),
        scenarios: rows.collect(),
    }
}

fn names(marks: impl Iterator<Item = Mark>) -> Vec<String> {
    marks.map(|mark| mark.name().to_owned()).collect()
}
