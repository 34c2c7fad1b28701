//! `sagaproof explore`: every schedule of one scenario up to so many deviations, or with `--swarm` guided random worlds,
//! which are `swarm`'s.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use sagaproof_sim::chaos::choices::Deviation;

use super::failures::Failures;
use super::output::{self, Output};
use super::{Failure, duration, orchestrator, progress, run, select, swarm};
use crate::check::CheckerName;
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::explore::{ExploreError, Order, Progress, Shrunk, shrink};
use crate::report::explored::{self, Report};
use crate::report::{github, html};
use crate::run::{Partition, Plot, judges};
use crate::scenario::Scenario;
use crate::version::{self, Orchestrator};
use crate::workload::Workload;

/// The columns of the table, for the help.
const COLUMNS: &str = "\
A deviation is a choice that is not the uneventful one: the fate of an exchange, a crash, how a commit ends, which of
two events that are due at once comes first. The search deepens one deviation at a time and stops at the first
violation, which therefore has the fewest. The table has a row for each depth:
  schedules  schedules of at most so many deviations that are covered, run or known
  states     distinct states (process, store, vendors, what is under way, what clients were promised, what checkers
             know, and how many deviations may still come)
  pruned     how often a way came to a state that was known
  run        schedules that were run to their end

With `--swarm`, worlds of the seeds 0 to N-1 are run in generations of 200. Each draws a subset of the kinds of faults and
a rate for each. Half of them draw freely; the other half is aimed at pairs of a state of the journal (step, direction,
what its attempts amount to, after a crash or not) and a fault that no world has met. It stops after the generation in
which a checker convicts. Its tables:
  states, pairs     states of the journal in which something could befall a world, and pairs met
  new               pairs met since the row above
  pairs on/off      pairs of other kinds, met in the worlds with this kind on and in those with it off
  only on/only off  those of them that are met on one side only; a kind hides others where these are clearly more on
                    the side without it than chance allows (five standard deviations)";

#[derive(Debug, Args)]
#[command(after_long_help = COLUMNS)]
pub(super) struct Arguments {
    /// The scenario: its name, the path of a file with one scenario, or PATH:NAME
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// How many deviations at most
    #[arg(long, value_name = "K", default_value_t = 2)]
    depth: u32,
    #[command(flatten)]
    swarming: swarm::Swarming,
    #[command(flatten)]
    orchestrator: orchestrator::Wanted,
    /// The seed of the world whose schedules are tried: it draws workload, latencies and windows
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// How many threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Cuts the search off after so long, as 60s; it says what it covered
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    time_budget: Option<Duration>,
    /// How many MiB the states that are kept may take
    #[arg(long, value_name = "MIB", default_value_t = 4_096, value_parser = clap::value_parser!(u64).range(1..))]
    memory: u64,
    /// Runs every schedule from the beginning, also where its states are known
    #[arg(long)]
    unpruned: bool,
    /// Explores one part of N: of the ways that branch off the uneventful world, every Nth from the Kth on
    #[arg(long, value_name = "K/N")]
    partition: Option<Partition>,
    /// Writes the schedule of each smallest counterexample into this folder
    #[arg(long, value_name = "DIR")]
    failures: Option<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Terminal,
    /// One object on one line
    Json,
    /// An object a line: how it began, each depth, each violation, the verdict
    Ndjson,
    /// XML for test runners
    Junit,
    /// A page for browsers, complete in one file
    Html,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let scenario = select::scenario(&arguments.scenario)?;
    let orchestrator = arguments.orchestrator.chosen(version::DEFAULT)?;
    select::suited_one(&scenario, &orchestrator)?;
    if arguments.swarming.swarm {
        let order = swarm::Order {
            scenario: &scenario,
            orchestrator: &orchestrator,
            seeds: arguments.swarming.seeds(),
            threads: run::threads(arguments.threads),
            budget: arguments.time_budget,
            guided: true,
        };
        return swarm::execute(&order, arguments.format, &arguments.output, arguments.failures.as_deref(), out, err);
    }
    let order = Order {
        scenario: &scenario,
        orchestrator: &orchestrator,
        seed: arguments.seed,
        depth: arguments.depth,
        threads: run::threads(arguments.threads),
        pruning: !arguments.unpruned,
        part: arguments.partition,
        budget: arguments.time_budget,
        memory: arguments.memory << 20,
    };
    let output = arguments.output.open()?;
    let mut failures = arguments.failures.as_deref().map(Failures::into).transpose()?;
    let bar = progress::schedules();
    let explored = order.run(&|progress| match progress {
        Progress::Depth(depth, estimate) => {
            bar.set_position(0);
            bar.set_length(estimate.unwrap_or(1));
            bar.set_message(format!("depth {depth}"));
        }
        Progress::Ran(ran) => bar.inc(ran),
    });
    bar.finish_and_clear();
    let explored = explored.map_err(|error| match error {
        ExploreError::TooDeep { states, most } => too_deep(&order, states, most),
        error => failure(&scenario, &orchestrator, &error),
    })?;
    let found = explored.counterexamples.iter().map(|found| (found.checker, order.seed, &*found.deviations));
    let shrunk = shrunk(&scenario, &orchestrator, found)?;
    let report = Report { order: &order, explored: &explored, shrunk: &shrunk };
    let object = report.object();
    output::write(output, out, err, |out| match arguments.format {
        Format::Terminal => explored::terminal(&report, out),
        Format::Json => explored::json(&object, out),
        Format::Ndjson => explored::write_lines(&report, &object, out),
        Format::Junit => explored::write_junit(&report, &object, out),
        Format::Html => html::explored(&report, out),
    })?;
    if arguments.format != Format::Terminal && explored.cut.is_some() {
        writeln!(err, "The search was cut off: see `exhausted` and `cut`.")?;
    }
    if let Some(failures) = &mut failures {
        let checkers = explored.counterexamples.iter().map(|found| found.checker);
        let each = checkers.zip(&shrunk).map(|(checker, shrunk)| (checker, order.seed, shrunk));
        failures.shrunk(&scenario, &orchestrator, each)?;
        failures.say(&orchestrator, err)?;
    }
    if github::listens() {
        github::write(&[report.case(&object)], err)?;
    }
    Ok(if explored.counterexamples.is_empty() { Exit::Held } else { Exit::Violated })
}

