//! Exploration: instead of drawing worlds, it tries every schedule of at most so many deviations and says what it has
//! excluded. The search deepens one deviation at a time, so that the first violation has the fewest.
//!
//! `systematic` searches, `table` keeps the states that are known, `crew` shares the work over threads, `least` finds
//! the counterexample. What is found is told by the reports.

mod crew;
mod estimate;
mod explored_world;
mod explorer;
mod eyes;
mod found;
mod hunt;
mod least;
mod script;
mod shrink;
pub mod swarm;
mod systematic;
mod table;

use std::io;
use std::time::Duration;

use sagaproof_sim::chaos::choices::Deviation;

pub use found::Found;
pub use hunt::{Caught, Quarry, hunt};
pub use shrink::{Shrunk, shrink, shrink_by};

use self::crew::{Searched, recruit, search};
use self::explorer::Level;
use self::systematic::Follower;
use crate::check::CheckerName;
use crate::run::Partition;
use crate::run::sweep::clock;
use crate::scenario::Scenario;
use crate::version::Orchestrator;

/// What is to be explored.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The orchestrator.
    pub orchestrator: &'a Orchestrator,
    /// The seed of the world whose schedules are explored: it draws its workload, latencies and windows.
    pub seed: u64,
    /// How many deviations at most.
    pub depth: u32,
    /// How many threads.
    pub threads: usize,
    /// Whether states that are known are not explored again.
    pub pruning: bool,
    /// Which part of the branches; `None`: all of them.
    pub part: Option<Partition>,
    /// After this the search is cut off.
    pub budget: Option<Duration>,
    /// How many bytes the states that are kept may take.
    pub memory: u64,
}

/// Why a search was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The time budget ran out.
    Time,
    /// The states took more memory than they may.
    Memory,
}

/// Why there was no search.
#[derive(Debug)]
pub enum ExploreError {
    /// There is no orchestrator of that name.
    NoOrchestrator,
    /// A thread could not be started.
    Thread(io::Error),
    /// The orchestrator, or the simulation, panicked.
    Panicked,
    /// Something broke outside of the simulation: what, and how.
    Broken(String),
    /// This checker convicts a schedule that cannot be found again: two states were taken for one.
    Astray(CheckerName),
    /// So many states are to be expected, more than the memory holds, and no budget cuts the search off.
    TooDeep {
        /// How many states.
        states: u64,
        /// How many the memory holds.
        most: u64,
    },
}

/// How far a search is.
#[derive(Debug, Clone, Copy)]
pub enum Progress {
    /// A depth begins; about so many schedules will be run, where that can be said.
    Depth(u32, Option<u64>),
    /// So many more schedules were run.
    Ran(u64),
}

/// What was explored of one depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// How many deviations at most.
    pub deviations: u32,
    /// Schedules that are covered, run or known.
    pub found: Found,
    /// Distinct states; 0 where none were compared.
    pub states: u64,
    /// How often a way came to a state that was known.
    pub pruned: u64,
    /// Branches of the uneventful world that were explored to the end, and how many there are.
    pub branches: (usize, usize),
    /// How many schedules were run; this alone depends on the threads.
    pub ran: u64,
    /// Of a part of a search: what joining it with the others needs.
    pub share: Option<Share>,
}

/// What one part of a search knows of a depth besides what it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Share {
    /// The uneventful world, which every part runs.
    pub trunk: Found,
    /// How many states it passed.
    pub trunk_states: u32,
    /// How often its branches came to a state, before any state's own ways.
    pub ways: u64,
    /// All other states in order, each with how often its ways came to a state.
    pub states: Vec<(u64, u32)>,
}

/// A schedule that a checker convicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// The checker.
    pub checker: CheckerName,
    /// The branch of the uneventful world where it begins.
    pub branch: usize,
    /// The deviations.
    pub deviations: Vec<Deviation>,
}

/// What an exploration brought.
#[derive(Debug)]
pub struct Explored {
    /// Depth by depth, from 0; the last one may be cut off.
    pub depths: Vec<Depth>,
    /// For each checker that convicts, the first schedule with the fewest deviations.
    pub counterexamples: Vec<Counterexample>,
    /// Why the last depth is not whole.
    pub cut: Option<Cut>,
    /// Whether states were compared.
    pub compared: bool,
    /// How long it took.
    pub took: Duration,
}

