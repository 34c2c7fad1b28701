//! Which orchestrator a command line means: one that is built in, or a program. The arguments that every command which
//! judges an orchestrator has.

use std::path::Path;
use std::time::Duration;

use clap::Args;

use super::{Failure, duration, select};
use crate::diagnostic::Diagnostic;
use crate::scenario::{Shift, load_policy};
use crate::version::foreign::{Command, TIME_OUT};
use crate::version::split::Split;
use crate::version::{Orchestrator, PolicyFile};

/// The shipped hub with the policy of a file, where this is the path of one, or a split of which that is a half.
pub(super) fn policy(written: &str) -> Option<Result<Orchestrator, Failure>> {
    match Split::halves(written) {
        Some((halves, shift)) if halves.into_iter().any(is_policy) => Some(split(halves, shift)),
        _ => is_policy(written).then(|| policy_file(written)),
    }
}

fn is_policy(written: &str) -> bool {
    let path = Path::new(written);
    let one_word = !written.contains(char::is_whitespace) || path.is_file();
    one_word && path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

fn policy_file(path: &str) -> Result<Orchestrator, Failure> {
    let policy = load_policy(Path::new(path))?;
    Ok(Orchestrator::Policy(PolicyFile { path: path.to_owned(), policy }))
}

fn split(halves: [&str; 2], shift: Shift) -> Result<Orchestrator, Failure> {
    let half = |written| if is_policy(written) { policy_file(written) } else { select::orchestrator(written) };
    let [baseline, candidate] = halves;
    let split = Split::new(&half(baseline)?, &half(candidate)?, shift)
        .map_err(|half| no_hub(&half).fix("write two versions of the hub, or policy files"))?;
    Ok(Orchestrator::Split(Box::new(split)))
}

/// What is wrong with a half of a split that is none of the hub's versions.
pub(super) fn no_hub(half: &Orchestrator) -> Diagnostic {
    Diagnostic::new(format!("`{}` is no version of the hub, so it cannot share a store with one", half.name()))
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
