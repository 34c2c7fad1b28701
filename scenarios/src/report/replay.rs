//! The report of one world: what was not uneventful in it, its timeline, and what is wrong with it. A counterexample in
//! the report of a sweep is told with the same words.

use std::io::{self, Write};
use std::path::Path;

use sagaproof_sim::chaos::choices::Met;
use sagaproof_sim::chaos::schedule;

use super::{replay_command, schedule_command_under, words};
use crate::check::{Diagnosis, Violation};
use crate::run::{Record, route_names};
use crate::scenario::Scenario;
use crate::timeline::{Focus, Timeline};
use crate::version::Orchestrator;

/// More lines of a timeline are not told with a violation, but for a few that are not worth leaving out.
const LINES: usize = 60;

/// So few.
const FEW: usize = 5;

/// Of those, so many from its beginning.
const FIRST_LINES: usize = 15;

/// A world that was replayed.
#[derive(Debug, Clone, Copy)]
pub struct Replayed<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The seed.
    pub seed: u64,
    /// The orchestrator.
    pub orchestrator: &'a Orchestrator,
    /// What happened.
    pub record: &'a Record,
    /// Whether log lines are shown.
    pub logs: bool,
    /// The schedule that was replayed, and the orchestrator that it names; `None` where it was the seed's own world.
    pub schedule: Option<(&'a Path, &'a str)>,
}

/// Writes the report.
///
/// # Errors
/// Where it cannot be written.
pub fn write(replayed: &Replayed<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Replayed { scenario, seed, orchestrator, record, logs, schedule } = *replayed;
    writeln!(out, "{} / seed {seed}, orchestrator {}", scenario.name, orchestrator.name())?;
    writeln!(out, "{}\n", scenario.proves)?;
    for (deviation, met) in &record.stale {
        let why = match met {
            Met::Never | Met::Taken => "its point was never reached",
            Met::OffMenu => "it is not possible there",
        };
        writeln!(out, "left out, for {why}: {}", schedule::line(*deviation, route_names()))?;
    }
    writeln!(out, "what was not uneventful ({}):", record.chosen.len())?;
    for deviation in &record.chosen {
        writeln!(out, "  {}", schedule::line(*deviation, route_names()))?;
    }
    writeln!(out)?;
    for entry in record.timeline.lines(logs) {
        writeln!(out, "{entry}")?;
    }
    for violation in &record.violations {
        writeln!(out, "\n{}", title(violation))?;
        message(violation, out)?;
    }
    let counts = &record.counts;
    let (drawn, struck, effective) = (counts.drawn, counts.struck, counts.effective);
    writeln!(out, "\n{} calls; faults: {drawn} drawn, {struck} struck, {effective} effective", counts.calls)?;
    match record.violations.len() as u64 {
        0 => writeln!(out, "HELD"),
        violations => writeln!(out, "VIOLATED: {}", words::count(violations, "violation", "violations")),
    }?;
    match schedule {
        Some((file, named)) => writeln!(out, "again: {}", schedule_command_under(file, named, orchestrator)),
        None => writeln!(out, "again: {}", replay_command(scenario, seed, orchestrator)),
    }
}

/// What is wrong, in half a line: checker, diagnosis, customer.
pub(super) fn title(violation: &Violation) -> String {
    let diagnosis = violation.diagnosis.map(Diagnosis::name);
    let customer = Some(&*violation.customer).filter(|customer| !customer.is_empty());
    words::title(violation.checker.name(), diagnosis, customer)
}

/// What is wrong, in full, set in.
pub(super) fn message(violation: &Violation, out: &mut dyn Write) -> io::Result<()> {
    violation.message.lines().try_for_each(|line| writeln!(out, "  {line}"))
}

/// The part of the timeline that a violation is about.
pub(super) fn what_matters(timeline: &Timeline, violation: &Violation, out: &mut dyn Write) -> io::Result<()> {
    let focus = Focus {
        customer: &violation.customer,
        operations: &violation.operations,
        exchanges: &violation.exchanges,
        calls: &violation.calls,
    };
    let lines = timeline.matter(&focus);
    let over = lines.len().saturating_sub(LINES);
    let left_out = if over > FEW { over } else { 0 };
    writeln!(out, "  what happened:")?;
    for (place, entry) in lines.iter().enumerate() {
        if place < FIRST_LINES || place >= FIRST_LINES + left_out {
            writeln!(out, "  {entry}")?;
        } else if place == FIRST_LINES {
            writeln!(out, "              … {} …", words::count(left_out as u64, "line", "lines"))?;
        }
    }
    Ok(())
}
