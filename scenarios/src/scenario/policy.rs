//! The `policy:` part of a scenario: what the hub does otherwise than by default. Defaults are the orchestrator's.

use sagaproof_sim::clock::Nanos;

/// Settings of the hub that a scenario overrides; `None` leaves the orchestrator's default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PolicyOverrides {
    /// How long the hub waits for a vendor's answer.
    pub time_out: Option<Nanos>,
    /// How often it tries an operation going forward.
    pub attempts: Option<u32>,
    /// How often it tries a compensation before it parks the saga.
    pub compensation_attempts: Option<u32>,
    /// The first backoff.
    pub backoff_base: Option<Nanos>,
    /// The longest backoff.
    pub backoff_cap: Option<Nanos>,
    /// How long a synchronous request may stay undecided before it is answered 202.
    pub sync_wait: Option<Nanos>,
}
