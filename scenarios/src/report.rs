//! Reports: what a sweep or a replay found, told to people and to machines. A report is a file beside this one; what all
//! of them say alike (the verdict, what was not reached, how a world is replayed) stands here.

pub mod explored;
pub mod gallery;
pub mod json;
pub mod replay;
pub mod story;
pub mod terminal;
mod words;

use std::ops::Range;

use crate::run::sweep::Swept;
use crate::run::{ENOUGH_WORLDS, Tally};
use crate::scenario::{Mark, Origin, Scenario};
use crate::version::Orchestrator;
use crate::version::foreign::{Command, TIME_OUT};

/// What a sweep found.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// The orchestrator that was judged.
    pub orchestrator: &'a Orchestrator,
    /// The scenarios.
    pub scenarios: &'a [Scenario],
    /// The seeds that were asked for.
    pub seeds: Range<u64>,
    /// What happened.
    pub swept: &'a Swept,
}

/// How a sweep ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every checker held, and all that should have been reached was.
    Held,
    /// A checker failed, a world ran otherwise the second time, or a *sometimes* was not reached.
    Violated,
}

impl Verdict {
    /// Its name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Violated => "violated",
        }
    }
}

/// Something that a scenario should have reached, and did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreached<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// What was not reached.
    pub mark: Mark,
    /// Whether it counts: enough worlds were run.
    pub judged: bool,
}

impl<'a> Report<'a> {
    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let wrong = self.swept.tallies.iter().any(|tally| tally.violations > 0 || tally.unequal > 0);
        if wrong || self.unreached().any(|unreached| unreached.judged) { Verdict::Violated } else { Verdict::Held }
    }

    /// The scenarios with what happened in them.
    pub fn rows(&self) -> impl Iterator<Item = (&'a Scenario, &'a Tally)> + use<'a> {
        self.scenarios.iter().zip(&self.swept.tallies)
    }

    /// What should have been reached and was not, in order.
    pub fn unreached(&self) -> impl Iterator<Item = Unreached<'a>> + use<'a> {
        self.rows().flat_map(|(scenario, tally)| {
            let missed = scenario.sometimes.iter().filter(|mark| !tally.marks.has(**mark));
            missed.map(move |mark| Unreached {
                scenario: &scenario.name,
                mark: *mark,
                judged: tally.worlds >= ENOUGH_WORLDS,
            })
        })
    }

    /// All scenarios together.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.swept.tallies.iter().for_each(|tally| total.merge(tally.clone()));
        total
    }

    /// The command that replays a world.
    #[must_use]
    pub fn replay(&self, scenario: &Scenario, seed: u64) -> String {
        replay_command(scenario, seed, self.orchestrator)
    }
}

/// The command that replays a world; needs no quoting unless the scenario's path does.
#[must_use]
pub fn replay_command(scenario: &Scenario, seed: u64, orchestrator: &Orchestrator) -> String {
    let (scenario, orchestrator) = (scenario_argument(scenario), orchestrator_flags(orchestrator));
    format!("sagaproof replay --scenario {scenario} --seed {seed}{orchestrator}")
}

/// The flags that name this orchestrator, each after a space; none for the default one.
#[must_use]
pub fn orchestrator_flags(orchestrator: &Orchestrator) -> String {
    match orchestrator {
        default if *default == Orchestrator::default() => String::new(),
        Orchestrator::BuiltIn(name) => format!(" --orchestrator {name}"),
        Orchestrator::Program(command) => process_flags(command),
    }
}

fn process_flags(command: &Command) -> String {
    let quoted = words::quoted(command.text());
    match command.time_out() {
        TIME_OUT => format!(" --process {quoted}"),
        patience => format!(" --process {quoted} --process-time-out {}ms", patience.as_millis()),
    }
}

/// How `--scenario` names this scenario.
#[must_use]
pub fn scenario_argument(scenario: &Scenario) -> String {
    match &scenario.origin {
        Origin::BuiltIn(_) => scenario.name.clone(),
        Origin::File(path) => format!("{}:{}", path.display(), scenario.name),
    }
}

/// What it means that worlds that ran twice differed.
fn differed(worlds: u64) -> String {
    let worlds = words::count(worlds, "world", "worlds");
    format!(
        "{worlds} ran otherwise the second time: something in the orchestrator or the simulation is not deterministic"
    )
}
