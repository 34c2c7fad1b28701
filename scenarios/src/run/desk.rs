//! What an operator would be given at this moment about the sagas that are parked: asked as an operator would, at the
//! operators' paths and by reads at the vendors, but of copies, so that the world knows nothing of it. How it is judged
//! stands with the checker.

use std::collections::VecDeque;

use sagaproof_orchestrator::connector::Operation;
use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::message;
use sagaproof_orchestrator::operations::outlook::{Remaining, Then, outlook};
use sagaproof_orchestrator::operations::{Case, audit, difference};
use sagaproof_orchestrator::saga::SagaId;
use sagaproof_sim::chaos::choices::Choices;
use sagaproof_sim::client::Clients;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Fleet, System};
use sagaproof_sim::observation::Observer;
use sagaproof_sim::process::{Effect, Event, Process, Spawn};
use sagaproof_sim::wire::{Headers, Method, Request, Response};
use sagaproof_sim::world::{Disk, World};
use serde::Deserialize;

use super::left::Asked;
use crate::adapter::{request_to_world, system};
use crate::check::{Checkers, EndState, ParkedReport, Remains, Standing, ToldSystem};
use crate::scenario::Scenario;
use crate::version::Version;

/// In one world in so many it is asked whenever the world has become quiet.
const ASKED_IN: u64 = 4;

/// In one world in so many it is also asked at each moment at which a saga has just been parked, and the calls that
/// remain are carried out: that costs as much as some worlds do altogether.
const THOROUGH_IN: u64 = 32;

/// How much an operator wants to know in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Curiosity {
    /// Nothing.
    None,
    /// What stands, when the world has become quiet with parked sagas.
    Idle,
    /// That, and what stands each time when a saga was just parked, and what comes of carrying out what remains.
    Thorough,
}

/// More rounds than this no runbook takes.
const ROUNDS: u32 = 12;

/// More often than this nobody waits for vendors' jobs: each has ended after its time.
const WAITS: u32 = 100;

/// How long whoever carries out a runbook waits before looking again, besides until searches show everything.
const PAUSE: Nanos = Nanos::secs(3);

/// How long one waits for a vendor that cannot be read, or will not be written to, and how often.
const PATIENCE: (Nanos, u32) = (Nanos::secs(60), 3);

/// An operators' desk at worlds of one scenario.
#[derive(Debug, Clone)]
pub struct Desk {
    engine: Engine,
    /// By the time a person has come, searches show everything.
    lag: Nanos,
    /// How long a vendor's job takes.
    job_time: Nanos,
}

/// A saga in the list of those that are parked.
#[derive(Deserialize)]
struct Listed {
    saga: String,
    kind: String,
    customers: Vec<String>,
    claims: Vec<String>,
}

#[derive(Deserialize)]
struct List {
    sagas: Vec<Listed>,
}

impl Desk {
    /// The desk of this version; `None` where it gives operators no reports, or nothing is promised of them.
    #[must_use]
    pub fn of<V: Version + ?Sized>(version: &V, scenario: &Scenario) -> Option<Self> {
        let engine = version.desk(&scenario.terms()).filter(|_| scenario.beyond.is_none())?;
        Some(Self { engine, lag: scenario.fleet.index_lag, job_time: scenario.fleet.job_time })
    }

    /// How much is asked in the world of this seed, in a sweep.
    #[must_use]
    pub const fn curiosity(seed: u64) -> Curiosity {
        match seed {
            _ if seed.is_multiple_of(THOROUGH_IN) => Curiosity::Thorough,
            _ if seed.is_multiple_of(ASKED_IN) => Curiosity::Idle,
            _ => Curiosity::None,
        }
    }

