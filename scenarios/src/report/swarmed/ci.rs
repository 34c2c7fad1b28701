//! A swarm as CI reads it: a test case for JUnit and annotations, and line by line.

use std::io::{self, Write};

use serde::Serialize;

use super::{FORMAT, Object, Report, Suppressor, Violation};
use crate::explore::swarm::Generation;
use crate::report::case::Case;
use crate::report::explored::{case, json};
use crate::report::junit;

impl Report<'_> {
    /// The scenario with all that fails it.
    #[must_use]
    pub fn case(&self, object: &Object) -> Case {
        case(self.order.scenario, &object.violations)
    }
}

/// Writes the report for test runners.
///
/// # Errors
/// Where it cannot be written.
pub fn write_junit(report: &Report<'_>, object: &Object, out: &mut dyn Write) -> io::Result<()> {
    let figure = |name, value: u64| (name, value.to_string());
    let mut properties = vec![
        ("orchestrator", object.orchestrator.clone()),
        figure("seeds", object.seeds),
        figure("worlds", object.worlds),
        figure("pairs", object.pairs),
        figure("next_new_ppm", object.saturation.next_new_ppm),
    ];
    properties.extend(object.cut.map(|cut| ("cut", cut.to_owned())));
    let name = format!("sagaproof.swarm.{}", object.orchestrator);
    junit::suite(&junit::Suite { name, properties, cases: vec![(report.case(object), None)], took: None }, out)
}

/// A line of the report line by line.
#[derive(Serialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
enum Line<'a> {
    Begin { format: &'static str, scenario: &'a str, orchestrator: &'a str, seeds: u64 },
    Generation { worlds: u64, states: u64, pairs: u64 },
    Suppressor(&'a Suppressor),
    Violation(&'a Violation),
    Verdict { verdict: &'static str, worlds: u64, pairs: u64, next_new_ppm: u64, cut: Option<&'static str> },
}

/// Writes the report line by line: how it began, each generation, what suppresses, each violation, the verdict.
///
/// # Errors
/// Where it cannot be written.
pub fn write_lines(report: &Report<'_>, object: &Object, out: &mut dyn Write) -> io::Result<()> {
    let Object { scenario, orchestrator, seeds, verdict, worlds, pairs, cut, .. } = object;
    json(&Line::Begin { format: FORMAT, scenario, orchestrator, seeds: *seeds }, out)?;
    for Generation { worlds, states, pairs } in report.swarmed.generations.iter().copied() {
        json(&Line::Generation { worlds, states, pairs }, out)?;
    }
    for suppressor in &object.suppression {
        json(&Line::Suppressor(suppressor), out)?;
    }
    for violation in &object.violations {
        json(&Line::Violation(violation), out)?;
    }
    let next_new_ppm = object.saturation.next_new_ppm;
    json(&Line::Verdict { verdict, worlds: *worlds, pairs: *pairs, next_new_ppm, cut: *cut }, out)
}
