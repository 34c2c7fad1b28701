//! Generates a workload: which operations there are, about whom, when, and who else comes by. Every choice is a draw
//! of its own; the words that it is filled with are `people`'s.

use std::sync::Arc;

use sagaproof_orchestrator::policy::Policy;
use sagaproof_sim::chaos::rule::{Chaos, Odds};
use sagaproof_sim::client::ClientAction;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Control, SeedRecord, System};

use super::draw::{Draw, Topic};
use super::{Child, Sending, Shift, Workload, harm, people};
use crate::operation::{Customer, Kind, Operation, PRESSES_FROM, Patch, Plan, Stranger};
use crate::scenario::{FleetSettings, Mix, Scenario};

/// Where records are.
pub(super) const KEEPERS: [System; 3] = [System::Commerce, System::Support, System::Identity];

/// The workload of a scenario's world.
pub(super) fn workload(scenario: &Scenario, seed: u64) -> Workload {
    let draw = Draw::new(seed);
    let asked = &scenario.workload;
    let standing = scenario.fleet.customers.min(asked.population);
    let mut plan = Plan {
        operations: Vec::with_capacity(asked.operations as usize),
        customers: (0..standing).map(people::standing).collect(),
        points: scenario.fleet.points,
        children: (0..standing).map(|person| seeded_children(scenario, person)).collect(),
        strangers: Vec::new(),
        horizon: scenario.horizon,
        beyond: scenario.beyond.is_some(),
        fair_weather: is_fair(&scenario.chaos) && asked.operators + asked.blockers == 0 && !scenario.hub.replaces(),
        attempts: fewest_attempts(scenario),
    };
    let mut cast = Cast::new(scenario, draw);
    for id in 0..asked.operations {
        plan.operations.push(cast.operation(id));
    }
    strangers(scenario, draw, &mut plan);
    let sendings = (0..asked.operations).map(|id| sending(scenario, draw, id)).collect();
    let (children, shifts) = (children(scenario, draw), shifts(scenario, draw));
    Workload {
        plan: Arc::new(plan),
        sendings,
        children,
        blockers: blockers(scenario, draw),
        shifts,
        draw,
        harms: harm::actions(scenario, draw),
        reconciles: scenario.beyond.is_some(),
        resend: asked.resend,
    }
}

/// The orders and tickets that this person has before the world begins.
fn seeded_children(scenario: &Scenario, person: u32) -> [u32; 2] {
    let FleetSettings { orders, orders_each, tickets, tickets_each, .. } = scenario.fleet;
    [(orders, orders_each), (tickets, tickets_each)].map(|(first, each)| if person < first { each } else { 0 })
}

/// Whether this chaos never does anything.
#[must_use]
pub fn is_fair(chaos: &Chaos) -> bool {
    let disk = chaos.disk;
    let calm = [chaos.crash.odds, chaos.pause.odds, disk.unknown_applied, disk.unknown_lost, disk.full, disk.conflict];
    chaos.rules.is_empty() && chaos.windows.is_empty() && calm.iter().all(|odds| *odds == Odds::NEVER)
}

/// After how few attempts at one operation the hub's policy may park a saga.
fn fewest_attempts(scenario: &Scenario) -> u32 {
    let (asked, shipped) = (&scenario.policy, Policy::SHIPPED);
    let forward = asked.attempts.unwrap_or(shipped.forward_attempts);
    let compensate = asked.compensation_attempts.unwrap_or(shipped.compensate_attempts);
    let settle = asked.compensation_attempts.unwrap_or(shipped.settle_attempts);
    forward.min(compensate).min(settle)
}

fn sending(scenario: &Scenario, draw: Draw, id: u32) -> Sending {
    let spacing = scenario.workload.spacing;
    Sending {
        at: Instant::ZERO + spacing.times(u64::from(id)) + draw.within(Topic::Moment, id, spacing),
        twice: draw.hits(Topic::Twice, id, scenario.workload.duplicates),
    }
}

/// Gives operations their kinds and customers, so that most make sense: who exists is updated, who does not is created.
struct Cast<'a> {
    scenario: &'a Scenario,
    draw: Draw,
    /// Whether each person will exist if all operations so far succeed.
    exists: Vec<bool>,
    /// Of whom the operations speak just now.
    person: u32,
}

