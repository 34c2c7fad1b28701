//! The hub node, the one door: events in, effects out. Gateway, admission, sagas, commits, calls, jobs and recovery
//! live behind [`Node::on_event`]. It performs no I/O, reads no clock and draws nothing.

mod admit;
mod call;
mod commit;
mod departed;
mod drive;
mod feed;
mod grant;
mod lease;
mod log;
mod operate;
mod pending;
mod reconcile;
mod recover;
mod running;
mod serve;
mod takeover;
mod timer;
mod token;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use self::admit::Admission;
use self::call::InFlight;
use self::lease::Lease;
use self::pending::Pending;
use self::reconcile::Sweep;
use self::recover::Recovery;
use self::running::{Commit, Running};
use self::timer::Timer;
use self::token::Token;
use crate::customer::state::Engine;
use crate::effect::Effect;
use crate::event::Event;
use crate::message::Request;
use crate::saga::SagaId;
use crate::saga::claim::Claims;
use crate::saga::retry::Gate;
use crate::time::{Instant, Nanos};

/// Whom the rows of a read are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum ReadFor {
    /// Recovery: the journals.
    Journals,
    /// Recovery: the number of the last life.
    Life,
    /// A client's question about a customer.
    Customer(u64),
    /// A client's question about a job.
    Job(u64),
    /// A client that resent a key: the job's answer.
    Resent(u64, SagaId),
    /// A client's question about a job that may be another process's: its row.
    Shared(u64, SagaId),
    /// The same: its journal.
    Elsewhere(u64, SagaId),
    /// All leases.
    Leases,
    /// All journals, to find those of this life.
    Taken(u64),
    /// An admission: the client key's row.
    Key(SagaId),
    /// An admission: the customer's row.
    Wanted(SagaId),
    /// An admission or a queued saga: the row of the customer that a merge lets go.
    Goner(SagaId),
    /// A queued saga: the customer's row.
    Grant(SagaId),
    /// A commit whose end is unknown: the saga's last journal row.
    Check(SagaId),
    /// An operator's question about a saga: its journal.
    Case(u64, SagaId),
    /// An operator's question about a saga's entries.
    Journal(u64),
    /// An operator's question about a saga, or a press on it, that this node does not have: its job.
    Ended(u64, SagaId, bool),
    /// An operator's sweep: the customers.
    Customers(u64),
    /// An operator's sweep: what was ever created.
    Creations(u64),
}

impl ReadFor {
    /// Whether a client waits for it that asked no saga to be begun.
    const fn is_a_clients(self) -> bool {
        match self {
            Self::Customer(_)
            | Self::Job(_)
            | Self::Resent(..)
            | Self::Shared(..)
            | Self::Elsewhere(..)
            | Self::Case(..)
            | Self::Journal(_)
            | Self::Ended(..)
            | Self::Customers(_)
            | Self::Creations(_) => true,
            Self::Journals
            | Self::Life
            | Self::Leases
            | Self::Taken(_)
            | Self::Key(_)
            | Self::Wanted(_)
            | Self::Goner(_)
            | Self::Grant(_)
            | Self::Check(_) => false,
        }
    }
}

/// The hub node in one life.
#[derive(Debug, Clone)]
pub struct Node {
    engine: Engine,
    /// The instant of the event in hand.
    now: Instant,
    /// Whether log lines are made.
    logs: bool,
    life: u64,
    next_saga: u32,
    recovery: Recovery,
    /// Where several processes share the store: this life's lease. Boxed, for few have one.
    lease: Option<Box<Lease>>,
    /// Requests that came before recovery was over.
    backlog: Vec<(u64, Request)>,
    /// Boxed, for a tree moves what it keeps.
    sagas: BTreeMap<SagaId, Box<Running>>,
    admissions: BTreeMap<SagaId, Admission>,
    claims: Claims,
    /// Queued sagas, by the key that they wait for.
    queue: BTreeMap<String, Vec<SagaId>>,
    /// Client keys of unfinished sagas and admissions.
    keys: BTreeMap<String, (u64, SagaId)>,
    sweep: Sweep,
    reads: Pending<ReadFor>,
    commits: Pending<SagaId>,
    calls: Pending<InFlight>,
    /// The last number given to a read, commit or call.
    number: u64,
    gates: [Gate; 4],
    token: Token,
    timers: BTreeSet<(Instant, Timer)>,
    wake: Option<Instant>,
}

