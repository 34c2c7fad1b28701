//! The command line: what can be asked for, and how it ends. Each command is a file beside this one with its arguments
//! and one function that carries them out; what it says is written by the reports.

mod audit;
mod bugs;
mod canary;
mod desk;
mod duration;
mod environment;
mod explore;
mod failures;
mod file;
mod hub;
mod list;
mod merge_reports;
mod open_files;
mod operator;
mod orchestrator;
mod output;
mod pipe;
mod process;
mod progress;
mod ready;
mod replay;
mod run;
mod select;
mod serve;
mod signals;
mod store;
mod swarm;
mod test;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{Parser, Subcommand};

use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::report::Verdict;

pub use pipe::Pipe;

/// Breaks SaaS integrations on purpose and proves that their sagas mend them.
#[derive(Debug, Parser)]
#[command(name = "sagaproof", version, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Exit codes: 0 all held, 1 a checker failed, 2 bad input, 3 could not run, 4 undecided (canary)."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::Arguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs scenarios in simulation and judges every world (what happens without a command, too)
    Run(run::Arguments),
    /// Tries every schedule of a scenario up to so many deviations, or a guided swarm of random worlds
    Explore(explore::Arguments),
    /// Runs one world again and tells what happened in it
    Replay(replay::Arguments),
    /// Hunts the planted bugs: each must be convicted by its own checker
    Bugs(bugs::Arguments),
    /// Compares two orchestrators in the same worlds: may the candidate take the baseline's place?
    Canary(canary::Arguments),
    /// Answers a checklist of saga design for an orchestrator, item by item
    Audit(audit::Arguments),
    /// Tells how what a parked saga intends differs from what stands: of a running hub, or those that a world leaves parked
    Diff(operator::Arguments),
    /// Writes the runbook of a parked saga: of a running hub, or of each that a world leaves parked
    Runbook(operator::Arguments),
    /// Joins the JSON reports of all parts (`--partition`) of a run or a search to the report of the whole
    MergeReports(merge_reports::Arguments),
    /// Serves the fleet over real HTTP: the same vendors, the same faults
    Serve(serve::Arguments),
    /// Plays scenarios over real HTTP against any orchestrator, in any language, that speaks the facade
    Test(Box<test::Arguments>),
    /// Runs the hub over real HTTP, its sagas durable in a file
    Hub(Box<hub::Arguments>),
    /// Lists, shows or watches a running hub's sagas
    Sagas(desk::Sagas),
    /// Lists the jobs of a running hub that have not ended
    Jobs(desk::Jobs),
    /// Makes parked sagas of a running hub go on
    Redrive(desk::Redrive),
    /// Says that the step at which a saga of a running hub is parked was done by hand; a look must show it
    Resolve(desk::Resolve),
    /// Makes a saga of a running hub stop trying
    Abandon(desk::Abandon),
    /// Has a running hub compare all systems with its primary, and mend the difference
    Reconcile(desk::Reconcile),
    /// Looks after a hub's store
    Store(store::Arguments),
    /// Names the scenarios and the orchestrators
    List(list::Arguments),
    /// Speaks the process protocol for a built-in orchestrator, on standard input and output
    Process(process::Arguments),
}

/// Why a command could not be carried out.
#[derive(Debug)]
enum Failure {
    /// The input is wrong.
    Input(Diagnostic),
    /// It could not run.
    Run(String),
    /// What it had to say could not be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Input(diagnostic)
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Held => Self::Held,
            Verdict::Violated => Self::Violated,
        }
    }
}

impl From<crate::canary::Verdict> for Exit {
    fn from(verdict: crate::canary::Verdict) -> Self {
        match verdict {
            crate::canary::Verdict::Pass => Self::Held,
            crate::canary::Verdict::Fail => Self::Violated,
            crate::canary::Verdict::Inconclusive => Self::Undecided,
        }
    }
}

