//! What every contender in this bench has: a name, and worlds that end with fleet records. The fault that a world
//! gets, and the terms on which all of them run, stand here, so that they are the same for everyone.

use std::hint::black_box;
use std::time::Duration;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::fleet::System;

// The peers' terms are short on purpose: a world that ticks pays for every millisecond that it waits, a world that jumps
// does not. Longer ones would only flatter us.

/// How long a message travels, one way.
pub(crate) const ONE_WAY: Duration = Duration::from_millis(2);
/// After how long without an answer the caller gives up.
pub(crate) const TIME_OUT: Duration = Duration::from_millis(100);
/// When the latest of all late requests lands.
pub(crate) const HORIZON: Duration = Duration::from_millis(200);
/// When a world with a late request has ended at the latest: the request left within the first tenth of a second.
pub(crate) const SETTLED: Duration = Duration::from_millis(300);
/// The first backoff; it doubles up to [`BACKOFF_CAP`] and is drawn with full jitter.
pub(crate) const BACKOFF: Duration = Duration::from_millis(10);
/// The longest backoff.
pub(crate) const BACKOFF_CAP: Duration = Duration::from_millis(100);
/// How often an operation is tried.
pub(crate) const ATTEMPTS: u32 = 8;

/// Somebody who can run the create saga once in a world with one fault.
pub(crate) trait Contender {
    /// As in the report.
    fn name(&self) -> &'static str;

    /// Runs a world to its end; what the vendors hold then.
    fn records(&mut self, case: &Case) -> FleetRecords;

    /// Runs a world to its end, as it is timed.
    fn run(&mut self, case: &Case) {
        black_box(self.records(case));
    }
}

/// A world, the same for every contender.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// For the contenders' own draws.
    pub(crate) seed: u64,
    /// Who is created.
    pub(crate) customer: Customer,
    /// What befalls it.
    pub(crate) fault: Option<Fault>,
}

/// What the vendors hold when a world has ended, in order of systems.
pub(crate) type FleetRecords = Vec<Held>;

/// A live record, as contenders are compared by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) system: System,
    pub(crate) cust_no: String,
    pub(crate) email: String,
    pub(crate) name: String,
    /// Where the system keeps one.
    pub(crate) phone: Option<String>,
}

/// The exchanges of an undisturbed create, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exchange {
    Commerce,
    Support,
    Token,
    Identity,
    Push,
}

/// The one fault of a world: what befalls the first request of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) exchange: Exchange,
    pub(crate) fate: Fate,
}

impl Fault {
    /// Whether something may still be on its way when the saga has ended.
    pub(crate) fn is_late(self) -> bool {
        matches!(self.fate, Fate::LateShort | Fate::LateLong | Fate::Late504 | Fate::TwiceLate)
    }
}

/// The customer whom a world creates.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) cust_no: String,
    pub(crate) email: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) phone: String,
}

impl Customer {
    /// The owner tag that the saga writes.
    pub(crate) fn owner(&self) -> String {
        format!("{}/s1", self.cust_no)
    }
}
