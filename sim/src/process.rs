//! What an orchestrator is to the world: a process that takes events and gives effects, is killed, and starts again
//! from its disk. Any orchestrator fits behind [`Process`]; none is known here.

use serde::{Deserialize, Serialize};

use crate::clock::{Instant, Nanos};
use crate::fleet::{Fingerprint, System};
use crate::wire::{Answer, Request, Response};

/// What happens to a process.
#[derive(Debug, Clone)]
pub enum Event {
    /// It began, or began again after a crash. Its memory is empty; its disk is as committed.
    Start,
    /// A client's request came.
    Request {
        /// Names the exchange in [`Effect::Answer`]. Unique in a world.
        exchange: u64,
        /// The request.
        request: Request,
    },
    /// A call of this process was answered, or will not be.
    Answer {
        /// The call's number, as this process gave it.
        call: u64,
        /// The answer.
        answer: Answer,
    },
    /// A commit ended.
    Committed {
        /// The commit's number, as this process gave it.
        commit: u64,
        /// How it ended.
        verdict: Verdict,
    },
    /// The rows that a read asked for.
    Rows {
        /// The read's number, as this process gave it.
        read: u64,
        /// The rows, in order of their keys.
        rows: Vec<Row>,
    },
    /// The moment of the last [`Effect::Wake`] has come.
    Wake,
    /// The operator presses *redrive* on everything that is parked.
    Redrive,
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// All of its writes are durable.
    Committed,
    /// A condition did not hold, or the store would not serialize it: none of its writes happened.
    Conflict,
    /// It may have been applied or not; it will not be applied later than this answer.
    Unknown,
    /// The store is full: none of its writes happened.
    Full,
}

/// What a write expects of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// Anything.
    Any,
    /// That the row does not exist.
    Absent,
    /// That it exists in this version.
    Version(u64),
}

/// One write of a commit. `value: None` removes the row (or, with a condition, only checks and removes).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Write {
    /// The row's key.
    pub key: String,
    /// What it expects.
    pub expect: Expect,
    /// The new value.
    pub value: Option<Vec<u8>>,
}

/// A row of the store. Each write raises its version by one; a new row has version 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    /// The key.
    pub key: String,
    /// The version.
    pub version: u64,
    /// The value.
    pub value: Vec<u8>,
}

/// What a process wants done. In order; a crash keeps a prefix.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Send a request to a vendor. Exactly one [`Event::Answer`] follows, unless the process crashes.
    Call {
        /// The process's own number for it; unique in one life.
        call: u64,
        /// Whom.
        to: System,
        /// The request.
        request: Request,
        /// After so long without an answer it has timed out.
        time_out: Nanos,
        /// Not sent after this moment.
        not_after: Instant,
        /// What the journal says of it; `None` from an orchestrator without a journal.
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
        /// The process's own number for it.
        commit: u64,
        /// The writes.
        writes: Vec<Write>,
    },
    /// Read all rows whose keys begin with this prefix.
    Read {
        /// The process's own number for it.
        read: u64,
        /// The prefix.
        prefix: String,
    },
    /// Wake me then (`None`: not at all). Replaces the wake-up asked for before.
    Wake(Option<Instant>),
    /// The neutral journal view: what conduct checkers see. Not an effect that a crash can fall before.
    Note(Note),
    /// A log line for people, in JSON. Not an effect that a crash can fall before.
    Log(String),
}

/// Which way a call of a saga goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It does what the client asked.
    Forward,
    /// It takes back what was done.
    Compensate,
    /// It mends what the last look before release found.
    Settle,
}

/// The journal's word on one call, in neutral terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CallNote {
    /// The saga.
    pub saga: u64,
    /// The step's place in the saga's definition, from 0.
    pub step: u8,
    /// Which way.
    pub direction: Direction,
    /// Whether it may write.
    pub mutating: bool,
    /// The attempt at this very operation, from 1.
    pub attempt: u32,
    /// The idempotency key, hashed; 0 for a read.
    pub key: u64,
}

/// The journal's word on the progress of a saga, in neutral terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// A saga began (its claim is durable, or it is queued).
    Began {
        /// The saga.
        saga: u64,
        /// `create`, `update`, `close`.
        kind: &'static str,
        /// The correlation id that the client's request carried or was given.
        correlation: String,
    },
    /// It passed its pivot.
    Pivoted {
        /// The saga.
        saga: u64,
    },
    /// It gave up going forward; the abort is durable.
    Aborted {
        /// The saga.
        saga: u64,
    },
    /// It is parked with its locks.
    Parked {
        /// The saga.
        saga: u64,
        /// The step that could not go on.
        step: u8,
        /// The attempts that were spent on the operation.
        attempts: u32,
        /// Whether a definite refusal, not a spent budget, parked it.
        refused: bool,
    },
    /// The operator made it runnable again.
    Redriven {
        /// The saga.
        saga: u64,
    },
    /// A process met it, and left it to others because it is of a newer version than that process reads.
    LeftAlone {
        /// The saga.
        saga: u64,
    },
    /// A process took it over from another one.
    TakenOver {
        /// The saga.
        saga: u64,
    },
    /// It released its claims.
    Released {
        /// The saga.
        saga: u64,
    },
    /// It ended and shrank to one row.
    Ended {
        /// The saga.
        saga: u64,
    },
}

/// An orchestrator in one life: events in, effects out. No I/O, no clock, no randomness but the seed it was given.
pub trait Process {
    /// Handles one event, whole, at this instant of its own monotonic clock.
    fn on_event(&mut self, now: Instant, event: Event, effects: &mut Vec<Effect>);

    /// Feeds all that can still matter into a fingerprint; `false` where the process cannot (then nothing is pruned).
    fn feed(&self, now: Instant, print: &mut Fingerprint) -> bool;

    /// A copy that goes on alike, where the process can be copied: searches go several ways from one state then.
    fn fork(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// How many sagas have not ended, and how many of them are parked; `None` where the process does not say.
    fn unfinished(&self) -> Option<(usize, usize)>;

    /// Whether it only keeps watch: it wakes itself, reads and commits, but nothing comes of that until something happens
    /// outside of it. A world in which nothing else is under way for so long is quiet.
    fn at_rest(&self) -> Option<Nanos> {
        None
    }

    /// Hears, before [`Event::Start`], what stands on its disk, in order of the keys: key, version, value. For processes
    /// that are handed their store at the start; others read it by effects and leave this as it is.
    fn mount<'a>(&mut self, _rows: &mut dyn Iterator<Item = (&'a str, u64, &'a [u8])>) {}

    /// From now on it takes up nothing more that another process left; what it has, it finishes.
    fn drain(&mut self) {}

    /// A crash takes it down. At the end of its world it is only dropped: what it held outside of the simulation may
    /// serve the next one then, but not here.
    fn crash(self)
    where
        Self: Sized,
    {
    }
}

/// Makes processes: a fresh life of the same orchestrator, with the number of the life for its own streams. Numbers
/// begin at 0 and are unique in a world, however many processes run in it.
pub trait Spawn: Clone {
    /// The process it makes.
    type Process: Process;

    /// A new life. Its memory is empty; the world sends it [`Event::Start`] first.
    fn spawn(&self, life: u64) -> Self::Process;

    /// The same of this release, where several run at once; 0 is what runs today.
    fn spawn_release(&self, life: u64, _release: u8) -> Self::Process {
        self.spawn(life)
    }
}
