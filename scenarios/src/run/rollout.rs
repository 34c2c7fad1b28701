//! Which process of a scenario's worlds runs which release, and when that changes: a rolling upgrade, or a shift of traffic
//! from a baseline to a candidate. What a release is, is the version's; what a world makes of it, the simulation's.

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::world::{Replacement, Rollout};

use crate::scenario::{Scenario, Shift};

/// So long a candidate that was rolled back may finish what it has, before it is replaced by the baseline.
const DRAINS: Nanos = Nanos::secs(10);

/// The rollout of a scenario.
pub(super) fn rollout(scenario: &Scenario) -> Rollout {
    let hub = scenario.hub;
    match (hub.split, hub.upgrade) {
        (Some(shift), _) => split(scenario, &shift),
        (None, Some(every)) => upgrade(hub.processes, every),
        (None, None) => Rollout::default(),
    }
}

/// One process after the other is replaced by the next release.
fn upgrade(processes: u8, every: Nanos) -> Rollout {
    let replacement =
        |process: u8| Replacement { at: Instant::ZERO + every.times(u64::from(process) + 1), process, release: 1 };
    Rollout { replacements: (0..processes).map(replacement).collect(), ..Rollout::default() }
}

/// Every second process runs the candidate. The shares divide the time in which operations begin; where the last one is
/// nobody, the candidate drains from then on, and goes.
fn split(scenario: &Scenario, shift: &Shift) -> Rollout {
    let work = &scenario.workload;
    let span = work.spacing.times(u64::from(work.operations));
    let steps = shift.shares().len() as u64;
    let begins = |step: u64| Instant::ZERO + Nanos(span.0 / steps * step);
    let releases: Vec<u8> = (0..scenario.hub.processes).map(|process| process % 2).collect();
    let shares = (0..).zip(shift.shares()).map(|(step, share)| (begins(step), *share)).collect();
    let back = shift.goes_back().then(|| begins(steps - 1));
    let candidates = (0_u8..).zip(&releases).filter(|(_, release)| **release == 1).map(|(process, _)| process);
    let replacements = back.map_or_else(Vec::new, |back| {
        candidates.map(|process| Replacement { at: back + DRAINS, process, release: 0 }).collect()
    });
    Rollout { releases, shares, replacements, drains: back }
}
