//! One scenario in simulation: makes its worlds from seeds or schedules, runs them under one orchestrator, and judges
//! them. A world is reset and used again, so that a sweep allocates little.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use sagaproof_sim::chaos::choices::{Random, Recording, Replay};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{self, Control, Fleet, SeedRecord, System};
use sagaproof_sim::observation::Phase;
use sagaproof_sim::world::World;

use super::aftermath::{Apart, Touched, look};
use super::chooser::Chooser;
use super::costs::Costs;
use super::desk::{Curiosity, Desk};
use super::load::Load;
use super::rollout::rollout;
use super::trace::Trace;
use super::watch::Watch;
use super::{Aftermath, Judge, Measured, Plot, Record, TWICE_IN, Tally, settings};
use crate::check::compensation_idempotent::Resender;
use crate::check::{Charge, EndState, Violation};
use crate::coverage::Marks;
use crate::operation::Customer;
use crate::scenario::{Scenario, Terms};
use crate::timeline::Timeline;
use crate::version::{AnySpawn, AnyVersion, SeededCustomer};
use crate::workload::{Workload, WorkloadClients};

/// The worlds of one scenario under one orchestrator.
pub(super) struct Simulated<'s> {
    /// As the version's policy has it.
    scenario: Cow<'s, Scenario>,
    version: AnyVersion,
    terms: Terms,
    vendors: fleet::Settings,
    desk: Option<Desk>,
    world: World<AnySpawn, WorkloadClients, Chooser, Watch>,
    /// The seed of the world that was made last.
    seed: u64,
    /// How much an operator wants to know in that world.
    curiosity: Curiosity,
    /// Where a world has exactly one fault: how many exchanges it may fall on.
    exchanges: u32,
}

impl<'s> Simulated<'s> {
    pub(super) fn new(scenario: &'s Scenario, version: AnyVersion) -> Self {
        let terms = settings::terms(scenario, &*version);
        let mut judge = Self::of(settings::under(scenario, &*version), version, terms);
        if judge.scenario.chaos.exactly_one {
            judge.count_exchanges();
        }
        judge
    }

    fn of(scenario: Cow<'s, Scenario>, version: AnyVersion, terms: Terms) -> Self {
        let vendors = settings::fleet(&scenario);
        let workload = Workload::of(&scenario, 0);
        let watch = Watch::new(&workload.plan);
        let world = World::new(
            &settings::world(&scenario),
            Fleet::new(&vendors),
            version.spawn(&terms, 0, false),
            WorkloadClients::new(workload),
            Chooser::Seed(Random::new(0)),
            watch,
        );
        let desk = Desk::of(&*version, &scenario);
        Self { scenario, version, terms, vendors, desk, world, seed: 0, curiosity: Curiosity::None, exchanges: 0 }
    }

    /// The one fault of a world falls on any exchange that the first world has where nothing goes wrong.
    fn count_exchanges(&mut self) {
        self.world.strike_within(0);
        self.make(0, Chooser::Seed(Random::new(0)), false);
        self.world.run();
        self.exchanges = self.world.could_strike();
        self.world.strike_within(self.exchanges);
    }

    /// Makes the world of this seed, before it begins.
    fn make(&mut self, seed: u64, choices: Chooser, logs: bool) {
        self.make_of(Workload::of(&self.scenario, seed), seed, choices, logs);
    }

    fn make_of(&mut self, workload: Workload, seed: u64, choices: Chooser, logs: bool) {
        (self.seed, self.curiosity) = (seed, Desk::curiosity(seed));
        self.world.reset(seed);
        let parts = self.world.parts_mut();
        parts.fleet.reset(&self.vendors);
        parts.spawn = self.version.spawn(&self.terms, seed, logs);
        parts.choices = choices;
        parts.observer.reset(&workload.plan);
        parts.observer.resender = Resender::wants(seed).then(Resender::default);
        let seeded = seed_fleet(&mut parts.fleet, &self.scenario, &workload);
        parts.clients.reset(workload);
        if !seeded.is_empty() {
            for row in self.version.seed_rows(&seeded) {
                self.world.disk_mut().put(row.key, row.value);
            }
        }
    }

