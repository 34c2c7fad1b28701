//! The fold: deals a world's observations out to the checkers, and calls for their verdicts. It knows no rule itself.

use std::sync::Arc;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{Point, Route, Subject};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::all::Fleet;
use sagaproof_sim::fleet::{Fingerprint, System};
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::process::{CallNote, Direction, Note};
use sagaproof_sim::wire::{Answer, Method, Request};

use super::added::Added;
use super::calls::{Call, OpenCalls};
use super::compensation_idempotent::Resender;
use super::exchanges::Exchanges;
use super::journal::{self, End, Journal, Noted, Saga, Way};
use super::keys_are_stable::Keys;
use super::late::LateCalls;
use super::parked_is_justified::Parked;
use super::polite::Polite;
use super::serial_equivalent::case::Case;
use super::serial_equivalent::holdings::looks;
use super::serial_equivalent::{Evidence, agreement};
use super::traceable::{Clients, Places};
use super::{
    EndState, Finding, ParkedReport, Violation, compensation_order, converged, keys_are_stable, parked_is_justified,
    parked_report_is_true, repaired, serial_equivalent, traceable, works_in_fair_weather,
};
use crate::operation::Plan;

/// All checkers of one world.
#[derive(Debug, Clone)]
pub struct Checkers {
    plan: Arc<Plan>,
    exchanges: Exchanges,
    calls: OpenCalls,
    late: LateCalls,
    added: Added,
    journal: Journal,
    keys: Keys,
    clients: Clients,
    places: Places,
    /// By process.
    polite: Vec<Polite>,
    /// Whose turn it is.
    process: u8,
    /// How often a process crashed or paused: each may take an attempt with it.
    interrupted: u64,
    /// Whether a saga was parked since somebody last asked.
    parked: bool,
    noted: bool,
    undecided: u32,
    violations: Vec<Violation>,
}

impl Checkers {
    /// Checkers that have seen nothing yet.
    #[must_use]
    pub fn new(plan: Arc<Plan>) -> Self {
        Self {
            plan,
            exchanges: Exchanges::default(),
            calls: OpenCalls::default(),
            late: LateCalls::default(),
            added: Added::default(),
            journal: Journal::default(),
            keys: Keys::default(),
            clients: Clients::default(),
            places: Places::default(),
            polite: vec![Polite::default()],
            process: 0,
            interrupted: 0,
            parked: false,
            noted: false,
            undecided: 0,
            violations: Vec::new(),
        }
    }

    /// Makes them as new, for a world of this plan, and keeps what they have allocated.
    pub fn reset(&mut self, plan: Arc<Plan>) {
        self.plan = plan;
        self.exchanges.reset();
        self.calls.reset();
        self.late.reset();
        self.added.reset();
        self.journal.reset();
        self.keys.reset();
        self.clients.reset();
        self.polite.iter_mut().for_each(Polite::reset);
        (self.process, self.interrupted, self.noted, self.undecided) = (0, 0, false, 0);
        self.parked = false;
        self.violations.clear();
    }

    /// Whether the journal's neutral view was seen. Without it the checkers of conduct are not applicable.
    #[must_use]
    pub const fn saw_a_journal(&self) -> bool {
        self.noted
    }

    /// Whether a saga was parked since this was last asked: a moment at which an operator may ask what stands.
    pub const fn take_parked(&mut self) -> bool {
        std::mem::replace(&mut self.parked, false)
    }

    /// Judges what an operator is told now of a parked saga. Where an assumption is broken, nothing is promised of it.
    pub fn reported(&mut self, now: Instant, report: &ParkedReport) {
        let Some(saga) = self.journal.known(report.saga).filter(|_| !self.plan.beyond) else { return };
        let untrue = parked_report_is_true::judge(saga, report);
        convict(&mut self.violations, &self.plan, saga, now, untrue);
    }

    /// Judges the list of parked sagas that an operator is given now. A word that a crash took with it says nothing of a saga,
    /// so only those are missed that were parked since the last one.
    pub fn listed(&mut self, now: Instant, listed: &[u64]) {
        let (violations, plan, interrupted) = (&mut self.violations, &self.plan, self.interrupted);
        if plan.beyond {
            return;
        }
        self.journal.unended(|saga| {
            let missed = saga.parked == Some(interrupted) && !listed.contains(&saga.id);
            let left_out = missed.then(|| parked_report_is_true::left_out(saga));
            convict(violations, plan, saga, now, left_out);
        });
    }

    /// How many groups of customers had too many possible orders for the law to decide, after [`Self::judge`].
    #[must_use]
    pub const fn undecided(&self) -> u32 {
        self.undecided
    }

