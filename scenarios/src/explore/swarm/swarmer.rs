//! One thread's share of a swarm: runs worlds, each as it was drawn, watches them and judges them.

use sagaproof_sim::chaos::choices::Deviation;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::observation::{Observation, Observer};

use super::Task;
use super::chooser::Chooser;
use super::journal::Journal;
use super::logbook::{Logbook, Seen};
use super::state::State;
use crate::check::{CheckerName, EndState};
use crate::explore::eyes::Eyes;
use crate::explore::found::Found;
use crate::run::stage;
use crate::scenario::Scenario;
use crate::version::{AnyVersion, Orchestrator};

/// What a world showed.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) task: Task,
    /// By state of the journal, in order.
    pub(super) seen: Vec<(State, Seen)>,
    /// Whether there is a journal.
    pub(super) journal: bool,
    /// The checkers that convict it.
    pub(super) checkers: Vec<CheckerName>,
    /// Whether the law did not decide it in full.
    pub(super) undecided: bool,
    /// Where it went otherwise than uneventfully; empty where nobody convicts it.
    pub(super) deviations: Vec<Deviation>,
}

/// Runs worlds.
pub(super) trait Swarmer {
    /// Runs one world.
    fn run(&mut self, task: Task) -> Outcome;

    /// What broke outside of the simulation: what the last world showed means nothing then.
    fn broken(&self) -> Option<String>;
}

/// Who runs a scenario's worlds under this orchestrator; `None` where there is none of its name.
pub(super) fn swarmer<'s>(orchestrator: &Orchestrator, scenario: &'s Scenario) -> Option<Box<dyn Swarmer + 's>> {
    Some(Box::new(Share { scenario, version: orchestrator.version()? }))
}

struct Share<'s> {
    scenario: &'s Scenario,
    version: AnyVersion,
}

/// The checkers, and who follows the journal.
struct Watch {
    eyes: Eyes,
    journal: Journal,
}

impl Observer for Watch {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        self.eyes.see(now, observation);
        self.journal.see(observation);
    }
}

impl Swarmer for Share<'_> {
    fn run(&mut self, task: Task) -> Outcome {
        let logbook = Logbook::new();
        let chooser = Chooser::new(task.seed, task.draw, logbook.clone());
        let journal = Journal::new(logbook.clone());
        let mut world = stage(&*self.version, self.scenario, (task.seed, false), chooser, |plan| Watch {
            eyes: Eyes::new(plan),
            journal,
        });
        world.offer_everything();
        while world.step() {
            let now = world.now();
            let parts = world.parts_mut();
            parts.observer.eyes.resend(now, &parts.fleet);
        }
        let ending = world.ending();
        let mut parts = world.into_parts();
        let end = EndState::of(&parts.fleet, ending.at, ending.converged, ending.unfinished);
        let Eyes { checkers, resender } = &mut parts.observer.eyes;
        let violations = checkers.judge_with(&end, Some(resender), &parts.fleet);
        let found = Found::one(&violations, checkers.undecided() > 0);
        let checkers: Vec<_> = found.convicting().collect();
        let deviations = if checkers.is_empty() { Vec::new() } else { parts.choices.into_chosen() };
        let (seen, journal) = logbook.read();
        Outcome { task, seen, journal, checkers, undecided: found.undecided, deviations }
    }

    fn broken(&self) -> Option<String> {
        self.version.broken()
    }
}
