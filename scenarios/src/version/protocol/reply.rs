//! What a program answers: the effects that it wants, and what it says of itself. One line to each message.

use std::borrow::Cow;

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::System;
use sagaproof_sim::process::{self, CallNote};
use serde::{Deserialize, Serialize};

use super::note::Note;
use super::parts::{Read, Request, Response, Write};
use super::wrong;

/// A reply.
#[derive(Debug, Default)]
pub struct Reply {
    /// What is wanted, in order.
    pub effects: Vec<process::Effect>,
    /// How many sagas have not ended, and how many of them are parked, where it says.
    pub unfinished: Option<(usize, usize)>,
    /// The version of the protocol that it speaks; said at a start.
    pub protocol: Option<u32>,
    /// Whether the program forgets everything at a start, so that it may serve one world after another; said at a start.
    pub reusable: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    protocol: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reusable: bool,
    effects: Vec<Effect<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unfinished: Option<Unfinished>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unfinished {
    sagas: usize,
    parked: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Effect<'a> {
    Call {
        call: u64,
        to: System,
        request: Request<'a>,
        time_out: Nanos,
        /// Absent: whenever it leaves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_after: Option<Instant>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<CallNote>,
    },
    Answer {
        exchange: u64,
        response: Response<'a>,
    },
    Commit {
        commit: u64,
        writes: Vec<Write<'a>>,
    },
    Read {
        read: u64,
        prefix: Cow<'a, str>,
    },
    Wake {
        at: Option<Instant>,
    },
    Note(Note<'a>),
    Log {
        line: Cow<'a, str>,
    },
}

/// The line of a reply.
#[must_use]
pub fn reply_line(reply: &Reply) -> String {
    let line = Line {
        protocol: reply.protocol,
        reusable: reply.reusable,
        effects: reply.effects.iter().map(Effect::of).collect(),
        unfinished: reply.unfinished.map(|(sagas, parked)| Unfinished { sagas, parked }),
    };
    // Writing plain data into memory cannot fail.
    serde_json::to_string(&line).unwrap_or_default()
}

impl Reply {
    /// Reads a line. A field that nobody knows is a mistake: what was meant by it would not be done.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(line: &[u8]) -> Result<Self, String> {
        let line: Line<'_> = serde_json::from_slice(line).map_err(|error| wrong::told(line, &error))?;
        Ok(Self {
            effects: line.effects.into_iter().map(Effect::read).collect::<Read<_>>()?,
            unfinished: line.unfinished.map(|Unfinished { sagas, parked }| (sagas, parked)),
            protocol: line.protocol,
            reusable: line.reusable,
        })
    }
}

impl<'a> Effect<'a> {
    fn of(effect: &'a process::Effect) -> Self {
        match effect {
            process::Effect::Call { call, to, request, time_out, not_after, note } => Self::Call {
                call: *call,
                to: *to,
                request: Request::of(request),
                time_out: *time_out,
                not_after: Some(*not_after).filter(|moment| *moment != Instant::NEVER),
                note: *note,
            },
            process::Effect::Answer { exchange, response } => {
                Self::Answer { exchange: *exchange, response: Response::of(response) }
            }
            process::Effect::Commit { commit, writes } => {
                Self::Commit { commit: *commit, writes: writes.iter().map(Write::of).collect() }
            }
            process::Effect::Read { read, prefix } => Self::Read { read: *read, prefix: Cow::Borrowed(prefix) },
            process::Effect::Wake(at) => Self::Wake { at: *at },
            process::Effect::Note(note) => Self::Note(Note::of(note)),
            process::Effect::Log(line) => Self::Log { line: Cow::Borrowed(line) },
        }
    }

    fn read(self) -> Read<process::Effect> {
        Ok(match self {
            Self::Call { to: System::Hub, .. } => {
                return Err("a call to the hub: only vendors can be called".to_owned());
            }
            Self::Call { call, to, request, time_out, not_after, note } => process::Effect::Call {
                call,
                to,
                request: request.read()?,
                time_out,
                not_after: not_after.unwrap_or(Instant::NEVER),
                note,
            },
            Self::Answer { exchange, response } => process::Effect::Answer { exchange, response: response.read()? },
            Self::Commit { commit, writes } => {
                process::Effect::Commit { commit, writes: writes.into_iter().map(Write::read).collect::<Read<_>>()? }
            }
            Self::Read { read, prefix } => process::Effect::Read { read, prefix: prefix.into_owned() },
            Self::Wake { at } => process::Effect::Wake(at),
            Self::Note(note) => process::Effect::Note(note.read()?),
            Self::Log { line } => process::Effect::Log(line.into_owned()),
        })
    }
}
