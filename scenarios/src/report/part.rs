//! The parts of a swept run: read again from their reports, and joined to the report of the whole.

use std::ops::Range;

use super::json::{self, object};
use super::merge::{File, Joined, ONE_RUN, about};
use super::wire::{Object, Part, PartRow, Row, Seeds, Violation};
use super::{Report, Sheet};
use crate::diagnostic::Diagnostic;
use crate::run::{Histogram, Partition, Tally};
use crate::scenario::{Level, Mark};

/// Joins all parts of a run.
pub(super) fn join(files: &[File]) -> Result<Joined, Diagnostic> {
    let mut whole: Option<Report> = None;
    for file in files {
        let part = read(file)?;
        match &mut whole {
            None => whole = Some(part),
            Some(whole) => {
                if let Some(what) = difference(whole, &part) {
                    let first = &files[0].name;
                    return Err(about(file, &format!("is a part of another run than `{first}`: {what}")).fix(ONE_RUN));
                }
                whole.sheets.iter_mut().zip(part.sheets).for_each(|(sheet, more)| sheet.merge(more));
                whole.cut |= part.cut;
            }
        }
    }
    let Some(mut whole) = whole else { return Err(Diagnostic::new("there is nothing to join")) };
    whole.partition = None;
    let mut report = Vec::new();
    // Writing into memory does not fail.
    let _ = json::write(&whole, None, &mut report);
    let report = String::from_utf8_lossy(&report).into_owned();
    Ok(Joined { report, verdict: whole.verdict(), news: whole.unreached_cases() })
}

/// By what two parts are not parts of the same run.
fn difference(one: &Report, other: &Report) -> Option<String> {
    let seeds = |Range { start, end }: &Range<u64>| format!("{start} to {}", end.saturating_sub(1));
    if one.orchestrator != other.orchestrator {
        return Some(format!("its orchestrator is `{}`, not `{}`", other.orchestrator, one.orchestrator));
    }
    if one.orchestrator_hash != other.orchestrator_hash {
        return Some(format!("its orchestrator `{}` has another content", other.orchestrator));
    }
    if one.seeds != other.seeds {
        return Some(format!("its run has the seeds {}, not {}", seeds(&other.seeds), seeds(&one.seeds)));
    }
    if !one.sheets.iter().map(|sheet| &sheet.name).eq(other.sheets.iter().map(|sheet| &sheet.name)) {
        return Some("its scenarios are others".to_owned());
    }
    let same = |one: &Sheet, other: &Sheet| {
        one.hash == other.hash && one.level == other.level && one.sometimes == other.sometimes
    };
    let changed = one.sheets.iter().zip(&other.sheets).find(|(one, other)| !same(one, other));
    changed.map(|(sheet, _)| format!("its scenario `{}` has another content", sheet.name))
}

/// Reads a part. What it says in sum must follow from what it says one by one, so that nothing is joined that was not
/// written so.
fn read(file: &File) -> Result<Report, Diagnostic> {
    let mut written: Object = serde_json::from_str(&file.text)
        .map_err(|error| about(file, &format!("is not a part of a run: {error}")).fix(WRITE_AGAIN))?;
    written.timings = None;
    let report = report(&written).filter(|report| object(report, None) == written);
    report.ok_or_else(|| about(file, "does not add up: it was changed since it was written").fix(WRITE_AGAIN))
}

const WRITE_AGAIN: &str = "run this part again";

/// What a part found; `None` where it says what no part says.
fn report(written: &Object) -> Option<Report> {
    let Part { number, of, program: _, orchestrator, seeds: Seeds { first, count }, scenarios } =
        written.part.as_ref()?;
    let sheets = written.scenarios.iter().zip(scenarios).map(|(row, more)| {
        let told = written.violations.iter().filter(|violation| violation.scenario == row.name);
        sheet(row, more, told.cloned())
    });
    Some(Report {
        orchestrator: written.orchestrator.clone(),
        orchestrator_hash: u64::from_str_radix(orchestrator, 16).ok()?,
        seeds: *first..first.checked_add(*count)?,
        partition: Some(Partition::new(*number, *of)?),
        sheets: sheets.collect::<Option<_>>()?,
        cut: written.cut_by_time_budget,
    })
}

fn sheet(row: &Row, more: &PartRow, told: impl Iterator<Item = Violation>) -> Option<Sheet> {
    let marks = |names: &[String]| names.iter().map(|name| Mark::from_name(name)).collect::<Option<Vec<_>>>();
    let mut tally = Tally {
        worlds: row.worlds,
        sagas: row.sagas,
        calls: row.calls,
        exchanges: row.exchanges,
        crashes: row.crashes,
        drawn: row.faults.drawn,
        struck: row.faults.struck,
        effective: row.faults.effective,
        compensations: row.compensations,
        parked: row.parked,
        latencies: Histogram::of(more.latencies.iter().copied())?,
        undecided: row.undecided,
        violations: row.violations,
        unequal: more.unequal,
        ..Tally::default()
    };
    marks(&row.reached)?.into_iter().for_each(|mark| tally.marks.add(mark));
    let level = Level::ALL.into_iter().find(|level| level.name() == row.level)?;
    let hash = u64::from_str_radix(&more.hash, 16).ok()?;
    Some(Sheet::read((row.name.clone(), level, hash), marks(&more.sometimes)?, tally, told))
}