    /// After an event: lets the checkers compare what an operator would be told now with what stands, where somebody
    /// wants to know it.
    pub fn consult<S, K, C, O>(
        &self,
        world: &mut World<S, K, C, O>,
        curiosity: Curiosity,
        checkers: impl Fn(&mut O) -> &mut Checkers,
    ) where
        S: Spawn,
        K: Clients,
        C: Choices,
        O: Observer,
    {
        if curiosity == Curiosity::None {
            return;
        }
        let thorough = curiosity == Curiosity::Thorough;
        let just_parked = checkers(&mut world.parts_mut().observer).take_parked() && thorough;
        let quiet = world.awaits_operator();
        if !(just_parked || quiet) || world.ending().unfinished.is_none_or(|(_, parked)| parked == 0) {
            return;
        }
        let (now, working) = (world.now(), world.is_working());
        let (listed, reports) =
            self.reports(world.copies(), world.disk(), world.fleet(), now, (working, thorough && quiet));
        let checkers = checkers(&mut world.parts_mut().observer);
        if quiet {
            checkers.listed(now, &listed);
        }
        for report in &reports {
            checkers.reported(now, report);
        }
    }

    fn reports<P: Process>(
        &self,
        processes: impl Iterator<Item = (P, Instant)>,
        disk: &Disk,
        fleet: &Fleet,
        now: Instant,
        (working, carries_out): (bool, bool),
    ) -> (Vec<u64>, Vec<ParkedReport>) {
        let (mut all, mut reports) = (Vec::new(), Vec::new());
        for (mut process, clock) in processes {
            let mut ask = |target: &str| ask(&mut process, clock, disk, target);
            let list = ask("/operator/sagas?state=parked&limit=500");
            let list: Option<List> = list.and_then(|response| serde_json::from_slice(&response.body).ok());
            for listed in list.map(|list| list.sagas).unwrap_or_default() {
                all.extend(SagaId::parse(&listed.saga).map(|id| id.0));
                let mut vendors = Asked::new(fleet.clone(), now);
                vendors.later(self.lag);
                let made = self.report(listed, vendors, &mut ask, (working, carries_out));
                reports.extend(made);
            }
        }
        (all, reports)
    }

    /// The report on one saga; while chaos may still strike, none where a vendor cannot be read.
    fn report(
        &self,
        listed: Listed,
        mut vendors: Asked,
        ask: &mut impl FnMut(&str) -> Option<Response>,
        (working, carries_out): (bool, bool),
    ) -> Option<ParkedReport> {
        let id = SagaId::parse(&listed.saga)?;
        let journal = ask(&["/operator/sagas/", &listed.saga, "/journal"].concat())?;
        let entries: Vec<Entry> = serde_json::from_slice(&journal.body).ok()?;
        let case = Case::of(id, entries, &self.engine).ok()?;
        let mut stands = standing(vendors.fleet());
        let mut told = difference::report(&case, &self.engine, &mut vendors);
        let unread = |told: &[difference::System]| told.iter().any(|system| system.unreadable.is_some());
        if working && unread(&told) {
            return None;
        }
        let (pause, times) = PATIENCE;
        for _ in 0..times {
            if unread(&told) {
                vendors.later(pause);
                stands = standing(vendors.fleet());
                told = difference::report(&case, &self.engine, &mut vendors);
            }
        }
        let primary = listed.customers.iter().map(|cust_no| {
            let response = ask(&["/api/customers/", cust_no].concat()).filter(|response| response.status == 200)?;
            serde_json::from_slice(&response.body).ok()
        });
        Some(ParkedReport {
            saga: id.0,
            name: listed.saga,
            kind: listed.kind,
            holds: !listed.claims.is_empty(),
            primary: primary.collect(),
            customers: listed.customers,
            told: told.into_iter().map(neutral).collect(),
            stands,
            remains: if carries_out { self.carry_out(&case, vendors) } else { Remains::Untried },
        })
    }

