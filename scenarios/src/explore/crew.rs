//! The crew of a search: threads that share its branches and the table of states. Each begins at another place among the
//! branches, for neighbours soon come to the same states; what they count does not depend on who explored which.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use super::explorer::{Branched, Explorer, Level, TrunkFacts, explorer};
use super::found::Found;
use super::systematic::{Below, Follower};
use super::table::{STATE_BYTES, Table};
use super::{Cut, ExploreError, Order, Progress};
use crate::run::sweep::clock;

/// How often the clock is looked at between two schedules: once in so many states that are met.
const LOOK_AT_THE_CLOCK: u64 = 256;

/// How often progress is shown: once in so many schedules that are run.
const SHOW_PROGRESS: u64 = 64;

/// What a search of one depth brought.
#[derive(Debug)]
pub(super) struct Searched {
    pub(super) trunk: TrunkFacts,
    /// By branch: what lies below it; `None` where it was not begun, or is another part's.
    pub(super) branches: Vec<Option<Branched>>,
    pub(super) table: Table,
    /// How many schedules were run, not only counted.
    pub(super) ran: u64,
    /// Why it was cut off.
    pub(super) cut: Option<Cut>,
}

impl Searched {
    /// What lies below the branches that were explored to the end.
    pub(super) fn whole(&self) -> impl Iterator<Item = Below> {
        self.branches.iter().flatten().filter_map(|branched| match branched {
            Branched::Whole(below) => Some(*below),
            Branched::Stopped(_) => None,
        })
    }

    /// What was found on each branch, also where it was stopped: what convicts, convicts.
    pub(super) fn found(&self) -> impl Iterator<Item = Found> {
        self.branches.iter().map(|branched| match branched {
            Some(Branched::Whole(below)) => below.found,
            Some(Branched::Stopped(found)) => *found,
            None => Found::default(),
        })
    }
}

/// Counts what is run, and says when to stop.
pub(super) struct Watchman<'a> {
    ran: AtomicU64,
    met: AtomicU64,
    stop: AtomicBool,
    out_of_memory: AtomicBool,
    until: Option<Instant>,
    most_states: u64,
    table: &'a Table,
    progress: &'a (dyn Fn(Progress) + Sync),
}

impl Watchman<'_> {
    fn look_at_the_clock(&self) {
        if self.until.is_some_and(|until| clock() >= until) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

impl Follower for Watchman<'_> {
    fn ran(&self, _: Found) -> bool {
        let ran = self.ran.fetch_add(1, Ordering::Relaxed);
        if ran.is_multiple_of(SHOW_PROGRESS) {
            (self.progress)(Progress::Ran(SHOW_PROGRESS));
        }
        self.look_at_the_clock();
        !self.stop.load(Ordering::Relaxed)
    }

    fn met(&self) -> bool {
        let met = self.met.fetch_add(1, Ordering::Relaxed);
        if met.is_multiple_of(LOOK_AT_THE_CLOCK) {
            self.look_at_the_clock();
            if self.table.count() > self.most_states {
                self.out_of_memory.store(true, Ordering::Relaxed);
                self.stop.store(true, Ordering::Relaxed);
            }
        }
        !self.stop.load(Ordering::Relaxed)
    }
}

/// How many states so many bytes hold.
pub(super) const fn most_states(memory: u64) -> u64 {
    memory / STATE_BYTES
}

/// Searches all schedules of at most so many deviations.
pub(super) fn search(
    order: &Order<'_>,
    depth: u32,
    until: Option<Instant>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Searched, ExploreError> {
    let table = Table::default();
    let watchman = Watchman {
        ran: AtomicU64::new(0),
        met: AtomicU64::new(0),
        stop: AtomicBool::new(false),
        out_of_memory: AtomicBool::new(false),
        until,
        most_states: most_states(order.memory),
        table: &table,
        progress,
    };
    let level = Level { depth, pruning: order.pruning, table: &table, follower: &watchman };
    let mut first = recruit(order)?;
    let trunk = sound(&mut *first, |first| first.trunk(level))?;
    let claims: Vec<AtomicBool> = (0..trunk.branches).map(|number| AtomicBool::new(!order.is_ours(number))).collect();
    let mut branches = vec![None; trunk.branches];
    if depth > 0 {
        let threads = order.threads.clamp(1, trunk.branches.max(1));
        let claims = &claims;
        thread::scope(|scope| {
            let mut helpers = Vec::new();
            for number in 1..threads {
                let from = trunk.branches * number / threads;
                let builder = thread::Builder::new().name(format!("explore-{number}"));
                let work = move || {
                    let mut own = recruit(order)?;
                    sound(&mut *own, |own| own.trunk(level))?;
                    work(&mut *own, level, claims, from)
                };
                helpers.push(builder.spawn_scoped(scope, work).map_err(ExploreError::Thread)?);
            }
            let mut done = work(&mut *first, level, claims, 0)?;
            for helper in helpers {
                done.extend(helper.join().map_err(|_| ExploreError::Panicked)??);
            }
            for (number, below) in done {
                branches[number] = below;
            }
            Ok::<_, ExploreError>(())
        })?;
    }
    let cut = match (watchman.stop.into_inner(), watchman.out_of_memory.into_inner()) {
        (false, _) => None,
        (true, false) => Some(Cut::Time),
        (true, true) => Some(Cut::Memory),
    };
    Ok(Searched { trunk, branches, ran: watchman.ran.into_inner(), table, cut })
}

pub(super) fn recruit<'s>(order: &Order<'s>) -> Result<Box<dyn Explorer + 's>, ExploreError> {
    explorer(order.orchestrator, order.scenario, order.seed).ok_or(ExploreError::NoOrchestrator)
}

/// Lets an explorer do something, which must neither panic nor break anything.
fn sound<T>(explorer: &mut dyn Explorer, act: impl FnOnce(&mut dyn Explorer) -> T) -> Result<T, ExploreError> {
    let done = catch_unwind(AssertUnwindSafe(|| act(explorer))).map_err(|_| ExploreError::Panicked)?;
    explorer.broken().map_or(Ok(done), |why| Err(ExploreError::Broken(why)))
}

/// Explores branches that nobody has claimed, from this one on and then from the first. Where that fails, nobody begins
/// another one.
fn work(
    explorer: &mut dyn Explorer,
    level: Level<'_>,
    claims: &[AtomicBool],
    from: usize,
) -> Result<Vec<(usize, Option<Branched>)>, ExploreError> {
    let mut done = Vec::new();
    for number in (from..claims.len()).chain(0..from) {
        if !claims[number].swap(true, Ordering::Relaxed) {
            let below = sound(explorer, |explorer| explorer.branch(number, level));
            if below.is_err() {
                claims.iter().for_each(|claim| claim.store(true, Ordering::Relaxed));
            }
            done.push((number, below?));
        }
    }
    Ok(done)
}

impl From<io::Error> for ExploreError {
    fn from(error: io::Error) -> Self {
        Self::Thread(error)
    }
}