    /// The verdict, at the end of a world. What clients are told to reads in the phase *inspect* is what the primary
    /// holds, whichever operation the reads belong to.
    pub fn judge(&mut self, ending: &EndState) -> Vec<Violation> {
        if self.plan.beyond {
            return repaired::judge(self.judge_agreement(ending));
        }
        let plan = Arc::clone(&self.plan);
        let convictions = &mut self.violations;
        self.journal.unended(|saga| {
            let disordered = compensation_order::judge(saga);
            convict(convictions, &plan, saga, ending.at, disordered);
        });
        for (saga, at, finding) in self.keys.judge() {
            let mut correlation = String::new();
            self.journal.unended(|open| {
                if open.id == saga {
                    correlation.clone_from(&open.correlation);
                }
            });
            self.violations.push(violation(&plan, &correlation, at, finding));
        }
        let mut violations = std::mem::take(&mut self.violations);
        let exchanges = self.exchanges.list();
        let looks = looks(&plan, exchanges);
        converged::judge(&plan, exchanges, &looks, ending, &mut violations);
        let evidence = Evidence { plan: &plan, exchanges, late: &self.late, added: &self.added, ending };
        let case = Case::new(&evidence, looks);
        self.undecided = serial_equivalent::judge(evidence, &case, &mut violations);
        if plan.fair_weather {
            works_in_fair_weather::judge(&plan, exchanges, &case.groups, &mut violations);
        }
        violations.sort_by_key(|violation| violation.checker);
        violations
    }

    /// The verdict, with that of who sent compensations again; where an assumption is broken, nothing is promised of them.
    pub fn judge_with(&mut self, ending: &EndState, resender: Option<&mut Resender>, fleet: &Fleet) -> Vec<Violation> {
        let mut violations = self.judge(ending);
        if let Some(resender) = resender.filter(|_| !self.plan.beyond) {
            violations.extend(resender.judge(ending.at, fleet));
        }
        violations
    }

    /// The verdict where nobody knows what clients asked for and were told, but for reads in the phase *inspect*: whether
    /// all systems agree with the primary, customer by customer, and the primary answers.
    pub fn judge_agreement(&mut self, ending: &EndState) -> Vec<Violation> {
        let plan = Arc::clone(&self.plan);
        let mut violations = Vec::new();
        let exchanges = self.exchanges.list();
        let looks = looks(&plan, exchanges);
        converged::judge(&plan, exchanges, &looks, ending, &mut violations);
        let evidence = Evidence { plan: &plan, exchanges, late: &self.late, added: &self.added, ending };
        let case = Case::new(&evidence, looks);
        agreement::judge(evidence, &case, &mut violations);
        violations
    }

    /// Feeds all that can still matter to a verdict into a fingerprint: to who convicts, not to what is said of it.
    pub fn feed(&self, now: Instant, print: &mut Fingerprint) {
        self.exchanges.feed(now, print);
        self.calls.feed(print);
        self.added.feed(print);
        self.journal.feed(now, self.plan.horizon, self.interrupted, print);
        self.keys.feed(print);
        self.polite.iter().for_each(|polite| polite.feed(now, print));
        print.number(self.interrupted);
        print.number(self.violations.iter().fold(0, |bits, violation| bits | 1 << violation.checker as u16));
    }

    fn sent(&mut self, now: Instant, sent: Sent<'_>) {
        let Sent { number, to, request, fate, point, note } = sent;
        let (route, subject) = match point {
            Point::Exchange { route, subject, .. } => (route, subject),
            _ => (Route(u8::MAX), Subject::NONE),
        };
        let mut call = Call::new(number, to, route, subject);
        call.for_token = to == System::Identity && request.target.starts_with("/oauth/");
        call.updates = request.method == Method::Put;
        call.unreadable = matches!(fate, Fate::Truncated | Fate::Malformed | Fate::Html | Fate::Empty);
        call.saga = note.map(|note| note.saga);
        call.process = self.process;
        self.late.sent(number, to, request.method, fate);
        if let Some(finding) = self.polite().sent(now, &call) {
            self.violations.push(violation(&self.plan, "", now, finding));
        }
        if let Some(note) = note {
            self.noted(now, number, to, request, note);
        }
        self.calls.sent(call);
    }

    /// What binds the process whose turn it is.
    fn polite(&mut self) -> &mut Polite {
        let place = usize::from(self.process);
        if self.polite.len() <= place {
            self.polite.resize_with(place + 1, Polite::default);
        }
        &mut self.polite[place]
    }

    fn noted(&mut self, now: Instant, call: u64, to: System, request: &Request, note: CallNote) {
        self.noted = true;
        let request_hash = if note.key == 0 { 0 } else { journal::fingerprint(to, request) };
        let noted = Noted { call, sent: now, note, request: request_hash, end: End::Open };
        self.keys.sent(&noted);
        let saga = self.journal.saga(note.saga, self.interrupted);
        let (violations, plan) = (&mut self.violations, &self.plan);
        let unstable = keys_are_stable::attempt(saga, &noted, plan.horizon);
        convict(violations, plan, saga, now, unstable);
        let untraced = traceable::sent(saga, (call, to), request, &mut self.places);
        convict(violations, plan, saga, now, untraced);
        saga.calls.push(noted);
        saga.parked = None;
        if note.direction == Direction::Compensate {
            saga.way = Way::Back;
        }
    }

