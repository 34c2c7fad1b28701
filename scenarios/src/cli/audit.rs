//! `sagaproof audit`: a checklist of saga design, answered for an orchestrator.

use std::io::Write;

use clap::{Args, ValueEnum};

use super::output::{self, Output};
use super::{Failure, orchestrator, progress};
use crate::audit::{Broken, Order};
use crate::exit::Exit;
use crate::report::audit::{self, Report, Verdict};
use crate::report::{html, replay_command};
use crate::{scenario, version};

/// How answers come about, for the help.
const ABOUT: &str = "\
Each item names scenarios that try it, what must have happened there for it to count as tried, and the checkers whose
conviction counts against it. It is
  held           where something tried it and no world convicts
  violated       where a world does: the first is named, with the command that replays it
  not exercised  where nothing tried it, so that nothing can be said

Exit codes: 0 all held, 1 some are violated, 2 bad input, 3 could not run, 4 none violated but some not exercised.";

#[derive(Debug, Args)]
#[command(after_long_help = ABOUT)]
pub(super) struct Arguments {
    #[command(flatten)]
    orchestrator: orchestrator::Wanted,
    /// How many worlds of each scenario: the seeds 0 to N-1
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seeds: u64,
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
    /// A table in Markdown
    Markdown,
    /// One object on one line
    Json,
    /// A page for browsers, complete in one file
    Html,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let orchestrator = arguments.orchestrator.chosen(version::DEFAULT)?;
    let scenarios = scenario::built_in()?;
    let order = Order { orchestrator: &orchestrator, scenarios: &scenarios, seeds: arguments.seeds };
    let output = arguments.output.open()?;
    let bar = progress::bar(order.worlds(), "worlds");
    let answered = order.run(&|| bar.inc(1));
    bar.finish_and_clear();
    let answered = answered.map_err(|Broken { scenario, seed, why }| {
        let replay = replay_command(&scenarios[scenario], seed, &orchestrator);
        Failure::Run(format!("{why}\n  in a world of {}; run it alone with: {replay}", scenarios[scenario].name))
    })?;
    let unknown = || Failure::Run(format!("there is no orchestrator `{}`", orchestrator.name()));
    let answered = answered.ok_or_else(unknown)?;
    let report = Report { order: &order, answered: &answered };
    output::write(output, out, err, |out| match arguments.format {
        Format::Terminal => audit::terminal(&report, out),
        Format::Markdown => audit::markdown(&report, out),
        Format::Json => audit::json(&report, out),
        Format::Html => html::audit(&report, out),
    })?;
    Ok(match report.verdict() {
        Verdict::Held => Exit::Held,
        Verdict::Violated => Exit::Violated,
        Verdict::Undecided => Exit::Undecided,
    })
}
