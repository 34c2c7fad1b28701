//! The commands that operate a running hub, over its operator API: `sagas`, `jobs`, `redrive`, `resolve`, `abandon`, `reconcile`, and
//! `diff` and `runbook` of one saga. Tables for people, the API's own JSON for machines.

mod client;
mod tables;

use std::env;
use std::io::Write;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use self::client::Client;
use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table for people
    Table,
    /// One JSON object a line
    Json,
}

/// Where the hub is. Its token is read from SAGAPROOF_OPERATOR_TOKEN.
#[derive(Debug, Args)]
pub(super) struct At {
    /// The hub's address for operators (default: SAGAPROOF_OPERATOR_URL)
    #[arg(long, value_name = "URL")]
    hub: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Sagas {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Lists the sagas that have not ended
    List {
        #[command(flatten)]
        at: At,
        /// Only those that stand so: queued, running, compensating, settling, parked, resolving, abandoning
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
    },
    /// Shows one saga, with what happened
    Show {
        #[command(flatten)]
        at: At,
        /// The saga, as s1-2
        saga: String,
    },
    /// Lists them over and over, until a signal ends it
    Watch {
        #[command(flatten)]
        at: At,
        /// The pause between two lists, in milliseconds
        #[arg(long, value_name = "MS", default_value_t = 1_000)]
        every: u64,
        /// So many lists, then it ends
        #[arg(long, value_name = "N")]
        times: Option<u32>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Jobs {
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
pub(super) struct Redrive {
    #[command(flatten)]
    at: At,
    /// The saga, as s1-2
    #[arg(required_unless_present = "all")]
    saga: Option<String>,
    /// Every saga that is parked
    #[arg(long, conflicts_with = "saga")]
    all: bool,
    #[command(flatten)]
    who: Who,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Resolve {
    #[command(flatten)]
    at: At,
    /// The saga, as s1-2
    saga: String,
    #[command(flatten)]
    who: Who,
    /// What was done by hand
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Only where it is parked at this step
    #[arg(long, value_name = "STEP")]
    step: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Abandon {
    #[command(flatten)]
    at: At,
    /// The saga, as s1-2
    saga: String,
    #[command(flatten)]
    who: Who,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Lets a parked saga go although something is left to do: `diff` tells what
    #[arg(long)]
    leave: bool,
}

#[derive(Debug, Args)]
pub(super) struct Reconcile {
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
struct Who {
    /// Who presses (default: who is logged in)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl Who {
    fn name(&self) -> String {
        let named = self.by.clone().or_else(|| env::var("USER").ok());
        named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "operator".to_owned())
    }
}

/// Lists, shows or watches sagas.
pub(super) fn sagas(arguments: &Sagas, out: &mut dyn Write) -> Result<Exit, Failure> {
    match &arguments.task {
        Task::List { at, state } => {
            let state = state.as_deref().map(|state| format!("&state={state}")).unwrap_or_default();
            list(at, &Client::of(at.hub.as_deref())?, &state, out)
        }
        Task::Show { at, saga } => {
            let told = Client::of(at.hub.as_deref())?.get(&format!("/operator/sagas/{saga}"))?;
            written(at, &told, tables::saga, out)
        }
        Task::Watch { at, every, times } => {
            let client = Client::of(at.hub.as_deref())?;
            let mut left = *times;
            while left != Some(0) {
                list(at, &client, "", out)?;
                out.flush()?;
                left = left.map(|left| left - 1);
                if left != Some(0) {
                    client.pause(Duration::from_millis(*every));
                }
            }
            Ok(Exit::Held)
        }
    }
}

/// Lists jobs.
pub(super) fn jobs(arguments: &Jobs, out: &mut dyn Write) -> Result<Exit, Failure> {
    let at = &arguments.at;
    let jobs = Client::of(at.hub.as_deref())?.pages("/operator/jobs?limit=500", "jobs")?;
    written(at, &json!({ "jobs": jobs }), tables::jobs, out)
}

/// Redrives one saga, or all.
pub(super) fn redrive(arguments: &Redrive, out: &mut dyn Write) -> Result<Exit, Failure> {
    let Redrive { at, saga, who, reason, .. } = arguments;
    let press = json!({ "by": who.name(), "reason": reason });
    match saga {
        Some(saga) => pressed(at, saga, "redrive", &press, out),
        None => {
            let told = Client::of(at.hub.as_deref())?.post("/operator/redrive", &press)?;
            written(at, &told, tables::redriven, out)
        }
    }
}

/// Has all systems compared with the primary.
pub(super) fn reconcile(arguments: &Reconcile, out: &mut dyn Write) -> Result<Exit, Failure> {
    let at = &arguments.at;
    let told = Client::of(at.hub.as_deref())?.post("/operator/reconcile", &json!({}))?;
    written(at, &told, tables::reconciling, out)
}

/// Says that a step was done by hand.
pub(super) fn resolve(arguments: &Resolve, out: &mut dyn Write) -> Result<Exit, Failure> {
    let Resolve { at, saga, who, reason, step } = arguments;
    pressed(at, saga, "resolve", &json!({ "by": who.name(), "reason": reason, "step": step }), out)
}

/// Makes a saga stop trying.
pub(super) fn abandon(arguments: &Abandon, out: &mut dyn Write) -> Result<Exit, Failure> {
    let Abandon { at, saga, who, reason, leave } = arguments;
    pressed(at, saga, "abandon", &json!({ "by": who.name(), "reason": reason, "leave": leave }), out)
}

/// Prints a report on one saga, read afresh by the hub.
pub(super) fn report(
    hub: Option<&str>,
    saga: &str,
    report: &str,
    json: bool,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let told = Client::of(hub)?.get(&format!("/operator/sagas/{saga}/{report}"))?;
    if json {
        writeln!(out, "{told}")?;
    } else {
        write!(out, "{}", told["markdown"].as_str().unwrap_or_default())?;
    }
    Ok(Exit::Held)
}

fn list(at: &At, client: &Client, state: &str, out: &mut dyn Write) -> Result<Exit, Failure> {
    let sagas = client.pages(&format!("/operator/sagas?limit=500{state}"), "sagas")?;
    written(at, &json!({ "sagas": sagas }), tables::sagas, out)
}

fn pressed(at: &At, saga: &str, button: &str, press: &Value, out: &mut dyn Write) -> Result<Exit, Failure> {
    let told = Client::of(at.hub.as_deref())?.post(&format!("/operator/sagas/{saga}/{button}"), press)?;
    written(at, &told, tables::pressed, out)
}

fn written(at: &At, told: &Value, table: fn(&Value) -> String, out: &mut dyn Write) -> Result<Exit, Failure> {
    match at.format {
        Format::Json => writeln!(out, "{told}")?,
        Format::Table => write!(out, "{}", table(told))?,
    }
    Ok(Exit::Held)
}

/// Something wrong with what was asked.
fn wrong(problem: String, fix: &str) -> Failure {
    Diagnostic::new(problem).fix(fix).into()
}
