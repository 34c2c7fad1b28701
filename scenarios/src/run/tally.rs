//! What a sweep over one scenario adds up to. Tallies of parts merge to the same whole in any order.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::world::Counts;

use super::Histogram;
use crate::check::Violation;
use crate::coverage::{Coverage, Marks, Matrix};

/// How many violations of a scenario are kept; the others are counted.
pub const SHOWN: usize = 10;

/// A violation, and the world that showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conviction {
    /// The world's seed.
    pub seed: u64,
    /// What was wrong.
    pub violation: Violation,
}

/// What happened in the worlds of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Distinct worlds.
    pub worlds: u64,
    /// Sagas that began; without a journal, operations that ask for a change and came to the hub.
    pub sagas: u64,
    /// Requests to vendors.
    pub calls: u64,
    /// Requests of clients.
    pub exchanges: u64,
    /// Crashes of the process.
    pub crashes: u64,
    /// Faults that were drawn.
    pub drawn: u64,
    /// Faults that were applied.
    pub struck: u64,
    /// Faults that changed what somebody heard or did.
    pub effective: u64,
    /// Compensating calls that vendors handled.
    pub compensations: u64,
    /// How often a saga was parked.
    pub parked: u64,
    /// How long clients' operations took until their outcome was known.
    pub latencies: Histogram,
    /// What befell calls, and what the hub heard of them. No report's part holds it.
    pub heard: Matrix,
    /// What was reached at least once.
    pub marks: Marks,
    /// Worlds of which the law could not decide all: too many orders of their operations were possible.
    pub undecided: u64,
    /// All violations.
    pub violations: u64,
    /// The first of them, by seed.
    pub convictions: Vec<Conviction>,
    /// Worlds that ran twice and differed: how many, and the first of them.
    pub unequal: u64,
    /// The seed of the first world that ran twice and differed.
    pub first_unequal: Option<u64>,
}

impl Tally {
    /// Adds one world, latencies and violations aside.
    pub(super) fn world(&mut self, counts: &Counts, coverage: &Coverage) {
        self.worlds += 1;
        self.sagas += u64::from(coverage.sagas());
        self.calls += u64::from(counts.calls);
        self.exchanges += u64::from(counts.exchanges);
        self.crashes += u64::from(counts.crashes);
        self.drawn += u64::from(counts.drawn);
        self.struck += u64::from(counts.struck);
        self.effective += u64::from(counts.effective);
        self.compensations += u64::from(coverage.compensations());
        self.parked += u64::from(coverage.parked());
        coverage.count_into(&mut self.heard);
        self.marks.join(coverage.marks());
    }

    /// Adds a client's operation.
    pub(super) fn latency(&mut self, length: Nanos) {
        self.latencies.add(length);
    }

    /// Adds the violations of a world.
    pub(super) fn convict(&mut self, seed: u64, violations: Vec<Violation>) {
        self.violations += violations.len() as u64;
        self.convictions.extend(violations.into_iter().map(|violation| Conviction { seed, violation }));
        self.keep_first();
    }

    /// Adds a world that ran twice and differed.
    pub(super) fn differed(&mut self, seed: u64) {
        self.unequal += 1;
        self.first_unequal = Some(self.first_unequal.map_or(seed, |first| first.min(seed)));
    }

    /// Adds all of another tally of the same scenario, over other seeds.
    pub fn merge(&mut self, other: Self) {
        // What comes from a report's part may hold any number.
        for (sum, more) in [
            (&mut self.worlds, other.worlds),
            (&mut self.sagas, other.sagas),
            (&mut self.calls, other.calls),
            (&mut self.exchanges, other.exchanges),
            (&mut self.crashes, other.crashes),
            (&mut self.drawn, other.drawn),
            (&mut self.struck, other.struck),
            (&mut self.effective, other.effective),
            (&mut self.compensations, other.compensations),
            (&mut self.parked, other.parked),
            (&mut self.undecided, other.undecided),
            (&mut self.violations, other.violations),
            (&mut self.unequal, other.unequal),
        ] {
            *sum = sum.saturating_add(more);
        }
        self.latencies.merge(&other.latencies);
        self.heard.merge(&other.heard);
        self.marks.join(other.marks);
        self.convictions.extend(other.convictions);
        self.keep_first();
        self.first_unequal = [self.first_unequal, other.first_unequal].into_iter().flatten().min();
    }

    fn keep_first(&mut self) {
        self.convictions.sort_by_key(|conviction| conviction.seed);
        self.convictions.truncate(SHOWN);
    }
}
