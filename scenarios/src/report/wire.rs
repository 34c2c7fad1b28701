//! What the formats for machines are made of: their objects, as they are written, and read again where a report is a
//! part of a run. Within a version of a format fields are only added.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::check::{self, Diagnosis};

/// The format of a report that is one object.
pub(super) const FORMAT: &str = "sagaproof-run/1";

/// The format of a report that is an object a line.
pub(super) const LINES: &str = "sagaproof-run-lines/1";

/// A report.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Object {
    pub(super) format: String,
    pub(super) verdict: String,
    pub(super) orchestrator: String,
    pub(super) worlds: u64,
    pub(super) sagas: u64,
    pub(super) calls: u64,
    pub(super) faults: Faults,
    pub(super) violations_total: u64,
    pub(super) violations: Vec<Violation>,
    pub(super) scenarios: Vec<Row>,
    pub(super) unreached: Vec<Unreached>,
    pub(super) cut_by_time_budget: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) timings: Option<Timings>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Part>,
}

/// A line of a report that is an object a line.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Line<'a> {
    /// The first, written before any world is run.
    Begin {
        format: &'a str,
        orchestrator: &'a str,
        scenarios: Vec<&'a str>,
        seeds: Seeds,
        #[serde(skip_serializing_if = "Option::is_none")]
        partition: Option<String>,
    },
    Violation(&'a Violation),
    Scenario(&'a Row),
    /// The last: all scenarios together.
    Verdict {
        verdict: String,
        worlds: u64,
        sagas: u64,
        calls: u64,
        faults: Faults,
        violations_total: u64,
        unreached: Vec<Unreached>,
        cut_by_time_budget: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        timings: Option<Timings>,
    },
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Faults {
    pub(super) drawn: u64,
    pub(super) struck: u64,
    pub(super) effective: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Violation {
    pub(super) scenario: String,
    pub(super) seed: u64,
    pub(super) checker: String,
    pub(super) diagnosis: Option<String>,
    pub(super) customer: Option<String>,
    pub(super) message: String,
    pub(super) replay: String,
    /// What happened, where the world cannot be replayed to tell it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) story: Vec<String>,
}

impl Violation {
    /// A conviction in the world of this seed of the scenario of this name, which this command plays again.
    pub(super) fn of(scenario: &str, seed: u64, conviction: &check::Violation, replay: String) -> Self {
        Self {
            scenario: scenario.to_owned(),
            seed,
            checker: conviction.checker.name().to_owned(),
            diagnosis: conviction.diagnosis.map(Diagnosis::name).map(str::to_owned),
            customer: Some(conviction.customer.clone()).filter(|customer| !customer.is_empty()),
            message: conviction.message.clone(),
            replay,
            story: Vec::new(),
        }
    }
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) level: String,
    pub(super) worlds: u64,
    pub(super) sagas: u64,
    pub(super) calls: u64,
    pub(super) exchanges: u64,
    pub(super) crashes: u64,
    pub(super) faults: Faults,
    pub(super) compensations: u64,
    pub(super) parked: u64,
    /// Virtual time from a client's first sending until its outcome was known.
    pub(super) latency_us: Latency,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) undecided: u64,
    pub(super) violations: u64,
    pub(super) reached: Vec<String>,
    pub(super) unreached: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's `skip_serializing_if` fixes the signature")]
pub(super) const fn is_zero(value: &u64) -> bool {
    *value == 0
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Latency {
    pub(super) p50: Option<u64>,
    pub(super) p99: Option<u64>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unreached {
    pub(super) scenario: String,
    pub(super) mark: String,
    pub(super) meaning: String,
    /// Whether it counts: enough worlds were run, and all of them.
    pub(super) judged: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Timings {
    pub(super) took_ms: u64,
    pub(super) worlds_per_second: u64,
}

/// What a report that is a part of a run says beyond what a whole one does, so that the parts can be joined.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub(super) number: u64,
    pub(super) of: u64,
    /// The version of the program that wrote it.
    pub(super) program: String,
    /// A hash of what the orchestrator is, a policy included, in hexadecimal digits.
    pub(super) orchestrator: String,
    /// Those of the whole run.
    pub(super) seeds: Seeds,
    /// One for each row of the report.
    pub(super) scenarios: Vec<PartRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seeds {
    pub(super) first: u64,
    pub(super) count: u64,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartRow {
    /// Of the scenario's content, in hexadecimal digits.
    pub(super) hash: String,
    /// All marks that it must have reached, in its order.
    pub(super) sometimes: Vec<String>,
    /// Worlds that ran otherwise the second time.
    pub(super) unequal: u64,
    /// The buckets of the histogram of latencies that are not empty: number and count.
    pub(super) latencies: Vec<(u64, u64)>,
}

impl Seeds {
    pub(super) const fn of(seeds: &Range<u64>) -> Self {
        Self { first: seeds.start, count: seeds.end.saturating_sub(seeds.start) }
    }
}
