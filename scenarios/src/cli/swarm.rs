//! `sagaproof explore SCENARIO --swarm`: guided random worlds in generations instead of every schedule.

use std::io::Write;
use std::path::Path;

use clap::Args;

use super::explore::{Format, failure, shrunk};
use super::failures::Failures;
use super::output::{self, Output};
use super::{Failure, progress};
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::report::explored::json;
use crate::report::github;
use crate::report::swarmed::{self, Report};

pub(super) use crate::explore::swarm::Order;

/// How many worlds are run where nobody says otherwise.
const SEEDS: u64 = 10_000;

/// The arguments of a swarm.
#[derive(Debug, Args)]
pub(super) struct Swarming {
    /// Runs guided random worlds in generations instead of every schedule
    #[arg(long, conflicts_with_all = ["depth", "seed", "memory", "unpruned", "partition"])]
    pub(super) swarm: bool,
    /// With `--swarm`: how many worlds at most, the seeds 0 to N-1 (default: 10000)
    #[arg(long, value_name = "N", requires = "swarm", value_parser = clap::value_parser!(u64).range(1..))]
    seeds: Option<u64>,
}

impl Swarming {
    /// How many worlds at most.
    pub(super) fn seeds(&self) -> u64 {
        self.seeds.unwrap_or(SEEDS)
    }
}

/// Carries it out.
pub(super) fn execute(
    order: &Order<'_>,
    format: Format,
    output: &Output,
    failures: Option<&Path>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    if format == Format::Html {
        return Err(Diagnostic::new("a swarm has no page: give another --format than html").into());
    }
    let output = output.open()?;
    let failures = failures.map(Failures::into).transpose()?;
    let bar = progress::bar(order.seeds, "worlds");
    let swarmed = order.run(&|worlds| bar.inc(worlds));
    bar.finish_and_clear();
    let swarmed = swarmed.map_err(|error| failure(order.scenario, order.orchestrator, &error))?;
    let found = swarmed.convictions.iter().map(|found| (found.checker, found.seed, &*found.deviations));
    let shrunk = shrunk(order.scenario, order.orchestrator, found)?;
    let report = Report { order, swarmed: &swarmed, shrunk: &shrunk };
    let object = report.object();
    output::write(output, out, err, |out| match format {
        Format::Terminal => swarmed::terminal(&report, out),
        Format::Ndjson => swarmed::write_lines(&report, &object, out),
        Format::Junit => swarmed::write_junit(&report, &object, out),
        // A page was refused above.
        Format::Json | Format::Html => json(&object, out),
    })?;
    if format != Format::Terminal && swarmed.cut {
        writeln!(err, "The swarm was cut off: see `worlds` and `cut`.")?;
    }
    if let Some(mut failures) = failures {
        let each = swarmed.convictions.iter().zip(&shrunk);
        let each = each.map(|(found, shrunk)| (found.checker, found.seed, shrunk));
        failures.shrunk(order.scenario, order.orchestrator, each)?;
        failures.say(order.orchestrator, err)?;
    }
    if github::listens() {
        github::write(&[report.case(&object)], err)?;
    }
    Ok(if swarmed.convictions.is_empty() { Exit::Held } else { Exit::Violated })
}
