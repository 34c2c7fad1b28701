//! The stream of observations that a world emits: the only thing that checkers and reports fold over.
//! A sweep records nothing; whoever wants a record implements [`Observer`] and keeps what it sees.

use serde::Serialize;

use crate::chaos::fate::Fate;
use crate::chaos::point::Point;
use crate::clock::Instant;
use crate::fleet::System;
use crate::process::{CallNote, Note, Verdict};
use crate::wire::{Answer, Request, Response};

/// The version of the observation format.
pub const VERSION: u32 = 1;

/// The phases of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Clients work and chaos strikes.
    Work,
    /// Faults, crashes and outages have ended; what is in flight still lands.
    Heal,
    /// The operator redrives what is parked.
    Redrive,
    /// The last reads through the facade.
    Inspect,
}

/// One thing that happened in a world. Borrowed, so that a sweep copies nothing.
#[derive(Debug)]
pub enum Observation<'a> {
    /// A phase began.
    Phase(Phase),
    /// A client sent a request to the hub.
    Asked {
        /// The workload operation's fixed id.
        operation: u32,
        /// Unique in the world.
        exchange: u64,
        /// The request.
        request: &'a Request,
        /// Its fate.
        fate: Fate,
        /// Where the fate was chosen.
        point: Point,
    },
    /// The hub took a client's request in (twice where it was delivered twice; late where it was late).
    TakenIn {
        /// The workload operation.
        operation: u32,
        /// The exchange.
        exchange: u64,
    },
    /// A client heard an answer, or learned that there is none.
    Told {
        /// The workload operation.
        operation: u32,
        /// The exchange.
        exchange: u64,
        /// What it heard.
        answer: &'a Answer,
    },
    /// The hub sent a request to a vendor.
    Sent {
        /// Unique in the world (not the process's own number).
        call: u64,
        /// The vendor.
        to: System,
        /// The request.
        request: &'a Request,
        /// Its fate.
        fate: Fate,
        /// Where the fate was chosen.
        point: Point,
        /// The journal's word on it.
        note: Option<CallNote>,
        /// The life of its process, from 0, unique in the world.
        life: u64,
    },
    /// The hub held a request back: the time had passed until which it might leave.
    HeldBack {
        /// The vendor.
        to: System,
        /// The journal's word on it.
        note: Option<CallNote>,
    },
    /// A vendor handled a request.
    Handled {
        /// The call.
        call: u64,
        /// The vendor.
        by: System,
        /// What it answered (the caller may hear something else, or nothing).
        response: &'a Response,
        /// Whether this was the second delivery of the same request.
        again: bool,
    },
    /// The hub heard an answer of a vendor, or learned that there is none.
    Heard {
        /// The call.
        call: u64,
        /// The vendor.
        from: System,
        /// What it heard.
        answer: &'a Answer,
    },
    /// A commit ended.
    Committed {
        /// How.
        verdict: Verdict,
        /// How many rows it wrote.
        rows: usize,
        /// Whether the writes are in the store, whatever the process heard.
        applied: bool,
    },
    /// The process crashed after the first `kept` effects of an event.
    Crashed {
        /// Where.
        point: Point,
        /// How many effects it still had done.
        kept: u16,
    },
    /// The process was stopped, to be replaced.
    Stopped {
        /// What follows: the release that its next life runs.
        release: u8,
    },
    /// The process started again.
    Restarted {
        /// Which life begins, from 0.
        life: u64,
    },
    /// Where several processes run: what follows is of this one, until the next such line.
    Turn {
        /// The process.
        process: u8,
        /// Its life, unique in the world.
        life: u64,
    },
    /// A process does nothing from now on, after the first `kept` effects of an event. What comes to it waits.
    Paused {
        /// Where.
        point: Point,
        /// How many effects had left before.
        kept: u16,
        /// Until when.
        until: Instant,
    },
    /// A process that had paused goes on, with what was left to do.
    Resumed,
    /// The journal's word on a saga.
    Noted(&'a Note),
    /// A log line.
    Logged(&'a str),
    /// A vendor's state changed from outside (`outage begins`, `tokens revoked`).
    Vendor {
        /// The vendor.
        system: System,
        /// What, as fixed words.
        what: &'static str,
    },
    /// An outsider gave a customer an order or a ticket, or was refused because no live record bears the number.
    ChildAdded {
        /// The vendor.
        system: System,
        /// The customer's number.
        cust_no: &'a str,
        /// What was added, by the vendor's id; nothing where it was refused.
        id: Option<&'a str>,
    },
}

/// Whoever folds over a world's observations.
pub trait Observer {
    /// Sees one observation, at this instant.
    fn see(&mut self, now: Instant, observation: &Observation<'_>);
}