/// Carries out a command line: results go to `out`, everything else to `err`.
pub fn main(arguments: impl IntoIterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return refused(&error, out, err),
    };
    let done = match &cli.command {
        None => run::execute(&cli.run, out, err),
        Some(Command::Run(arguments)) => run::execute(arguments, out, err),
        Some(Command::Explore(arguments)) => explore::execute(arguments, out, err),
        Some(Command::Replay(arguments)) => replay::execute(arguments, out, err),
        Some(Command::Bugs(arguments)) => bugs::execute(arguments, out, err),
        Some(Command::Canary(arguments)) => canary::execute(arguments, out, err),
        Some(Command::Audit(arguments)) => audit::execute(arguments, out, err),
        Some(Command::Diff(arguments)) => operator::execute(operator::Wanted::Difference, arguments, out, err),
        Some(Command::Runbook(arguments)) => operator::execute(operator::Wanted::Runbook, arguments, out, err),
        Some(Command::MergeReports(arguments)) => merge_reports::execute(arguments, out, err),
        Some(Command::Serve(arguments)) => serve::execute(arguments, out, err),
        Some(Command::Test(arguments)) => test::execute(arguments, out, err),
        Some(Command::Hub(arguments)) => hub::execute(arguments, out),
        Some(Command::Sagas(arguments)) => desk::sagas(arguments, out),
        Some(Command::Jobs(arguments)) => desk::jobs(arguments, out),
        Some(Command::Redrive(arguments)) => desk::redrive(arguments, out),
        Some(Command::Resolve(arguments)) => desk::resolve(arguments, out),
        Some(Command::Abandon(arguments)) => desk::abandon(arguments, out),
        Some(Command::Reconcile(arguments)) => desk::reconcile(arguments, out),
        Some(Command::Store(arguments)) => store::execute(arguments, out),
        Some(Command::List(arguments)) => list::execute(arguments, out),
        Some(Command::Process(arguments)) => process::execute(arguments, out),
    };
    match done.and_then(|exit| out.flush().map(|()| exit).map_err(Failure::Output)) {
        Ok(exit) => exit,
        Err(failure) => failed(&failure, err),
    }
}

/// Answers a command line that could not be read, or that asked for help.
fn refused(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    let (exit, said) = if error.use_stderr() {
        (Exit::BadInput, write!(err, "{}", error.render()))
    } else {
        (Exit::Held, write!(out, "{}", error.render()).and_then(|()| out.flush()))
    };
    if said.is_ok() { exit } else { Exit::CouldNotRun }
}

fn failed(failure: &Failure, err: &mut dyn Write) -> Exit {
    let (exit, said) = match failure {
        Failure::Input(diagnostic) => (Exit::BadInput, writeln!(err, "{diagnostic}")),
        Failure::Run(why) => (Exit::CouldNotRun, writeln!(err, "error: {why}")),
        Failure::Output(error) => (Exit::CouldNotRun, writeln!(err, "error: the output cannot be written: {error}")),
    };
    if said.is_ok() { exit } else { Exit::CouldNotRun }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn sagaproof(arguments: &[&str]) -> (Exit, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let arguments = ["sagaproof"].iter().chain(arguments).map(OsString::from);
        let exit = main(arguments, &mut out, &mut err);
        (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_is_no_failure_and_unknown_flags_are_bad_input() {
        let (exit, out, err) = sagaproof(&["--help"]);
        assert_eq!((exit, err.as_str()), (Exit::Held, ""));
        assert!(out.contains("replay"));
        let (exit, out, err) = sagaproof(&["run", "--sedes", "5"]);
        assert_eq!((exit, out.as_str()), (Exit::BadInput, ""));
        assert!(err.contains("--seeds"), "{err}");
    }

    #[test]
    fn names_that_nobody_bears_are_bad_input() {
        for arguments in [
            &["run", "--orchestrator", "niave"][..],
            &["run", "no-such-file.yaml"],
            &["run", "--filter", "("],
            &["run", "--filter", "nobody-bears-this-name"],
            &["replay", "--scenario", "create-two", "--seed", "1"],
            &["replay", "no-such-file.schedule"],
            &["replay"],
            &["run", "--time-budget", "60"],
            &["run", "--threads", "0"],
        ] {
            let (exit, out, err) = sagaproof(arguments);
            assert_eq!((exit, out.as_str()), (Exit::BadInput, ""), "{arguments:?}: {err}");
            assert!(!err.is_empty(), "{arguments:?}");
        }
    }
}
