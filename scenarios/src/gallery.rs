//! The gallery: every planted bug is hunted by systematic and by random search, and must be convicted by its own
//! checker. The bugs themselves stand with the versions.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::explore::{Caught, Quarry, Shrunk, hunt, shrink};
use crate::run::sweep::clock;
use crate::run::{Plot, Tally, judge, judge_mended};
use crate::scenario::Scenario;
use crate::version::Orchestrator;
use crate::version::planted::Bug;
use crate::workload::Workload;

/// How many deviations the systematic search allows at most.
pub const DEPTH: u32 = 3;

/// The worlds of how many seeds the systematic search tries.
pub const SEEDS: u64 = 4;

/// How many worlds the random search draws at most.
pub const WORLDS: u64 = 10_000;

/// In so many worlds a bug that was missed is looked for: does the hub do anything otherwise because of it?
const LOOKS: u64 = 200;

/// How a bug was hunted, and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Hunted {
    /// The bug.
    pub bug: &'static Bug,
    /// By systematic search.
    pub systematic: Option<Caught>,
    /// By random search: how many worlds were run until the conviction.
    pub random: Option<u64>,
    /// Where both missed it: whether it made any difference to a world.
    pub hit: bool,
    /// How long the searches took, systematic and random.
    pub took: [Duration; 2],
}

impl Hunted {
    /// Whether its checker convicted it.
    #[must_use]
    pub const fn caught(&self) -> bool {
        self.systematic.is_some() || self.random.is_some()
    }
}

/// Hunts these bugs over so many threads. Bugs whose scenario is not among these are left out.
#[must_use]
pub fn hunt_all(
    bugs: &[&'static Bug],
    scenarios: &[Scenario],
    threads: usize,
    progress: &(dyn Fn() + Sync),
) -> Vec<Hunted> {
    let by_name: BTreeMap<&str, &Scenario> =
        scenarios.iter().map(|scenario| (scenario.name.as_str(), scenario)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut hunted = Vec::new();
        while let Some(bug) = bugs.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(scenario) = by_name.get(bug.hunted_in) {
                hunted.push(hunt_one(bug, scenario));
            }
            progress();
        }
        hunted
    };
    let mut hunted = thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads.min(bugs.len())).map(|_| scope.spawn(work)).collect();
        let mut hunted = work();
        for helper in helpers {
            hunted.extend(helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        hunted
    });
    hunted.sort_by_key(|hunted| bugs.iter().position(|bug| bug.name == hunted.bug.name));
    hunted
}

/// The smallest world that convicts a bug which was caught at random, and the seed from which it was shrunk.
#[must_use]
pub fn smallest(hunted: &Hunted, scenario: &Scenario) -> Option<(u64, Shrunk)> {
    let (bug, seed) = (hunted.bug, hunted.random? - 1);
    let mut judge = judge(bug.name, scenario)?;
    let chosen = judge.record(seed, None).chosen;
    let operations = Workload::operations(scenario, seed);
    shrink(&mut *judge, seed, bug.convicted_by, Plot::of(&chosen), &operations).map(|shrunk| (seed, shrunk))
}

fn hunt_one(bug: &'static Bug, scenario: &Scenario) -> Hunted {
    let began = clock();
    let (orchestrator, checker) = (&Orchestrator::BuiltIn(bug.name), bug.convicted_by);
    let systematic = hunt(&Quarry { scenario, orchestrator, checker, depth: DEPTH, seeds: SEEDS });
    let between = clock();
    let random = at_random(bug, scenario);
    let took = [between - began, between.elapsed()];
    let hit = systematic.is_some() || random.is_some() || makes_a_difference(bug, scenario);
    Hunted { bug, systematic, random, hit, took }
}

fn at_random(bug: &Bug, scenario: &Scenario) -> Option<u64> {
    let mut judge = judge(bug.name, scenario)?;
    let convicted = (0..WORLDS).find(|seed| {
        let mut tally = Tally::default();
        judge.sweep(*seed..seed + 1, &mut tally);
        tally.convictions.iter().any(|conviction| conviction.violation.checker == bug.convicted_by)
    });
    convicted.map(|seed| seed + 1)
}

/// Whether the hub ever does anything otherwise because of the bug.
fn makes_a_difference(bug: &Bug, scenario: &Scenario) -> bool {
    let Some(mut planted) = judge(bug.name, scenario) else { return false };
    let mut mended = judge_mended(bug, scenario);
    (0..LOOKS).any(|seed| {
        let (one, other) = (planted.record(seed, None), mended.record(seed, None));
        let lines =
            |record: &crate::run::Record| record.timeline.lines(false).map(ToString::to_string).collect::<Vec<_>>();
        lines(&one) != lines(&other)
    })
}
