//! `sagaproof store`: looks after a hub's store while no hub holds it.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use sagaproof_orchestrator::store::sqlite;

use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Checks whether the file is sound and every row can be read
    Check {
        /// The store's file
        path: PathBuf,
    },
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Failure> {
    let Task::Check { path } = &arguments.task;
    if !path.is_file() {
        let missing = Diagnostic::new(format!("{} is no file", path.display()));
        return Err(missing.fix("name the file that `sagaproof hub --store` was given").into());
    }
    let checked = sqlite::check(path).map_err(|error| Failure::Run(error.to_string()))?;
    for problem in &checked.problems {
        writeln!(out, "{}: {problem}", path.display())?;
    }
    let sound = checked.problems.is_empty();
    let word = if sound { "sound" } else { "damaged" };
    writeln!(out, "{}: {word}, {} rows can be read", path.display(), checked.rows)?;
    Ok(if sound { Exit::Held } else { Exit::Violated })
}
