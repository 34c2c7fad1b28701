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
use crate::diagnostic::nearest::nearest;
use crate::exit::Exit;
use crate::explore::shrink;
use crate::report::replay::{Replayed, write};
use crate::report::scenario_argument;
use crate::report::story::{self, Story};
use crate::report::words;
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
    /// Ends with exit code 3 where some of the schedule's deviations are not reached
    #[arg(long, conflicts_with_all = ["scenario", "seed"])]
    strict: bool,
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
    let scenario = match &arguments.file {
        Some(file) => select::scenario_of(written, file)?,
        None => select::scenario(written)?,
    };
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
    let unmet = Unmet::of(schedule.as_ref(), &record);
    if arguments.shrink && !record.violations.is_empty() {
        let without = plot.map_or(&[][..], |plot| plot.without);
        let found = Found { scenario: &scenario, seed, orchestrator: &orchestrator, record: &record, without };
        let exit = shrunk(&found, &mut *judge, arguments.save.as_deref(), out)?;
        return unmet.tell(exit, arguments.strict, out, err);
    }
    if let Some(path) = &arguments.save {
        let without = plot.map_or(&[][..], |plot| plot.without);
        save(path, &scenario, seed, &orchestrator, Plot { deviations: &record.chosen, without })?;
    }
    let named = schedule.as_ref().map(|schedule| schedule.orchestrator.as_str());
    let (logs, schedule) = (arguments.logs, arguments.file.as_deref().zip(named));
    let replayed = Replayed { scenario: &scenario, seed, orchestrator: &orchestrator, record: &record, logs, schedule };
    write(&replayed, out)?;
    let exit = if record.violations.is_empty() { Exit::Held } else { Exit::Violated };
    unmet.tell(exit, arguments.strict, out, err)
}

/// How many deviations of a schedule did not happen, and of how many.
#[derive(Debug, Clone, Copy, Default)]
struct Unmet {
    left: usize,
    all: usize,
}

impl Unmet {
    fn of(schedule: Option<&Schedule>, record: &Record) -> Self {
        let Some(Schedule { deviations, stale, .. }) = schedule else { return Self::default() };
        Self { left: record.stale.len() + stale.len(), all: deviations.len() + stale.len() }
    }

    /// Says so where some did not: what was replayed is another world than the one that was saved.
    fn tell(self, exit: Exit, strict: bool, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
        let Self { left, all } = self;
        if left == 0 {
            return Ok(exit);
        }
        let were = if left == 1 { "was" } else { "were" };
        let told = format!("{left} of {} {were} not reached", words::count(all as u64, "deviation", "deviations"));
        writeln!(out, "{told}")?;
        if strict {
            writeln!(err, "error: {told}, and `--strict` wants all of them")?;
            return Ok(Exit::CouldNotRun);
        }
        writeln!(err, "note: {told}; `--strict` makes that an error")?;
        Ok(exit)
    }
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
        let routes = route_names().get(stale.system as usize).copied().unwrap_or_default();
        let likely = nearest(route, routes.iter().copied());
        let likely = likely.map_or_else(|| " any more".to_owned(), |likely| format!("; did you mean `{likely}`?"));
        writeln!(err, "note: line {line} is left out: {system} has no route `{route}`{likely}")?;
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

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli::main;

    /// A schedule of which nothing can happen, and of which a route is misspelt.
    const NOWHERE: &str = "sagaproof schedule 1\nscenario create-one-fault\nhash 0\nseed 4\norchestrator naive\n\n\
                           exchange support purg subject=1 nth=0 html\nexchange commerce create subject=1 nth=9 html\n";

    fn replay(schedule: &str, flags: &[&str]) -> (Exit, String, String) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("it.schedule");
        fs::write(&file, schedule).unwrap();
        let words = ["sagaproof", "replay"].into_iter().map(OsString::from).chain([file.into_os_string()]);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let exit = main(words.chain(flags.iter().map(OsString::from)), &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).unwrap().replace(&*folder.path().to_string_lossy(), "FOLDER");
        (exit, text(out), text(err))
    }

    #[test]
    fn what_was_not_reached_is_told_last_and_is_an_error_where_that_is_wanted() {
        let told = "2 of 2 deviations were not reached";
        let (exit, out, err) = replay(NOWHERE, &["--orchestrator", "saga"]);
        assert_eq!((exit, out.lines().last()), (Exit::Held, Some(told)));
        assert!(err.contains(&format!("note: {told}")), "{err}");
        let (exit, out, err) = replay(NOWHERE, &["--orchestrator", "saga", "--strict"]);
        assert_eq!((exit, out.lines().last()), (Exit::CouldNotRun, Some(told)));
        assert!(err.ends_with(&format!("error: {told}, and `--strict` wants all of them\n")), "{err}");
        let empty: String = NOWHERE.split_inclusive('\n').take(5).collect();
        let (exit, out, err) = replay(&empty, &["--orchestrator", "saga", "--strict"]);
        assert!(exit == Exit::Held && !out.contains("not reached") && !err.contains("not reached"), "{out}{err}");
    }

    #[test]
    fn a_misspelt_route_finds_its_name() {
        let (_, _, err) = replay(NOWHERE, &[]);
        let note = "note: line 7 is left out: support has no route `purg`; did you mean `purge`?";
        assert!(err.contains(note), "{err}");
    }

    #[test]
    fn the_command_for_again_keeps_the_orchestrator_that_was_asked_for() {
        let again = |flags: &[&str]| {
            let (_, out, _) = replay(NOWHERE, flags);
            out.lines().find(|line| line.starts_with("again: ")).unwrap().to_owned()
        };
        assert_eq!(again(&[]), "again: sagaproof replay FOLDER/it.schedule");
        assert_eq!(again(&["--orchestrator", "naive"]), "again: sagaproof replay FOLDER/it.schedule");
        assert_eq!(
            again(&["--orchestrator", "saga"]),
            "again: sagaproof replay FOLDER/it.schedule --orchestrator saga"
        );
    }
}
