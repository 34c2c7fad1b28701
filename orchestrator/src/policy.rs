//! Policy: how patient the hub is. Numbers only; the engine reads them and never asks what version it runs as.

use crate::time::Nanos;

/// The hub's settings. Times are lengths; attempts count the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long a call may take before it has timed out.
    pub time_out: Nanos,
    /// Attempts at one operation on the way forward, before the saga aborts.
    pub forward_attempts: u32,
    /// Attempts at one operation when compensating, before the saga is parked.
    pub compensate_attempts: u32,
    /// Attempts at one operation after the pivot or while settling, before the saga is parked.
    pub settle_attempts: u32,
    /// The first backoff; doubles with each attempt, drawn with full jitter.
    pub backoff_base: Nanos,
    /// The longest backoff.
    pub backoff_cap: Nanos,
    /// How long a synchronous request waits before it is answered 202.
    pub sync_wait: Nanos,
    /// D: a request takes effect within so long of leaving, or never.
    pub horizon: Nanos,
    /// G: a call leaves within so long of the event that asked for it, or not at all.
    pub leave_within: Nanos,
    /// ρ: clock rates differ by at most this, in parts per million.
    pub rate_drift_ppm: u64,
    /// Whether the clocks of those who say *not before* may go otherwise than the hub's own.
    pub clocks_differ: bool,
    /// S: a search shows every write within so long.
    pub index_lag: Nanos,
    /// J: a vendor's job ends within so long of healing.
    pub job_time: Nanos,
    /// The first pause before a vendor's job is looked at again; doubles each time.
    pub poll_base: Nanos,
    /// The longest such pause.
    pub poll_cap: Nanos,
    /// Failures in a row after which a vendor's breaker opens.
    pub breaker_failures: u32,
    /// How long an open breaker stays open before one call probes the vendor.
    pub breaker_open: Nanos,
    /// Calls in flight at one vendor at most.
    pub concurrency: usize,
    /// L: how long a process may call after it renewed its lease, where several share a store. Zero: one process holds
    /// the store by itself, and needs none.
    pub lease: Nanos,
    /// How long a lease must be seen unchanged until no call of its holder can still leave: (L + G)(1 + ρ). A lease is
    /// renewed within a third of it.
    pub lease_over: Nanos,
}

impl Policy {
    /// What the hub ships with; horizon and lag as the vendors of the fleet have them.
    pub const SHIPPED: Self = Self {
        time_out: Nanos::secs(1),
        forward_attempts: 4,
        compensate_attempts: 6,
        settle_attempts: 6,
        backoff_base: Nanos::millis(100),
        backoff_cap: Nanos::secs(4),
        sync_wait: Nanos::secs(29),
        horizon: Nanos::secs(5),
        leave_within: Nanos::millis(100),
        rate_drift_ppm: 1_000,
        clocks_differ: true,
        index_lag: Nanos::secs(2),
        job_time: Nanos::secs(60),
        poll_base: Nanos::millis(500),
        poll_cap: Nanos::secs(30),
        breaker_failures: 8,
        breaker_open: Nanos::secs(2),
        concurrency: 64,
        lease: Nanos::ZERO,
        lease_over: Nanos::ZERO,
    };

    /// D′ = (D + G)(1 + ρ): how long the sender of an attempt waits until it can no longer arrive.
    #[must_use]
    pub const fn in_flight(&self) -> Nanos {
        let bound = self.horizon.0 + self.leave_within.0;
        Nanos(bound + bound / 1_000_000 * self.rate_drift_ppm + 1)
    }

    /// How long a vendor's job is waited for before a person is asked: J by the hub's own clock, and some calls' time.
    #[must_use]
    pub const fn job_wait(&self) -> Nanos {
        Nanos(self.job_time.0 + self.job_time.0 / 1_000_000 * self.rate_drift_ppm + self.in_flight().0)
    }

    /// This policy for processes that share a store under leases of this length; zero: for one that has it to itself.
    #[must_use]
    pub const fn leased(self, lease: Nanos) -> Self {
        let bound = lease.0 + self.leave_within.0;
        let over = Nanos(bound + bound / 1_000_000 * self.rate_drift_ppm + 1);
        Self { lease, lease_over: if lease.0 == 0 { Nanos::ZERO } else { over }, ..self }
    }

    /// How long to wait so that this long has passed by the clock of whoever said so.
    #[must_use]
    pub const fn by_any_clock(&self, span: Nanos) -> Nanos {
        if self.clocks_differ { Nanos(span.0 + span.0 / 1_000_000 * self.rate_drift_ppm + 1) } else { span }
    }

    /// The shortest and the longest backoff after the nth failed attempt (from 1): full jitter draws between them.
    #[must_use]
    pub fn backoffs(base: Nanos, cap: Nanos, attempt: u32) -> (Nanos, Nanos) {
        let longest = base.0.saturating_mul(1 << attempt.saturating_sub(1).min(32)).min(cap.0).max(1);
        (Nanos(longest / 10), Nanos(longest))
    }

    /// S by the hub's own clock.
    #[must_use]
    pub const fn index_wait(&self) -> Nanos {
        Nanos(self.index_lag.0 + self.index_lag.0 / 1_000_000 * self.rate_drift_ppm + 1)
    }
}
