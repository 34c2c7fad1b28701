//! Points: where a world could go more than one way. Small `Copy` values computed from the exchange alone,
//! so that they are the same over real sockets and for a foreign orchestrator. Texts are made in reports only.

use serde::Serialize;

use crate::fleet::System;

/// The natural key of what a request is about (an e-mail, a customer number), hashed by [`Subject::of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Subject(pub u64);

impl Subject {
    /// No subject: the request is about nobody in particular.
    pub const NONE: Self = Self(0);

    /// The subject with this natural key. Letters count without case. Pinned: FNV-1a, then one mixing round.
    #[must_use]
    pub fn of(key: &[u8]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in key {
            hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(mix(hash))
    }
}

/// The route of a request within its system's dialect; each dialect lists its routes' names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Route(pub u8);

/// The kinds of events that a process handles, as crash points name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum EventKind {
    /// The process started.
    Start = 0,
    /// A client's request came.
    Request = 1,
    /// A vendor's answer came, or its absence.
    Answer = 2,
    /// A commit's verdict came.
    Committed = 3,
    /// Rows came.
    Rows = 4,
    /// A wake-up was due.
    Wake = 5,
    /// The operator acted.
    Operate = 6,
}

/// A place where a world could go more than one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Point {
    /// The fate of the nth request (from 0) about this subject on this route; options are [`super::fate::Fate`] codes.
    Exchange {
        /// Who is called: a vendor, or the hub where a client calls.
        system: System,
        /// The route within its dialect.
        route: Route,
        /// Whom it is about.
        subject: Subject,
        /// The how-manieth such request, from 0.
        nth: u16,
    },
    /// Whether the process crashes while it handles its nth such event; option k keeps the first k − 1 effects.
    Crash {
        /// The process.
        process: u8,
        /// What it handled.
        event: EventKind,
        /// Whom the event was about, where that is known.
        subject: Subject,
        /// The how-manieth such event, from 0.
        nth: u16,
    },
    /// Whether the process pauses while it handles its nth such event; option k lets the first k − 1 effects leave before.
    Pause {
        /// The process.
        process: u8,
        /// What it handled.
        event: EventKind,
        /// Whom the event was about, where that is known.
        subject: Subject,
        /// The how-manieth such event, from 0.
        nth: u16,
    },
    /// How the nth commit of a process ends; options are [`CommitFate`] codes.
    Commit {
        /// The process.
        process: u8,
        /// The how-manieth commit, from 0.
        nth: u32,
    },
    /// Whether a commit in flight survives the crash of its process; option 0: it does not, 1: it does.
    InFlight {
        /// The process.
        process: u8,
        /// The how-manieth such choice, from 0.
        nth: u32,
    },
    /// Which of several events due at the same instant at one component comes first.
    Tie {
        /// The component: a system's number, or 16 + the process.
        component: u8,
        /// The how-manieth tie there, from 0.
        nth: u32,
    },
}

/// How a commit ends. Option 0 is `Fine`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum CommitFate {
    /// As the store's contents decide.
    Fine = 0,
    /// It is applied if its conditions hold, but the process hears *unknown*.
    UnknownApplied = 1,
    /// It is not applied; the process hears *unknown*.
    UnknownLost = 2,
    /// Not applied; the store says it is full.
    Full = 3,
    /// Not applied; the store reports a serialization conflict although the conditions held.
    Conflict = 4,
}

impl Point {
    /// A hash of the point alone, the same on every machine and in every version of this format.
    #[must_use]
    pub fn hash(self) -> u64 {
        let (head, subject, nth) = match self {
            Self::Exchange { system, route, subject, nth } => {
                (0x0100_0000 | (system as u64) << 8 | u64::from(route.0), subject.0, u64::from(nth))
            }
            Self::Crash { process, event, subject, nth } => {
                (0x0200_0000 | u64::from(process) << 8 | event as u64, subject.0, u64::from(nth))
            }
            Self::Commit { process, nth } => (0x0300_0000 | u64::from(process), 0, u64::from(nth)),
            Self::InFlight { process, nth } => (0x0400_0000 | u64::from(process), 0, u64::from(nth)),
            Self::Tie { component, nth } => (0x0500_0000 | u64::from(component), 0, u64::from(nth)),
            Self::Pause { process, event, subject, nth } => {
                (0x0600_0000 | u64::from(process) << 8 | event as u64, subject.0, u64::from(nth))
            }
        };
        mix(mix(head ^ nth << 32) ^ subject)
    }
}

/// The one mixing function of all random decisions: the finaliser of SplitMix64 (Steele, Lea, Flood 2014). Pinned.
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
