//! The `fleet:` part of a scenario: how the vendors behave, and what stands in them before the world begins.

use sagaproof_sim::clock::Nanos;

/// The vendors of a scenario's worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetSettings {
    /// S: after so long at the latest a search shows a write.
    pub index_lag: Nanos,
    /// Whether the vendors' rate limits apply.
    pub limits: bool,
    /// How long an access token lives.
    pub token_life: Nanos,
    /// How many customers, the first of the population, stand in the primary and at every vendor before the world begins.
    pub customers: u32,
    /// How many of those, the first, have an order, so that commerce refuses to delete them.
    pub orders: u32,
    /// How many strangers' records hold an e-mail that an operation of the workload will ask for, one vendor each in turn.
    pub strangers: u32,
    /// Whether answers drift from their schema throughout.
    pub drift: bool,
}
