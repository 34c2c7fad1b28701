//! `sagaproof list`: the scenarios with their sentences, and the orchestrators.

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
    for (name, summary) in version::ALL {
        let default = if *name == version::DEFAULT { " (default)" } else { "" };
        writeln!(out, "  {name:widest$}  {summary}{default}")?;
    }
    Ok(Exit::Held)
}
