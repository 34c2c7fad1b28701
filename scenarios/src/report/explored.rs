//! The reports of an exploration: for people, and for machines as one object on one line, the same bytes whatever the
//! threads. What is a part of an exploration, and how parts are joined, stands with `parts`.

mod ci;
mod parts;

use std::io::{self, Write};
use std::ops::Not;

use sagaproof_sim::chaos::schedule;
use serde::{Deserialize, Serialize};

pub(super) use ci::case;
pub use ci::{write_junit, write_lines};
pub use parts::Part;
pub(super) use parts::join;

use self::parts::PartDepth;
use super::story::{self, Story};
use super::words;
use crate::explore::{Cut, Depth, Explored, Found, Order, Shrunk};
use crate::run::route_names;

/// The name and version of the format.
pub const FORMAT: &str = "sagaproof-explore/1";

/// What an exploration found.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was explored.
    pub order: &'a Order<'a>,
    /// What it brought.
    pub explored: &'a Explored,
    /// Its counterexamples, shrunk, in the same order.
    pub shrunk: &'a [Shrunk],
}

/// The object for machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// The format.
    pub format: String,
    /// `held` or `violated`.
    pub verdict: String,
    /// The scenario.
    pub scenario: String,
    /// The orchestrator.
    pub orchestrator: String,
    /// The seed of the world.
    pub seed: u64,
    /// How many deviations at most were asked for.
    pub depth: u32,
    /// Whether every schedule of at most so many deviations is covered; a part covers its own only.
    pub exhausted: bool,
    /// How many deviations the schedules counted here have at most.
    pub deviations: u32,
    /// Schedules that are covered.
    pub schedules: u64,
    /// How many of them violate.
    pub violating: u64,
    /// Whether the law did not decide some of them in full.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub undecided: bool,
    /// Distinct states, the remaining deviations included; 0 where none were compared.
    pub states: u64,
    /// How often a way came to a state that was known.
    pub pruned: u64,
    /// Branches of the uneventful world explored to the end, and how many there are.
    pub branches: [usize; 2],
    /// For each checker that convicts, its smallest counterexample.
    pub violations: Vec<Violation>,
    /// Why it was cut off: `time` or `memory`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<String>,
    /// Of a part of a search: what joining it with the others needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

/// A smallest counterexample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The checker.
    pub checker: String,
    /// The kind of difference, where it has a name.
    pub diagnosis: Option<String>,
    /// The customer, where it is somebody in particular.
    pub customer: Option<String>,
    /// What is wrong.
    pub message: String,
    /// The branch of the uneventful world on which it was found; a swarm has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<usize>,
    /// What its world deviates by, as lines of a schedule.
    pub deviations: Vec<String>,
    /// What happened, in sentences.
    pub story: Vec<String>,
    /// The schedule file, whole.
    pub schedule: String,
}

impl Report<'_> {
    /// The counterexamples, told.
    fn stories(&self) -> impl Iterator<Item = Story<'_>> {
        let Order { scenario, seed, orchestrator, .. } = *self.order;
        self.explored.counterexamples.iter().zip(self.shrunk).map(move |(counterexample, shrunk)| Story {
            scenario,
            seed,
            orchestrator,
            checker: counterexample.checker,
            shrunk,
        })
    }

    fn part(&self) -> Option<Part> {
        let (number, of) = (self.order.part?.number(), self.order.part?.of());
        let hash = format!("{:016x}", self.order.scenario.hash);
        let depths = || self.explored.depths.iter().filter_map(PartDepth::of).collect();
        let program = super::merge::PROGRAM.to_owned();
        let orchestrator = format!("{:016x}", self.order.orchestrator.hash());
        let compared = self.explored.compared;
        Some(Part { number, of, program, hash, orchestrator, compared, depths: depths() })
    }

    /// The object for machines.
    #[must_use]
    pub fn object(&self) -> Object {
        let nothing = Depth {
            deviations: 0,
            found: Found::default(),
            states: 0,
            pruned: 0,
            branches: (0, 0),
            ran: 0,
            share: None,
        };
        let last = self.explored.last().unwrap_or(&nothing);
        let branches = self.explored.counterexamples.iter().map(|counterexample| counterexample.branch);
        Object {
            format: FORMAT.to_owned(),
            verdict: if self.explored.counterexamples.is_empty() { "held" } else { "violated" }.to_owned(),
            scenario: self.order.scenario.name.clone(),
            orchestrator: self.order.orchestrator.name().to_owned(),
            seed: self.order.seed,
            depth: self.order.depth,
            exhausted: self.explored.cut.is_none()
                && last.deviations == self.order.depth
                && self.order.part.is_none_or(|part| part.of() == 1),
            deviations: last.deviations,
            schedules: last.found.schedules,
            violating: last.found.violating,
            undecided: last.found.undecided,
            states: last.states,
            pruned: last.pruned,
            branches: [last.branches.0, last.branches.1],
            violations: self
                .stories()
                .zip(branches)
                .filter_map(|(story, branch)| violation(&story, Some(branch)))
                .collect(),
            cut: self.explored.cut.map(|cut| if cut == Cut::Time { "time" } else { "memory" }.to_owned()),
            part: self.part(),
        }
    }
}

