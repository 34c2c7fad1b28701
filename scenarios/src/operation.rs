//! What clients ask for, in neutral terms, and the plan of a world: the workload is generated as a [`Plan`], requests
//! are made from it, and checkers judge by it. How an operation becomes requests stands with the workload.

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{SeedRecord, System};
use serde::Deserialize;

/// Operators' exchanges have operation ids from here on, and the last looks from the next power of two; no operation has
/// one so high.
pub const PRESSES_FROM: u32 = 1 << 30;

/// A customer's fields, as a client gives them and the facade shows them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
pub struct Customer {
    /// The customer's number.
    pub cust_no: String,
    /// The e-mail; compared in lower case.
    pub email: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The phone number, E.164.
    pub phone: Option<String>,
}

/// What an update changes; `None` leaves a field as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Patch {
    /// The new e-mail.
    pub email: Option<String>,
    /// The new given name.
    pub given_name: Option<String>,
    /// The new family name.
    pub family_name: Option<String>,
    /// The new phone number; `Some(None)` takes it away.
    pub phone: Option<Option<String>>,
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Creates a customer.
    Create(Customer),
    /// Changes fields of a customer.
    Update {
        /// Whom.
        cust_no: String,
        /// Which fields, and how.
        changes: Patch,
    },
    /// Closes a customer.
    Close {
        /// Whom.
        cust_no: String,
    },
    /// Makes two customers one.
    Merge {
        /// Who stays.
        cust_no: String,
        /// Who goes.
        from: String,
    },
    /// Reads a customer.
    Read {
        /// Whom.
        cust_no: String,
    },
}

impl Kind {
    /// Whom it is about.
    #[must_use]
    pub fn cust_no(&self) -> &str {
        match self {
            Self::Create(customer) => &customer.cust_no,
            Self::Update { cust_no, .. }
            | Self::Close { cust_no }
            | Self::Merge { cust_no, .. }
            | Self::Read { cust_no } => cust_no,
        }
    }

    /// The customer that a merge lets go.
    #[must_use]
    pub fn goner(&self) -> Option<&str> {
        match self {
            Self::Merge { from, .. } => Some(from),
            Self::Create(_) | Self::Update { .. } | Self::Close { .. } | Self::Read { .. } => None,
        }
    }

    /// Whether it is about this customer.
    #[must_use]
    pub fn concerns(&self, cust_no: &str) -> bool {
        self.cust_no() == cust_no || self.goner() == Some(cust_no)
    }

    /// Its name, as in messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update { .. } => "update",
            Self::Close { .. } => "close",
            Self::Merge { .. } => "merge",
            Self::Read { .. } => "read",
        }
    }

    /// Whether it asks for a change.
    #[must_use]
    pub const fn writes(&self) -> bool {
        !matches!(self, Self::Read { .. })
    }
}

/// One operation of a workload. Its client may send it several times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its fixed id: it stays when other operations are taken out.
    pub id: u32,
    /// What it does.
    pub kind: Kind,
    /// The `Idempotency-Key` that its client sends every time; without one each sending is an operation of its own.
    pub key: Option<String>,
    /// Whether it goes to `/api/async`.
    pub asynchronous: bool,
    /// The `X-Correlation-Id` that its client sends, if it sends one.
    pub correlation: Option<String>,
}

/// A record at a vendor that is no customer of ours and must stay as it is.
#[derive(Debug, Clone)]
pub struct Stranger {
    /// The vendor.
    pub system: System,
    /// The record; its tag is `None`.
    pub record: SeedRecord,
    /// When it comes; [`Instant::ZERO`]: it is there before the world begins.
    pub comes: Instant,
}

/// All that is known of a world before it begins and that its verdict rests on.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The operations, in ascending order of their ids.
    pub operations: Vec<Operation>,
    /// Customers that stand in the primary and in every system before the world begins.
    pub customers: Vec<Customer>,
    /// The loyalty points of the first of them; the second has twice as many, and so on.
    pub points: u32,
    /// The orders and tickets that each of them has, in the same order.
    pub children: Vec<[u32; 2]>,
    /// Other people's records.
    pub strangers: Vec<Stranger>,
    /// The delivery horizon D: a request takes effect within it or never.
    pub horizon: Nanos,
    /// Whether nothing goes wrong in this world: no faults, no crashes, no windows.
    pub fair_weather: bool,
    /// Whether an assumption of the fault model is broken in this world: then only repair is judged.
    pub beyond: bool,
    /// The fewest attempts at one operation after which an orchestrator may park a saga for want of budget.
    pub attempts: u32,
}

impl Plan {
    /// The loyalty points that the customer at this place of [`Self::customers`] has.
    #[must_use]
    pub fn points_of(&self, place: usize) -> u64 {
        u64::from(self.points) * (place as u64 + 1)
    }

    /// The operation at this place, where one is meant.
    #[must_use]
    pub fn planned(&self, place: Option<u32>) -> Option<&Operation> {
        self.operations.get(place? as usize)
    }

    /// The place in [`Self::operations`] of the operation with this id.
    #[must_use]
    pub fn place(&self, id: u32) -> Option<usize> {
        let direct = id as usize;
        if self.operations.get(direct).is_some_and(|operation| operation.id == id) {
            return Some(direct);
        }
        self.operations.binary_search_by_key(&id, |operation| operation.id).ok()
    }
}
