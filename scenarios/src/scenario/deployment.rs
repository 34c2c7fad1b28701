//! The `hub:` part of a scenario: how many processes run the hub over one store, and how long their leases last.

use sagaproof_sim::clock::Nanos;

use super::raw::RawDeployment;
use super::read::{Reader, Wrong};
use super::{count, duration};
use crate::diagnostic::Diagnostic;

/// How the hub is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deployment {
    /// How many processes run it.
    pub processes: u8,
    /// How long a process may call after it renewed its lease; none where one process holds the store by itself.
    pub lease: Nanos,
}

impl Default for Deployment {
    fn default() -> Self {
        Self { processes: 1, lease: Nanos::ZERO }
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
        Ok(Self { processes, lease: reader.or(usual, &raw.lease, "lease", lease)? })
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