/// A smallest counterexample as machines read it.
pub(super) fn violation(story: &Story<'_>, branch: Option<usize>) -> Option<Violation> {
    let found = story.violation()?;
    Some(Violation {
        checker: found.checker.name().to_owned(),
        diagnosis: found.diagnosis.map(|diagnosis| diagnosis.name().to_owned()),
        customer: (!found.customer.is_empty()).then(|| found.customer.clone()),
        message: found.message.clone(),
        branch,
        deviations: story.shrunk.deviations.iter().map(|one| schedule::line(*one, route_names()).to_string()).collect(),
        story: story.sentences(),
        schedule: story.schedule().text(route_names()),
    })
}

/// Writes the object for machines.
///
/// # Errors
/// Where it cannot be written.
pub fn json(object: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

/// Writes the report for people.
///
/// # Errors
/// Where it cannot be written.
pub fn terminal(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { order, explored, .. } = report;
    writeln!(out, "{} / seed {}, orchestrator {}", order.scenario.name, order.seed, order.orchestrator.name())?;
    writeln!(out, "{}\n", order.scenario.proves)?;
    writeln!(out, "deviations     schedules       states       pruned          run")?;
    for depth in &explored.depths {
        let columns = [depth.found.schedules, depth.states, depth.pruned, depth.ran].map(words::number);
        let [schedules, states, pruned, ran] = columns;
        writeln!(out, "{:>10}  {schedules:>12} {states:>12} {pruned:>12} {ran:>12}", depth.deviations)?;
    }
    for story in report.stories() {
        writeln!(out)?;
        story::write(&story, out)?;
    }
    writeln!(out)?;
    conclusion(report, out)
}

fn conclusion(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { order, explored, .. } = report;
    let Some(last) = explored.last() else { return Ok(()) };
    let schedules = words::count(last.found.schedules, "schedule", "schedules");
    let most = words::count(u64::from(last.deviations), "deviation", "deviations");
    let took = explored.took;
    let rate = words::number(words::rate(last.found.schedules, took));
    let speed = format!("{}.{:02} s, {rate} schedules/s", took.as_secs(), took.subsec_millis() / 10);
    match explored.cut {
        None => {
            let violating = words::count(last.found.violating, "violation", "violations");
            let part = order.part.map(|part| format!("part {} of {} ", part.number(), part.of())).unwrap_or_default();
            writeln!(out, "{part}exhausted: {schedules} of at most {most}, {violating}; {speed}")?;
        }
        Some(cut) => {
            let why = if cut == Cut::Time { "the time budget ran out" } else { "the memory for states is used up" };
            let (done, all) = last.branches;
            writeln!(out, "not exhausted: {why}; {speed}")?;
            if let Some(whole) = explored.depths.len().checked_sub(2).map(|place| &explored.depths[place]) {
                let schedules = words::count(whole.found.schedules, "schedule", "schedules");
                let most = words::count(u64::from(whole.deviations), "deviation", "deviations");
                writeln!(out, "  all {schedules} of at most {most} are covered")?;
            }
            writeln!(
                out,
                "  of those of at most {most}: {schedules} on {done} of {all} branches of the uneventful world"
            )?;
        }
    }
    if last.found.undecided {
        writeln!(out, "not all of them were decided in full: {}", words::TOO_MANY_ORDERS)?;
    }
    if !explored.compared && order.pruning {
        writeln!(out, "nothing was pruned: {} gives no fingerprint of its state", order.orchestrator.name())?;
    }
    let held = explored.counterexamples.is_empty();
    writeln!(out, "{}", if held { "HELD" } else { "VIOLATED" })
}
