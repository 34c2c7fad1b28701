//! Sweeps: many worlds of many scenarios over all cores. The only place that starts threads. Parts of the work are
//! handed out by one counter, and what they bring back merges to the same whole whoever did which.

use std::io;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Judge, Tally, judges};
use crate::scenario::Scenario;
use crate::version::Orchestrator;

/// What is to be swept.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// The scenarios.
    pub scenarios: &'a [Scenario],
    /// The orchestrator.
    pub orchestrator: &'a Orchestrator,
    /// The seeds of each scenario.
    pub seeds: Range<u64>,
    /// How many threads.
    pub threads: usize,
    /// After this no part of the work is begun.
    pub budget: Option<Duration>,
}

/// What a sweep brought.
#[derive(Debug, Clone, Default)]
pub struct Swept {
    /// What happened, by scenario.
    pub tallies: Vec<Tally>,
    /// How long all threads together were busy with each scenario.
    pub busy: Vec<Duration>,
    /// How long it took.
    pub took: Duration,
    /// Whether the budget ran out first.
    pub cut: bool,
}

/// Why there was no sweep.
#[derive(Debug)]
pub enum SweepError {
    /// There is no orchestrator of that name.
    NoOrchestrator,
    /// A thread could not be started.
    Thread(io::Error),
    /// The orchestrator, or the simulation, panicked.
    Panicked {
        /// The scenario, by its place.
        scenario: usize,
        /// The world's seed.
        seed: u64,
    },
    /// Something broke outside of the simulation.
    Broken {
        /// The scenario, by its place.
        scenario: usize,
        /// The seed of the world in which it broke.
        seed: u64,
        /// What broke, and how.
        why: String,
    },
}

impl Order<'_> {
    /// How many worlds it asks for.
    #[must_use]
    pub fn worlds(&self) -> u64 {
        self.per_scenario().saturating_mul(self.scenarios.len() as u64)
    }

    fn per_scenario(&self) -> u64 {
        self.seeds.end.saturating_sub(self.seeds.start)
    }

    /// Runs the worlds; `progress` hears of each part how many worlds it had.
    ///
    /// # Errors
    /// Where the orchestrator is unknown, panics or breaks, or a thread cannot be started.
    pub fn run(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<Swept, SweepError> {
        let began = clock();
        let parts = Parts::of(self, began);
        let threads = self.threads.clamp(1, parts.count().max(1) as usize);
        let mut swept = Swept { tallies: self.tallies(), busy: self.no_time(), ..Swept::default() };
        thread::scope(|scope| {
            let mut helpers = Vec::new();
            for number in 1..threads {
                let builder = thread::Builder::new().name(format!("sweep-{number}"));
                helpers.push(builder.spawn_scoped(scope, || self.work(&parts, progress)).map_err(SweepError::Thread)?);
            }
            swept.add(self.work(&parts, progress)?);
            for helper in helpers {
                match helper.join() {
                    Ok(part) => swept.add(part?),
                    Err(panic) => resume_unwind(panic),
                }
            }
            Ok(())
        })?;
        swept.took = began.elapsed();
        Ok(swept)
    }

    /// Does parts of the work until there is none left; where that fails, nobody begins another one.
    fn work(&self, parts: &Parts, progress: &(dyn Fn(u64) + Sync)) -> Result<Swept, SweepError> {
        let done = self.work_on(parts, progress);
        if done.is_err() {
            parts.over.store(true, Ordering::Relaxed);
        }
        done
    }

    fn work_on(&self, parts: &Parts, progress: &(dyn Fn(u64) + Sync)) -> Result<Swept, SweepError> {
        let appoint = judges(self.orchestrator).ok_or(SweepError::NoOrchestrator)?;
        let mut judges: Vec<Option<Box<dyn Judge + '_>>> = self.scenarios.iter().map(|_| None).collect();
        let mut swept = Swept { tallies: self.tallies(), busy: self.no_time(), ..Swept::default() };
        loop {
            let (place, seeds) = match parts.next() {
                Part::Do(place, seeds) => (place, seeds),
                Part::Cut => {
                    swept.cut = true;
                    return Ok(swept);
                }
                Part::None => return Ok(swept),
            };
            let began = clock();
            let judge = judges[place].get_or_insert_with(|| appoint(&self.scenarios[place]));
            let worlds = seeds.end - seeds.start;
            let tally = &mut swept.tallies[place];
            if catch_unwind(AssertUnwindSafe(|| judge.sweep(seeds, tally))).is_err() {
                return Err(SweepError::Panicked { scenario: place, seed: judge.seed() });
            }
            if let Some(why) = judge.broken() {
                return Err(SweepError::Broken { scenario: place, seed: judge.seed(), why });
            }
            swept.busy[place] += began.elapsed();
            progress(worlds);
        }
    }

    fn tallies(&self) -> Vec<Tally> {
        vec![Tally::default(); self.scenarios.len()]
    }

    fn no_time(&self) -> Vec<Duration> {
        vec![Duration::ZERO; self.scenarios.len()]
    }
}

impl Swept {
    fn add(&mut self, part: Self) {
        for (whole, tally) in self.tallies.iter_mut().zip(part.tallies) {
            whole.merge(tally);
        }
        for (whole, busy) in self.busy.iter_mut().zip(part.busy) {
            *whole += busy;
        }
        self.cut |= part.cut;
    }
}

/// The parts of a sweep, handed out one after the other: the scenarios in turn, so that a budget cuts all alike.
struct Parts {
    next: AtomicU64,
    scenarios: u64,
    seeds: Range<u64>,
    /// How many seeds a part has.
    size: u64,
    until: Option<Instant>,
    /// Whether somebody failed, so that there is nothing to be done any more.
    over: AtomicBool,
}

/// What a thread is to do.
enum Part {
    Do(usize, Range<u64>),
    /// There is more, but no time.
    Cut,
    None,
}

impl Parts {
    fn of(order: &Order<'_>, began: Instant) -> Self {
        Self {
            next: AtomicU64::new(0),
            scenarios: order.scenarios.len() as u64,
            seeds: order.seeds.clone(),
            size: (order.per_scenario() / 64).clamp(1, 256),
            until: order.budget.and_then(|budget| began.checked_add(budget)),
            over: AtomicBool::new(false),
        }
    }

    fn count(&self) -> u64 {
        (self.seeds.end.saturating_sub(self.seeds.start)).div_ceil(self.size).saturating_mul(self.scenarios)
    }

    fn next(&self) -> Part {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.count() || self.over.load(Ordering::Relaxed) {
            return Part::None;
        }
        if self.until.is_some_and(|until| clock() >= until) {
            return Part::Cut;
        }
        let from = self.seeds.start + number / self.scenarios * self.size;
        Part::Do((number % self.scenarios) as usize, from..(from + self.size).min(self.seeds.end))
    }
}

#[expect(clippy::disallowed_methods, reason = "a budget and the speed of a sweep are real time; no world sees them")]
pub(crate) fn clock() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
