//! The `latency:` part of a scenario: how long exchanges take, as small tables that are drawn from evenly.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;

/// How long an undisturbed exchange takes, from the request's leaving to its answer's arrival, half each way:
/// the eighths of a distribution in ascending order, each as likely as the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay(pub [Nanos; 8]);

/// The delays of all systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// By [`System`] number; the hub's is that between it and its clients, without its own work.
    delays: [Delay; 5],
}

impl Latency {
    /// The delay of exchanges with this system.
    #[must_use]
    pub const fn of(&self, system: System) -> &Delay {
        &self.delays[system as usize]
    }
}
