//! What the parts of a scenario may not say together: an assumption of the fault model would be broken unsaid, or nothing
//! could ever be answered. What each part may say by itself stands with it.

use sagaproof_orchestrator::policy::Policy;
use sagaproof_sim::chaos::rule::WindowKind;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;

use super::duration::written;
use super::raw::{RawLatency, RawScenario};
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
    if scenario.level < Level::Beyond {
        shown_in_time(reader, raw, scenario)?;
    }
    told_wrongly(reader, raw, scenario)?;
    answerable(reader, raw, scenario)
}

/// Refuses windows in which searches lag by more than the hub may rely on.
fn shown_in_time(reader: &Reader<'_>, raw: &RawScenario, scenario: &Scenario) -> Result<(), Diagnostic> {
    let most = scenario.fleet.index_lag;
    let too_long = |kind| matches!(kind, WindowKind::IndexLag(lag) if lag > most);
    let Some(nth) = scenario.chaos.windows.iter().position(|window| too_long(window.kind)) else { return Ok(()) };
    let problem = format!(
        "is more than `fleet.index_lag`, which is {}{}: by more than that searches never lag (F4)",
        written(most),
        if raw.fleet.0.as_ref().is_some_and(|fleet| fleet.value.index_lag.0.is_some()) {
            ""
        } else {
            " where it is absent"
        },
    );
    let fix = "raise `fleet.index_lag`, shorten this `lag`, or write `level: beyond`";
    let windows = raw.chaos.0.as_ref().and_then(|chaos| Some((chaos, chaos.value.windows.0.as_ref()?.value.get(nth)?)));
    let Some((chaos, window)) = windows else { return Err(reader.complain(&problem, fix)) };
    let reader = reader.inner(chaos, "chaos").inner(window, &format!("windows[{nth}]"));
    Err(reader.refuse_value(&window.value.lag, "lag", &problem, fix))
}

/// Refuses a word to the hub that breaks nothing: who relies on more than there is takes no harm.
fn told_wrongly(reader: &Reader<'_>, raw: &RawScenario, scenario: &Scenario) -> Result<(), Diagnostic> {
    let Some(harm) = raw.harm.0.as_ref() else { return Ok(()) };
    let reader = reader.inner(harm, "harm");
    let lags = scenario.chaos.windows.iter().filter_map(|window| match window.kind {
        WindowKind::IndexLag(lag) => Some(lag),
        _ => None,
    });
    let (horizon, lag) = (scenario.horizon, lags.fold(scenario.fleet.index_lag, Nanos::max));
    for (told, truth, field, name, truly) in [
        (scenario.harm.told_horizon, horizon, &harm.value.told_horizon, "told_horizon", "horizon"),
        (scenario.harm.told_index_lag, lag, &harm.value.told_index_lag, "told_index_lag", "index_lag"),
    ] {
        if told.is_some_and(|told| told >= truth) {
            let problem =
                format!("does no harm: the true `{truly}` is {}, and who is told more only waits", written(truth));
            let fix = format!("write less than `{}`, or leave it out", written(truth));
            return Err(reader.refuse_value(field, name, &problem, &fix));
        }
    }
    Ok(())
}

/// Refuses what leaves a vendor no time to answer: whoever calls it would learn nothing, ever.
fn answerable(reader: &Reader<'_>, raw: &RawScenario, scenario: &Scenario) -> Result<(), Diagnostic> {
    let quickest = |system: System| {
        let way = scenario.latency[system as usize].0.iter().min().copied().unwrap_or_default();
        way.times(2)
    };
    let time_out = scenario.policy.time_out.unwrap_or(Nanos(Policy::SHIPPED.time_out.0));
    let Some(mute) = System::VENDORS.into_iter().find(|system| time_out <= quickest(*system)) else { return Ok(()) };
    let (name, took, waits) = (mute.name(), written(quickest(mute)), written(time_out));
    if let Some(policy) = raw.policy.0.as_ref().filter(|policy| policy.value.time_out.0.is_some()) {
        let problem = format!("ends before {name} can ever answer: two ways of its `latency` take {took} at the least");
        let fix = format!("write more than `{took}`");
        let reader = reader.inner(policy, "policy");
        return Err(reader.refuse_value(&policy.value.time_out, "time_out", &problem, &fix));
    }
    // Without a word on it all are quick enough, so one of these is written.
    let problem = format!(
        "lets {name} never answer in time: two ways take {took} at the least, and the hub waits {waits} where \
         `policy.time_out` is absent"
    );
    let fix = format!("write a `policy: {{time_out: …}}` of more than `{took}`, or shorten the latency");
    let Some(latency) = raw.latency.0.as_ref() else { return Err(reader.complain(&problem, &fix)) };
    let RawLatency { preset: _, hub: _, commerce, support, identity, messaging } = &latency.value;
    let field = match mute {
        System::Commerce => commerce,
        System::Support => support,
        System::Identity => identity,
        System::Messaging | System::Hub => messaging,
    };
    Err(reader.inner(latency, "latency").refuse_value(field, name, &problem, &fix))
}
