//! What the parts of a scenario may not say together: an assumption of the fault model would be broken unsaid, or nothing
//! could ever be answered. What each part may say by itself stands with it.

use sagaproof_sim::chaos::rule::WindowKind;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;

use super::raw::RawScenario;
use super::read::Reader;
use super::{Level, Scenario};
use crate::diagnostic::Diagnostic;

/// Below this a request that is delivered twice would have no room for its deliveries and its answer one after the other.
const LEAST_HORIZON: Nanos = Nanos::millis(1);

/// Refuses what does not go together.
pub(super) fn check(reader: &Reader<'_>, raw: &RawScenario, scenario: &Scenario) -> Result<(), Diagnostic> {
    if scenario.horizon < LEAST_HORIZON {
        return Err(reader.refuse(
            &raw.horizon,
            "horizon",
            "leaves no room for two deliveries",
            "write at least `1ms`",
        ));
    }
    let lags = scenario.chaos.windows.iter().filter_map(|window| match window.kind {
        WindowKind::IndexLag(lag) => Some(lag),
        _ => None,
    });
    if scenario.level < Level::Beyond && lags.max().is_some_and(|longest| longest > scenario.fleet.index_lag) {
        let problem = "has a window in which searches lag by more than `fleet.index_lag`, which they never do (F4)";
        let fix = "raise `fleet.index_lag`, shorten the window's `lag`, or write `level: beyond`";
        return Err(reader.refuse(&raw.chaos, "chaos", problem, fix));
    }
    let quickest =
        |system: System| scenario.latency[system as usize].0.iter().min().copied().unwrap_or_default().times(2);
    let mute =
        System::VENDORS.into_iter().find(|system| scenario.policy.time_out.is_some_and(|out| out <= quickest(*system)));
    if let Some(system) = mute {
        let problem = format!("has a `time_out` within which {} can never answer", system.name());
        let fix = "make it longer than two ways of that vendor's `latency`";
        return Err(reader.refuse(&raw.policy, "policy", &problem, fix));
    }
    Ok(())
}