impl<'a> Cast<'a> {
    fn new(scenario: &'a Scenario, draw: Draw) -> Self {
        let population = scenario.workload.population;
        let exists = (0..population).map(|person| person < scenario.fleet.customers).collect();
        Self { scenario, draw, exists, person: 0 }
    }

    fn operation(&mut self, id: u32) -> Operation {
        let asked = &self.scenario.workload;
        let share = Share::of(&asked.mix, self.draw.below(Topic::Kind, id, 100));
        if id.is_multiple_of(asked.contention.max(1)) {
            self.person = self.somebody(id, share == Share::Create);
        }
        if share == Share::Merge && self.is_blind(id) {
            self.person = self.draw.below(Topic::Whom, id, self.exists.len() as u32);
        }
        let kind = self.kind(id, share);
        Operation {
            id,
            key: asked.resend.keyed.then(|| named("key-", id)),
            asynchronous: kind.writes() && self.draw.hits(Topic::Asynchronous, id, asked.asynchronous),
            correlation: Some(named("client-", id)),
            kind,
        }
    }

    /// Somebody for whom this makes sense, or anybody where there is none: the first from a drawn place on.
    fn somebody(&self, id: u32, absent: bool) -> u32 {
        let population = self.exists.len() as u32;
        let from = self.draw.below(Topic::Whom, id, population);
        let ring = (from..population).chain(0..from);
        ring.into_iter().find(|&person| self.exists[person as usize] != absent).unwrap_or(from)
    }

    /// Whether a merge does not look who exists: so do crossed and chained merges come about.
    fn is_blind(&self, id: u32) -> bool {
        self.draw.below(Topic::MergeBlindly, id, 4) == 0
    }

    /// Somebody else who exists, or anybody else where there is none.
    fn somebody_else(&self, id: u32) -> u32 {
        let others = (self.exists.len() as u32).saturating_sub(1).max(1);
        let from = self.draw.below(Topic::MergeWith, id, others);
        let mut ring = (from..others).chain(0..from).map(|other| other + u32::from(other >= self.person));
        let first = ring.clone().next().unwrap_or_default();
        let exists = |&other: &u32| self.exists.get(other as usize) == Some(&true);
        ring.find(exists).filter(|_| !self.is_blind(id)).unwrap_or(first)
    }

    fn kind(&mut self, id: u32, share: Share) -> Kind {
        let person = self.person;
        let cust_no = people::cust_no(person);
        match share {
            Share::Create => {
                self.mark(person, true);
                let phone = self.draw.below(Topic::Fields, id, 2) == 0;
                Kind::Create(Customer {
                    cust_no,
                    email: self.clash(id).unwrap_or_else(|| people::email(person)),
                    given_name: people::given_name(self.draw, id).to_owned(),
                    family_name: people::family_name(self.draw, id).to_owned(),
                    phone: phone.then(|| people::phone(person)),
                })
            }
            Share::Update => Kind::Update { cust_no, changes: self.changes(id) },
            Share::Close => {
                self.mark(person, false);
                Kind::Close { cust_no }
            }
            Share::Merge => {
                let from = self.somebody_else(id);
                self.mark(from, false);
                Kind::Merge { cust_no, from: people::cust_no(from) }
            }
            Share::Read => Kind::Read { cust_no },
        }
    }

    fn mark(&mut self, person: u32, exists: bool) {
        if let Some(place) = self.exists.get_mut(person as usize) {
            *place = exists;
        }
    }

    /// One to four fields; every fourth change of a phone takes it away.
    fn changes(&self, id: u32) -> Patch {
        let drawn = self.draw.below(Topic::Fields, id, 60);
        let (fields, away) = (drawn % 15 + 1, drawn / 15 == 0);
        let clash = self.clash(id);
        Patch {
            email: clash.or_else(|| (fields & 1 != 0).then(|| people::next_email(self.person, id))),
            given_name: (fields & 2 != 0).then(|| people::given_name(self.draw, id).to_owned()),
            family_name: (fields & 4 != 0).then(|| people::family_name(self.draw, id).to_owned()),
            phone: (fields & 8 != 0).then(|| (!away).then(|| people::next_phone(id))),
        }
    }

    /// Another person's e-mail, where this operation asks for one.
    fn clash(&self, id: u32) -> Option<String> {
        let others = self.exists.len().saturating_sub(1) as u32;
        let clashes = others > 0 && self.draw.hits(Topic::Clash, id, self.scenario.workload.clashes);
        clashes.then(|| {
            let other = self.draw.below(Topic::ClashWith, id, others);
            people::email(other + u32::from(other >= self.person))
        })
    }
}

