//! The swarm: random worlds in generations, each with a subset of the kinds of faults and a rate for each, guided by what
//! the worlds before it have met. It finds what lies deeper than every schedule of a few deviations, and tells how much is
//! likely left to be found.
//!
//! Half of each generation is drawn freely; the other half is aimed at pairs of a journal's state and a fault that no world
//! has met (`atlas`). A generation is drawn from what all generations before it have shown, so threads change nothing.

mod atlas;
mod chooser;
mod crew;
mod draw;
mod journal;
mod kind;
mod logbook;
mod state;
mod suppression;
mod swarmer;
#[cfg(test)]
mod tests;

use std::thread;
use std::time::Duration;

use sagaproof_sim::chaos::choices::Deviation;

use self::atlas::Atlas;
use self::crew::Crew;
use self::draw::Draw;
use self::kind::Kinds;
use self::suppression::Suppression;
use self::swarmer::Outcome;
use super::ExploreError;
use crate::check::CheckerName;
use crate::run::sweep::clock;
use crate::scenario::Scenario;
use crate::version::Orchestrator;

pub use kind::Kind;
pub use state::{Attempts, Call, State, Step};
pub use suppression::{Effect, Row};

/// How many worlds a generation has.
pub const GENERATION: u64 = 200;

/// So many examples of pairs that were never met are kept.
const EXAMPLES: usize = 3;

/// What is to be swarmed over.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The orchestrator.
    pub orchestrator: &'a Orchestrator,
    /// How many worlds at most: the seeds from 0.
    pub seeds: u64,
    /// How many threads.
    pub threads: usize,
    /// After this no world is begun.
    pub budget: Option<Duration>,
    /// Whether what was met guides what is drawn.
    pub guided: bool,
}

/// A world to be run.
#[derive(Debug, Clone, Copy)]
struct Task {
    seed: u64,
    draw: Draw,
    /// Whether it is aimed at a pair, not drawn freely.
    aimed: bool,
}

/// What was known when a generation had run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation {
    /// Worlds so far.
    pub worlds: u64,
    /// States of the journal reached so far in which something could befall.
    pub states: u64,
    /// Pairs met so far.
    pub pairs: u64,
}

/// How much is likely left to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saturation {
    /// Pairs that one world only has met.
    pub met_once: u64,
    /// Freely drawn worlds that alone met some pair.
    pub alone: u64,
    /// Worlds that were drawn freely.
    pub free: u64,
}

impl Saturation {
    /// The Good–Turing estimate of how likely the next freely drawn world meets a pair that was never met, in parts per
    /// million. Where no world was run, anything is new.
    #[must_use]
    pub fn next_new_ppm(&self) -> u64 {
        let ppm = (u128::from(self.alone) * 1_000_000).checked_div(u128::from(self.free)).unwrap_or(1_000_000);
        u64::try_from(ppm).unwrap_or(1_000_000)
    }
}

/// The first world that a checker convicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conviction {
    /// The checker.
    pub checker: CheckerName,
    /// The world's seed.
    pub seed: u64,
    /// Where it went otherwise than uneventfully.
    pub deviations: Vec<Deviation>,
}

/// What a swarm brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swarmed {
    /// Generation by generation; the last one may be cut off.
    pub generations: Vec<Generation>,
    /// Pairs that were met or could have been.
    pub known: u64,
    /// Some pairs that could have been met and were not.
    pub unmet: Vec<(State, Kind)>,
    /// How much is likely left.
    pub saturation: Saturation,
    /// What suppresses what, most suppressing first.
    pub suppression: Vec<Row>,
    /// Whether there is a journal; without one the states are routes.
    pub journal: bool,
    /// How many worlds violate.
    pub violating: u64,
    /// How many the law did not decide in full.
    pub undecided: u64,
    /// For each checker that convicts, the first world.
    pub convictions: Vec<Conviction>,
    /// Whether the budget ran out first.
    pub cut: bool,
    /// How long it took.
    pub took: Duration,
}

impl Swarmed {
    /// What was known in the end.
    #[must_use]
    pub fn last(&self) -> Generation {
        self.generations.last().copied().unwrap_or(Generation { worlds: 0, states: 0, pairs: 0 })
    }
}

