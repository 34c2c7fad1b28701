//! A world as a search drives it: step by step under a script, copied at branch points, fingerprinted whole, judged at
//! its end.

use std::rc::Rc;

use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::world::World;

use super::eyes::Eyes;
use super::found::Found;
use super::script::{Met, Script};
use crate::check::EndState;
use crate::run::{Curiosity, Desk, stage};
use crate::scenario::Scenario;
use crate::version::{AnySpawn, AnyVersion};
use crate::workload::WorkloadClients;

/// What worlds are made of.
pub(super) struct Source<'s> {
    pub(super) scenario: &'s Scenario,
    pub(super) version: AnyVersion,
    pub(super) seed: u64,
}

/// A world, explored.
pub(super) struct ExploredWorld(World<AnySpawn, WorkloadClients, Script, Eyes>, Option<Rc<Desk>>);

impl Source<'_> {
    /// A world that has not begun; under this script from its beginning.
    pub(super) fn world(&self, script: Script) -> ExploredWorld {
        let seed = (self.seed, false);
        let mut world = stage(&*self.version, self.scenario, seed, script, Eyes::new);
        world.offer_everything();
        ExploredWorld(world, Desk::of(&*self.version, self.scenario).map(Rc::new))
    }
}

impl ExploredWorld {
    /// A copy, where the process can be copied.
    pub(super) fn fork(&self) -> Option<Self> {
        Some(Self(self.0.fork()?, self.1.clone()))
    }

    /// Lets one thing happen under a script of that step's choices. Whether the world goes on, and what was met beyond
    /// the script, if that is to be noted.
    pub(super) fn step(&mut self, picks: &[(usize, u16)], noting: bool) -> (bool, Vec<Met>) {
        self.0.parts_mut().choices = Script::new(picks, noting);
        let more = self.advance();
        (more, std::mem::take(&mut self.0.parts_mut().choices).into_met())
    }

    /// Runs to the end under the script that it was made with: what was met beyond it.
    pub(super) fn run(&mut self) -> Vec<Met> {
        while self.advance() {}
        std::mem::take(&mut self.0.parts_mut().choices).into_met()
    }

    fn advance(&mut self) -> bool {
        let more = self.0.step();
        let now = self.0.now();
        let parts = self.0.parts_mut();
        parts.observer.resend(now, &parts.fleet);
        if let Some(desk) = &self.1 {
            desk.consult(&mut self.0, Curiosity::Thorough, |eyes| &mut eyes.checkers);
        }
        more
    }

    /// Whether anything may still be chosen.
    pub(super) const fn is_working(&self) -> bool {
        self.0.is_working()
    }

    /// Its fingerprint, where this is a moment to compare states; `None` elsewhere, and where the process has none.
    pub(super) fn state(&mut self, budget: u32) -> Option<u64> {
        if !self.0.at_the_store() {
            return None;
        }
        let mut print = Fingerprint::default();
        // Where nothing can be chosen any more, no budget matters.
        print.number(if self.is_working() { u64::from(budget) } else { 0 });
        let whole = self.0.feed(&mut print);
        let parts = self.0.parts();
        parts.clients.feed(&mut print);
        parts.observer.feed(self.0.now(), &mut print);
        whole.then(|| print.finish())
    }

    /// What is found in a world that has ended.
    pub(super) fn found(&mut self) -> Found {
        let ending = self.0.ending();
        let parts = self.0.parts_mut();
        let end = EndState::of(&parts.fleet, ending.at, ending.converged, ending.unfinished);
        let Eyes { checkers, resender } = &mut parts.observer;
        let violations = checkers.judge_with(&end, Some(resender), &parts.fleet);
        Found::one(&violations, checkers.undecided() > 0)
    }
}