    /// Carries out what remains, and looks again until nothing does. To wait for a vendor's job is no round.
    fn carry_out(&self, case: &Case, mut vendors: Asked) -> Remains {
        let mut done = Vec::new();
        let mut unseen = Vec::new();
        let (mut rounds, mut waits) = (0, 0);
        while rounds < ROUNDS && waits < WAITS {
            let ahead = outlook(case, &self.engine, &mut vendors);
            let mut called = false;
            for remaining in &ahead.remaining {
                let Remaining::Call { intent, request, otherwise } = remaining else { continue };
                if unseen.contains(&intent.operation) {
                    continue;
                }
                let Some(vendor) = case.saga.definition[usize::from(intent.step)].act.vendor() else { continue };
                let mut response = insist(&mut vendors, system(vendor), request);
                let instead = otherwise.as_ref().filter(|_| response.status == 422);
                if let Some(instead) = instead {
                    response = insist(&mut vendors, system(vendor), instead);
                }
                let call = format!("{} at {}", audit::words(&intent.operation), vendor.name());
                if response.status >= 300 {
                    return Remains::Failed(format!("{call} is answered {}", response.status));
                }
                called = true;
                // No look shows that a message was sent, or what was kept given back: whoever has done it knows.
                if matches!(intent.operation, Operation::Push | Operation::Restore(..)) {
                    unseen.push(intent.operation.clone());
                }
                done.push((call, standing(vendors.fleet())));
                if instead.is_some() {
                    break;
                }
            }
            match ahead.then {
                Then::Refused(..) if !called => return Remains::NothingHelps,
                Then::Ends if !called => return Remains::Done(done),
                Then::LookAgain if !called && !unseen.is_empty() => return Remains::Done(done),
                Then::LookAgain if !called => {
                    return Remains::Failed("it names no call, and says to look again".to_owned());
                }
                Then::Pending => {
                    waits += 1;
                    vendors.later(PAUSE.max(self.job_time) + self.lag);
                    continue;
                }
                Then::Ends | Then::LookAgain | Then::Refused(..) => vendors.later(PAUSE + self.lag),
                Then::Unreadable(_) => vendors.later(PATIENCE.0),
            }
            rounds += 1;
        }
        Remains::Failed(format!("after {rounds} rounds and {waits} waits for jobs something still remains"))
    }
}

/// Asks a copy of a process something that only the store is needed for.
fn ask<P: Process>(process: &mut P, now: Instant, disk: &Disk, target: &str) -> Option<Response> {
    let request =
        Request { method: Method::Get, target: target.to_owned(), headers: Headers::default(), body: Vec::new() };
    let mut events = VecDeque::from([Event::Request { exchange: u64::MAX, request }]);
    while let Some(event) = events.pop_front() {
        let mut effects = Vec::new();
        process.on_event(now, event, &mut effects);
        for effect in effects {
            match effect {
                Effect::Answer { exchange: u64::MAX, response } => return Some(response),
                Effect::Read { read, prefix } => events.push_back(Event::Rows { read, rows: disk.read(&prefix) }),
                _ => {}
            }
        }
    }
    None
}

fn neutral(told: difference::System) -> ToldSystem {
    let fields = told.fields.into_iter().map(|field| [field.field.to_owned(), field.intended, field.actual]);
    ToldSystem { system: told.system.to_owned(), fields: fields.collect(), unreadable: told.unreadable }
}

fn standing(fleet: &Fleet) -> Standing {
    let mut jobs = [false; 3];
    if fleet.next_job().is_some() {
        let mut copy = fleet.clone();
        jobs = EndState::SYSTEMS.map(|system| copy.end_job(system, Instant::NEVER).is_some());
    }
    Standing {
        records: EndState::SYSTEMS.map(|system| fleet.records(system)),
        children: EndState::SYSTEMS.map(|system| fleet.children(system)),
        jobs,
    }
}

/// Sends a call with the hub's own credentials, and again where the vendor bids to come again.
fn insist(vendors: &mut Asked, to: System, request: &message::Request) -> Response {
    let request = vendors.authorised(to, request_to_world(request.clone()));
    let (pause, times) = PATIENCE;
    let mut response = vendors.send(to, &request);
    for _ in 0..times {
        if response.status == 429 || response.status >= 500 {
            vendors.later(pause);
            response = vendors.send(to, &request);
        }
    }
    response
}
