//! What the hub node wants done. The driver and the simulation's adapter match these without wildcard.

use crate::connector::Vendor;
use crate::message::{Request, Response};
use crate::time::{Instant, Nanos};

/// An effect. They are done in order; a crash keeps a prefix.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Send a request to a vendor; exactly one answer event follows.
    Call {
        /// The node's number for it.
        call: u64,
        /// Whom.
        to: Vendor,
        /// The request.
        request: Request,
        /// After so long without an answer it has timed out.
        time_out: Nanos,
        /// Not sent after this moment.
        not_after: Instant,
        /// The journal's word on it; none for a token.
        note: Option<CallNote>,
    },
    /// Answer a client.
    Answer {
        /// The exchange.
        exchange: u64,
        /// The answer.
        response: Response,
    },
    /// Commit to the store: all of the writes, or none.
    Commit {
        /// The node's number for it.
        commit: u64,
        /// The writes.
        writes: Vec<Write>,
    },
    /// Read all rows whose keys begin with this prefix.
    Read {
        /// The node's number for it.
        read: u64,
        /// The prefix.
        prefix: String,
    },
    /// Wake me then; replaces the wake-up asked for before.
    Wake(Option<Instant>),
    /// The neutral journal view.
    Note(Note),
    /// A log line in JSON.
    Log(String),
}

/// What a write expects of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expect {
    /// Anything.
    Any,
    /// That the row does not exist.
    Absent,
    /// That it exists in this version.
    Version(u64),
}

/// One write of a commit; without a value it removes the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The row's key.
    pub key: String,
    /// What it expects.
    pub expect: Expect,
    /// The new value.
    pub value: Option<Vec<u8>>,
}

/// Which way a call of a saga goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It does what the client asked.
    Forward,
    /// It takes back what was done.
    Compensate,
    /// It mends what the last look before release found.
    Settle,
}

/// The journal's word on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallNote {
    /// The saga.
    pub saga: u64,
    /// The step's place in its definition.
    pub step: u8,
    /// Which way.
    pub direction: Direction,
    /// Whether it may write.
    pub mutating: bool,
    /// The attempt at this operation, from 1.
    pub attempt: u32,
    /// The idempotency key, hashed; 0 for a read.
    pub key: u64,
}

/// The journal's word on a saga's progress; durable when it is said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Note {
    /// It began.
    Began {
        /// The saga.
        saga: u64,
        /// What it does.
        kind: &'static str,
        /// The correlation id.
        correlation: String,
    },
    /// It passed its pivot.
    Pivoted(u64),
    /// It gave up going forward.
    Aborted(u64),
    /// It is parked.
    Parked {
        /// The saga.
        saga: u64,
        /// The step that could not go on.
        step: u8,
        /// The attempts spent on its operation.
        attempts: u32,
        /// Whether a definite refusal parked it.
        refused: bool,
    },
    /// The operator made it runnable again.
    Redriven(u64),
    /// It was met and left alone: its journal cannot be read here, or is of a version that is not known.
    LeftAlone(u64),
    /// A process took it over from another one.
    TakenOver(u64),
    /// It released its claims.
    Released(u64),
    /// It ended and shrank to one row.
    Ended(u64),
}
