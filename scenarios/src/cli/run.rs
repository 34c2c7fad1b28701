//! `sagaproof run`: sweeps scenarios over seeds, judges every world, and reports.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use regex_lite::Regex;

use super::failures::Failures;
use super::output::{self, Output};
use super::{Failure, duration, orchestrator, progress, select};
use crate::exit::Exit;
use crate::report::{self, Report, github, html, json, junit, ndjson, terminal};
use crate::run::Partition;
use crate::run::sweep::{Order, SweepError};
use crate::version;

/// The columns of the table, for the help.
const COLUMNS: &str = "\
The table has a row for each scenario:
  worlds       distinct worlds that were run and judged; one in 64 runs twice, and must show the same trace
  sagas        sagas that began; without a journal, operations that ask for a change and came to the hub
  calls        requests from the hub to vendors
  drawn        faults that chance drew
  struck       faults that were applied
  effective    faults that changed what somebody heard or did
  compensated  compensating calls that vendors handled
  parked       how often a saga was parked for the operator
  p50, p99     virtual time from a client's first sending until its outcome was known
  worlds/s     worlds a second of one thread
  sometimes    how much of what must happen sometimes did; judged from 500 worlds of a scenario on";

#[derive(Debug, Args)]
#[command(after_long_help = COLUMNS)]
pub(super) struct Arguments {
    /// Scenario files, or folders of them (default: the suites built in)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How many worlds of each scenario: the seeds 0 to N-1
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Runs the one world of this seed of each scenario
    #[arg(long, value_name = "S", conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Begins no more worlds after so long, as 60s; such a run says so
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    time_budget: Option<Duration>,
    /// How many threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Only the scenarios in whose names this regular expression is found
    #[arg(long, value_name = "RE")]
    filter: Option<Regex>,
    #[command(flatten)]
    orchestrator: orchestrator::Wanted,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Also reports real times where they are left out otherwise
    #[arg(long)]
    timings: bool,
    /// Runs the K-th of N parts only; `sagaproof merge-reports` joins their JSON reports
    #[arg(long, value_name = "K/N")]
    partition: Option<Partition>,
    /// Writes a schedule for each failing world that is told into this folder
    #[arg(long, value_name = "DIR")]
    failures: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Terminal,
    /// One object on one line
    Json,
    /// An object a line, the verdict last
    Ndjson,
    /// JUnit's XML, a test case a scenario
    Junit,
    /// A page for browsers, complete in one file
    Html,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let orchestrator = arguments.orchestrator.chosen(version::DEFAULT)?;
    let scenarios = select::scenarios(&arguments.paths, arguments.filter.as_ref())?;
    let scenarios = select::suited(scenarios, &[&orchestrator], err)?;
    let seeds = arguments.seed.map_or(0..arguments.seeds, |seed| seed..seed.saturating_add(1));
    let part = arguments.partition.map(|partition| (partition, seeds.clone()));
    let order = Order {
        scenarios: &scenarios,
        orchestrator: &orchestrator,
        seeds: arguments.partition.map_or(seeds.clone(), |partition| partition.block(seeds)),
        threads: threads(arguments.threads),
        budget: arguments.time_budget,
    };
    let mut failures = arguments.failures.as_deref().map(Failures::into).transpose()?;
    let mut output = arguments.output.open()?;
    if arguments.format == Format::Ndjson {
        output::begin(output.as_mut(), out, |out| ndjson::begin(&order, part.as_ref(), out))?;
    }
    let bar = progress::bar(order.worlds(), "worlds");
    let swept = order.run(&|worlds| bar.inc(worlds));
    bar.finish_and_clear();
    let swept = swept.map_err(|error| failure(error, &order))?;
    let report = Report::of(&order, part, &swept);
    let timed = arguments.timings.then_some(&swept);
    let sweep = terminal::Sweep { order: &order, swept: &swept, report: &report };
    output::write(output, out, err, |out| match arguments.format {
        Format::Terminal => terminal::write(sweep, out),
        Format::Json => json::write(&report, timed, out),
        Format::Ndjson => ndjson::write(&report, timed, out),
        Format::Junit => junit::write(&report, timed, out),
        Format::Html => html::run(sweep, out),
    })?;
    if swept.cut && arguments.format != Format::Terminal {
        writeln!(err, "The time budget ran out: {} worlds were run.", report.total().worlds)?;
    }
    if github::listens() {
        github::write(&report.cases(), err)?;
    }
    if let Some(failures) = &mut failures {
        failures.sweep(&order, &swept)?;
        failures.say(&orchestrator, err)?;
    }
    Ok(report.verdict().into())
}

/// Why there was no sweep, in words.
fn failure(error: SweepError, order: &Order<'_>) -> Failure {
    let alone = |place: usize, seed| {
        let scenario = &order.scenarios[place];
        let replay = report::replay_command(scenario, seed, order.orchestrator);
        format!("a world of {}; run it alone with: {replay}", scenario.name)
    };
    Failure::Run(match error {
        SweepError::NoOrchestrator => format!("there is no orchestrator `{}`", order.orchestrator.name()),
        SweepError::Panicked { scenario, seed } => format!("something panicked in {}", alone(scenario, seed)),
        SweepError::Broken { scenario, seed, why } => format!("{why}\n  in {}", alone(scenario, seed)),
        SweepError::Thread(error) => format!("a thread cannot be started: {error}"),
    })
}

pub(super) fn threads(asked: Option<NonZeroUsize>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}
