//! `sagaproof replay`: one world again, from a schedule or from a seed, with the timeline of what happened.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use sagaproof_sim::chaos::schedule::{MAX_BYTES, Schedule};

use super::{Failure, file, orchestrator, select};
use crate::check::CheckerName;
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::explore::shrink;
use crate::report::replay::{Replayed, write};
use crate::report::scenario_argument;
use crate::report::story::{self, Story};
use crate::run::{Judge, Plot, Record, judges, route_names};
use crate::scenario::Scenario;
use crate::version::{self, Orchestrator};
use crate::workload::Workload;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A schedule
    #[arg(value_name = "FILE", required_unless_present_all = ["scenario", "seed"], conflicts_with_all = ["scenario", "seed"])]
    file: Option<PathBuf>,
    /// A scenario: its name, the path of a file with one scenario, or PATH:NAME
    #[arg(long, value_name = "NAME", requires = "seed")]
    scenario: Option<String>,
    /// The world's seed
    #[arg(long, value_name = "S", requires = "scenario")]
    seed: Option<u64>,
    #[command(flatten)]
    orchestrator: orchestrator::Wanted,
    /// Also shows what the orchestrator logs and commits
    #[arg(long)]
    logs: bool,
    /// Where a checker convicts, looks for the smallest world in which it still does, and tells that one instead
    #[arg(long)]
    shrink: bool,
    /// Writes what was not uneventful into this file, as a schedule
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let (written, seed) = (arguments.scenario.as_deref(), arguments.seed.unwrap_or_default());
    let schedule = arguments.file.as_deref().map(read).transpose()?;
    let (written, seed) = match &schedule {
        Some(schedule) => (schedule.scenario.as_str(), schedule.seed),
        None => (written.unwrap_or_default(), seed),
    };
    let scenario = select::scenario(written)?;
    let otherwise = schedule.as_ref().map_or(version::DEFAULT, |schedule| &schedule.orchestrator);
    let orchestrator = arguments.orchestrator.chosen(otherwise)?;
    select::suited_one(&scenario, &orchestrator)?;
    if let Some(schedule) = &schedule {
        stale(schedule, &scenario, err)?;
    }
    let Some(appoint) = judges(&orchestrator) else {
        return Err(Failure::Run(format!("there is no orchestrator `{}`", orchestrator.name())));
    };
    let mut judge = appoint(&scenario);
    let plot = schedule.as_ref().map(|Schedule { deviations, without, .. }| Plot { deviations, without });
    let record = judge.record(seed, plot);
    if let Some(why) = judge.broken() {
        return Err(Failure::Run(why));
    }
    if arguments.shrink && !record.violations.is_empty() {
        let without = plot.map_or(&[][..], |plot| plot.without);
        let found = Found { scenario: &scenario, seed, orchestrator: &orchestrator, record: &record, without };
        return shrunk(&found, &mut *judge, arguments.save.as_deref(), out);
    }
    if let Some(path) = &arguments.save {
        let without = plot.map_or(&[][..], |plot| plot.without);
        save(path, &scenario, seed, &orchestrator, Plot { deviations: &record.chosen, without })?;
    }
    let (logs, schedule) = (arguments.logs, arguments.file.as_deref());
    let replayed = Replayed { scenario: &scenario, seed, orchestrator: &orchestrator, record: &record, logs, schedule };
    write(&replayed, out)?;
    Ok(if record.violations.is_empty() { Exit::Held } else { Exit::Violated })
}

/// A world that violates, to be shrunk.
struct Found<'a> {
    scenario: &'a Scenario,
    seed: u64,
    orchestrator: &'a Orchestrator,
    record: &'a Record,
    without: &'a [u32],
}

/// Tells the smallest counterexample of each checker that convicts; the first one is saved.
fn shrunk(found: &Found<'_>, judge: &mut dyn Judge, path: Option<&Path>, out: &mut dyn Write) -> Result<Exit, Failure> {
    let Found { scenario, seed, orchestrator, record, without } = *found;
    let operations = Workload::operations(scenario, seed);
    let checkers: BTreeSet<CheckerName> = record.violations.iter().map(|violation| violation.checker).collect();
    let plot = Plot { deviations: &record.chosen, without };
    writeln!(out, "{} / seed {seed}, orchestrator {}", scenario.name, orchestrator.name())?;
    for (place, checker) in checkers.into_iter().enumerate() {
        let smallest = shrink(judge, seed, checker, plot, &operations);
        if let Some(why) = judge.broken() {
            return Err(Failure::Run(why));
        }
        let Some(smallest) = smallest else {
            writeln!(
                out,
                "\n{}: convicts in the world of the seed, and not where only its faults are kept",
                checker.name()
            )?;
            continue;
        };
        if let (0, Some(path)) = (place, path) {
            let plot = Plot { deviations: &smallest.deviations, without: &smallest.without };
            save(path, scenario, seed, orchestrator, plot)?;
        }
        writeln!(out)?;
        story::write(&Story { scenario, seed, orchestrator, checker, shrunk: &smallest }, out)?;
    }
    writeln!(out, "\nVIOLATED")?;
    Ok(Exit::Violated)
}

/// Reads a schedule.
pub(super) fn read(path: &Path) -> Result<Schedule, Failure> {
    let bytes = file::read(path, MAX_BYTES as u64)?;
    let wrong = |error| Diagnostic::new(format!("{}: {error}", path.display()));
    Schedule::parse(&bytes, route_names()).map_err(|error| wrong(error).into())
}

/// Says what of a schedule can no longer happen as it did.
pub(super) fn stale(schedule: &Schedule, scenario: &Scenario, err: &mut dyn Write) -> Result<(), Failure> {
    if schedule.hash != scenario.hash {
        writeln!(
            err,
            "note: `{}` has changed since the schedule was written; what still exists is replayed",
            scenario.name
        )?;
    }
    for stale in &schedule.stale {
        let (line, system, route) = (stale.line, stale.system.name(), &stale.route);
        writeln!(err, "note: line {line} is left out: {system} has no route `{route}` any more")?;
    }
    Ok(())
}

/// Writes a schedule.
pub(super) fn save(
    path: &Path,
    scenario: &Scenario,
    seed: u64,
    orchestrator: &Orchestrator,
    Plot { deviations: chosen, without }: Plot<'_>,
) -> Result<(), Failure> {
    let schedule = Schedule {
        scenario: scenario_argument(scenario),
        hash: scenario.hash,
        seed,
        orchestrator: orchestrator.name().to_owned(),
        deviations: chosen.to_vec(),
        without: without.to_vec(),
        stale: Vec::new(),
    };
    fs::write(path, schedule.text(route_names()))
        .map_err(|error| Failure::Run(format!("{}: cannot be written: {error}", path.display())))
}
