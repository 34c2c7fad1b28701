//! Canary: two orchestrators in the same worlds. Of every scenario and seed there is a world under the baseline and one
//! under the candidate; draws hash seed and point, so faults stay with the exchanges that both make. What differs
//! between the two worlds is the candidate's doing.
//!
//! How pairs are run stands in `pair` and `crew`, what is compared in `measure`, what it means in `statistics` and
//! `verdict`, and how a flip is shown in `witness`. Traffic that shifts from the one to the other is `split`'s, and what a
//! candidate leaves that is rolled back `blast`'s.

mod blast;
mod crew;
mod measure;
mod pair;
mod scale;
pub mod split;
mod statistics;
mod verdict;
mod witness;

use std::io;

use crate::scenario::Scenario;
use crate::version::Orchestrator;

pub use blast::{Blast, Told};
pub use measure::{MEASURES, Measure, Sums};
pub use pair::{Faults, Flip, Pairs, Round, Row, Side};
pub use scale::Scale;
pub use statistics::Interval;
pub use verdict::{ENOUGH, Finding, Judged, Judgement, Margin, Verdict, judge};
pub use witness::{Witness, witnesses};

/// How many seeds are run between two looks where one stops as soon as it is decided.
pub const BATCH: u64 = 50;

/// What is to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The scenarios.
    pub scenarios: &'a [Scenario],
    /// What runs today.
    pub baseline: &'a Orchestrator,
    /// What shall run instead.
    pub candidate: &'a Orchestrator,
    /// The seeds of each scenario are 0 to this, or less where it is decided sooner.
    pub seeds: u64,
    /// Whether to look after every batch, and to stop as soon as it is decided.
    pub until_decided: bool,
    /// By how much the candidate may be worse.
    pub margin: Margin,
    /// How many threads.
    pub threads: usize,
}

/// What a comparison brought.
#[derive(Debug, Clone)]
pub struct Compared {
    /// All pairs.
    pub pairs: Pairs,
    /// What they mean.
    pub judgement: Judgement,
}

/// Why there was no comparison.
#[derive(Debug)]
pub enum CanaryError {
    /// There is no orchestrator of that name.
    NoOrchestrator(Side),
    /// A thread could not be started.
    Thread(io::Error),
    /// The orchestrator, or the simulation, panicked.
    Panicked(Place),
    /// Something broke outside of the simulation: what, and how.
    Broken(Place, String),
    /// A world ran otherwise the second time, so that nothing can be said of a difference.
    Unlike(Place),
}

/// A world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The scenario, by its place.
    pub scenario: usize,
    /// The seed.
    pub seed: u64,
    /// Under which orchestrator.
    pub side: Side,
}

impl Order<'_> {
    /// How many pairs of worlds it asks for at most.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.seeds.saturating_mul(self.scenarios.len() as u64)
    }

    /// The orchestrator on this side.
    #[must_use]
    pub const fn orchestrator(&self, side: Side) -> &Orchestrator {
        match side {
            Side::Baseline => self.baseline,
            Side::Candidate => self.candidate,
        }
    }

    /// Runs the pairs; `progress` hears of each part how many it had.
    ///
    /// # Errors
    /// Where an orchestrator is unknown, panics, breaks or is not deterministic, or a thread cannot be started.
    pub fn run(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<Compared, CanaryError> {
        let mut pairs = Pairs::none(self.scenarios.len());
        let batch = if self.until_decided { BATCH } else { self.seeds };
        let mut least = 1.0;
        loop {
            let until = (pairs.seeds() + batch).min(self.seeds);
            crew::run(self, pairs.seeds()..until, progress, &mut pairs)?;
            let judgement = judge(pairs.rounds(), self.margin, self.until_decided.then_some(&mut least));
            // That all worlds were alike so far is no reason to stop: what differs may be rare.
            let decided = match judgement.verdict {
                Verdict::Pass => until >= ENOUGH,
                Verdict::Fail => true,
                Verdict::Inconclusive => false,
            };
            if decided || until == self.seeds {
                return Ok(Compared { pairs, judgement });
            }
        }
    }
}
