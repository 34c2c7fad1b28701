//! The `policy:` part of a scenario: what the hub does otherwise than by default. Defaults are the orchestrator's.

use sagaproof_sim::clock::Nanos;

use super::raw::RawPolicy;
use super::read::Reader;
use super::{count, duration};
use crate::diagnostic::Diagnostic;

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
        if policy.backoff_base.zip(policy.backoff_cap).is_some_and(|(base, cap)| base > cap) {
            return Err(reader.refuse(&raw.backoff_cap, "backoff_cap", "is less than `backoff_base`", "raise it"));
        }
        Ok(policy)
    }
}
