//! The threads of a comparison: parts of its worlds, handed out by one counter, and what they bring back. What is done with a
//! part, and how what is brought back is merged, is whoever hands them out's: the pairs of a stage here, `blast` elsewhere.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use super::pair::{Pairs, Side};
use super::{CanaryError, Order, Place};
use crate::run::{Appoint, Judge, Measured, judges};

/// So many seeds of a scenario are a part.
const PART: u64 = 25;

/// Parts of the worlds of some scenarios, each handed out once.
pub(super) struct Parts {
    /// The scenarios, by their places.
    scenarios: Vec<usize>,
    seeds: Range<u64>,
    next: AtomicU64,
    /// Whether somebody failed, so that there is nothing to be done any more.
    over: AtomicBool,
}

impl Parts {
    /// The worlds of these seeds of each of these scenarios.
    pub(super) const fn of(scenarios: Vec<usize>, seeds: Range<u64>) -> Self {
        Self { scenarios, seeds, next: AtomicU64::new(0), over: AtomicBool::new(false) }
    }

    /// How many there are.
    fn count(&self) -> u64 {
        (self.seeds.end - self.seeds.start).div_ceil(PART) * self.scenarios.len() as u64
    }

    /// The next part: a scenario, by its place, and the seeds.
    pub(super) fn next(&self) -> Option<(usize, Range<u64>)> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.count() || self.over.load(Ordering::Relaxed) {
            return None;
        }
        let scenarios = self.scenarios.len() as u64;
        let from = self.seeds.start + number / scenarios * PART;
        let scenario = self.scenarios.get((number % scenarios) as usize)?;
        Some((*scenario, from..(from + PART).min(self.seeds.end)))
    }

    /// Lets so many threads, named so, do the work on these parts: what each of them brings back.
    pub(super) fn share<T: Send>(
        &self,
        threads: usize,
        name: &str,
        work: impl Fn() -> Result<T, CanaryError> + Sync,
    ) -> Result<Vec<T>, CanaryError> {
        let work = || {
            let done = work();
            if done.is_err() {
                self.over.store(true, Ordering::Relaxed);
            }
            done
        };
        let helpers = threads.clamp(1, usize::try_from(self.count()).unwrap_or(usize::MAX).max(1)) - 1;
        thread::scope(|scope| {
            let mut working = Vec::new();
            for number in 0..helpers {
                let builder = thread::Builder::new().name(format!("{name}-{number}"));
                working.push(builder.spawn_scoped(scope, work).map_err(CanaryError::Thread)?);
            }
            // All errors are heard, so that the one that is told does not depend on who came first.
            let mut brought = vec![work()];
            brought
                .extend(working.into_iter().map(|helper| helper.join().unwrap_or_else(|panic| resume_unwind(panic))));
            brought.into_iter().collect()
        })
    }
}

/// Runs the pairs of these seeds of every scenario, and adds them.
pub(super) fn run(
    order: &Order<'_>,
    seeds: Range<u64>,
    progress: &(dyn Fn(u64) + Sync),
    pairs: &mut Pairs,
) -> Result<(), CanaryError> {
    let parts = Parts::of((0..order.scenarios.len()).collect(), seeds);
    for part in parts.share(order.threads, "canary", || work(order, &parts, progress))? {
        pairs.merge(part);
    }
    Ok(())
}

/// The two judges of a scenario.
type Both<'a> = [Box<dyn Judge + 'a>; 2];

fn work<'a>(order: &Order<'a>, parts: &Parts, progress: &(dyn Fn(u64) + Sync)) -> Result<Pairs, CanaryError> {
    let appoint = |side| judges(order.orchestrator(side)).ok_or(CanaryError::NoOrchestrator(side));
    let appoint: [Appoint<'a>; 2] = [appoint(Side::Baseline)?, appoint(Side::Candidate)?];
    let mut judges: Vec<Option<Both<'a>>> = order.scenarios.iter().map(|_| None).collect();
    let mut pairs = Pairs::none(order.scenarios.len());
    while let Some((scenario, seeds)) = parts.next() {
        let made = || [&appoint[0], &appoint[1]].map(|appoint| appoint(&order.scenarios[scenario]));
        let [baseline, candidate] = judges[scenario].get_or_insert_with(made);
        for seed in seeds.clone() {
            let place = |side| Place { scenario, seed, side };
            let one = measure(&mut **baseline, place(Side::Baseline))?;
            let other = measure(&mut **candidate, place(Side::Candidate))?;
            pairs.add(scenario, seed, [&one, &other]);
        }
        progress(seeds.end - seeds.start);
    }
    Ok(pairs)
}

fn measure(judge: &mut dyn Judge, place: Place) -> Result<Measured, CanaryError> {
    let measured = catch_unwind(AssertUnwindSafe(|| judge.measure(place.seed)));
    let measured = measured.map_err(|_| CanaryError::Panicked(place))?;
    match judge.broken() {
        Some(why) => Err(CanaryError::Broken(place, why)),
        None if measured.unlike => Err(CanaryError::Unlike(place)),
        None => Ok(measured),
    }
}