/// Which share of the mix an operation falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    Create,
    Update,
    Close,
    Merge,
    Read,
}

impl Share {
    const fn of(mix: &Mix, per_cent: u32) -> Self {
        if per_cent < mix.create {
            Self::Create
        } else if per_cent < mix.create + mix.update {
            Self::Update
        } else if per_cent < mix.create + mix.update + mix.close {
            Self::Close
        } else if per_cent < mix.create + mix.update + mix.close + mix.merge {
            Self::Merge
        } else {
            Self::Read
        }
    }
}

/// Those who hold an e-mail that will be asked for, and those who come while the clients work.
fn strangers(scenario: &Scenario, draw: Draw, plan: &mut Plan) {
    if scenario.fleet.strangers > 0 {
        let taken = |email: &str| plan.customers.iter().any(|customer| customer.email == email);
        let mut wanted: Vec<&str> = plan.operations.iter().filter_map(wanted_email).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|email| !taken(email));
        let count = (scenario.fleet.strangers as usize).min(wanted.len());
        let from = draw.below(Topic::StrangerEmail, 0, wanted.len() as u32) as usize;
        let holders = wanted.iter().cycle().skip(from).take(count).zip(KEEPERS.into_iter().cycle());
        plan.strangers = holders.map(|(email, system)| stranger(system, email, Instant::ZERO)).collect();
    }
    let span = Workload::span(scenario);
    for nth in 0..scenario.workload.strangers {
        let system = KEEPERS[draw.below(Topic::StrangerWhere, nth, 3) as usize];
        let comes = Instant::ZERO + draw.within(Topic::StrangerWhen, nth, span);
        plan.strangers.push(stranger(system, &people::stranger_email(nth), comes));
    }
}

fn wanted_email(operation: &Operation) -> Option<&str> {
    match &operation.kind {
        Kind::Create(customer) => Some(&customer.email),
        Kind::Update { changes, .. } => changes.email.as_deref(),
        Kind::Close { .. } | Kind::Merge { .. } | Kind::Read { .. } => None,
    }
}

fn stranger(system: System, email: &str, comes: Instant) -> Stranger {
    let record = SeedRecord {
        tag: None,
        email: Some(email.to_owned()),
        phone: None,
        given_name: "Sam".to_owned(),
        family_name: "Stranger".to_owned(),
        children: 0,
    };
    Stranger { system, record, comes }
}

fn children(scenario: &Scenario, draw: Draw) -> Vec<Child> {
    let span = Workload::span(scenario);
    let child = |nth: u32| Child {
        at: Instant::ZERO + draw.within(Topic::ChildWhen, nth, span),
        system: if nth.is_multiple_of(2) { System::Commerce } else { System::Support },
        cust_no: people::cust_no(draw.below(Topic::ChildOf, nth, scenario.workload.population)),
    };
    (0..scenario.workload.children).map(child).collect()
}

/// What comes up that forbids merging somebody, at the shop or at the help desk.
fn blockers(scenario: &Scenario, draw: Draw) -> Vec<ClientAction> {
    let span = Workload::span(scenario);
    let blocker = |nth: u32| ClientAction::Touch {
        at: Instant::ZERO + draw.within(Topic::BlockerWhen, nth, span),
        system: if nth.is_multiple_of(2) { System::Commerce } else { System::Support },
        control: Control::Bar(people::cust_no(draw.below(Topic::BlockerOn, nth, scenario.workload.population))),
    };
    (0..scenario.workload.blockers).map(blocker).collect()
}

/// Operators look while clients work, and every second one up to four times as long: what cannot go on needs its time to
/// be parked.
fn shifts(scenario: &Scenario, draw: Draw) -> Vec<Shift> {
    let shift = |nth: u32| {
        let span = Workload::span(scenario).times(if nth.is_multiple_of(2) { 1 } else { 4 });
        Shift { id: PRESSES_FROM + nth, at: Instant::ZERO + draw.within(Topic::PressWhen, nth, span) }
    };
    (0..scenario.workload.operators).map(shift).collect()
}

fn named(prefix: &str, id: u32) -> String {
    let mut text = String::with_capacity(prefix.len() + 4);
    text.push_str(prefix);
    people::push_padded(&mut text, id, 1);
    text
}

#[cfg(test)]
mod tests;
