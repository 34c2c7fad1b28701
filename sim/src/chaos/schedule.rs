//! The schedule file: everything in a world that was not uneventful, a line each, so that it happens again. Readable,
//! versioned text; how it is read stands in `read`, what can be wrong with it in `error`.
//!
//! ```text
//! sagaproof schedule 1
//! scenario create-one
//! hash 3f9a51c2e07b4d18
//! seed 42
//! orchestrator naive
//!
//! exchange commerce create-customer subject=9f3a4c5d6e7f8091 nth=0 answer-lost
//! crash process=0 answer subject=9f3a4c5d6e7f8091 nth=0 keep=2
//! commit process=0 nth=3 unknown-applied
//! pause process=1 committed subject=0000000000000000 nth=4 keep=1
//! in-flight process=0 nth=0 survives
//! tie commerce nth=4 first=1
//! tie process=0 nth=1 first=2
//! without operation=3
//! ```
//!
//! What follows a `#` is a remark. Version 1 stays readable as long as there is a version 1 of anything.

mod error;
mod read;
mod words;

pub use error::{Problem, ScheduleError};

use std::fmt::{self, Write as _};

use super::choices::Deviation;
use super::fate::Fate;
use super::point::{CommitFate, EventKind, Point};
use crate::fleet::System;

/// The version of the format that is written.
pub const VERSION: u32 = 1;

/// A longer file is no schedule: a million bytes hold more than ten thousand deviations.
pub const MAX_BYTES: usize = 1 << 20;

/// The names of routes by system and number, the clients' at the hub first.
pub type RouteNames<'a> = [&'a [&'a str]; 5];

/// What happened in one world that was not uneventful, and in which world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The scenario's name or path, without line breaks.
    pub scenario: String,
    /// The hash of the scenario's content.
    pub hash: u64,
    /// The world's seed.
    pub seed: u64,
    /// The orchestrator's name, without line breaks.
    pub orchestrator: String,
    /// The choices that were not option 0, in the order of the file.
    pub deviations: Vec<Deviation>,
    /// The workload's operations that are left out, by id, in ascending order.
    pub without: Vec<u32>,
    /// Deviations on routes that no longer exist: the rest is replayed, and this is reported.
    pub stale: Vec<Stale>,
}

/// A line of a schedule whose route no longer exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The line, from 1.
    pub line: usize,
    /// The system.
    pub system: System,
    /// The route's name, as written.
    pub route: String,
}

impl Schedule {
    /// Reads a schedule. Size, text and version are checked before anything else.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and what to write instead.
    pub fn parse(bytes: &[u8], routes: RouteNames<'_>) -> Result<Self, ScheduleError> {
        read::schedule(bytes, routes)
    }

    /// The schedule as a file. Stale deviations are left out.
    #[must_use]
    pub fn text(&self, routes: RouteNames<'_>) -> String {
        let mut text = format!("sagaproof schedule {VERSION}\nscenario {}\n", self.scenario);
        // Writing into a string does not fail.
        let _ = write!(text, "hash {:016x}\nseed {}\norchestrator {}\n", self.hash, self.seed, self.orchestrator);
        if !self.deviations.is_empty() || !self.without.is_empty() {
            text.push('\n');
        }
        for operation in &self.without {
            let _ = writeln!(text, "without operation={operation}");
        }
        for deviation in &self.deviations {
            let _ = writeln!(text, "{}", line(*deviation, routes));
        }
        text
    }
}

/// A deviation as a line of a schedule, for reports.
#[must_use]
pub fn line(deviation: Deviation, routes: RouteNames<'_>) -> impl fmt::Display {
    let Deviation { point, pick } = deviation;
    match point {
        Point::Exchange { system, route, subject, nth } => {
            let number = usize::from(route.0);
            let name =
                routes[system as usize].get(number).map_or_else(|| format!("{NUMBERED}{number}"), |&name| name.into());
            let fate = Fate::from_code(pick).map_or("?", Fate::name);
            format!("exchange {} {name} subject={:016x} nth={nth} {fate}", system.name(), subject.0)
        }
        Point::Crash { process, event, subject, nth } => {
            let kept = pick.saturating_sub(1);
            format!("crash process={process} {} subject={:016x} nth={nth} keep={kept}", event_name(event), subject.0)
        }
        Point::Pause { process, event, subject, nth } => {
            let kept = pick.saturating_sub(1);
            format!("pause process={process} {} subject={:016x} nth={nth} keep={kept}", event_name(event), subject.0)
        }
        Point::Commit { process, nth } => {
            let fate = COMMITS.into_iter().find(|(fate, _)| *fate as u16 == pick).map_or("?", |(_, name)| name);
            format!("commit process={process} nth={nth} {fate}")
        }
        Point::InFlight { process, nth } => format!("in-flight process={process} nth={nth} survives"),
        Point::Tie { component, nth } => match component.checked_sub(FIRST_PROCESS) {
            Some(process) => format!("tie process={process} nth={nth} first={pick}"),
            None => {
                let system = SYSTEMS.get(usize::from(component)).map_or("?", |(_, name)| name);
                format!("tie {system} nth={nth} first={pick}")
            }
        },
    }
}

/// How a route is written whose name is not known: this, and its number.
const NUMBERED: &str = "route-";

/// From this number on, the component of a tie is a process.
const FIRST_PROCESS: u8 = 16;

const SYSTEMS: [(System, &str); 5] = [
    (System::Hub, System::Hub.name()),
    (System::Commerce, System::Commerce.name()),
    (System::Support, System::Support.name()),
    (System::Identity, System::Identity.name()),
    (System::Messaging, System::Messaging.name()),
];

const EVENTS: [(EventKind, &str); 7] = [
    (EventKind::Start, "start"),
    (EventKind::Request, "request"),
    (EventKind::Answer, "answer"),
    (EventKind::Committed, "committed"),
    (EventKind::Rows, "rows"),
    (EventKind::Wake, "wake"),
    (EventKind::Operate, "operate"),
];

const COMMITS: [(CommitFate, &str); 4] = [
    (CommitFate::UnknownApplied, "unknown-applied"),
    (CommitFate::UnknownLost, "unknown-lost"),
    (CommitFate::Full, "full"),
    (CommitFate::Conflict, "conflict"),
];

fn event_name(event: EventKind) -> &'static str {
    EVENTS.into_iter().find(|(kind, _)| *kind == event).map_or("?", |(_, name)| name)
}

#[cfg(test)]
mod tests;
