//! `sagaproof bugs`: the gallery of planted bugs, and how each is caught.

use std::io::Write;
use std::num::NonZeroUsize;

use clap::Args;
use regex_lite::Regex;

use super::output::{self, Format, Output};
use super::{Failure, progress, run};
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::gallery::{Hunted, hunt_all, smallest};
use crate::report::{gallery, html};
use crate::scenario::{self, Scenario};
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
    #[command(flatten)]
    output: Output,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let wanted = |bug: &&Bug| arguments.filter.as_ref().is_none_or(|filter| filter.is_match(bug.name));
    let bugs: Vec<&'static Bug> = ALL.iter().filter(wanted).collect();
    if let (true, Some(filter)) = (bugs.is_empty(), &arguments.filter) {
        let message = format!("no planted bug's name is found by the filter `{filter}`");
        return Err(Diagnostic::new(message).fix("see their names with `sagaproof list`").into());
    }
    let scenarios = scenario::built_in()?;
    let output = arguments.output.open()?;
    let bar = progress::bar(bugs.len() as u64, "bugs");
    let hunted = hunt_all(&bugs, &scenarios, run::threads(arguments.threads), &|| bar.inc(1));
    bar.finish_and_clear();
    output::write(output, out, err, |out| match arguments.format {
        Format::Terminal => gallery::terminal(&hunted, out),
        Format::Json => gallery::json(&hunted, arguments.timings, out),
        Format::Html => html::gallery(&told(&hunted, &scenarios), out),
    })?;
    let all = hunted.len() == bugs.len() && hunted.iter().all(Hunted::caught);
    Ok(if all { Exit::Held } else { Exit::Violated })
}

/// The bugs with the worlds that the page shows.
fn told<'a>(hunted: &'a [Hunted], scenarios: &'a [Scenario]) -> Vec<html::Told<'a>> {
    let told = hunted.iter().filter_map(|hunted| {
        let scenario = scenarios.iter().find(|scenario| scenario.name == hunted.bug.hunted_in)?;
        Some(html::Told { hunted, scenario, smallest: smallest(hunted, scenario) })
    });
    told.collect()
}
