//! `sagaproof list`: the scenarios with their sentences, the orchestrators, and the planted bugs.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::{Failure, select};
use crate::exit::Exit;
use crate::scenario::Origin;
use crate::version;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Scenario files, or folders of them (default: the suites built in)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Failure> {
    let scenarios = select::scenarios(&arguments.paths, None)?;
    let widest = scenarios.iter().map(|scenario| scenario.name.len()).max().unwrap_or(0);
    let mut origin: Option<&Origin> = None;
    for scenario in &scenarios {
        if origin != Some(&scenario.origin) {
            let gap = if origin.is_some() { "\n" } else { "" };
            match &scenario.origin {
                Origin::BuiltIn(suite) => writeln!(out, "{gap}suite {suite}")?,
                Origin::File(path) => writeln!(out, "{gap}{}", path.display())?,
            }
            origin = Some(&scenario.origin);
        }
        let level = scenario.level.name();
        let beyond = scenario.beyond.map(|assumption| format!(" (breaks {})", assumption.name())).unwrap_or_default();
        writeln!(out, "  {:widest$}  {level:<6}  {}{beyond}", scenario.name, scenario.proves)?;
    }
    writeln!(out, "\norchestrators")?;
    for (name, summary) in version::summaries() {
        let default = if name == version::DEFAULT { " (default)" } else { "" };
        writeln!(out, "  {name:widest$}  {summary}{default}")?;
    }
    writeln!(out, "\nplanted bugs, which a checker must convict")?;
    for bug in version::planted::ALL {
        let (name, checker) = (bug.name, bug.convicted_by.name());
        writeln!(out, "  {name:widest$}  {} ({checker}, in {})", bug.summary, bug.hunted_in)?;
    }
    Ok(Exit::Held)
}
