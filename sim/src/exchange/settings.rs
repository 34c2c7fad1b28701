//! How a world is set up: its seed, its times, and what chaos it allows. What the vendors are is `fleet`'s.

use super::rollout::Rollout;
use crate::chaos::rule::Chaos;
use crate::clock::{Instant, Nanos};
use crate::fleet::System;

/// The one-way latencies of the network to one system: sixteen equally likely values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency(pub [Nanos; 16]);

impl Latency {
    /// Always the same.
    #[must_use]
    pub const fn constant(latency: Nanos) -> Self {
        Self([latency; 16])
    }

    /// Spread around a median as networks are: most below it or near it, the slowest sixteenth at four times it.
    #[must_use]
    pub const fn around(median: Nanos) -> Self {
        /// The sixteen quantiles of a log-normal distribution (σ = 0.75), in percent of the median.
        const PERCENT: [u64; 16] = [25, 37, 47, 56, 65, 74, 84, 94, 106, 119, 135, 154, 179, 213, 269, 404];
        let mut latencies = [Nanos::ZERO; 16];
        let mut index = 0;
        while index < 16 {
            latencies[index] = Nanos(median.0.saturating_mul(PERCENT[index]) / 100);
            index += 1;
        }
        Self(latencies)
    }
}

/// How a world is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The world's seed: latencies, windows, the swarm's subset, and the place of the exactly one fault.
    pub seed: u64,
    /// How many processes run the orchestrator over one store.
    pub processes: u8,
    /// Which release each of them runs, and who comes to which.
    pub rollout: Rollout,
    /// The latencies of each system, by its number ([`System::Hub`]: between clients and hub).
    pub latency: [Latency; 5],
    /// D: a request to a vendor takes effect within this of leaving, or never.
    pub horizon: Nanos,
    /// The same for a client's request to the hub.
    pub client_horizon: Nanos,
    /// What chaos is allowed.
    pub chaos: Chaos,
    /// Where [`Chaos::exactly_one`]: the one fault falls among the first so many calls that a fault may befall; 0: on none.
    pub exactly_one_within: u32,
    /// When the world heals at the latest.
    pub work_until: Instant,
    /// How long healing, each redrive and the last inspection may take to become quiet.
    pub settle_bound: Nanos,
    /// How often the operator redrives at most.
    pub redrive_rounds: u32,
    /// How long a commit takes.
    pub commit: Nanos,
    /// How long a read of the store takes.
    pub read: Nanos,
    /// What searches lag by where no window says otherwise, as the fleet was set up.
    pub index_lag: Nanos,
    /// J: what vendors' jobs take, as the fleet was set up; a stalled one ends within this of healing.
    pub job_time: Nanos,
    /// How long a stalled job stays pending while the world does not heal.
    pub job_stall: Nanos,
}

impl Settings {
    /// The latencies of this system.
    #[must_use]
    pub const fn latency(&self, system: System) -> &Latency {
        &self.latency[system as usize]
    }
}

impl Default for Settings {
    /// A quiet world with the times of ordinary SaaS.
    fn default() -> Self {
        let vendor = Latency::around(Nanos::millis(40));
        Self {
            seed: 0,
            processes: 1,
            rollout: Rollout::default(),
            latency: [Latency::around(Nanos::millis(5)), vendor, vendor, vendor, vendor],
            horizon: Nanos::secs(60),
            client_horizon: Nanos::secs(60),
            chaos: Chaos::default(),
            exactly_one_within: 7,
            work_until: Instant(Nanos::secs(600).0),
            settle_bound: Nanos::secs(3_600),
            redrive_rounds: 3,
            commit: Nanos::millis(1),
            read: Nanos::millis(1),
            index_lag: Nanos::secs(2),
            job_time: Nanos::secs(2),
            job_stall: Nanos::secs(3_600),
        }
    }
}
