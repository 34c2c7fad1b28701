//! How the world of a scenario is set up: the scenario's settings in the simulation's own terms, and the bounds that
//! follow from them.

use std::borrow::Cow;

use sagaproof_orchestrator::policy::Policy;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet;
use sagaproof_sim::world::Settings;

use super::rollout::rollout;
use crate::scenario::{Scenario, Terms};
use crate::version::Version;

/// The longest `Retry-After` that an orchestrator may be asked to wait for.
const LONGEST_RETRY_AFTER: Nanos = Nanos::secs(120);

/// A scenario as a version's own policy has it: what may be expected of it, and how long its worlds may take, follows
/// from the policy on which it runs.
pub(super) fn under<'s, V: Version + ?Sized>(scenario: &'s Scenario, version: &V) -> Cow<'s, Scenario> {
    let (policy, hub) = (version.policy(scenario.policy), version.deployment(scenario.hub));
    if policy == scenario.policy && hub == scenario.hub {
        return Cow::Borrowed(scenario);
    }
    Cow::Owned(Scenario { policy, hub, ..scenario.clone() })
}

/// What a version is told of a scenario's worlds. On what policy it runs where this one is asked for, it knows itself.
pub(super) fn terms<V: Version + ?Sized>(scenario: &Scenario, version: &V) -> Terms {
    Terms { hub: version.deployment(scenario.hub), ..scenario.terms() }
}

/// The vendors of a scenario.
pub(super) fn fleet(scenario: &Scenario) -> fleet::Settings {
    let fleet = &scenario.fleet;
    fleet::Settings {
        index_lag: fleet.index_lag,
        limits: fleet.limits,
        token_life: fleet.token_life,
        job_time: fleet.job_time,
        ..fleet::Settings::default()
    }
}

/// A scenario's worlds.
pub(super) fn world(scenario: &Scenario) -> Settings {
    Settings {
        processes: scenario.hub.processes,
        rollout: rollout(scenario),
        latency: scenario.latency,
        horizon: scenario.horizon,
        client_horizon: scenario.horizon,
        chaos: scenario.chaos.clone(),
        work_until: scenario.work_until(),
        settle_bound: settle_bound(scenario),
        index_lag: scenario.fleet.index_lag,
        job_time: scenario.fleet.job_time,
        job_stall: scenario.fleet.job_stall,
        ..Settings::default()
    }
}

/// Within what everything must end once the world is healed: three times the longest that one thing may wait for
/// (backoff, `Retry-After`, time-out, the delivery horizon, the index, a vendor's job, a lease that is over, a pause), for
/// each saga that may queue behind another. A process that is down when the world heals comes back once: of the time that
/// this takes, what is longer than a `Retry-After` comes on top.
fn settle_bound(scenario: &Scenario) -> Nanos {
    let shipped = Policy::SHIPPED;
    let backoff = scenario.policy.backoff_cap.unwrap_or(Nanos(shipped.backoff_cap.0));
    let time_out = scenario.policy.time_out.unwrap_or(Nanos(shipped.time_out.0));
    let in_flight = scenario.horizon + Nanos(shipped.leave_within.0);
    let once =
        backoff + LONGEST_RETRY_AFTER + time_out + in_flight + scenario.fleet.index_lag + scenario.fleet.job_time;
    let pause = scenario.chaos.pause.lasts.into_iter().max().unwrap_or_default();
    let once = once + scenario.hub.lease.times(2) + pause;
    let away = scenario.chaos.crash.restart_after - LONGEST_RETRY_AFTER;
    once.times(3).times(u64::from(scenario.workload.operations.max(1))) + away
}
