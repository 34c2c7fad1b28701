//! The shipped hub with another policy: how long it waits, how often it tries. The policy comes from a file that
//! somebody wrote, or is one of those below. What a policy file looks like stands with the scenarios.

use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::process::Row;

use super::hub::Hub;
use super::{AnySpawn, SeededCustomer, Version};
use crate::adapter::Bare;
use crate::scenario::{PolicyOverrides, Terms};

/// A retry policy that is built in.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Its name.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub summary: &'static str,
    /// What it does otherwise than the shipped one.
    pub policy: PolicyOverrides,
}

/// Those that are built in.
pub const ALL: &[RetryPolicy] = &[EAGER, STEADFAST];

/// Asks again soon, and soon gives up.
const EAGER: RetryPolicy = RetryPolicy {
    name: "eager",
    summary: "The hub with short breath: 300 ms for an answer, two attempts going forward, pauses of 20 to 200 ms.",
    policy: PolicyOverrides {
        time_out: Some(Nanos::millis(300)),
        attempts: Some(2),
        backoff_base: Some(Nanos::millis(20)),
        backoff_cap: Some(Nanos::millis(200)),
        ..NOTHING
    },
};

/// Waits long, and does not give up.
const STEADFAST: RetryPolicy = RetryPolicy {
    name: "steadfast",
    summary: "The hub with long breath: 3 s for an answer, ten attempts each way, pauses of 250 ms to 10 s.",
    policy: PolicyOverrides {
        time_out: Some(Nanos::secs(3)),
        attempts: Some(10),
        compensation_attempts: Some(10),
        backoff_base: Some(Nanos::millis(250)),
        backoff_cap: Some(Nanos::secs(10)),
        ..NOTHING
    },
};

pub(super) const NOTHING: PolicyOverrides = PolicyOverrides {
    time_out: None,
    attempts: None,
    compensation_attempts: None,
    backoff_base: None,
    backoff_cap: None,
    sync_wait: None,
};

/// The retry policy of this name.
pub(super) fn find(name: &str) -> Option<&'static RetryPolicy> {
    ALL.iter().find(|one| one.name == name)
}

/// The shipped hub with another policy.
#[derive(Debug, Clone)]
pub struct Patient {
    hub: Hub<Bare>,
    policy: PolicyOverrides,
}

impl Patient {
    /// The hub as it ships.
    #[must_use]
    pub fn shipped() -> Self {
        Self::new(NOTHING)
    }

    /// The shipped hub with this policy.
    #[must_use]
    pub fn new(policy: PolicyOverrides) -> Self {
        Self { hub: Hub::shipped(), policy }
    }
}

impl Version for Patient {
    type Spawn = AnySpawn;

    fn spawn(&self, terms: &Terms, seed: u64, logs: bool) -> Self::Spawn {
        AnySpawn::Hub(self.hub.spawn(&Terms { policy: self.policy(terms.policy), ..*terms }, seed, logs))
    }

    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<Row> {
        self.hub.seed_rows(customers)
    }

    fn desk(&self, terms: &Terms) -> Option<Engine> {
        self.hub.desk(&Terms { policy: self.policy(terms.policy), ..*terms })
    }

    fn policy(&self, asked: PolicyOverrides) -> PolicyOverrides {
        self.policy.before(asked)
    }
}
