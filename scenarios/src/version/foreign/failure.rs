//! What went wrong with a program, told to whoever wrote it: what it was told, what it said, what stands last on its
//! standard error.

use std::fmt::Write;
use std::io;

use sagaproof_sim::clock::Instant;

use super::child::{Last, Trouble};
use super::command::Command;

/// So much of a line is shown.
const SHOWN: usize = 400;

/// Something that went wrong, and at what.
pub(super) struct Failure<'a> {
    pub(super) fault: Fault,
    /// What the program was told.
    told: &'a str,
    when: When,
}

/// What went wrong.
pub(super) enum Fault {
    /// It could not be started.
    NotStarted(io::Error),
    /// There is no whole line to read.
    Trouble(Trouble),
    /// The line is no reply.
    Garbage { said: Vec<u8>, what: String },
    /// The reply is not in order.
    Rule(String),
}

/// When it went wrong.
pub(super) enum When {
    /// Before the world began.
    Ahead,
    /// In this life, at this moment of virtual time.
    In { life: u64, now: Instant },
}

impl Fault {
    /// Whether the program ended by itself.
    pub(super) const fn is_end(&self) -> bool {
        matches!(self, Self::Trouble(Trouble::Ended(_)))
    }

    fn told(&self, last: &Last) -> String {
        match self {
            Self::NotStarted(error) => format!("it cannot be started: {error}"),
            Self::Trouble(Trouble::Silent(limit)) => {
                format!("it did not answer within {} ms of real time", limit.as_millis())
            }
            Self::Trouble(Trouble::Ended(_)) => match last.status {
                Some(status) => format!("it ended ({status})"),
                None => "it ended".to_owned(),
            },
            Self::Trouble(Trouble::TooLong(_)) => "its answer is too long".to_owned(),
            Self::Trouble(Trouble::TooMuch(_)) => "it said more than the one line that it was asked for".to_owned(),
            Self::Trouble(Trouble::Broken(error)) => format!("it cannot be spoken to: {error}"),
            Self::Garbage { what, .. } => format!("its answer cannot be read: {what}"),
            Self::Rule(what) => format!("its answer is out of order: {what}"),
        }
    }

    fn said(&self) -> &[u8] {
        match self {
            Self::Trouble(Trouble::Ended(said) | Trouble::TooLong(said) | Trouble::TooMuch(said))
            | Self::Garbage { said, .. } => said,
            Self::NotStarted(_) | Self::Trouble(Trouble::Silent(_) | Trouble::Broken(_)) | Self::Rule(_) => &[],
        }
    }
}

impl<'a> Failure<'a> {
    pub(super) const fn of(fault: Fault, told: &'a str, when: When) -> Self {
        Self { fault, told, when }
    }

    /// The whole of it.
    pub(super) fn told(&self, command: &Command, last: &Last) -> String {
        let mut text = format!("the program `{}` failed: {}", command.text(), self.fault.told(last));
        if let When::In { life, now } = self.when {
            let micros = now.0 / 1_000;
            let _ = write!(text, "\n  in its life {life}, at {}.{:06} s", micros / 1_000_000, micros % 1_000_000);
        }
        let said = self.fault.said();
        for (title, line) in [("it was told", self.told.as_bytes()), ("it said", said)] {
            if !line.is_empty() {
                let _ = write!(text, "\n  {title}: {}", shown(line));
            }
        }
        for (place, line) in last.errors.iter().enumerate() {
            let title = if place == 0 { "\n  last on its standard error:" } else { "" };
            let _ = write!(text, "{title}\n    {}", shown(line.as_bytes()));
        }
        text
    }
}

/// A line as it can be shown: cut to a bearable length, and no terminal takes orders from it.
fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end();
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
