//! What happens to the hub node. The driver and the simulation's adapter make these; nothing else does.

use crate::message::{Answer, Request};

/// An event. The node handles it whole, at one instant.
#[derive(Debug)]
pub enum Event {
    /// The node began, or began again: its memory is empty, its store as committed.
    Start,
    /// A client's request came.
    Request {
        /// Names the exchange in [`crate::effect::Effect::Answer`].
        exchange: u64,
        /// The request.
        request: Request,
    },
    /// A call was answered, or will not be.
    Answer {
        /// The call's number.
        call: u64,
        /// The answer.
        answer: Answer,
    },
    /// A commit ended.
    Committed {
        /// The commit's number.
        commit: u64,
        /// How.
        verdict: Verdict,
    },
    /// The rows that a read asked for, in order of their keys.
    Rows {
        /// The read's number.
        read: u64,
        /// The rows.
        rows: Vec<Row>,
    },
    /// The moment of the last [`crate::effect::Effect::Wake`] has come.
    Wake,
    /// The operator makes all parked sagas runnable again.
    Redrive,
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All of its writes are durable.
    Committed,
    /// A condition did not hold, or the store would not serialize it: none of its writes happened.
    Conflict,
    /// It may have been applied or not; it will not be applied later than this.
    Unknown,
    /// The store is full: none of its writes happened.
    Full,
}

/// A row of the store. A new row has version 1; each write raises it by one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    /// The key.
    pub key: String,
    /// The version.
    pub version: u64,
    /// The value.
    pub value: Vec<u8>,
}
