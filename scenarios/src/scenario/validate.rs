//! From a file's mappings as written to scenarios. The first thing that is wrong is told, in the order of the format.

use sagaproof_sim::clock::Nanos;

use super::parse::{BEGIN, parse};
use super::raw::{RawScenario, RawSuite};
use super::read::{Reader, Wrong};
use super::{Deployment, FleetSettings, Origin, PolicyOverrides, Scenario, VERSION, WorkloadSettings};
use super::{bounds, canonical, chaos, duration, harm, latency, level, mark, words};
use crate::diagnostic::{Diagnostic, Place, Source};

/// A scenario with the place of its name, for complaints that need to see several scenarios.
pub(super) type Placed = (Scenario, Place);

/// Reads the text of a file.
pub(super) fn suite(source: &Source, origin: &Origin) -> Result<Vec<Placed>, Diagnostic> {
    let raw: RawSuite = parse(source, BEGIN)?;
    let reader = Reader::new(source);
    reader.or((), &raw.format, "format", version)?;
    let listed = reader.present(&raw.scenarios, "scenarios").map_err(|missing| missing.fix(BEGIN))?;
    if listed.value.is_empty() {
        return Err(reader.refuse(&raw.scenarios, "scenarios", "is empty", BEGIN));
    }
    reader.each(&raw.scenarios, "scenarios", |reader, raw| scenario(reader, raw, origin))
}

fn version(text: &str) -> Result<(), Wrong> {
    if text == VERSION.to_string() {
        return Ok(());
    }
    Err(Wrong::new("is a version that this program does not read", format!("it reads version {VERSION}")))
}

fn scenario(reader: &Reader<'_>, raw: &RawScenario, origin: &Origin) -> Result<Placed, Diagnostic> {
    let name = reader.required(&raw.name, "name", words::name)?;
    let proves = reader.required(&raw.proves, "proves", words::sentence)?;
    let (level, beyond) = level::read(reader, raw)?;
    let harm = harm::read(reader, raw, level)?;
    let fleet = reader.section(&raw.fleet, "fleet", FleetSettings::read)?.unwrap_or_default();
    let latency = reader.section(&raw.latency, "latency", latency::read)?.unwrap_or(latency::STEADY);
    let horizon = reader.or(Nanos::secs(5), &raw.horizon, "horizon", duration::positive)?;
    let policy = reader.section(&raw.policy, "policy", PolicyOverrides::read_judged)?.unwrap_or_default();
    let hub = reader.section(&raw.hub, "hub", Deployment::read)?.unwrap_or_default();
    let workload = reader
        .section(&raw.workload, "workload", |inner, raw| WorkloadSettings::read(inner, raw, &fleet))?
        .ok_or_else(|| reader.missing("workload"))?;
    let chaos = reader.section(&raw.chaos, "chaos", chaos::read)?.unwrap_or_default();
    let sometimes = reader.list(&raw.sometimes, "sometimes", mark::parse)?.unwrap_or_default();
    reader.distinct(&raw.sometimes, "sometimes")?;
    let place = reader.place_of(&raw.name);
    let mut scenario = Scenario {
        name,
        proves,
        level,
        beyond,
        harm,
        fleet,
        latency,
        horizon,
        policy,
        hub,
        workload,
        chaos,
        sometimes,
        hash: 0,
        origin: origin.clone(),
        line: place.line(),
    };
    bounds::check(reader, raw, &scenario)?;
    scenario.hash = canonical::hash(&scenario);
    Ok((scenario, place))
}
