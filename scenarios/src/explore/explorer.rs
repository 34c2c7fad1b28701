//! A search under an orchestrator whose type is not known: what a thread needs to do its share of one.

use sagaproof_sim::chaos::choices::Deviation;

use super::explored_world::Source;
use super::found::Found;
use super::systematic::{Below, Follower, Search, Trunk};
use super::table::Table;
use crate::check::CheckerName;
use crate::scenario::Scenario;
use crate::version::Orchestrator;

/// What a search of one depth is made with.
#[derive(Clone, Copy)]
pub(super) struct Level<'a> {
    /// How many deviations at most.
    pub(super) depth: u32,
    pub(super) pruning: bool,
    pub(super) table: &'a Table,
    pub(super) follower: &'a dyn Follower,
}

/// The uneventful world.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrunkFacts {
    pub(super) found: Found,
    /// How many states it passed.
    pub(super) states: u32,
    /// How many ways branch off it.
    pub(super) branches: usize,
    /// Whether worlds are copied and states compared.
    pub(super) compared: bool,
}

/// What exploring a branch brought.
#[derive(Debug, Clone, Copy)]
pub(super) enum Branched {
    /// All that lies below it.
    Whole(Below),
    /// It was stopped before its end; so much had been found.
    Stopped(Found),
}

/// One thread's share of a search.
pub(super) trait Explorer {
    /// Runs the uneventful world and keeps the ways that branch off it.
    fn trunk(&mut self, level: Level<'_>) -> TrunkFacts;

    /// Explores the branch of this number; `None` where there is none.
    fn branch(&mut self, number: usize, level: Level<'_>) -> Option<Branched>;

    /// The first schedule on the branch of this number that this checker convicts.
    fn least(&mut self, number: usize, level: Level<'_>, checker: CheckerName) -> Option<Vec<Deviation>>;

    /// What broke outside of the simulation: what was explored means nothing then.
    fn broken(&self) -> Option<String>;
}

/// The explorer of a scenario's world of this seed under this orchestrator; `None` where there is none of its name.
pub(super) fn explorer<'s>(
    orchestrator: &Orchestrator,
    scenario: &'s Scenario,
    seed: u64,
) -> Option<Box<dyn Explorer + 's>> {
    let source = Source { scenario, version: orchestrator.version()?, seed };
    Some(Box::new(Share { source, trunk: None }))
}

struct Share<'s> {
    source: Source<'s>,
    trunk: Option<Trunk>,
}

impl Share<'_> {
    fn search<'a>(&'a self, level: Level<'a>) -> Search<'a> {
        Search { source: &self.source, table: level.table, follower: level.follower, stopped: false }
    }
}

impl Explorer for Share<'_> {
    fn trunk(&mut self, level: Level<'_>) -> TrunkFacts {
        let trunk = self.search(level).trunk(level.depth, level.pruning);
        let facts = TrunkFacts {
            found: trunk.found,
            states: trunk.states,
            branches: trunk.branches.len(),
            compared: trunk.forks,
        };
        self.trunk = Some(trunk);
        facts
    }

    fn branch(&mut self, number: usize, level: Level<'_>) -> Option<Branched> {
        let branch = self.trunk.as_ref()?.branches.get(number)?;
        let mut search = self.search(level);
        let below = search.branch(branch, level.depth - 1);
        Some(if search.stopped { Branched::Stopped(below.found) } else { Branched::Whole(below) })
    }

    fn least(&mut self, number: usize, level: Level<'_>, checker: CheckerName) -> Option<Vec<Deviation>> {
        let branch = self.trunk.as_ref()?.branches.get(number)?;
        self.search(level).least(branch, level.depth - 1, checker)
    }

    fn broken(&self) -> Option<String> {
        self.source.version.broken()
    }
}
