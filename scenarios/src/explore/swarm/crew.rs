//! The crew of a swarm: threads that share out the worlds of each generation. What a world shows depends on its task alone,
//! so it does not matter who runs it; the results come back in order of the seeds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, Scope};
use std::time::Instant;

use super::swarmer::{Outcome, Swarmer, swarmer};
use super::{Order, Task};
use crate::explore::ExploreError;
use crate::run::sweep::clock;

/// Threads that wait for work.
pub(super) struct Crew {
    orders: Vec<Sender<Arc<Generation>>>,
    results: Receiver<Result<Vec<Outcome>, ExploreError>>,
    until: Option<Instant>,
}

/// The worlds of one generation, handed out one by one.
struct Generation {
    tasks: Vec<Task>,
    next: AtomicUsize,
    until: Option<Instant>,
    /// Whether somebody failed or ran out of time, so that no more worlds are begun.
    over: AtomicBool,
}

impl Crew {
    /// Starts the threads. They end when the crew is dropped.
    pub(super) fn recruit<'scope, 'a: 'scope>(
        scope: &'scope Scope<'scope, 'a>,
        order: &'a Order<'a>,
        until: Option<Instant>,
        progress: &'a (dyn Fn(u64) + Sync),
    ) -> Result<Self, ExploreError> {
        let (report, results) = channel();
        let mut orders = Vec::new();
        for number in 0..order.threads.max(1) {
            let (give, take) = channel::<Arc<Generation>>();
            let report = report.clone();
            let serve = move || {
                let mut own = None;
                for generation in take {
                    if report.send(work(order, &mut own, &generation, progress)).is_err() {
                        break;
                    }
                }
            };
            Builder::new().name(format!("swarm-{number}")).spawn_scoped(scope, serve).map_err(ExploreError::Thread)?;
            orders.push(give);
        }
        Ok(Self { orders, results, until })
    }

    /// Runs these worlds: what they showed, in order, and whether all of them were run.
    pub(super) fn run(&self, tasks: Vec<Task>) -> Result<(Vec<Outcome>, bool), ExploreError> {
        let wanted = tasks.len();
        let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
        let generation = Arc::new(Generation { tasks, next, until: self.until, over });
        for order in &self.orders {
            order.send(Arc::clone(&generation)).map_err(|_| ExploreError::Panicked)?;
        }
        let mut outcomes = Vec::with_capacity(wanted);
        for _ in &self.orders {
            outcomes.extend(self.results.recv().map_err(|_| ExploreError::Panicked)??);
        }
        outcomes.sort_by_key(|outcome| outcome.task.seed);
        let all = outcomes.len() == wanted;
        Ok((outcomes, all))
    }
}

/// Runs worlds of a generation until there is none left; where that fails, nobody begins another one.
fn work<'s>(
    order: &Order<'s>,
    own: &mut Option<Box<dyn Swarmer + 's>>,
    generation: &Generation,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Outcome>, ExploreError> {
    let done = work_on(order, own, generation, progress);
    if done.is_err() {
        generation.over.store(true, Ordering::Relaxed);
    }
    done
}

fn work_on<'s>(
    order: &Order<'s>,
    own: &mut Option<Box<dyn Swarmer + 's>>,
    generation: &Generation,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Outcome>, ExploreError> {
    let mut outcomes = Vec::new();
    loop {
        if generation.until.is_some_and(|until| clock() >= until) {
            generation.over.store(true, Ordering::Relaxed);
        }
        if generation.over.load(Ordering::Relaxed) {
            return Ok(outcomes);
        }
        let number = generation.next.fetch_add(1, Ordering::Relaxed);
        let Some(task) = generation.tasks.get(number).copied() else { return Ok(outcomes) };
        let swarmer = match own {
            Some(swarmer) => swarmer,
            None => own.insert(swarmer(order.orchestrator, order.scenario).ok_or(ExploreError::NoOrchestrator)?),
        };
        let ran = catch_unwind(AssertUnwindSafe(|| swarmer.run(task))).map_err(|_| ExploreError::Panicked)?;
        if let Some(why) = swarmer.broken() {
            return Err(ExploreError::Broken(why));
        }
        outcomes.push(ran);
        progress(1);
    }
}
