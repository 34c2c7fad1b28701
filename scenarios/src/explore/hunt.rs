//! Hunting one checker's conviction: the systematic search, stopped at the first schedule that this checker convicts.
//! It deepens one deviation at a time over the worlds of a few seeds, so that what it finds has the fewest deviations.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::explorer::{Level, explorer};
use super::found::Found;
use super::systematic::Follower;
use super::table::Table;
use crate::check::CheckerName;
use crate::scenario::Scenario;
use crate::version::Orchestrator;

/// What is hunted, where, and how far.
#[derive(Debug, Clone, Copy)]
pub struct Quarry<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The orchestrator.
    pub orchestrator: &'a Orchestrator,
    /// The checker that must convict.
    pub checker: CheckerName,
    /// How many deviations at most.
    pub depth: u32,
    /// The worlds of so many seeds, from 0.
    pub seeds: u64,
}

/// A conviction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caught {
    /// How many deviations its schedule has: none has fewer.
    pub deviations: u32,
    /// The seed of its world.
    pub seed: u64,
    /// How many schedules were run until then.
    pub ran: u64,
}

/// Hunts; `None` where nothing is convicted, or the orchestrator is unknown.
#[must_use]
pub fn hunt(quarry: &Quarry<'_>) -> Option<Caught> {
    let watcher = Watcher { checker: quarry.checker, ran: AtomicU64::new(0), caught: AtomicBool::new(false) };
    for depth in 0..=quarry.depth {
        for seed in 0..quarry.seeds {
            let table = Table::default();
            let level = Level { depth, pruning: true, table: &table, follower: &watcher };
            let mut explorer = explorer(quarry.orchestrator, quarry.scenario, seed)?;
            let trunk = explorer.trunk(level);
            let mut branches = 0..if depth > 0 { trunk.branches } else { 0 };
            // A search that is stopped has caught something.
            if watcher.caught() || branches.any(|number| explorer.branch(number, level).is_none()) {
                return Some(Caught { deviations: depth, seed, ran: watcher.ran.into_inner() });
            }
        }
    }
    None
}

struct Watcher {
    checker: CheckerName,
    ran: AtomicU64,
    caught: AtomicBool,
}

impl Watcher {
    fn caught(&self) -> bool {
        self.caught.load(Ordering::Relaxed)
    }
}

impl Follower for Watcher {
    fn ran(&self, found: Found) -> bool {
        self.ran.fetch_add(1, Ordering::Relaxed);
        if found.convicted_by(self.checker) {
            self.caught.store(true, Ordering::Relaxed);
        }
        !self.caught()
    }
}