impl Node {
    /// A node that has not started yet.
    #[must_use]
    pub fn new(engine: Engine, logs: bool) -> Self {
        let lease = (engine.policy.lease_over > Nanos::ZERO).then(Box::default);
        Self {
            engine,
            now: Instant::default(),
            logs,
            life: 0,
            next_saga: 0,
            recovery: Recovery::default(),
            lease,
            backlog: Vec::new(),
            sagas: BTreeMap::new(),
            admissions: BTreeMap::new(),
            claims: Claims::default(),
            queue: BTreeMap::new(),
            keys: BTreeMap::new(),
            sweep: Sweep::default(),
            reads: Pending::default(),
            commits: Pending::default(),
            calls: Pending::default(),
            number: 0,
            gates: std::array::from_fn(|_| Gate::new()),
            token: Token::default(),
            timers: BTreeSet::new(),
            wake: None,
        }
    }

    /// Handles one event, whole, at this instant of the node's monotonic clock.
    pub fn on_event(&mut self, now: Instant, event: Event, effects: &mut Vec<Effect>) {
        self.now = now;
        match event {
            Event::Start => self.start(effects),
            Event::Request { exchange, request } if self.recovery.over => self.serve(exchange, request, effects),
            Event::Request { exchange, request } => self.backlog.push((exchange, request)),
            Event::Answer { call, answer } => self.on_answer(now, call, answer, effects),
            Event::Committed { commit, verdict } => self.on_committed(now, commit, verdict, effects),
            Event::Rows { read, rows } => {
                if let Some(purpose) = self.reads.remove(read) {
                    self.on_rows(now, purpose, rows, effects);
                }
            }
            Event::Wake => {
                self.wake = None;
                self.on_wake(now, effects);
            }
            Event::Redrive => {
                self.redrive(now, effects);
                self.press_everywhere(effects);
            }
        }
        self.set_wake(effects);
    }

    /// How many sagas have not ended, and how many of them a person must look at: parked, or with a journal that this
    /// node cannot read.
    #[must_use]
    pub fn unfinished(&self) -> (usize, usize) {
        let parked = self.sagas.values().filter(|running| running.saga.parked.is_some()).count();
        let left_alone = self.recovery.left_alone + self.lease.as_ref().map_or(0, |lease| lease.left_alone());
        (self.sagas.len() + self.admissions.len() + left_alone, parked + left_alone)
    }

    /// Whether it has taken up what the last life left, so that it serves requests at once.
    #[must_use]
    pub const fn is_recovered(&self) -> bool {
        self.recovery.over
    }

    /// For how long nothing must happen here but the watch over leases and over claims of other processes, until it is
    /// sure that nothing comes of that; `None` where something else is under way.
    #[must_use]
    pub fn at_rest(&self) -> Option<Nanos> {
        // Asked after every event, so what is seen soonest is looked at first.
        let busy = !self.recovery.over || !self.calls.is_empty() || !self.admissions.is_empty();
        if busy {
            return None;
        }
        let others = self.lease.as_ref()?.rest(self.now, self.engine.policy.lease_over)?;
        let waits = |id: &SagaId| {
            self.sagas.get(id).is_some_and(|running| running.saga.grant.is_none() && running.commit == Commit::None)
        };
        let watches = self.timers.iter().all(|(_, timer)| match timer {
            Timer::Watch => true,
            Timer::Saga(id) => waits(id),
            Timer::Client(..) | Timer::Token | Timer::Press | Timer::Pressed | Timer::Start => false,
        });
        let reads = self.reads.iter().all(|(_, read)| match read {
            ReadFor::Leases => true,
            ReadFor::Grant(id) | ReadFor::Goner(id) => waits(id),
            _ => false,
        });
        let claims = |id: &SagaId| self.sagas.get(id).is_some_and(|running| running.ungranted.is_some());
        let commits = self.commits.iter().all(|(_, id)| claims(id));
        if !(watches && reads && commits) {
            return None;
        }
        // Every claim that was waited for has been asked for again by then.
        let asks = self.timers.iter().any(|(_, timer)| matches!(timer, Timer::Saga(_)));
        let alone = !asks && self.commits.is_empty() && self.reads.iter().all(|(_, read)| *read == ReadFor::Leases);
        Some(if alone { others } else { others.max(self.engine.policy.backoff_cap.times(2)) })
    }

    /// How many reads, commits and calls it has asked for.
    #[must_use]
    pub const fn numbered(&self) -> u64 {
        self.number
    }

    fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    fn read(&mut self, purpose: ReadFor, prefix: String, effects: &mut Vec<Effect>) {
        let read = self.next_number();
        self.reads.insert(read, purpose);
        effects.push(Effect::Read { read, prefix });
    }

    fn new_saga_id(&mut self) -> SagaId {
        self.next_saga += 1;
        SagaId::new(self.life, self.next_saga)
    }
}
