//! `sagaproof explore`: every schedule of one scenario up to so many deviations.

use std::io::Write;
use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;

use super::{Failure, duration, select};
use crate::exit::Exit;
use crate::explore::{ExploreError, Order};
use crate::version;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The scenario: its name, the path of a file with one scenario, or PATH:NAME
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// How many deviations at most
    #[arg(long, value_name = "K", default_value_t = 2)]
    depth: u32,
    /// The orchestrator to be judged
    #[arg(long, value_name = "NAME", default_value = version::DEFAULT)]
    orchestrator: String,
    /// The seed that draws the workload and the latencies of the world
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// How many threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Cuts the search off after so long, as 60s, and says what share it covered
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    time_budget: Option<Duration>,
    /// Runs every schedule from the beginning, also where its states are known
    #[arg(long)]
    unpruned: bool,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, _err: &mut dyn Write) -> Result<Exit, Failure> {
    let scenario = select::scenario(&arguments.scenario)?;
    let orchestrator = select::orchestrator(&arguments.orchestrator)?;
    let order = Order {
        scenario: &scenario,
        orchestrator,
        seed: arguments.seed,
        depth: arguments.depth,
        threads: super::run::threads(arguments.threads),
        pruning: !arguments.unpruned,
        part: (1, 1),
        budget: arguments.time_budget,
        memory: 4 << 30,
    };
    let explored = order.run(&|_| ()).map_err(|error| match error {
        ExploreError::NoOrchestrator => Failure::Run(format!("there is no orchestrator `{orchestrator}`")),
        ExploreError::Thread(error) => Failure::Run(format!("a thread cannot be started: {error}")),
        ExploreError::Panicked => Failure::Run("panicked".to_owned()),
    })?;
    for depth in &explored.depths {
        writeln!(out, "{depth:?}")?;
    }
    writeln!(out, "{:?} {:?} {:?}", explored.counterexamples, explored.cut, explored.took)?;
    Ok(Exit::Held)
}
