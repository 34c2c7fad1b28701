//! The program itself: started, asked, killed. The one place that starts programs and waits for them in real time;
//! no world sees either, for what a program answers is all that comes of it.
//!
//! A thread of its own speaks to each program, so that whoever waits can stop waiting, wherever the program hangs. What
//! the operating system needs for that stands in `group`.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::process::{self, ChildStderr, ChildStdin, ChildStdout, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::command::Command;
use super::group;

/// An answer may have so many bytes.
const LONGEST: u64 = 16 << 20;

/// So many bytes of what a program writes to its standard error are kept,
const KEPT: usize = 4_096;

/// and of these so many lines are told.
const TOLD: usize = 12;

/// So long, in real time, an end is waited for that has begun.
const GRACE: Duration = Duration::from_secs(1);

/// A program that runs.
#[derive(Debug)]
pub(super) struct Child {
    /// `None` once it is gone.
    process: Option<process::Child>,
    time_out: Duration,
    ask: Sender<Vec<u8>>,
    said: Receiver<Said>,
    errors: Arc<Mutex<Vec<u8>>>,
    /// Disconnected when the program has closed its standard error.
    closed: Receiver<()>,
}

/// A line that a program said, without its end.
type Said = Result<Vec<u8>, Trouble>;

/// Why there is no line, with what was said instead.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It said nothing for so long.
    Silent(Duration),
    /// It ended.
    Ended(Vec<u8>),
    /// The line goes on and on.
    TooLong(Vec<u8>),
    /// There is more than a line.
    TooMuch(Vec<u8>),
    /// It cannot be reached.
    Broken(io::Error),
}

/// What is left of a program.
#[derive(Debug, Default)]
pub(super) struct Last {
    /// How it ended.
    pub(super) status: Option<ExitStatus>,
    /// The last lines on its standard error.
    pub(super) errors: Vec<String>,
}

impl Child {
    /// Starts a program.
    pub(super) fn start(command: &Command) -> io::Result<Self> {
        let mut process = group::shell(command.text()).spawn()?;
        let pipes = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let (ask, asked) = mpsc::channel();
        let (say, said) = mpsc::channel();
        let (close, closed) = mpsc::channel();
        let errors = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&errors);
        // From here on it is killed where anything fails.
        let child = Self { process: Some(process), time_out: command.time_out(), ask, said, errors, closed };
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::Error::other("it has no pipes"));
        };
        let thread = |name: &str| thread::Builder::new().name(name.to_owned());
        thread("program").spawn(move || talk(stdin, stdout, &asked, &say))?;
        thread("program-errors").spawn(move || keep(stderr, &kept, &close))?;
        Ok(child)
    }

    /// Tells it a line, and waits for its answer.
    pub(super) fn ask(&mut self, line: &str) -> Said {
        let ended = || Trouble::Ended(Vec::new());
        self.ask.send([line.as_bytes(), b"\n"].concat()).map_err(|_| ended())?;
        self.said.recv_timeout(self.time_out).unwrap_or_else(|error| {
            Err(match error {
                RecvTimeoutError::Timeout => Trouble::Silent(self.time_out),
                RecvTimeoutError::Disconnected => ended(),
            })
        })
    }

    /// Ends it, and brings what is left; `by_itself`: it is ending already, and may have a word on why.
    pub(super) fn end(mut self, by_itself: bool) -> Last {
        if by_itself {
            let _ = self.closed.recv_timeout(GRACE);
        }
        let status = self.kill();
        let _ = self.closed.recv_timeout(GRACE);
        let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&errors);
        let lines: Vec<&str> = text.lines().collect();
        let told = lines.iter().skip(lines.len().saturating_sub(TOLD)).map(|line| (*line).to_owned());
        Last { status, errors: told.collect() }
    }

    /// Kills it and whatever it started, and waits until it is gone.
    fn kill(&mut self) -> Option<ExitStatus> {
        self.process.take().and_then(group::end)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Speaks to a program until nobody wants anything of it any more.
fn talk(mut stdin: ChildStdin, stdout: ChildStdout, asked: &Receiver<Vec<u8>>, say: &Sender<Said>) {
    let mut stdout = BufReader::new(stdout);
    while let Ok(line) = asked.recv() {
        if say.send(exchange(&mut stdin, &mut stdout, &line)).is_err() {
            return;
        }
    }
}

/// Tells a program one line, and hears one.
fn exchange(stdin: &mut ChildStdin, stdout: &mut BufReader<ChildStdout>, line: &[u8]) -> Said {
    match stdin.write_all(line) {
        // Whoever has gone may have left a word.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(Trouble::Broken(error)),
        _ => {}
    }
    let mut said = Vec::new();
    stdout.by_ref().take(LONGEST).read_until(b'\n', &mut said).map_err(Trouble::Broken)?;
    if said.pop_if(|last| *last == b'\n').is_none() {
        return Err(if said.len() as u64 == LONGEST { Trouble::TooLong(said) } else { Trouble::Ended(said) });
    }
    let more = stdout.buffer();
    if more.is_empty() { Ok(said) } else { Err(Trouble::TooMuch([&said, b" ".as_slice(), more].concat())) }
}

/// Keeps the last of what a program writes to its standard error.
fn keep(mut stderr: ChildStderr, kept: &Mutex<Vec<u8>>, _close: &Sender<()>) {
    let mut chunk = [0; 1_024];
    while let Ok(length @ 1..) = stderr.read(&mut chunk) {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&chunk[..length]);
        let over = kept.len().saturating_sub(KEPT);
        kept.drain(..over);
    }
}
