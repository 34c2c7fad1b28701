//! The blast radius of a candidate that was rolled back: whom it touched in all worlds of the stage that convicted it, rolled
//! back where that stage ended, and what became of them. What becomes of one customer in one world is the run's to say.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::crew::Parts;
use super::pair::Side;
use super::{CanaryError, Order, Place};
use crate::run::{Aftermath, Became, Judge, LeftBehind, judges};
use crate::version::Orchestrator;

/// So many worlds are told one by one of those in which the same is the worst that became of anybody.
const ALIKE: usize = 2;

/// What the candidate did, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// The orchestrator of these worlds: baseline and candidate, and the shares, the last of which is nobody.
    pub orchestrator: Orchestrator,
    /// How many worlds there were.
    pub worlds: u64,
    /// In how many of them the candidate touched anybody.
    pub reached: u64,
    /// The customers that the candidate touched, by what became of them, in the order of [`Became::ALL`].
    pub touched: [u64; Became::ALL.len()],
    /// The same of those that it never touched.
    pub others: [u64; Became::ALL.len()],
    /// How often reconciliation made each of [`crate::check::EndState::SYSTEMS`] as the primary says, for those touched.
    pub mended: [u64; 3],
    /// Some worlds in which somebody was touched, those in which the worst became of anybody first.
    pub told: Vec<Told>,
}

/// One world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The scenario, by its place.
    pub scenario: usize,
    /// The seed.
    pub seed: u64,
    /// The customers that were touched.
    pub customers: Vec<LeftBehind>,
}

impl Blast {
    fn none(orchestrator: &Orchestrator) -> Self {
        let (touched, others) = ([0; Became::ALL.len()], [0; Became::ALL.len()]);
        Self {
            orchestrator: orchestrator.clone(),
            worlds: 0,
            reached: 0,
            touched,
            others,
            mended: [0; 3],
            told: Vec::new(),
        }
    }

    /// How many customers were touched.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.touched.iter().sum()
    }

    fn add(&mut self, scenario: usize, seed: u64, Aftermath(left): Aftermath) {
        self.worlds += 1;
        for one in left.iter().filter(|one| !one.touched) {
            self.others[one.became as usize] += 1;
        }
        let customers: Vec<LeftBehind> = left.into_iter().filter(|one| one.touched).collect();
        for one in &customers {
            self.touched[one.became as usize] += 1;
            for (sum, mended) in self.mended.iter_mut().zip(one.mended) {
                *sum += u64::from(mended);
            }
        }
        self.reached += u64::from(!customers.is_empty());
        if !customers.is_empty() {
            self.told.push(Told { scenario, seed, customers });
            self.choose();
        }
    }

    fn merge(&mut self, other: Self) {
        self.worlds += other.worlds;
        self.reached += other.reached;
        let sums = self.touched.iter_mut().chain(&mut self.others).chain(&mut self.mended);
        let more = other.touched.into_iter().chain(other.others).chain(other.mended);
        sums.zip(more).for_each(|(sum, more)| *sum += more);
        self.told.extend(other.told);
        self.choose();
    }

    /// Keeps the worlds that are told: the first of each that is the worst there, by scenario and seed. Those of a whole are
    /// among those of its parts.
    fn choose(&mut self) {
        let worst = |told: &Told| told.customers.iter().map(|one| one.became).max();
        self.told.sort_by_key(|told| (told.scenario, told.seed));
        self.told.sort_by_key(|told| Reverse(worst(told)));
        let mut alike = [0; Became::ALL.len()];
        self.told.retain(|told| {
            let Some(worst) = worst(told) else { return false };
            alike[worst as usize] += 1;
            alike[worst as usize] <= ALIKE
        });
    }
}

/// Runs all worlds of the order under the candidate's orchestrator, which ends with a rollback. Where an assumption is broken
/// on purpose, whoever breaks it does harm as well: those scenarios are left out.
///
/// # Errors
/// As [`Order::run`].
pub(super) fn blast(order: &Order<'_>, orchestrator: &Orchestrator) -> Result<Blast, CanaryError> {
    let counted = order.scenarios.iter().enumerate().filter(|(_, scenario)| scenario.beyond.is_none());
    let parts = Parts::of(counted.map(|(place, _)| place).collect(), 0..order.seeds);
    let work = || {
        let appoint = judges(orchestrator).ok_or(CanaryError::NoOrchestrator(Side::Candidate))?;
        let mut judges: Vec<Option<Box<dyn Judge + '_>>> = order.scenarios.iter().map(|_| None).collect();
        let mut blast = Blast::none(orchestrator);
        while let Some((scenario, seeds)) = parts.next() {
            let judge = judges[scenario].get_or_insert_with(|| appoint(&order.scenarios[scenario]));
            for seed in seeds {
                let place = Place { scenario, seed, side: Side::Candidate };
                let aftermath = catch_unwind(AssertUnwindSafe(|| judge.aftermath(seed)));
                blast.add(scenario, seed, aftermath.map_err(|_| CanaryError::Panicked(place))?);
            }
        }
        Ok(blast)
    };
    let mut blast = Blast::none(orchestrator);
    for part in parts.share(order.threads, "blast", work)? {
        blast.merge(part);
    }
    Ok(blast)
}
