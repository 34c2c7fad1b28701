//! `sagaproof diff` and `sagaproof runbook`: what an operator is given about a saga of a running hub, or would have been
//! about the sagas that a world leaves parked. Such a world heals and nobody redrives.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sagaproof_orchestrator::operations::difference::{System, report};
use sagaproof_orchestrator::operations::outlook::outlook;
use sagaproof_orchestrator::operations::{Case, audit, runbook};
use sagaproof_sim::chaos::schedule::Schedule;
use serde::Serialize;

use super::{Failure, desk, replay, select};
use crate::exit::Exit;
use crate::run::{Plot, left};
use crate::version;

#[derive(Debug, Args)]
#[group(id = "asked", required = true, multiple = true)]
pub(super) struct Arguments {
    /// A saga of a running hub, as s1-2
    #[arg(value_name = "SAGA", conflicts_with_all = ["schedule", "scenario", "seed"], group = "asked")]
    saga: Option<String>,
    /// The hub's address for operators (default: SAGAPROOF_OPERATOR_URL)
    #[arg(long, value_name = "URL", requires = "saga")]
    hub: Option<String>,
    /// A schedule
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "seed"], group = "asked")]
    schedule: Option<PathBuf>,
    /// A scenario: its name, the path of a file with one scenario, or PATH:NAME
    #[arg(long, value_name = "NAME", requires = "seed", group = "asked")]
    scenario: Option<String>,
    /// The world's seed
    #[arg(long, value_name = "S", requires = "scenario")]
    seed: Option<u64>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Json,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The difference report.
    Difference,
    /// The runbook, with the difference report and the audit trail.
    Runbook,
}

/// One parked saga, for machines.
#[derive(Serialize)]
struct Parked {
    saga: String,
    operation: &'static str,
    cust_no: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    correlation_id: String,
    step: &'static str,
    attempts: u32,
    refused: bool,
    past_pivot: bool,
    difference: Vec<System>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runbook: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trail: Option<Vec<audit::Line>>,
}

/// Carries it out.
pub(super) fn execute(
    wanted: Wanted,
    arguments: &Arguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    if let Some(saga) = &arguments.saga {
        let report = match wanted {
            Wanted::Difference => "difference",
            Wanted::Runbook => "runbook",
        };
        return desk::report(arguments.hub.as_deref(), saga, report, arguments.format == Format::Json, out);
    }
    let schedule = arguments.schedule.as_deref().map(replay::read).transpose()?;
    let (written, seed) = match &schedule {
        Some(schedule) => (schedule.scenario.as_str(), schedule.seed),
        None => (arguments.scenario.as_deref().unwrap_or_default(), arguments.seed.unwrap_or_default()),
    };
    let scenario = match &arguments.schedule {
        Some(file) => select::scenario_of(written, file)?,
        None => select::scenario(written)?,
    };
    if let Some(schedule) = &schedule {
        replay::stale(schedule, &scenario, err)?;
        if schedule.orchestrator != version::DEFAULT {
            writeln!(
                err,
                "note: the schedule is of `{}`; what follows is `{}`'s",
                schedule.orchestrator,
                version::DEFAULT
            )?;
        }
    }
    let plot = schedule.as_ref().map(|Schedule { deviations, without, .. }| Plot { deviations, without });
    let mut left = left(&scenario, seed, plot);
    let cases = Case::all(&left.rows, &left.engine).into_iter().filter(Case::is_parked);
    let mut parked = Vec::new();
    let mut texts = Vec::new();
    for case in cases {
        let systems = report(&case, &left.engine, &mut left.asked.clone());
        let text = match wanted {
            Wanted::Difference => runbook::difference(&case, &systems),
            Wanted::Runbook => {
                let outlook = outlook(&case, &left.engine, &mut left.asked);
                runbook::write(&case, &systems, &outlook)
            }
        };
        parked.push(told(&case, systems, wanted, &text));
        texts.push(text);
    }
    match arguments.format {
        Format::Json => {
            serde_json::to_writer(&mut *out, &parked).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        Format::Markdown if texts.is_empty() => writeln!(out, "Nothing is parked at the end of this world.")?,
        Format::Markdown => write!(out, "{}", texts.join("\n"))?,
    }
    Ok(Exit::Held)
}

fn told(case: &Case, difference: Vec<System>, wanted: Wanted, text: &str) -> Parked {
    let saga = &case.saga;
    let (step, attempts, refused) = saga.parked.unwrap_or_default();
    let whole = wanted == Wanted::Runbook;
    Parked {
        saga: saga.id.to_string(),
        operation: saga.began.wish.kind.name(),
        cust_no: saga.began.wish.cust_no.clone(),
        from: saga.began.wish.from.clone(),
        correlation_id: saga.began.correlation.clone(),
        step: saga.definition[usize::from(step)].name,
        attempts,
        refused,
        past_pivot: saga.pivoted,
        difference,
        runbook: whole.then(|| text.to_owned()),
        trail: whole.then(|| audit::trail(case)),
    }
}
