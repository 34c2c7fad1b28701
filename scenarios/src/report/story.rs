//! The story of a smallest counterexample: numbered sentences, the sequence of what happened, and the schedule with a
//! regression test to paste. How a sequence is drawn stands in `sequence`, the sentences in `sentences`.

mod sentences;
mod sequence;

use std::io::{self, Write};
use std::path::Path;

use sagaproof_sim::chaos::schedule::Schedule;

use super::{replay, scenario_argument, schedule_command, words};
use crate::check::{CheckerName, Violation};
use crate::explore::Shrunk;
use crate::run::route_names;
use crate::scenario::Scenario;
use crate::timeline::{Entry, Focus};
use crate::version::Orchestrator;

/// A smallest counterexample, and where it was found.
#[derive(Debug, Clone, Copy)]
pub struct Story<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The seed of the world.
    pub seed: u64,
    /// The orchestrator.
    pub orchestrator: &'a Orchestrator,
    /// The checker that convicts.
    pub checker: CheckerName,
    /// The counterexample.
    pub shrunk: &'a Shrunk,
}

impl<'a> Story<'a> {
    /// What is wrong.
    #[must_use]
    pub fn violation(&self) -> Option<&'a Violation> {
        self.shrunk.record.violations.iter().find(|violation| violation.checker == self.checker)
    }

    /// Its schedule.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        Schedule {
            scenario: scenario_argument(self.scenario),
            hash: self.scenario.hash,
            seed: self.seed,
            orchestrator: self.orchestrator.name().to_owned(),
            deviations: self.shrunk.deviations.clone(),
            without: self.shrunk.without.clone(),
            stale: Vec::new(),
        }
    }

    /// Its numbered sentences.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        sentences::of(&self.entries(), self.violation())
    }

    /// The name of its file, as the regression test calls it.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}-{}-{}.schedule", self.scenario.name, self.checker.name(), self.seed)
    }

    /// The part of the timeline that it is about.
    pub(super) fn entries(&self) -> Vec<&'a Entry> {
        let Some(violation) = self.violation() else { return Vec::new() };
        let focus = Focus {
            customer: &violation.customer,
            operations: &violation.operations,
            exchanges: &violation.exchanges,
            calls: &violation.calls,
        };
        self.shrunk.record.timeline.telling(&focus)
    }
}

/// Writes the story.
///
/// # Errors
/// Where it cannot be written.
pub fn write(story: &Story<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(violation) = story.violation() else { return Ok(()) };
    let deviations = words::count(story.shrunk.deviations.len() as u64, "deviation", "deviations");
    let runs = words::count(u64::from(story.shrunk.runs), "run", "runs");
    writeln!(out, "the smallest counterexample ({deviations}; {runs} to shrink it): {}\n", replay::title(violation))?;
    for (number, sentence) in (1..).zip(story.sentences()) {
        writeln!(out, "  {number}. {sentence}")?;
    }
    writeln!(out)?;
    replay::message(violation, out)?;
    writeln!(out)?;
    sequence::draw(&story.entries(), out)?;
    writeln!(out, "\nas a regression test (exits 0 once it is mended):\n")?;
    regression(story, out)
}

/// A shell script that keeps the schedule and replays it.
fn regression(story: &Story<'_>, out: &mut dyn Write) -> io::Result<()> {
    let file = story.file();
    writeln!(out, "cat > {file} <<'END'")?;
    write!(out, "{}", story.schedule().text(route_names()))?;
    writeln!(out, "END\n{}", schedule_command(Path::new(&file), story.orchestrator))
}
