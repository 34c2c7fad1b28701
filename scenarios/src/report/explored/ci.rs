//! An exploration as CI reads it: a test case for JUnit and annotations, and line by line.

use std::io::{self, Write};

use serde::Serialize;

use super::{FORMAT, Object, Report, Violation, json};
use crate::report::case::{Case, Problem};
use crate::report::{junit, sheet};
use crate::scenario::Scenario;

impl Report<'_> {
    /// The scenario with all that fails it.
    #[must_use]
    pub fn case(&self, object: &Object) -> Case {
        case(self.order.scenario, &object.violations)
    }
}

/// A scenario with these counterexamples.
pub(in crate::report) fn case(scenario: &Scenario, violations: &[Violation]) -> Case {
    let problems = violations.iter().map(problem).collect();
    Case { name: scenario.name.clone(), place: sheet::place(scenario), problems, more: 0 }
}

/// A smallest counterexample as test reports and annotations tell it.
fn problem(violation: &Violation) -> Problem {
    let Violation { checker, diagnosis, customer, message, story, schedule, .. } = violation;
    let numbered: String = (1..).zip(story).map(|(number, sentence)| format!("{number}. {sentence}\n")).collect();
    Problem {
        kind: crate::report::words::title(checker, diagnosis.as_deref(), None),
        title: crate::report::words::title(checker, diagnosis.as_deref(), customer.as_deref()),
        text: format!("{numbered}\n{}\n\n{}", message.trim_end(), schedule.trim_end()),
    }
}

/// Writes the report for test runners.
///
/// # Errors
/// Where it cannot be written.
pub fn write_junit(report: &Report<'_>, object: &Object, out: &mut dyn Write) -> io::Result<()> {
    let figure = |name, value: u64| (name, value.to_string());
    let properties = vec![
        ("orchestrator", object.orchestrator.clone()),
        figure("seed", object.seed),
        figure("deviations", object.deviations.into()),
        figure("schedules", object.schedules),
        ("exhausted", object.exhausted.to_string()),
    ];
    let name = format!("sagaproof.explore.{}", object.orchestrator);
    junit::suite(&junit::Suite { name, properties, cases: vec![(report.case(object), None)], took: None }, out)
}

/// A line of the report line by line.
#[derive(Serialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
enum Line<'a> {
    Begin { format: &'static str, scenario: &'a str, orchestrator: &'a str, seed: u64, depth: u32 },
    Depth { deviations: u32, schedules: u64, violating: u64, states: u64, pruned: u64 },
    Violation(&'a Violation),
    Verdict { verdict: &'a str, exhausted: bool, deviations: u32, schedules: u64, cut: Option<&'a str> },
}

/// Writes the report line by line: how it began, each depth, each violation, the verdict.
///
/// # Errors
/// Where it cannot be written.
pub fn write_lines(report: &Report<'_>, object: &Object, out: &mut dyn Write) -> io::Result<()> {
    let Object { scenario, orchestrator, seed, depth, .. } = object;
    json(&Line::Begin { format: FORMAT, scenario, orchestrator, seed: *seed, depth: *depth }, out)?;
    for depth in &report.explored.depths {
        let (deviations, states, pruned) = (depth.deviations, depth.states, depth.pruned);
        let (schedules, violating) = (depth.found.schedules, depth.found.violating);
        json(&Line::Depth { deviations, schedules, violating, states, pruned }, out)?;
    }
    for violation in &object.violations {
        json(&Line::Violation(violation), out)?;
    }
    let (verdict, cut) = (object.verdict.as_str(), object.cut.as_deref());
    let (exhausted, deviations, schedules) = (object.exhausted, object.deviations, object.schedules);
    json(&Line::Verdict { verdict, exhausted, deviations, schedules, cut }, out)
}
