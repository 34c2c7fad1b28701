//! The `policy:` part of a scenario: what the hub does otherwise than by default. Defaults are the orchestrator's.

use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time;
use sagaproof_sim::clock::Nanos;

use super::raw::RawPolicy;
use super::read::Reader;
use super::{count, duration};
use crate::diagnostic::Diagnostic;

/// What the checker `polite` calls hammering: so many retries of one request in a row, whose pauses last less together.
pub(crate) const HAMMERING: (usize, Nanos) = (5, Nanos::millis(20));

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

impl PolicyOverrides {
    /// These settings, and where they say nothing those.
    #[must_use]
    pub fn before(self, those: Self) -> Self {
        Self {
            time_out: self.time_out.or(those.time_out),
            attempts: self.attempts.or(those.attempts),
            compensation_attempts: self.compensation_attempts.or(those.compensation_attempts),
            backoff_base: self.backoff_base.or(those.backoff_base),
            backoff_cap: self.backoff_cap.or(those.backoff_cap),
            sync_wait: self.sync_wait.or(those.sync_wait),
        }
    }

    pub(super) fn read(reader: &Reader<'_>, raw: &RawPolicy) -> Result<Self, Diagnostic> {
        let attempts = "compensation_attempts";
        let policy = Self {
            time_out: reader.optional(&raw.time_out, "time_out", duration::positive)?,
            attempts: reader.optional(&raw.attempts, "attempts", count::positive)?,
            compensation_attempts: reader.optional(&raw.compensation_attempts, attempts, count::positive)?,
            backoff_base: reader.optional(&raw.backoff_base, "backoff_base", duration::positive)?,
            backoff_cap: reader.optional(&raw.backoff_cap, "backoff_cap", duration::positive)?,
            sync_wait: reader.optional(&raw.sync_wait, "sync_wait", duration::positive)?,
        };
        let Some(base) = policy.backoff_base.filter(|base| *base > policy.cap()) else { return Ok(policy) };
        if policy.backoff_cap.is_some() {
            return Err(reader.refuse(&raw.backoff_cap, "backoff_cap", "is less than `backoff_base`", "raise it"));
        }
        let (base, cap) = (duration::written(base), duration::written(policy.cap()));
        let problem = format!("is longer than the longest backoff, which is {cap} where `backoff_cap` is absent");
        let fix = format!("write at most `{cap}`, or add a `backoff_cap` of `{base}` or more");
        Err(reader.refuse_value(&raw.backoff_base, "backoff_base", &problem, &fix))
    }

    /// The same where checkers judge the hub under these settings: none may make it do what `polite` convicts.
    pub(super) fn read_judged(reader: &Reader<'_>, raw: &RawPolicy) -> Result<Self, Diagnostic> {
        let policy = Self::read(reader, raw)?;
        let cap = policy.cap();
        let base = policy.backoff_base.unwrap_or(Nanos(Policy::SHIPPED.backoff_base.0));
        if is_polite(base, cap) {
            return Ok(policy);
        }
        let (retries, pauses) = (HAMMERING.0, duration::written(HAMMERING.1));
        let problem =
            format!("is so short that {retries} retries may come within {pauses}, for which `polite` convicts the hub");
        let refuse = |field, name, fits: &dyn Fn(Nanos) -> bool| {
            let least = (1..).map(Nanos::millis).find(|least| fits(*least)).unwrap_or_default();
            let fix = format!("write at least `{}`", duration::written(least));
            Err(reader.refuse_value(field, name, &problem, &fix))
        };
        if !is_polite(cap, cap) {
            return refuse(&raw.backoff_cap, "backoff_cap", &|cap| is_polite(cap, cap));
        }
        refuse(&raw.backoff_base, "backoff_base", &|base| is_polite(base, cap))
    }

    /// The longest backoff.
    fn cap(&self) -> Nanos {
        self.backoff_cap.unwrap_or(Nanos(Policy::SHIPPED.backoff_cap.0))
    }
}

/// Whether the first retries of a request, with the shortest pauses that the hub may draw, are no hammering by any clock.
fn is_polite(base: Nanos, cap: Nanos) -> bool {
    let shortest = |attempt| Policy::backoffs(time::Nanos(base.0), time::Nanos(cap.0), attempt).0.0;
    let pauses: u64 = (1..).take(HAMMERING.0).map(shortest).sum();
    pauses >= Policy::SHIPPED.by_any_clock(time::Nanos(HAMMERING.1.0)).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn just_what_polite_can_convict_is_refused() {
        let millis = Nanos::millis;
        let fits = |base, cap| is_polite(millis(base), millis(cap));
        for (base, cap) in [(7, 4_000), (41, 41), (10, 80), (100, 4_000)] {
            assert!(fits(base, cap), "{base} {cap}");
        }
        for (base, cap) in [(6, 4_000), (40, 40), (5, 40), (1, 4_000), (10, 40)] {
            assert!(!fits(base, cap), "{base} {cap}");
        }
    }

    #[test]
    fn the_retry_policies_that_are_built_in_may_be_judged() {
        for retry in crate::version::patient::ALL {
            let base = retry.policy.backoff_base.unwrap();
            assert!(is_polite(base, retry.policy.cap()), "{}", retry.name);
        }
    }
}