    /// Runs the world that was made, and judges it.
    fn run(&mut self) -> Vec<Violation> {
        let resends = self.world.parts().observer.resender.is_some();
        if resends || self.curiosity > Curiosity::None {
            while self.world.step() {
                if resends {
                    self.resend();
                }
                if let Some(desk) = &self.desk {
                    desk.consult(&mut self.world, self.curiosity, |watch| &mut watch.checkers);
                }
            }
        }
        let ending = self.world.run();
        let parts = self.world.parts_mut();
        let end = EndState::of(&parts.fleet, ending.at, ending.converged, ending.unfinished);
        let Watch { checkers, resender, .. } = &mut parts.observer;
        checkers.judge_with(&end, resender.as_mut(), &parts.fleet)
    }

    /// Sends a compensation that has just been done again, to a copy of the fleet.
    fn resend(&mut self) {
        let now = self.world.now();
        let parts = self.world.parts_mut();
        if let Some(resender) = parts.observer.resender.as_mut().filter(|resender| resender.is_due()) {
            resender.resend(now, &parts.fleet);
        }
    }

    /// What all systems and the primary say of everybody just now.
    fn look(&self) -> Apart {
        let parts = self.world.parts();
        let end = EndState::of(&parts.fleet, self.world.now(), true, None);
        look(&parts.clients.workload().plan, self.world.disk(), &end)
    }

    /// Whether the world that just ran runs alike once more, in a world that was never used: the same trace, the same
    /// marks, the same verdict. So nothing that a used world keeps may tell.
    fn runs_alike_again(&self, violations: &[Violation]) -> bool {
        let mut again = Self::of(self.scenario.clone(), Rc::clone(&self.version), self.terms);
        if self.scenario.chaos.exactly_one {
            again.world.strike_within(self.exchanges);
        }
        again.make(self.seed, Chooser::Seed(Random::new(self.seed)), false);
        again.world.parts_mut().observer.trace = Some(Trace::default());
        let same_verdict = again.run() == violations;
        same_verdict && again.shown() == self.shown()
    }

    /// What a world that ran has shown.
    fn shown(&self) -> (Option<u64>, Marks) {
        let observer = &self.world.parts().observer;
        (observer.trace.as_ref().map(Trace::hash), observer.coverage.marks())
    }
}

