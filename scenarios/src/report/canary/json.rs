//! The report of a comparison for machines: one object on one line, the same bytes whatever the threads. Within a version
//! of the format fields are only added.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::figures::exactly;
use crate::canary::{Flip, Judged, Row, Side, Witness};
use crate::run::route_names;

/// The name and version of the format.
pub const FORMAT: &str = "sagaproof-canary/1";

/// So many flips of each kind are listed; all of them are counted.
const LISTED: usize = 100;

#[derive(Serialize)]
pub(super) struct Object<'a> {
    format: &'static str,
    verdict: &'static str,
    reasons: String,
    baseline: &'a str,
    candidate: &'a str,
    seeds: u64,
    pairs: u64,
    /// Pairs in which both worlds show the same, to the byte.
    alike: u64,
    until_decided: bool,
    introduced_total: u64,
    fixed_total: u64,
    kept_total: u64,
    /// Worlds of which not all possible orders were looked at: baseline, candidate.
    undecided: [u64; 2],
    introduced: Vec<Listed<'a>>,
    fixed: Vec<Listed<'a>>,
    mcnemar: McNemar,
    costs: Vec<Cost>,
    scale: Scale,
    margin: f64,
    faults: Faults,
    /// How many more seeds would decide, where it is not decided.
    more_seeds: Option<u64>,
    scenarios: Vec<Scenario<'a>>,
    witnesses: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    scenario: &'a str,
    seed: u64,
    checker: &'static str,
    /// Empty where it is nobody in particular.
    customer: String,
    replay: String,
}

#[derive(Serialize)]
struct McNemar {
    seeds_with_more: u64,
    seeds_with_fewer: u64,
    p: f64,
}

#[derive(Serialize)]
struct Cost {
    name: &'static str,
    unit: &'static str,
    baseline: f64,
    candidate: f64,
    difference: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    margin: f64,
    finding: String,
}

#[derive(Serialize)]
struct Scale {
    sagas_per_second: Sides<Option<f64>>,
    /// By vendor, the most requests within one virtual second of any world.
    peak_calls_in_a_second: BTreeMap<&'static str, Sides<u32>>,
}

#[derive(Serialize)]
struct Sides<T> {
    baseline: T,
    candidate: T,
}

#[derive(Serialize)]
struct Faults {
    paired: u64,
    baseline_only: u64,
    candidate_only: u64,
    own_paired: u64,
    own_baseline_only: u64,
    own_candidate_only: u64,
}

#[derive(Serialize)]
struct Scenario<'a> {
    name: &'a str,
    pairs: u64,
    alike: u64,
    introduced: u64,
    fixed: u64,
    kept: u64,
}

#[derive(Serialize)]
struct Shown<'a> {
    kind: &'static str,
    scenario: &'a str,
    seed: u64,
    checker: &'static str,
    customer: &'a str,
    /// None where the checker does not convict where only the world's faults are kept.
    deviations: Option<usize>,
    story: Vec<String>,
    schedule: Option<String>,
}

/// Writes the object.
///
/// # Errors
/// Where it cannot be written.
pub fn json(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &object(report))?;
    out.write_all(b"\n")
}

/// The object.
#[expect(clippy::float_arithmetic, reason = "a margin of millionths, told as a share")]
pub(super) fn object<'a>(report: &Report<'a>) -> Object<'a> {
    let (order, pairs, judgement) = (report.order, &report.compared.pairs, &report.compared.judgement);
    let total = pairs.total();
    let [seeds_with_more, seeds_with_fewer] = judgement.uneven;
    let listed = |side| report.flips(side).take(LISTED).map(|flip| list(report, flip)).collect();
    Object {
        format: FORMAT,
        verdict: judgement.verdict.name(),
        reasons: report.reasons(),
        baseline: order.baseline.name(),
        candidate: order.candidate.name(),
        seeds: pairs.seeds(),
        pairs: total.pairs,
        alike: total.alike,
        until_decided: order.until_decided,
        introduced_total: total.introduced,
        fixed_total: total.fixed,
        kept_total: total.kept,
        undecided: total.undecided,
        introduced: listed(Side::Candidate),
        fixed: listed(Side::Baseline),
        mcnemar: McNemar { seeds_with_more, seeds_with_fewer, p: judgement.flips },
        costs: judgement.measures.iter().map(cost).collect(),
        scale: scale(pairs.scale()),
        margin: order.margin.0 as f64 / 1_000_000.0,
        faults: faults(pairs.faults()),
        more_seeds: judgement.more,
        scenarios: order.scenarios.iter().zip(pairs.rows()).map(|(one, row)| scenario(&one.name, row)).collect(),
        witnesses: report.witnesses.iter().map(|witness| shown(report, witness)).collect(),
    }
}

fn list<'a>(report: &Report<'a>, flip: &Flip) -> Listed<'a> {
    let Flip { scenario, seed, charge, convicts } = flip;
    let replay = report.replay(flip, *convicts);
    let scenario = &report.order.scenarios[*scenario].name;
    Listed { scenario, seed: *seed, checker: charge.checker.name(), customer: charge.customer.clone(), replay }
}

fn cost(judged: &Judged) -> Cost {
    let interval = judged.interval.as_ref();
    Cost {
        name: judged.measure.name(),
        unit: judged.measure.unit(),
        baseline: exactly(judged.baseline),
        candidate: exactly(judged.candidate),
        difference: interval.map(|interval| exactly(interval.mean)),
        low: interval.map(|interval| exactly(interval.low())),
        high: interval.map(|interval| exactly(interval.high())),
        margin: exactly(judged.margin),
        finding: judged.finding.name().to_lowercase(),
    }
}

#[expect(clippy::float_arithmetic, reason = "hundredths, told as a number")]
fn scale(sides: &[crate::canary::Scale; 2]) -> Scale {
    let [baseline, candidate] =
        sides.map(|side| side.hundredths_a_second().map(|hundredths| hundredths as f64 / 100.0));
    let peaks = sides[0].peaks().zip(sides[1].peaks());
    Scale {
        sagas_per_second: Sides { baseline, candidate },
        peak_calls_in_a_second: peaks
            .map(|((vendor, baseline), (_, candidate))| (vendor.name(), Sides { baseline, candidate }))
            .collect(),
    }
}

const fn faults(faults: &crate::canary::Faults) -> Faults {
    Faults {
        paired: faults.paired,
        baseline_only: faults.unpaired[0],
        candidate_only: faults.unpaired[1],
        own_paired: faults.own_paired,
        own_baseline_only: faults.own_unpaired[0],
        own_candidate_only: faults.own_unpaired[1],
    }
}

fn scenario<'a>(name: &'a str, row: &Row) -> Scenario<'a> {
    let Row { pairs, alike, introduced, fixed, kept, .. } = *row;
    Scenario { name, pairs, alike, introduced, fixed, kept }
}

fn shown<'a>(report: &Report<'a>, witness: &'a Witness) -> Shown<'a> {
    let Flip { scenario, seed, charge, convicts } = &witness.flip;
    let story = report.story(witness);
    Shown {
        kind: if *convicts == Side::Candidate { "introduced" } else { "fixed" },
        scenario: &report.order.scenarios[*scenario].name,
        seed: *seed,
        checker: charge.checker.name(),
        customer: &charge.customer,
        deviations: story.as_ref().map(|story| story.shrunk.deviations.len()),
        story: story.as_ref().map(|story| story.sentences()).unwrap_or_default(),
        schedule: story.as_ref().map(|story| story.schedule().text(route_names())),
    }
}
