//! Which orchestrator a command line means: one that is built in, or a program. The arguments that every command which
//! judges an orchestrator has.

use std::path::Path;
use std::time::Duration;

use clap::Args;

use super::{Failure, duration, select};
use crate::diagnostic::Diagnostic;
use crate::scenario::load_policy;
use crate::version::foreign::{Command, TIME_OUT};
use crate::version::{Orchestrator, PolicyFile};

/// The shipped hub with the policy of a file, where this is the path of one.
pub(super) fn policy(written: &str) -> Option<Result<Orchestrator, Failure>> {
    let path = Path::new(written);
    let ends_in = |ending| path.extension().is_some_and(|found| found == ending);
    let meant = !written.contains(char::is_whitespace) && (ends_in("yaml") || ends_in("yml"));
    let read = || Ok(Orchestrator::Policy(PolicyFile { path: written.to_owned(), policy: load_policy(path)? }));
    meant.then(read)
}

#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// The orchestrator to be judged, by name, or a file with a policy of the hub (default: saga; a schedule names its own)
    #[arg(long, value_name = "NAME")]
    orchestrator: Option<String>,
    /// Judges a program of your own instead: CMD starts it, and it speaks the protocol of docs/process-protocol.md
    #[arg(long, value_name = "CMD", conflicts_with = "orchestrator")]
    process: Option<String>,
    /// How long the program may take for one answer, in real time (default: 10s)
    #[arg(long, value_name = "TIME", requires = "process", value_parser = duration::parse)]
    process_time_out: Option<Duration>,
}

impl Wanted {
    /// The orchestrator that is meant; where none is, the one of this name.
    pub(super) fn chosen(&self, otherwise: &str) -> Result<Orchestrator, Failure> {
        if let Some(text) = &self.process {
            let command = Command::new(text, self.process_time_out.unwrap_or(TIME_OUT));
            let empty = || Diagnostic::new("`--process` names no command").fix("as `--process 'python3 own.py'`");
            return command.map(Orchestrator::Program).ok_or_else(|| empty().into());
        }
        let name = self.orchestrator.as_deref().unwrap_or(otherwise);
        match Command::of_name(name) {
            // Whoever is sent a schedule has not agreed to run what it names.
            Some(command) if self.orchestrator.is_none() => {
                let message = format!("the schedule was written for a program, `{command}`, and does not start it");
                Err(Diagnostic::new(message).fix("name the program with `--process`").into())
            }
            _ => match policy(name) {
                Some(policy) => policy,
                None => select::orchestrator(name),
            },
        }
    }
}
