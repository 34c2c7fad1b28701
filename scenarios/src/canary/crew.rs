//! The threads of a comparison: parts of the pairs, handed out by one counter, and what they bring back, merged.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use super::pair::{Pairs, Side};
use super::{CanaryError, Order, Place};
use crate::run::{Appoint, Judge, Measured, judges};

/// So many seeds of a scenario are a part.
const PART: u64 = 25;

/// Runs the pairs of these seeds of every scenario, and adds them.
pub(super) fn run(
    order: &Order<'_>,
    seeds: Range<u64>,
    progress: &(dyn Fn(u64) + Sync),
    pairs: &mut Pairs,
) -> Result<(), CanaryError> {
    let scenarios = order.scenarios.len() as u64;
    let count = (seeds.end - seeds.start).div_ceil(PART) * scenarios;
    let crew = Crew { order, seeds, count, next: AtomicU64::new(0), over: AtomicBool::new(false), progress };
    let helpers = order.threads.clamp(1, usize::try_from(count).unwrap_or(usize::MAX).max(1)) - 1;
    thread::scope(|scope| {
        let mut working = Vec::new();
        for number in 0..helpers {
            let builder = thread::Builder::new().name(format!("canary-{number}"));
            working.push(builder.spawn_scoped(scope, || crew.work()).map_err(CanaryError::Thread)?);
        }
        // All errors are heard, so that the one that is told does not depend on who came first.
        let mut brought = vec![crew.work()];
        brought.extend(working.into_iter().map(|helper| helper.join().unwrap_or_else(|panic| resume_unwind(panic))));
        for part in brought {
            pairs.merge(part?);
        }
        Ok(())
    })
}

struct Crew<'a> {
    order: &'a Order<'a>,
    seeds: Range<u64>,
    /// How many parts there are.
    count: u64,
    next: AtomicU64,
    /// Whether somebody failed, so that there is nothing to be done any more.
    over: AtomicBool,
    progress: &'a (dyn Fn(u64) + Sync),
}

/// The two judges of a scenario.
type Both<'a> = [Box<dyn Judge + 'a>; 2];

impl<'a> Crew<'a> {
    fn work(&self) -> Result<Pairs, CanaryError> {
        let done = self.work_on();
        if done.is_err() {
            self.over.store(true, Ordering::Relaxed);
        }
        done
    }

    fn work_on(&self) -> Result<Pairs, CanaryError> {
        let appoint = |side| judges(self.order.orchestrator(side)).ok_or(CanaryError::NoOrchestrator(side));
        let appoint: [Appoint<'a>; 2] = [appoint(Side::Baseline)?, appoint(Side::Candidate)?];
        let mut judges: Vec<Option<Both<'a>>> = self.order.scenarios.iter().map(|_| None).collect();
        let mut pairs = Pairs::none(self.order.scenarios.len());
        let scenarios = self.order.scenarios.len() as u64;
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.count || self.over.load(Ordering::Relaxed) {
                return Ok(pairs);
            }
            let from = self.seeds.start + number / scenarios * PART;
            let (scenario, seeds) = ((number % scenarios) as usize, from..(from + PART).min(self.seeds.end));
            let made = || [&appoint[0], &appoint[1]].map(|appoint| appoint(&self.order.scenarios[scenario]));
            let [baseline, candidate] = judges[scenario].get_or_insert_with(made);
            for seed in seeds.clone() {
                let place = |side| Place { scenario, seed, side };
                let one = measure(&mut **baseline, place(Side::Baseline))?;
                let other = measure(&mut **candidate, place(Side::Candidate))?;
                pairs.add(scenario, seed, [&one, &other]);
            }
            (self.progress)(seeds.end - seeds.start);
        }
    }
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