impl Judge for Simulated<'_> {
    fn sweep(&mut self, seeds: Range<u64>, tally: &mut Tally) {
        for seed in seeds {
            self.make(seed, Chooser::Seed(Random::new(seed)), false);
            let twice = seed.is_multiple_of(TWICE_IN);
            self.world.parts_mut().observer.trace = twice.then(Trace::default);
            let violations = self.run();
            let parts = self.world.parts();
            tally.world(self.world.counts(), &parts.observer.coverage);
            tally.undecided += u64::from(parts.observer.checkers.undecided() > 0);
            parts.clients.latencies().for_each(|length| tally.latency(length));
            if twice && !self.runs_alike_again(&violations) {
                tally.differed(seed);
            }
            if !violations.is_empty() {
                tally.convict(seed, violations);
            }
            if self.broken().is_some() {
                return;
            }
        }
        // What the last world holds outside of the simulation is let go, for the next scenario's worlds may need it.
        self.world.reset(self.seed);
    }

    fn measure(&mut self, seed: u64) -> Measured {
        self.make(seed, Chooser::Recorded(Recording::new(Random::new(seed))), false);
        let observer = &mut self.world.parts_mut().observer;
        observer.trace = Some(Trace::default());
        observer.costs = Some(Costs::default());
        observer.load = Some(Load::default());
        let violations = self.run();
        let unlike = seed.is_multiple_of(TWICE_IN) && !self.runs_alike_again(&violations);
        let calls = self.world.counts().calls;
        let parts = self.world.parts_mut();
        let costs = parts.observer.costs.take().unwrap_or_default();
        let load = parts.observer.load.take().unwrap_or_default();
        let (chosen, _) = std::mem::replace(&mut parts.choices, Chooser::Seed(Random::new(seed))).account();
        let charges: BTreeSet<Charge> = violations.iter().map(Violation::charge).collect();
        Measured {
            charges: charges.into_iter().collect(),
            undecided: parts.observer.checkers.undecided() > 0,
            trace: parts.observer.trace.unwrap_or_default().hash(),
            unlike,
            sagas: parts.observer.coverage.sagas(),
            worked: load.worked(),
            peaks: load.peaks(),
            calls,
            retries: costs.retries(),
            wasted: costs.wasted(),
            parked: parts.observer.coverage.parked(),
            writes: costs.writes(),
            unjournaled: costs.unjournaled(),
            uncorrelated: costs.uncorrelated(),
            marks: parts.observer.coverage.marks(),
            latencies: parts.clients.outcomes().collect(),
            chosen,
        }
    }

    fn aftermath(&mut self, seed: u64) -> Aftermath {
        let mut workload = Workload::of(&self.scenario, seed);
        workload.reconciles = true;
        let rollout = rollout(&self.scenario);
        self.make_of(workload, seed, Chooser::Seed(Random::new(seed)), false);
        let parts = self.world.parts_mut();
        let plan = Arc::clone(&parts.clients.workload().plan);
        parts.observer.touched = Some(Touched::new(plan, rollout.releases));
        let back = rollout.drains.unwrap_or_default();
        let (mut at_back, mut healed, mut redriven) = (None, None, None);
        while self.world.step() {
            let Some(Touched { phase, reconciles, .. }) = &self.world.parts().observer.touched else { break };
            let (ended, reconciles) = (!matches!(phase, Phase::Work | Phase::Heal), *reconciles);
            if at_back.is_none() && (self.world.now() >= back || ended) {
                at_back = Some(self.look());
            }
            if healed.is_none() && ended {
                healed = Some(self.look());
            }
            if redriven.is_none() && reconciles {
                redriven = Some(self.look());
            }
        }
        let violations = self.run();
        let end = self.look();
        let looks = [&at_back, &healed, &redriven].map(|look| look.as_ref().unwrap_or(&end));
        let [at_back, healed, redriven] = looks;
        let touched = self.world.parts().observer.touched.as_ref();
        Aftermath(touched.map(|one| one.left([at_back, healed, redriven, &end], &violations)).unwrap_or_default())
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn broken(&self) -> Option<String> {
        self.version.broken()
    }

    fn record(&mut self, seed: u64, plot: Option<Plot<'_>>) -> Record {
        match plot {
            None => self.make(seed, Chooser::Recorded(Recording::new(Random::new(seed))), true),
            Some(Plot { deviations, without }) => {
                let mut workload = Workload::of(&self.scenario, seed);
                workload.leave_out(without);
                self.make_of(workload, seed, Chooser::Schedule(Recording::new(Replay::new(deviations))), true);
                self.world.offer_everything();
                self.world.parts_mut().observer.resender = Some(Resender::default());
                self.curiosity = Curiosity::Thorough;
            }
        }
        let parts = self.world.parts_mut();
        parts.observer.timeline = Some(Timeline::new(&parts.clients.workload().plan));
        let violations = self.run();
        let counts = *self.world.counts();
        let held = EndState::SYSTEMS.map(|system| self.world.fleet().records(system));
        let parts = self.world.parts_mut();
        let timeline = parts.observer.timeline.take().unwrap_or_default();
        let choices = std::mem::replace(&mut parts.choices, Chooser::Seed(Random::new(seed)));
        let (chosen, stale) = choices.account();
        Record { timeline, held, violations, chosen, stale, counts }
    }
}

/// Puts customers and strangers into the vendors, as they stand before the world begins.
pub(super) fn seed_fleet(fleet: &mut Fleet, scenario: &Scenario, workload: &Workload) -> Vec<SeededCustomer> {
    let mut add =
        |system, record: SeedRecord| fleet.control(system, Instant::ZERO, &Control::Seed(record)).unwrap_or_default();
    let plan = &workload.plan;
    let customers = plan.customers.iter().zip(&plan.children).enumerate();
    let seeded = customers.map(|(place, (customer, [orders, tickets]))| SeededCustomer {
        customer: customer.clone(),
        commerce: add(System::Commerce, record(customer, *orders)),
        support: add(System::Support, record(customer, *tickets)),
        identity: add(System::Identity, record(customer, 0)),
        points: plan.points_of(place),
    });
    let seeded = seeded.collect();
    for stranger in plan.strangers.iter().filter(|stranger| stranger.comes == Instant::ZERO) {
        add(stranger.system, stranger.record.clone());
    }
    if scenario.fleet.drift {
        for system in System::VENDORS {
            fleet.control(system, Instant::ZERO, &Control::Drift(true));
        }
    }
    seeded
}

fn record(customer: &Customer, children: u32) -> SeedRecord {
    SeedRecord {
        tag: Some([&customer.cust_no, "/seed"].concat()),
        email: Some(customer.email.clone()),
        phone: customer.phone.clone(),
        given_name: customer.given_name.clone(),
        family_name: customer.family_name.clone(),
        children,
    }
}
