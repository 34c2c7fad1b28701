//! The systematic search: every schedule of at most so many deviations, depth first. Worlds are copied at branch points,
//! and what lies below a state that is known already is not explored again but counted.
//!
//! With a process that cannot be copied, and where pruning is not wanted, each schedule runs from the beginning instead,
//! like an odometer (after TigerBeetle's `exhaustigen`). Both count the same schedules.

use std::rc::Rc;

use sagaproof_sim::chaos::choices::Deviation;

use super::explored_world::{ExploredWorld, Source};
use super::found::Found;
use super::script::{Met, Script};
use super::table::{Known, Table};

/// What was found below a branch, and how often ways from there came to a state to compare, before any state's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Below {
    pub(super) found: Found,
    pub(super) ways: u32,
}

impl Below {
    fn add(&mut self, other: Self) {
        self.found += other.found;
        self.ways += other.ways;
    }
}

/// Whoever follows a search: it hears of every schedule that was run, and may stop it.
pub(super) trait Follower: Sync {
    /// A schedule was run, with what was found. `false`: stop.
    fn ran(&self, found: Found) -> bool;

    /// A state was met. `false`: stop.
    fn met(&self) -> bool {
        true
    }
}

/// One thread's search.
pub(super) struct Search<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) table: &'a Table,
    pub(super) follower: &'a dyn Follower,
    /// Whether it was stopped: what it counts since is not whole.
    pub(super) stopped: bool,
}

/// A way that branches off the uneventful world: the world before the step, that step's picks, and the deviation.
pub(super) struct Branch {
    /// The world before the step; `None` where each schedule runs from the beginning.
    pub(super) before: Option<Rc<ExploredWorld>>,
    pub(super) picks: Vec<(usize, u16)>,
    /// What it deviates by.
    pub(super) deviation: Deviation,
}

/// The uneventful world: how it ended, the ways that branch off it, and the states that it passed.
pub(super) struct Trunk {
    pub(super) found: Found,
    pub(super) branches: Vec<Branch>,
    pub(super) states: u32,
    /// Whether branches begin where they branch off.
    pub(super) forks: bool,
}

impl Search<'_> {
    /// Runs the uneventful world. Where it can be copied and `pruning` is wanted, branches begin where they branch off.
    pub(super) fn trunk(&mut self, budget: u32, pruning: bool) -> Trunk {
        let forks = pruning && self.can_fork();
        let mut trunk = Trunk { found: Found::default(), branches: Vec::new(), states: 0, forks };
        if !forks {
            let mut world = self.source.world(Script::new(&[], budget > 0));
            let met = world.run();
            trunk.found = self.leaf(&mut world);
            trunk.branches = branches(&met, None);
            return trunk;
        }
        let mut world = self.source.world(Script::default());
        loop {
            trunk.states += u32::from(world.state(budget).is_some());
            let before = if budget > 0 && world.is_working() { world.fork().map(Rc::new) } else { None };
            let (more, met) = world.step(&[], before.is_some());
            trunk.branches.extend(branches(&met, before.as_ref()));
            if !more {
                trunk.found = self.leaf(&mut world);
                return trunk;
            }
        }
    }

    /// Whether worlds can be copied. That shows when the process is there: after the first step.
    fn can_fork(&self) -> bool {
        let mut world = self.source.world(Script::default());
        world.step(&[], false);
        world.fork().is_some()
    }

    /// Explores a branch, with so many deviations to follow its own.
    pub(super) fn branch(&mut self, branch: &Branch, budget: u32) -> Below {
        match &branch.before {
            Some(before) => self.deviate(before, &branch.picks, budget),
            None => Below { found: self.again(&branch.picks, budget), ways: 0 },
        }
    }

    /// Goes one step under these picks, and on from there with this budget.
    fn deviate(&mut self, before: &ExploredWorld, picks: &[(usize, u16)], budget: u32) -> Below {
        let mut below = Below::default();
        let Some(mut world) = before.fork() else { return below };
        let (more, met) = world.step(picks, budget > 0);
        self.deviations(before, picks, &met, budget, &mut below);
        if more {
            below.add(self.below(world, budget));
        } else {
            below.found += self.leaf(&mut world);
        }
        below
    }

    /// All ways in which the choices that one step met could have gone otherwise.
    fn deviations(
        &mut self,
        before: &ExploredWorld,
        picks: &[(usize, u16)],
        met: &[Met],
        budget: u32,
        below: &mut Below,
    ) {
        for met in met {
            for &pick in &met.options {
                if self.stopped {
                    return;
                }
                let mut picks = picks.to_vec();
                picks.push((met.place, pick));
                below.add(self.deviate(before, &picks, budget - 1));
            }
        }
    }

    /// All that lies below a world, with so many deviations to come.
    fn below(&mut self, mut world: ExploredWorld, budget: u32) -> Below {
        // What was found since each state that was passed; before the first it is the caller's.
        let mut passed: Vec<(u64, Below)> = Vec::new();
        let mut since = Below::default();
        loop {
            if let Some(state) = world.state(budget) {
                since.ways += 1;
                self.stopped |= !self.follower.met();
                if let Some(known) = self.table.get(state) {
                    since.found += known.found;
                    break;
                }
                passed.push((state, std::mem::take(&mut since)));
            }
            let before = if budget > 0 && world.is_working() { world.fork() } else { None };
            let (more, met) = world.step(&[], before.is_some());
            if let Some(before) = &before {
                self.deviations(before, &[], &met, budget, &mut since);
            }
            if !more {
                since.found += self.leaf(&mut world);
                break;
            }
            if self.stopped {
                break;
            }
        }
        for (state, before) in passed.into_iter().rev() {
            if !self.stopped {
                self.table.insert(state, Known { found: since.found, ways: since.ways });
            }
            since = Below { found: since.found, ways: before.ways };
            since.found += before.found;
        }
        since
    }

    /// Runs a schedule from the beginning, and all that go on from it.
    fn again(&mut self, picks: &[(usize, u16)], budget: u32) -> Found {
        self.stopped |= !self.follower.met();
        let mut world = self.source.world(Script::new(picks, budget > 0));
        let met = world.run();
        let mut found = self.leaf(&mut world);
        drop(world);
        for met in met {
            for &pick in &met.options {
                if self.stopped {
                    return found;
                }
                let mut picks = picks.to_vec();
                picks.push((met.place, pick));
                found += self.again(&picks, budget - 1);
            }
        }
        found
    }

    fn leaf(&mut self, world: &mut ExploredWorld) -> Found {
        let found = world.found();
        self.stopped |= !self.follower.ran(found) || self.source.version.broken().is_some();
        found
    }
}

fn branches(met: &[Met], before: Option<&Rc<ExploredWorld>>) -> Vec<Branch> {
    let mut branches = Vec::new();
    for met in met {
        for deviation in met.deviations() {
            let picks = vec![(met.place, deviation.pick)];
            branches.push(Branch { before: before.map(Rc::clone), picks, deviation });
        }
    }
    branches
}
