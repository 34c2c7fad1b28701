//! The least counterexample: the first schedule, in the order of the search, that a checker convicts. What a finished
//! search knows of its states leads straight there, so that the answer is the same whatever the threads.

use sagaproof_sim::chaos::choices::Deviation;

use super::explored_world::ExploredWorld;
use super::script::{Met, Script};
use super::systematic::{Branch, Search};
use crate::check::CheckerName;

impl Search<'_> {
    /// The first schedule on this branch that this checker convicts, with so many deviations to follow the branch's own.
    pub(super) fn least(&self, branch: &Branch, budget: u32, checker: CheckerName) -> Option<Vec<Deviation>> {
        let mut path = vec![branch.deviation];
        let found = match &branch.before {
            Some(before) => self.seek_after(before, &branch.picks, budget, checker, &mut path),
            None => self.seek_again(&branch.picks, budget, checker, &mut path),
        };
        found.then_some(path)
    }

    fn seek_after(
        &self,
        before: &ExploredWorld,
        picks: &[(usize, u16)],
        budget: u32,
        checker: CheckerName,
        path: &mut Vec<Deviation>,
    ) -> bool {
        let Some(mut world) = before.fork() else { return false };
        let (more, met) = world.step(picks, budget > 0);
        if self.seek_deviations(before, picks, &met, budget, checker, path) {
            return true;
        }
        if more { self.seek(world, budget, checker, path) } else { convicts(&mut world, checker) }
    }

    fn seek_deviations(
        &self,
        before: &ExploredWorld,
        picks: &[(usize, u16)],
        met: &[Met],
        budget: u32,
        checker: CheckerName,
        path: &mut Vec<Deviation>,
    ) -> bool {
        met.iter().any(|met| {
            met.deviations().any(|deviation| {
                let picks = [picks, &[(met.place, deviation.pick)]].concat();
                path.push(deviation);
                let found = self.seek_after(before, &picks, budget - 1, checker, path);
                if !found {
                    path.pop();
                }
                found
            })
        })
    }

    fn seek(&self, mut world: ExploredWorld, budget: u32, checker: CheckerName, path: &mut Vec<Deviation>) -> bool {
        loop {
            let known = world.state(budget).and_then(|state| self.table.get(state));
            if known.is_some_and(|known| !known.found.convicted_by(checker)) {
                return false;
            }
            let before = if budget > 0 && world.is_working() { world.fork() } else { None };
            let (more, met) = world.step(&[], before.is_some());
            if let Some(before) = &before
                && self.seek_deviations(before, &[], &met, budget, checker, path)
            {
                return true;
            }
            if !more {
                return convicts(&mut world, checker);
            }
        }
    }

    fn seek_again(&self, picks: &[(usize, u16)], budget: u32, checker: CheckerName, path: &mut Vec<Deviation>) -> bool {
        let mut world = self.source.world(Script::new(picks, budget > 0));
        let met = world.run();
        let further = met.iter().any(|met| {
            met.deviations().any(|deviation| {
                let picks = [picks, &[(met.place, deviation.pick)]].concat();
                path.push(deviation);
                let found = self.seek_again(&picks, budget - 1, checker, path);
                if !found {
                    path.pop();
                }
                found
            })
        });
        further || convicts(&mut world, checker)
    }
}

fn convicts(world: &mut ExploredWorld, checker: CheckerName) -> bool {
    world.found().convicted_by(checker)
}
