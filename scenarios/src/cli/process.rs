//! `sagaproof process`: a built-in orchestrator as a program of its own, on the other side of the process protocol. What
//! `--process` expects of anybody's program, this one does.

use std::io::{self, BufRead, Write};

use clap::Args;
use sagaproof_sim::process::{Effect, Event, Expect, Process, Row, Spawn, Write as RowWrite};

use super::{Failure, select};
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::version::protocol::{Message, Reply, Start, VERSION, What, reply_line};
use crate::version::{self, AnyProcess, AnyVersion, SeededCustomer};

/// What the program answers to, for the help.
const ABOUT: &str = "\
Reads events from standard input and answers each with its effects on standard output, one JSON object a line, as
docs/process-protocol.md tells; ends when its input does.";

#[derive(Debug, Args)]
#[command(after_help = ABOUT)]
pub(super) struct Arguments {
    /// The orchestrator
    #[arg(long, value_name = "NAME", default_value = version::DEFAULT)]
    orchestrator: String,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Failure> {
    let orchestrator = select::orchestrator(&arguments.orchestrator)?;
    let Some(version) = orchestrator.version() else {
        return Err(Failure::Run(format!("there is no orchestrator `{}`", orchestrator.name())));
    };
    serve(&version, &mut io::stdin().lock(), out)?;
    Ok(Exit::Held)
}

/// Serves a version over these streams.
fn serve(version: &AnyVersion, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<(), Failure> {
    let mut living = None;
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let reply = answer(version, &mut living, &line)
            .map_err(|what| Diagnostic::new(format!("line {number} of the input is no message: {what}")))?;
        writeln!(out, "{}", reply_line(&reply))?;
        out.flush()?;
    }
    Ok(())
}

fn answer(version: &AnyVersion, living: &mut Option<AnyProcess>, line: &[u8]) -> Result<Reply, String> {
    let Message { now, what } = Message::read(line)?;
    let (process, event) = match what {
        What::Prepare(customers) => return Ok(prepared(version, &customers)),
        What::Start(Start { life, seed, logs, terms, rows }) => {
            let mut process = version.spawn(&terms, seed, logs).spawn(life);
            process.mount(&mut rows.iter().map(|row| (&*row.key, row.version, &*row.value)));
            (living.insert(process), Event::Start)
        }
        What::Event(event) => (living.as_mut().ok_or("nothing has started yet")?, event),
    };
    let starts = matches!(event, Event::Start);
    let mut effects = Vec::new();
    process.on_event(now, event, &mut effects);
    let protocol = starts.then_some(VERSION);
    Ok(Reply { effects, unfinished: process.unfinished(), protocol, reusable: starts })
}

/// The rows of customers who stand everywhere, as a commit.
fn prepared(version: &AnyVersion, customers: &[SeededCustomer]) -> Reply {
    let write = |row: Row| RowWrite { key: row.key, expect: Expect::Any, value: Some(row.value) };
    let writes = version.seed_rows(customers).into_iter().map(write).collect();
    Reply { effects: vec![Effect::Commit { commit: 0, writes }], ..Reply::default() }
}