    fn heard(&mut self, now: Instant, call: u64, answer: &Answer) {
        let Some(call) = self.calls.heard(call) else { return };
        self.polite().heard(now, &call, answer);
        if let Some(saga) = call.saga {
            self.journal.heard(saga, call.number, journal::end(answer, call.unreadable));
        }
    }

    fn note(&mut self, now: Instant, note: &Note) {
        self.noted = true;
        let (violations, plan) = (&mut self.violations, &self.plan);
        match note {
            Note::Began { saga, correlation, .. } => {
                let saga = self.journal.saga(*saga, self.interrupted);
                let strange = traceable::began(saga, correlation, &mut self.clients, plan);
                convict(violations, plan, saga, now, strange);
            }
            Note::Parked { saga, step, attempts, refused } => {
                self.parked = true;
                let saga = self.journal.saga(*saga, self.interrupted);
                let interrupted = self.interrupted - saga.interrupted;
                saga.parked = Some(self.interrupted);
                let parked = Parked { step: *step, attempts: *attempts, refused: *refused, interrupted };
                let unjustified = parked_is_justified::judge(saga, parked, plan.attempts);
                convict(violations, plan, saga, now, unjustified);
            }
            Note::Ended { saga } => {
                if let Some(saga) = self.journal.ended(*saga) {
                    let disordered = compensation_order::judge(saga);
                    convict(violations, plan, saga, now, disordered);
                }
            }
            Note::Pivoted { saga } => self.journal.saga(*saga, self.interrupted).way = Way::Forward,
            Note::Aborted { saga } => {
                let saga = self.journal.saga(*saga, self.interrupted);
                (saga.way, saga.parked) = (Way::Back, None);
            }
            Note::Redriven { saga } => self.journal.saga(*saga, self.interrupted).parked = None,
            Note::LeftAlone { .. } | Note::TakenOver { .. } | Note::Released { .. } => {}
        }
    }
}

/// A call that leaves, as it was observed.
struct Sent<'a> {
    number: u64,
    to: System,
    request: &'a Request,
    fate: Fate,
    point: Point,
    note: Option<CallNote>,
}

impl Observer for Checkers {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        match *observation {
            Observation::Phase(phase) => self.exchanges.phase(phase),
            Observation::Asked { operation, exchange, request, fate, .. } => {
                self.exchanges.asked(now, &self.plan, (operation, exchange), request, fate);
            }
            Observation::TakenIn { exchange, .. } => self.exchanges.taken_in(exchange),
            Observation::Told { exchange, answer, .. } => self.exchanges.told(now, exchange, answer),
            Observation::Sent { call, to, request, fate, point, note, .. } => {
                self.sent(now, Sent { number: call, to, request, fate, point, note });
            }
            Observation::Handled { call, .. } => self.late.handled(now, call),
            Observation::Heard { call, answer, .. } => self.heard(now, call, answer),
            Observation::Noted(note) => self.note(now, note),
            Observation::ChildAdded { system, cust_no, id: Some(_) } => self.added.added(cust_no, system),
            Observation::Turn { process, .. } => self.process = process,
            Observation::Paused { .. } => self.interrupted += 1,
            Observation::Restarted { .. } => {
                self.interrupted += 1;
                self.calls.forget(self.process);
                self.polite().forget();
            }
            Observation::Committed { .. }
            | Observation::Crashed { .. }
            | Observation::Stopped { .. }
            | Observation::Resumed
            | Observation::HeldBack { .. }
            | Observation::Logged(_)
            | Observation::Vendor { .. }
            | Observation::ChildAdded { id: None, .. } => {}
        }
    }
}

/// Convicts a saga for what was found, once for each checker.
fn convict(violations: &mut Vec<Violation>, plan: &Plan, saga: &mut Saga, at: Instant, found: Option<Finding>) {
    if let Some(finding) = found.filter(|finding| saga.convict(finding.checker)) {
        violations.push(violation(plan, &saga.correlation, at, finding));
    }
}

/// A finding becomes a violation: the saga's client is known by the correlation id.
fn violation(plan: &Plan, correlation: &str, at: Instant, finding: Finding) -> Violation {
    let own = |sent: &Option<String>| !correlation.is_empty() && sent.as_deref() == Some(correlation);
    let operation = plan.operations.iter().find(|operation| own(&operation.correlation));
    Violation {
        checker: finding.checker,
        diagnosis: None,
        customer: operation.map_or_else(String::new, |operation| operation.kind.cust_no().to_owned()),
        message: finding.message,
        at,
        operations: operation.map(|operation| operation.id).into_iter().collect(),
        exchanges: Vec::new(),
        calls: finding.calls,
    }
}