impl Order<'_> {
    /// Whether the branch of this number belongs to this part.
    /// Every Nth, for neighbours soon come to the same states.
    fn is_ours(&self, number: usize) -> bool {
        self.part.is_none_or(|part| number as u64 % part.of() == part.number() - 1)
    }

    /// Explores; `progress` hears how far it is.
    ///
    /// # Errors
    /// Where the orchestrator is unknown, panics or breaks, a thread cannot be started, or the memory will not do.
    pub fn run(&self, progress: &(dyn Fn(Progress) + Sync)) -> Result<Explored, ExploreError> {
        let began = clock();
        let until = self.budget.and_then(|budget| began.checked_add(budget));
        let (depths, counterexamples) = (Vec::new(), Vec::new());
        let mut explored = Explored { depths, counterexamples, cut: None, compared: false, took: Duration::ZERO };
        for depth in 0..=self.depth {
            self.check_memory(&explored.depths)?;
            progress(Progress::Depth(depth, estimate::next(explored.depths.iter().map(|depth| depth.ran))));
            let searched = search(self, depth, until, progress)?;
            explored.depths.push(self.summary(&searched, depth));
            explored.cut = searched.cut;
            explored.compared = searched.trunk.compared;
            explored.counterexamples = self.counterexamples(depth, &searched)?;
            if explored.cut.is_some() || !explored.counterexamples.is_empty() {
                break;
            }
        }
        explored.took = began.elapsed();
        Ok(explored)
    }

    /// Whether the states of the deepest depth can be expected to find room.
    fn check_memory(&self, depths: &[Depth]) -> Result<(), ExploreError> {
        let most = crew::most_states(self.memory);
        let states = estimate::at(depths.iter().map(|depth| depth.states), self.depth as usize);
        match states {
            Some(states) if states > most && self.budget.is_none() => Err(ExploreError::TooDeep { states, most }),
            _ => Ok(()),
        }
    }

    fn summary(&self, searched: &Searched, deviations: u32) -> Depth {
        let mut found = searched.trunk.found;
        let mut ways = 0;
        for below in searched.whole() {
            found += below.found;
            ways += u64::from(below.ways);
        }
        let states = searched.table.count();
        Depth {
            deviations,
            found,
            states: states + u64::from(searched.trunk.states),
            // Each state was new to one of the ways that came to it.
            pruned: (ways + searched.table.ways()).saturating_sub(states),
            branches: (searched.whole().count(), searched.branches.len()),
            ran: searched.ran,
            share: self.part.is_some().then(|| Share {
                trunk: searched.trunk.found,
                trunk_states: searched.trunk.states,
                ways,
                states: searched.table.states(),
            }),
        }
    }

    /// The first schedule that each convicting checker convicts.
    fn counterexamples(&self, depth: u32, searched: &Searched) -> Result<Vec<Counterexample>, ExploreError> {
        let level = Level { depth, pruning: self.pruning, table: &searched.table, follower: &Nobody };
        let trunk = searched.trunk.found.convicting();
        let mut found: Vec<_> =
            trunk.map(|checker| Counterexample { checker, branch: 0, deviations: Vec::new() }).collect();
        for checker in CheckerName::ALL.iter().copied() {
            if found.iter().any(|known| known.checker == checker) {
                continue;
            }
            let Some(branch) = searched.found().position(|found| found.convicted_by(checker)) else { continue };
            let mut explorer = recruit(self)?;
            explorer.trunk(level);
            let least = explorer.least(branch, level, checker);
            if let Some(why) = explorer.broken() {
                return Err(ExploreError::Broken(why));
            }
            let deviations = least.ok_or(ExploreError::Astray(checker))?;
            found.push(Counterexample { checker, branch, deviations });
        }
        Ok(found)
    }
}

/// Nobody follows.
struct Nobody;

impl Follower for Nobody {
    fn ran(&self, _: Found) -> bool {
        true
    }
}

impl Explored {
    /// The deepest depth that was begun.
    #[must_use]
    pub fn last(&self) -> Option<&Depth> {
        self.depths.last()
    }
}