impl Order<'_> {
    /// Lets the swarm out; `progress` hears of each world that was run.
    ///
    /// # Errors
    /// Where the orchestrator is unknown, panics or breaks, or a thread cannot be started.
    pub fn run(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<Swarmed, ExploreError> {
        let began = clock();
        let until = self.budget.and_then(|budget| began.checked_add(budget));
        let mut knowledge = Knowledge::of(self.scenario);
        thread::scope(|scope| {
            let crew = Crew::recruit(scope, self, until, progress)?;
            while knowledge.goes_on(self.seeds) {
                let (outcomes, all) = crew.run(knowledge.tasks(self))?;
                knowledge.learn(&outcomes);
                knowledge.cut = !all;
            }
            Ok::<_, ExploreError>(())
        })?;
        Ok(Swarmed { took: began.elapsed(), ..knowledge.tell() })
    }
}

/// What a swarm knows.
struct Knowledge {
    kinds: Kinds,
    atlas: Atlas,
    suppression: Suppression,
    generations: Vec<Generation>,
    journal: bool,
    violating: u64,
    undecided: u64,
    convictions: Vec<Conviction>,
    cut: bool,
}

impl Knowledge {
    fn of(scenario: &Scenario) -> Self {
        Self {
            kinds: Kinds::of(&scenario.chaos),
            atlas: Atlas::default(),
            suppression: Suppression::default(),
            generations: Vec::new(),
            journal: false,
            violating: 0,
            undecided: 0,
            convictions: Vec::new(),
            cut: false,
        }
    }

    fn worlds(&self) -> u64 {
        self.generations.last().map_or(0, |generation| generation.worlds)
    }

    fn goes_on(&self, seeds: u64) -> bool {
        !self.cut && self.convictions.is_empty() && self.worlds() < seeds
    }

    /// The worlds of the next generation: every other one is aimed, as soon as there is something to aim at.
    fn tasks(&mut self, order: &Order<'_>) -> Vec<Task> {
        let from = self.worlds();
        let seeds = from..order.seeds.min(from.saturating_add(GENERATION));
        let half = if order.guided { (seeds.end - seeds.start) / 2 } else { 0 };
        let mut aims = self.atlas.aim(half as usize, self.generations.len() as u64).into_iter();
        let task = |seed: u64| match (!seed.is_multiple_of(2)).then(|| aims.next()).flatten() {
            Some(draw) => Task { seed, draw, aimed: true },
            None => Task { seed, draw: Draw::free(self.kinds, seed), aimed: false },
        };
        seeds.map(task).collect()
    }

    /// Takes in what the worlds of a generation showed, in order of their seeds.
    fn learn(&mut self, outcomes: &[Outcome]) {
        for Outcome { task, seen, journal, checkers, undecided, deviations } in outcomes {
            self.atlas.add(task, seen);
            if !task.aimed {
                self.suppression.add(task.draw.kinds(self.kinds), seen);
            }
            self.journal |= *journal;
            self.violating += u64::from(!checkers.is_empty());
            self.undecided += u64::from(*undecided);
            for checker in checkers.iter().copied() {
                if self.convictions.iter().all(|known| known.checker != checker) {
                    self.convictions.push(Conviction { checker, seed: task.seed, deviations: deviations.clone() });
                }
            }
        }
        let (states, pairs) = (self.atlas.states(), self.atlas.met());
        self.generations.push(Generation { worlds: self.worlds() + outcomes.len() as u64, states, pairs });
    }

    fn tell(self) -> Swarmed {
        let apart = (self.atlas.unmet().count() / EXAMPLES).max(1);
        Swarmed {
            known: self.atlas.known(),
            unmet: self.atlas.unmet().step_by(apart).take(EXAMPLES).collect(),
            saturation: self.atlas.saturation(),
            suppression: self.suppression.rows(self.atlas.offered()),
            generations: self.generations,
            journal: self.journal,
            violating: self.violating,
            undecided: self.undecided,
            convictions: self.convictions,
            cut: self.cut,
            took: Duration::ZERO,
        }
    }
}
