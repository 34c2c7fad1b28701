//! Patience and politeness: backoff with full jitter, the breaker, the limit of calls in flight, the retry budget.
//! The jitter is a hash, so that a life with the same seed waits alike.

use std::collections::VecDeque;
use std::hash::Hasher;

use super::SagaId;
use crate::fingerprint::Fingerprint;
use crate::policy::Policy;
use crate::time::{Instant, Nanos};

/// Mixes a number (the finaliser of SplitMix64; Steele, Lea, Flood 2014). For jitter and ids, not for secrets.
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Exponential backoff with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015): after the
/// nth failed attempt (from 1) a time between a tenth of and the whole of `base · 2ⁿ⁻¹`, at most `cap`.
#[must_use]
pub fn backoff(base: Nanos, cap: Nanos, attempt: u32, salt: u64) -> Nanos {
    let (shortest, longest) = Policy::backoffs(base, cap, attempt);
    Nanos(shortest.0 + mix(salt) % (longest.0 - shortest.0 + 1))
}

/// One vendor's gate: how many calls are in flight, who waits, and whether the breaker is open.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    in_flight: usize,
    waiting: VecDeque<SagaId>,
    failures: u32,
    open_until: Option<Instant>,
    paused_until: Option<Instant>,
    /// In tenths of a retry: each success gives one tenth, each retry costs ten.
    budget: u32,
}

/// What the gate says to a saga that wants to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admit {
    /// Call; it counts as in flight.
    Go,
    /// Too many are in flight; the saga is in the queue.
    Queued,
    /// The breaker is open, or the vendor asked for a pause, until then.
    Open(Instant),
}

impl Gate {
    /// Retries that a vendor has in hand before the first success.
    const RETRIES_IN_HAND: u32 = 10;

    /// A fresh gate.
    #[must_use]
    pub fn new() -> Self {
        Self { budget: Self::RETRIES_IN_HAND * 10, ..Self::default() }
    }

    /// The gate of the next life of the same process: it knows what the vendor asked for, and nothing of calls.
    #[must_use]
    pub fn heir(&self) -> Self {
        Self { paused_until: self.paused_until, ..Self::new() }
    }

    /// Folds in all that can still matter.
    pub fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { in_flight, waiting, failures, open_until, paused_until: _, budget } = self;
        print.fold(&(in_flight, waiting, failures, budget));
        print.deadline(*open_until);
        print.deadline(self.paused(print.now()));
    }

    /// Asks to call now.
    pub fn admit(&mut self, now: Instant, saga: SagaId, limit: usize) -> Admit {
        if let Some(until) = self.paused(now) {
            return Admit::Open(until);
        }
        match self.open_until {
            Some(until) if now < until => return Admit::Open(until),
            // Half open: one probe at a time.
            Some(until) if self.in_flight > 0 => return Admit::Open(until.max(now + Nanos::millis(50))),
            _ => {}
        }
        if self.in_flight >= limit {
            self.waiting.push_back(saga);
            return Admit::Queued;
        }
        self.in_flight += 1;
        Admit::Go
    }

    /// A call ended; whether the vendor answered sensibly. Returns who may go next.
    pub fn ended(&mut self, now: Instant, healthy: bool, failures: u32, open: Nanos) -> Option<SagaId> {
        self.in_flight = self.in_flight.saturating_sub(1);
        if healthy {
            self.failures = 0;
            self.open_until = None;
            self.budget = (self.budget + 1).min(Self::RETRIES_IN_HAND * 10);
        } else {
            self.failures += 1;
            if self.failures >= failures {
                self.open_until = Some(now + open);
            }
        }
        self.waiting.pop_front()
    }

    /// An admitted call was not made after all. Returns who may go next.
    pub fn withdrew(&mut self) -> Option<SagaId> {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.waiting.pop_front()
    }

    /// The vendor asked for a pause: nobody calls before then.
    pub fn pause(&mut self, until: Instant) {
        self.paused_until = self.paused_until.max(Some(until));
    }

    /// Until when an admitted call must still wait, because the vendor has asked for a pause since.
    #[must_use]
    pub fn paused(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|until| now < *until)
    }

    /// Takes a retry out of the budget; without one, the retry should wait as long as a backoff may last.
    pub fn spend_retry(&mut self) -> bool {
        let paid = self.budget >= 10;
        self.budget = self.budget.saturating_sub(10);
        paid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_is_jittered_and_capped() {
        let (base, cap) = (Nanos::millis(100), Nanos::secs(4));
        for attempt in 1..40 {
            for salt in 0..50 {
                let wait = backoff(base, cap, attempt, salt);
                let ceiling = base.0.saturating_mul(1 << (attempt - 1).min(32)).min(cap.0);
                assert!(wait.0 <= ceiling && wait.0 >= ceiling / 10, "{attempt} {salt} {wait:?}");
            }
        }
    }

    #[test]
    fn the_breaker_opens_after_failures_in_a_row_and_lets_one_probe_through() {
        let mut gate = Gate::new();
        let at = |ms| Instant(0) + Nanos::millis(ms);
        for n in 0..3 {
            assert_eq!(gate.admit(at(n), SagaId(1), 4), Admit::Go);
            gate.ended(at(n), false, 3, Nanos::secs(1));
        }
        assert!(matches!(gate.admit(at(10), SagaId(1), 4), Admit::Open(_)));
        assert_eq!(gate.admit(at(2_000), SagaId(1), 4), Admit::Go);
        assert!(matches!(gate.admit(at(2_000), SagaId(2), 4), Admit::Open(_)));
        gate.ended(at(2_001), true, 3, Nanos::secs(1));
        assert_eq!(gate.admit(at(2_002), SagaId(2), 4), Admit::Go);
    }

    #[test]
    fn calls_over_the_limit_wait_in_line() {
        let mut gate = Gate::new();
        assert_eq!(gate.admit(Instant(0), SagaId(1), 1), Admit::Go);
        assert_eq!(gate.admit(Instant(0), SagaId(2), 1), Admit::Queued);
        assert_eq!(gate.ended(Instant(1), true, 3, Nanos::secs(1)), Some(SagaId(2)));
    }
}
