//! The `hub:` part of a scenario: how many processes run the hub over one store, how long their leases last, and whether
//! they are upgraded meanwhile.

use sagaproof_sim::clock::Nanos;

use super::raw::RawDeployment;
use super::read::{Reader, Wrong};
use super::{Shift, count, duration};
use crate::diagnostic::Diagnostic;

/// How the hub is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deployment {
    /// How many processes run it.
    pub processes: u8,
    /// How long a process may call after it renewed its lease; none where one process holds the store by itself.
    pub lease: Nanos,
    /// In a rolling upgrade: one process after the other is replaced by the next release, each so long after the one before.
    pub upgrade: Option<Nanos>,
    /// Where a baseline and a candidate share the store: how customers are divided between them. No file says so.
    pub split: Option<Shift>,
}

impl Default for Deployment {
    fn default() -> Self {
        Self { processes: 1, lease: Nanos::ZERO, upgrade: None, split: None }
    }
}

const MOST: u32 = 8;

/// What a lease lasts where several processes share a store and nothing else is said.
const LEASE: Nanos = Nanos::secs(2);

/// A lease is renewed within a third of it, and a renewal takes some time.
const SHORTEST: Nanos = Nanos::millis(100);

impl Deployment {
    pub(super) fn read(reader: &Reader<'_>, raw: &RawDeployment) -> Result<Self, Diagnostic> {
        let processes = reader.or(1, &raw.processes, "processes", processes)?;
        let usual = if processes > 1 { LEASE } else { Nanos::ZERO };
        let lease = reader.or(usual, &raw.lease, "lease", lease)?;
        let upgrade = reader.optional(&raw.upgrade, "upgrade", duration::positive)?;
        if upgrade.is_some() && processes == 1 {
            let fix = "write `processes: 2` or more: one that is replaced alone meets no other release";
            return Err(reader.refuse(&raw.upgrade, "upgrade", "needs several processes", fix));
        }
        Ok(Self { processes, lease, upgrade, split: None })
    }

    /// The same with at least two processes, which share the store by leases.
    #[must_use]
    pub fn shared(self) -> Self {
        let lease = if self.lease == Nanos::ZERO { LEASE } else { self.lease };
        Self { processes: self.processes.max(2), lease, ..self }
    }

    /// Whether any process is replaced while clients work.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.upgrade.is_some() || self.split.is_some_and(|shift| shift.goes_back())
    }
}

fn processes(text: &str) -> Result<u8, Wrong> {
    match count::positive(text)? {
        count @ 1..=MOST => Ok(count as u8),
        _ => Err(Wrong::new("is too many", "write a whole number from 1 to 8")),
    }
}

fn lease(text: &str) -> Result<Nanos, Wrong> {
    match duration::positive(text)? {
        lease if lease < SHORTEST => Err(Wrong::new("is too short", "write 100ms or more")),
        lease => Ok(lease),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_processes_and_leases_that_can_be_renewed() {
        assert_eq!((processes("8"), lease("100ms")), (Ok(8), Ok(SHORTEST)));
        assert_eq!(processes("9").unwrap_err().problem, "is too many");
        assert_eq!(lease("99ms").unwrap_err().problem, "is too short");
    }
}
