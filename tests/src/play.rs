//! Playing one world to its end: judged by every checker, each compensation sent once more to a copy of the fleet, each
//! report on a parked saga compared with what stands and carried out on a copy, its trace hashed.

use std::fmt::Write as _;

use sagaproof::check::compensation_idempotent::Resender;
use sagaproof::check::{Checkers, EndState, Violation};
use sagaproof::run::{Curiosity, Desk, Trace, stage};
use sagaproof::scenario::Scenario;
use sagaproof::version::Version;
use sagaproof::version::hub::Hub;
use sagaproof_sim::chaos::choices::{Choices, Deviation, Replay};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Condition, Record};
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::world::{Counts, Disk};

/// A world that was played to its end.
#[derive(Debug)]
pub struct Played<C, O> {
    /// What is wrong with it.
    pub violations: Vec<Violation>,
    /// The records of commerce, support and identity.
    pub records: [Vec<Record>; 3],
    /// The hash of all that it showed.
    pub trace: u64,
    /// What happened, in numbers.
    pub counts: Counts,
    /// Who chose.
    pub choices: C,
    /// Who else observed.
    pub observer: O,
}

/// Everyone who watches a world.
struct Audience<O> {
    checkers: Checkers,
    trace: Trace,
    resender: Resender,
    guest: O,
}

impl<O: Observer> Observer for Audience<O> {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        self.checkers.see(now, observation);
        self.trace.see(now, observation);
        self.resender.see(now, observation);
        self.guest.see(now, observation);
    }
}

/// Nobody watches besides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Observer for Nobody {
    fn see(&mut self, _now: Instant, _observation: &Observation<'_>) {}
}

/// Plays the world of this scenario and seed.
pub fn play<C: Choices>(scenario: &Scenario, seed: u64, choices: C) -> Played<C, Nobody> {
    play_before(scenario, seed, choices, Nobody, |_| {})
}

/// Plays the uneventful world of this scenario with these deviations.
#[must_use]
pub fn replay(scenario: &Scenario, seed: u64, deviations: &[Deviation]) -> Played<Replay, Nobody> {
    play(scenario, seed, Replay::new(deviations))
}

/// Plays a world of another version than the shipped one.
pub fn play_version<V: Version, C: Choices>(
    version: &V,
    scenario: &Scenario,
    seed: u64,
    choices: C,
) -> Played<C, Nobody> {
    play_staged(version, scenario, seed, choices, Nobody, |_| {})
}

/// Plays a world before a guest, who also sees the store after each event.
pub fn play_before<C: Choices, O: Observer>(
    scenario: &Scenario,
    seed: u64,
    choices: C,
    guest: O,
    store: impl FnMut(&Disk),
) -> Played<C, O> {
    play_staged(&Hub::shipped(), scenario, seed, choices, guest, store)
}

fn play_staged<V: Version, C: Choices, O: Observer>(
    version: &V,
    scenario: &Scenario,
    seed: u64,
    choices: C,
    guest: O,
    mut store: impl FnMut(&Disk),
) -> Played<C, O> {
    let mut world = stage(version, scenario, (seed, true), choices, |plan| Audience {
        checkers: Checkers::new(plan.clone()),
        trace: Trace::default(),
        resender: Resender::default(),
        guest,
    });
    let desk = Desk::of(version, scenario);
    while world.step() {
        store(world.disk());
        if let Some(desk) = &desk {
            desk.consult(&mut world, Curiosity::Thorough, |audience| &mut audience.checkers);
        }
        let now = world.now();
        let parts = world.parts_mut();
        if parts.observer.resender.is_due() {
            parts.observer.resender.resend(now, &parts.fleet);
        }
    }
    let (ending, counts) = (world.ending(), *world.counts());
    let mut parts = world.into_parts();
    let end = EndState::of(&parts.fleet, ending.at, ending.converged, ending.unfinished);
    let mut violations = parts.observer.checkers.judge(&end);
    violations.extend(parts.observer.resender.judge(ending.at, &parts.fleet));
    let Audience { trace, guest, .. } = parts.observer;
    Played { violations, records: end.records, trace: trace.hash(), counts, choices: parts.choices, observer: guest }
}

impl<C, O> Played<C, O> {
    /// What is wrong with it, as text; empty where nothing is.
    #[must_use]
    pub fn wrong(&self) -> String {
        let mut text = String::new();
        for violation in &self.violations {
            // Writing into a string does not fail.
            let _ = writeln!(text, "{}: {}", violation.checker.name(), violation.message);
        }
        text
    }

    /// The records in use or marked as closed, without what vendors and sagas number by themselves.
    #[must_use]
    pub fn standing(&self) -> [Vec<Record>; 3] {
        self.records.each_ref().map(|records| {
            let standing =
                records.iter().filter(|record| matches!(record.condition, Condition::Live | Condition::Closed));
            let mut standing: Vec<_> = standing.cloned().collect();
            for record in &mut standing {
                record.id.clear();
                if let Some(tag) = &mut record.tag {
                    tag.saga.clear();
                }
            }
            standing.sort();
            standing
        })
    }
}
