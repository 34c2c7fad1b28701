//! The `workload:` part of a scenario: what clients and outsiders do. How it becomes requests stands with the workload.

use sagaproof_sim::chaos::rule::Odds;
use sagaproof_sim::clock::Nanos;

/// What clients and outsiders do in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkloadSettings {
    /// How many customers the operations speak of; the first `fleet.customers` of them exist already.
    pub population: u32,
    /// How many operations the clients ask for.
    pub operations: u32,
    /// Which operations, in per cent.
    pub mix: Mix,
    /// How many of the writes go to `/api/async`.
    pub asynchronous: Odds,
    /// The mean time between the beginnings of two operations; zero: all at once.
    pub spacing: Nanos,
    /// How many operations in a row speak of the same customer.
    pub contention: u32,
    /// How many creates and updates ask for an e-mail that is meant for another customer of the population.
    pub clashes: Odds,
    /// What a client does without an answer, or with one that bids it come again.
    pub resend: Resend,
    /// How many operations the client sends twice at the same moment, under the same key.
    pub duplicates: Odds,
    /// How many strangers come to a vendor during the work, each with an e-mail that no operation asks for.
    pub strangers: u32,
    /// How many orders and tickets customers and agents add during the work.
    pub children: u32,
}

/// The operations of a workload in whole per cent, together 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    /// `POST /api/customers`.
    pub create: u32,
    /// `PATCH /api/customers/{cust_no}`.
    pub update: u32,
    /// `DELETE /api/customers/{cust_no}`.
    pub close: u32,
    /// `GET /api/customers/{cust_no}`.
    pub read: u32,
}

/// What a client does without an answer, or after 409 with `Retry-After`, 429 or 5xx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resend {
    /// How often it sends an operation at most, the first time included.
    pub sendings: u32,
    /// How long it waits for an answer.
    pub time_out: Nanos,
    /// How long it waits before it sends again, unless the answer says otherwise.
    pub pause: Nanos,
    /// Whether it sends an `Idempotency-Key`; without one each sending is an operation of its own.
    pub keyed: bool,
}
