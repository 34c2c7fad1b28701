//! Beats: what a timeline's line is in a sequence: who moves what to whom, who does something alone, and whether it is
//! a fault. Drawn by the report of a counterexample.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::fleet::System;
use sagaproof_sim::observation::Observation;
use sagaproof_sim::process::{CallNote, Direction};
use sagaproof_sim::wire::{Answer, CallError, Request};

/// Who takes part, in the order of the columns: the clients, then the systems by number, the hub first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// A client.
    Client,
    /// The hub or a vendor.
    System(System),
}

impl Lane {
    /// All lanes, in order.
    pub const ALL: [Self; 6] = [
        Self::Client,
        Self::System(System::Hub),
        Self::System(System::Commerce),
        Self::System(System::Support),
        Self::System(System::Identity),
        Self::System(System::Messaging),
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::System(system) => system.name(),
        }
    }
}

/// What happens between lanes, or at one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// A message that arrives.
    Arrives(Lane, Lane),
    /// A message that does not arrive, or not as it was sent.
    Astray(Lane, Lane),
    /// Something at one lane.
    At(Lane),
    /// A crash.
    Crash(Lane),
    /// A new life.
    Restart(Lane),
}

/// One beat of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beat {
    /// What moves.
    pub moves: Move,
    /// In a few words.
    pub label: String,
    /// The fate of the exchange, where it is not fine.
    pub fate: Fate,
    /// Whether it is a request.
    pub asks: bool,
    /// Which way its saga goes with it, where the journal says so.
    pub direction: Option<Direction>,
}

impl Move {
    /// The lanes that it concerns.
    #[must_use]
    pub const fn lanes(self) -> [Option<Lane>; 2] {
        match self {
            Self::Arrives(from, to) | Self::Astray(from, to) => [Some(from), Some(to)],
            Self::At(lane) | Self::Crash(lane) | Self::Restart(lane) => [Some(lane), None],
        }
    }
}

impl Beat {
    /// One without a fate.
    const fn fine(moves: Move, label: String) -> Self {
        Self { moves, label, fate: Fate::Fine, asks: false, direction: None }
    }

    /// Whether the hub sends something.
    #[must_use]
    pub fn leaves_the_hub(&self) -> bool {
        matches!(self.moves, Move::Arrives(HUB, _) | Move::Astray(HUB, _))
    }

    /// Whether the hub hears something, or that there is nothing to hear.
    #[must_use]
    pub fn reaches_the_hub(&self) -> bool {
        matches!(self.moves, Move::Arrives(_, HUB) | Move::Astray(_, HUB) | Move::At(HUB))
    }
}

const HUB: Lane = Lane::System(System::Hub);

/// The beat of an observation, where it is one.
pub(super) fn of(observation: &Observation<'_>) -> Option<Beat> {
    let fine = |moves, label| Some(Beat::fine(moves, label));
    let asking = |from, to, request: &Request, fate, note: Option<CallNote>| {
        let direction = note.map(|note| note.direction);
        Some(Beat { moves: sent(from, to, fate), label: asks(request), fate, asks: true, direction })
    };
    match observation {
        Observation::Asked { request, fate, .. } => asking(Lane::Client, HUB, request, *fate, None),
        Observation::Told { answer, .. } => heard(HUB, Lane::Client, answer),
        Observation::Sent { to, request, fate, note, .. } => asking(HUB, Lane::System(*to), request, *fate, *note),
        Observation::Handled { by, response, again, .. } => {
            let again = if *again { ", the second time" } else { "" };
            fine(Move::At(Lane::System(*by)), format!("handles it: {}{again}", response.status))
        }
        Observation::Heard { from, answer, .. } => heard(Lane::System(*from), HUB, answer),
        Observation::Crashed { kept, .. } => {
            fine(Move::Crash(HUB), format!("crashes, after {kept} of an event's effects"))
        }
        Observation::Stopped { release } => fine(Move::Crash(HUB), super::words::stopped(*release)),
        Observation::Restarted { life } => fine(Move::Restart(HUB), format!("starts again: life {life}")),
        Observation::Vendor { system, what } => fine(Move::At(Lane::System(*system)), (*what).to_owned()),
        Observation::ChildAdded { system, cust_no, id } => {
            fine(Move::At(Lane::System(*system)), super::words::child_added(*system, cust_no, *id))
        }
        Observation::Noted(note) => fine(Move::At(HUB), super::words::note(note)),
        Observation::Committed { verdict, rows, applied } => {
            fine(Move::At(HUB), super::words::commit(*verdict, *rows, *applied))
        }
        Observation::Paused { kept, until, .. } => {
            let until = super::words::seconds(*until);
            fine(Move::At(HUB), format!("pauses until {until}, {kept} of an event's effects have left"))
        }
        Observation::HeldBack { to, .. } => fine(Move::At(HUB), format!("held a call to {} back", to.name())),
        Observation::Resumed => fine(Move::At(HUB), "goes on".to_owned()),
        Observation::Turn { .. } | Observation::Phase(_) | Observation::TakenIn { .. } | Observation::Logged(_) => None,
    }
}

fn sent(from: Lane, to: Lane, fate: Fate) -> Move {
    match fate {
        Fate::Refused
        | Fate::RequestLost
        | Fate::LateShort
        | Fate::LateLong
        | Fate::Late504
        | Fate::Before400
        | Fate::Before401
        | Fate::Before403
        | Fate::Before408
        | Fate::Before429After
        | Fate::Before429
        | Fate::Before500
        | Fate::Before502
        | Fate::Before503
        | Fate::Before504 => Move::Astray(from, to),
        _ => Move::Arrives(from, to),
    }
}

fn heard(from: Lane, to: Lane, answer: &Answer) -> Option<Beat> {
    let (moves, label) = match answer {
        Ok(response) => (Move::Arrives(from, to), response.status.to_string()),
        Err(CallError::TimedOut) => (Move::At(to), "hears nothing in time".to_owned()),
        Err(CallError::Refused) => (Move::At(to), "is refused a connection".to_owned()),
        Err(CallError::NotSent) => (Move::At(to), "held it back".to_owned()),
        Err(CallError::Reset) => (Move::Astray(from, to), "connection reset".to_owned()),
        Err(CallError::Truncated) => (Move::Astray(from, to), "the answer breaks off".to_owned()),
    };
    Some(Beat::fine(moves, label))
}

/// A request in a few words.
fn asks(request: &Request) -> String {
    format!("{} {}", request.method.as_str(), request.path())
}