fn too_deep(order: &Order<'_>, states: u64, most: u64) -> Failure {
    let depth = order.depth;
    let message = format!("at depth {depth} about {states} states are to be expected, and the memory holds {most}");
    let fix = "give a lower `--depth`, more `--memory`, or a `--time-budget` that cuts the search off";
    Diagnostic::new(message).value(depth.to_string()).fix(fix).into()
}

/// Why there was no search.
pub(super) fn failure(scenario: &Scenario, orchestrator: &Orchestrator, error: &ExploreError) -> Failure {
    Failure::Run(match error {
        ExploreError::NoOrchestrator => format!("there is no orchestrator `{}`", orchestrator.name()),
        ExploreError::Thread(error) => format!("a thread cannot be started: {error}"),
        ExploreError::Panicked => format!("a world of {} panicked under {}", scenario.name, orchestrator.name()),
        ExploreError::Astray(checker) => format!(
            "{} convicts a schedule of {} that cannot be found again: two states were taken for one\n  \
             search with `--unpruned`, and report this, please",
            checker.name(),
            scenario.name
        ),
        ExploreError::Broken(why) => format!("{why}\n  in a world of {}", scenario.name),
        ExploreError::TooDeep { states, most } => format!("{states} states do not fit where {most} do"),
    })
}

/// Each counterexample as small as it gets. It is given as the checker that convicts, the world's seed, its deviations.
pub(super) fn shrunk<'a>(
    scenario: &Scenario,
    orchestrator: &Orchestrator,
    found: impl Iterator<Item = (CheckerName, u64, &'a [Deviation])>,
) -> Result<Vec<Shrunk>, Failure> {
    let failure = |error| failure(scenario, orchestrator, &error);
    let appoint = judges(orchestrator).ok_or_else(|| failure(ExploreError::NoOrchestrator))?;
    let mut judge = appoint(scenario);
    let each = found.map(|(checker, seed, deviations)| {
        let operations = Workload::operations(scenario, seed);
        let shrunk = shrink(&mut *judge, seed, checker, Plot::of(deviations), &operations);
        if let Some(why) = judge.broken() {
            return Err(failure(ExploreError::Broken(why)));
        }
        shrunk.ok_or_else(|| {
            let checker = checker.name();
            Failure::Run(format!(
                "what {checker} convicts in the search it does not convict in a replay: seed {seed}, {deviations:?}"
            ))
        })
    });
    each.collect()
}
