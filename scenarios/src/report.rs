//! Reports: what a sweep or a replay found, told to people and to machines. A report is a file beside this one; what all
//! of them say alike (the verdict, what was not reached, how a world is replayed) stands here.

pub mod audit;
pub mod canary;
pub mod case;
pub mod explored;
pub mod gallery;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod merge;
pub mod ndjson;
mod part;
pub mod replay;
mod sheet;
pub mod story;
pub mod swarmed;
pub mod terminal;
#[cfg(test)]
mod testing;
pub mod tried;
mod wire;
pub(crate) mod words;

use std::ops::Range;
use std::path::Path;

use crate::run::sweep::{Order, Swept};
use crate::run::{ENOUGH_WORLDS, Partition, Tally};
use crate::scenario::{Mark, Origin, Scenario};
use crate::version::Orchestrator;
use crate::version::foreign::{Command, TIME_OUT};

pub use sheet::Sheet;

/// What a run found: a sweep, a part of one, or the parts of one joined.
#[derive(Debug, Clone)]
pub struct Report {
    /// The orchestrator that was judged.
    pub orchestrator: String,
    /// A hash of what it is, of a policy file also what it says.
    pub orchestrator_hash: u64,
    /// The seeds that were asked for, of all parts.
    pub seeds: Range<u64>,
    /// Where this is a part only: which one.
    pub partition: Option<Partition>,
    /// What was found, by scenario.
    pub sheets: Vec<Sheet>,
    /// Whether a budget ran out first.
    pub cut: bool,
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
    /// Whether it counts: enough worlds were run, and this is no part, of which another may have reached it.
    pub judged: bool,
}

impl Report {
    /// What a sweep found; where it was a part of a run, with the seeds of the whole.
    #[must_use]
    pub fn of(order: &Order<'_>, part: Option<(Partition, Range<u64>)>, swept: &Swept) -> Self {
        let rows = order.scenarios.iter().zip(&swept.tallies);
        let sheets = rows.map(|(scenario, tally)| Sheet::of(scenario, order.orchestrator, tally)).collect();
        let (partition, seeds) = part.map_or((None, order.seeds.clone()), |(part, whole)| (Some(part), whole));
        Self {
            orchestrator: order.orchestrator.name().to_owned(),
            orchestrator_hash: order.orchestrator.hash(),
            seeds,
            partition,
            sheets,
            cut: swept.cut,
        }
    }

    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let wrong = self.sheets.iter().any(|sheet| sheet.wrong() > 0);
        if wrong || self.unreached().any(|unreached| unreached.judged) { Verdict::Violated } else { Verdict::Held }
    }

    /// What should have been reached and was not, in order.
    pub fn unreached(&self) -> impl Iterator<Item = Unreached<'_>> {
        self.sheets.iter().flat_map(|sheet| {
            let judged = self.judges(sheet);
            sheet.marks(false).map(move |mark| Unreached { scenario: &sheet.name, mark, judged })
        })
    }

    /// Whether it counts what a scenario has not reached.
    fn judges(&self, sheet: &Sheet) -> bool {
        self.partition.is_none() && sheet.tally.worlds >= ENOUGH_WORLDS
    }

    /// All scenarios together.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.sheets.iter().for_each(|sheet| total.merge(sheet.tally.clone()));
        total
    }
}

/// The command that replays a world.
#[must_use]
pub fn replay_command(scenario: &Scenario, seed: u64, orchestrator: &Orchestrator) -> String {
    let scenario = words::argument(&scenario_argument(scenario));
    let orchestrator = orchestrator_flags(orchestrator);
    format!("sagaproof replay --scenario {scenario} --seed {seed}{orchestrator}")
}

/// The command that replays a schedule of this orchestrator. A schedule names it, but starts no program.
#[must_use]
pub fn schedule_command(schedule: &Path, orchestrator: &Orchestrator) -> String {
    let program = matches!(orchestrator, Orchestrator::Program(_));
    let flags = if program { orchestrator_flags(orchestrator) } else { String::new() };
    format!("sagaproof replay {}{flags}", words::argument(&schedule.to_string_lossy()))
}

/// The same where the schedule may name another one.
fn schedule_command_under(schedule: &Path, named: &str, orchestrator: &Orchestrator) -> String {
    let command = schedule_command(schedule, orchestrator);
    let name = orchestrator.name();
    match orchestrator {
        Orchestrator::Program(_) => command,
        _ if name == named => command,
        _ => format!("{command} --orchestrator {}", words::argument(name)),
    }
}

/// The flags that name this orchestrator, each after a space; none for the default one.
fn orchestrator_flags(orchestrator: &Orchestrator) -> String {
    match orchestrator {
        default if *default == Orchestrator::default() => String::new(),
        Orchestrator::BuiltIn(name) => format!(" --orchestrator {name}"),
        Orchestrator::Policy(file) => format!(" --orchestrator {}", words::argument(&file.path)),
        Orchestrator::Split(_) => format!(" --orchestrator {}", words::argument(orchestrator.name())),
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
