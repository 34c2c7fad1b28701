//! `sagaproof explore`: every schedule of one scenario up to so many deviations.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::failures::Failures;
use super::output::{self, Output};
use super::{Failure, duration, orchestrator, progress, run, select};
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::explore::{ExploreError, Explored, Order, Progress, Shrunk, shrink};
use crate::report::explored::{self, Report};
use crate::report::{github, html};
use crate::run::{Partition, Plot, judges};
use crate::version;
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
  run        schedules that were run to their end";

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
enum Format {
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
    let explored = explored.map_err(|error| failure(&order, &error))?;
    let shrunk = shrunk(&order, &explored)?;
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
        failures.explored(&order, &explored, &shrunk)?;
        failures.say(&orchestrator, err)?;
    }
    if github::listens() {
        github::write(&[report.case(&object)], err)?;
    }
    Ok(if explored.counterexamples.is_empty() { Exit::Held } else { Exit::Violated })
}

fn failure(order: &Order<'_>, error: &ExploreError) -> Failure {
    Failure::Run(match error {
        ExploreError::TooDeep { states, most } => {
            let message = format!(
                "at depth {} about {states} states are to be expected, and the memory holds {most}",
                order.depth
            );
            let fix = "give a lower `--depth`, more `--memory`, or a `--time-budget` that cuts the search off";
            return Diagnostic::new(message).value(order.depth.to_string()).fix(fix).into();
        }
        ExploreError::NoOrchestrator => format!("there is no orchestrator `{}`", order.orchestrator.name()),
        ExploreError::Thread(error) => format!("a thread cannot be started: {error}"),
        ExploreError::Panicked => {
            format!("a world of {} panicked under {}", order.scenario.name, order.orchestrator.name())
        }
        ExploreError::Broken(why) => format!("{why}\n  in a world of {}", order.scenario.name),
    })
}

/// Each counterexample as small as it gets.
fn shrunk(order: &Order<'_>, explored: &Explored) -> Result<Vec<Shrunk>, Failure> {
    let appoint = judges(order.orchestrator).ok_or_else(|| failure(order, &ExploreError::NoOrchestrator))?;
    let mut judge = appoint(order.scenario);
    let operations = Workload::operations(order.scenario, order.seed);
    let each = explored.counterexamples.iter().map(|counterexample| {
        let (checker, plot) = (counterexample.checker, Plot::of(&counterexample.deviations));
        let shrunk = shrink(&mut *judge, order.seed, checker, plot, &operations);
        if let Some(why) = judge.broken() {
            return Err(failure(order, &ExploreError::Broken(why)));
        }
        shrunk.ok_or_else(|| {
            let checker = checker.name();
            Failure::Run(format!(
                "what {checker} convicts in the search it does not convict in a replay: {counterexample:?}"
            ))
        })
    });
    each.collect()
}
