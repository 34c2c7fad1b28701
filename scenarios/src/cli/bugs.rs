//! `sagaproof bugs`: the gallery of planted bugs, and how each is caught.

use std::io::Write;
use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};
use regex_lite::Regex;

use super::{Failure, progress, run};
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::gallery::{Hunted, hunt_all};
use crate::report::gallery;
use crate::scenario;
use crate::version::planted::{ALL, Bug};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only the bugs in whose names this regular expression is found
    #[arg(long, value_name = "RE")]
    filter: Option<Regex>,
    /// How many threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Also reports real times where they are left out otherwise
    #[arg(long)]
    timings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Terminal,
    /// One object on one line
    Json,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Failure> {
    let wanted = |bug: &&Bug| arguments.filter.as_ref().is_none_or(|filter| filter.is_match(bug.name));
    let bugs: Vec<&'static Bug> = ALL.iter().filter(wanted).collect();
    if let (true, Some(filter)) = (bugs.is_empty(), &arguments.filter) {
        let message = format!("no planted bug's name is found by the filter `{filter}`");
        return Err(Diagnostic::new(message).fix("see their names with `sagaproof list`").into());
    }
    let scenarios = scenario::built_in()?;
    let bar = progress::bar(bugs.len() as u64, "bugs");
    let hunted = hunt_all(&bugs, &scenarios, run::threads(arguments.threads), &|| bar.inc(1));
    bar.finish_and_clear();
    match arguments.format {
        Format::Terminal => gallery::terminal(&hunted, out)?,
        Format::Json => gallery::json(&hunted, arguments.timings, out)?,
    }
    let all = hunted.len() == bugs.len() && hunted.iter().all(Hunted::caught);
    Ok(if all { Exit::Held } else { Exit::Violated })
}
