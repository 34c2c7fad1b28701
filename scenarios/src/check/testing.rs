//! A world made by hand, for the checkers' tests: operations, exchanges, calls and records are put in one by one.

use std::sync::Arc;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{Point, Route, Subject};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Condition, OwnerTag, Record, SeedRecord, System};
use sagaproof_sim::observation::{Observation, Observer, Phase};
use sagaproof_sim::process::{CallNote, Direction, Note};
use sagaproof_sim::wire::{Answer, CallError, Headers, Method, Request, Response};

use super::{CheckerName, Checkers, Diagnosis, EndState, Violation};
use crate::operation::{Customer, Kind, Operation, Patch, Plan, Stranger};

/// A customer whose fields follow from its number.
pub(super) fn customer(cust_no: &str) -> Customer {
    Customer {
        cust_no: cust_no.to_owned(),
        email: format!("{cust_no}@Example.com"),
        given_name: "Anna".to_owned(),
        family_name: format!("Arai {cust_no}"),
        phone: Some(format!("+8190{cust_no}")),
    }
}

pub(super) fn create(cust_no: &str) -> Kind {
    Kind::Create(customer(cust_no))
}

/// An update that changes the e-mail.
pub(super) fn update(cust_no: &str, email: &str) -> Kind {
    Kind::Update { cust_no: cust_no.to_owned(), changes: Patch { email: Some(email.to_owned()), ..Patch::default() } }
}

pub(super) fn close(cust_no: &str) -> Kind {
    Kind::Close { cust_no: cust_no.to_owned() }
}

pub(super) fn read(cust_no: &str) -> Kind {
    Kind::Read { cust_no: cust_no.to_owned() }
}

/// Same customer with another e-mail.
pub(super) fn with_email(cust_no: &str, email: &str) -> Customer {
    Customer { email: email.to_owned(), ..customer(cust_no) }
}

/// A plan of these operations, each with a key.
pub(super) fn plan(kinds: impl IntoIterator<Item = Kind>) -> Plan {
    let operation = |(id, kind): (usize, Kind)| Operation {
        id: id as u32,
        kind,
        key: Some(format!("k{id}")),
        asynchronous: false,
        correlation: Some(format!("corr-{id}")),
    };
    Plan {
        operations: kinds.into_iter().enumerate().map(operation).collect(),
        horizon: Nanos::secs(5),
        attempts: 3,
        ..Plan::default()
    }
}

/// A world in the making.
pub(super) struct World {
    pub(super) checkers: Checkers,
    plan: Arc<Plan>,
    pub(super) now: Instant,
    /// How long after one observation the next one is seen.
    pub(super) pace: Nanos,
    last: u64,
    pub(super) ending: EndState,
}

impl World {
    pub(super) fn new(plan: Plan) -> Self {
        let plan = Arc::new(plan);
        let ending = EndState {
            at: Instant(u64::MAX - 1),
            records: Default::default(),
            children: Default::default(),
            settled: true,
            unfinished: None,
        };
        let mut world = Self {
            checkers: Checkers::new(Arc::clone(&plan)),
            plan,
            now: Instant::ZERO,
            pace: Nanos::secs(1),
            last: 0,
            ending,
        };
        for customer in world.plan.customers.clone() {
            world.holds_everywhere(&customer);
        }
        for stranger in world.plan.strangers.clone() {
            let record = Record { tag: None, ..record(&seed(&stranger), stranger.system) };
            world.holds(stranger.system, record);
        }
        world
    }

    /// Time goes on, and this is seen.
    pub(super) fn see(&mut self, observation: &Observation<'_>) {
        self.now = self.now + self.pace;
        self.checkers.see(self.now, observation);
    }

    /// A client sends this operation.
    pub(super) fn ask(&mut self, operation: u32) -> u64 {
        let kind = &self.plan.operations[operation as usize].kind;
        let method = match kind {
            Kind::Create(_) | Kind::Merge { .. } => Method::Post,
            Kind::Update { .. } => Method::Patch,
            Kind::Close { .. } => Method::Delete,
            Kind::Read { .. } => Method::Get,
        };
        let target = format!("/api/customers/{}", kind.cust_no());
        self.request(operation, method, &target)
    }

    pub(super) fn request(&mut self, operation: u32, method: Method, target: &str) -> u64 {
        self.last += 1;
        let exchange = self.last;
        let request = Request { method, target: target.to_owned(), headers: Headers::new(), body: Vec::new() };
        let point = point(System::Hub);
        self.see(&Observation::Asked { operation, exchange, request: &request, fate: Fate::Fine, point });
        self.see(&Observation::TakenIn { operation, exchange });
        exchange
    }

    pub(super) fn take_in(&mut self, exchange: u64) {
        self.see(&Observation::TakenIn { operation: 0, exchange });
    }

    pub(super) fn tell(&mut self, exchange: u64, status: u16) {
        self.answer(exchange, &Ok(Response::json(status, "{}")));
    }

    pub(super) fn answer(&mut self, exchange: u64, answer: &Answer) {
        self.see(&Observation::Told { operation: 0, exchange, answer });
    }

    pub(super) fn give_up(&mut self, exchange: u64) {
        self.answer(exchange, &Err(CallError::TimedOut));
    }

    /// A client sends this operation and is told so.
    pub(super) fn done(&mut self, operation: u32, status: u16) {
        let exchange = self.ask(operation);
        self.tell(exchange, status);
    }

    /// A client reads and is shown this.
    pub(super) fn shown(&mut self, exchange: u64, customer: &Customer) {
        self.answer(exchange, &Ok(Response::json(200, shown(customer))));
    }

    /// The last look shows this in the primary.
    pub(super) fn primary(&mut self, cust_no: &str, customer: Option<&Customer>) {
        self.see(&Observation::Phase(Phase::Inspect));
        let exchange = self.request(u32::MAX, Method::Get, &format!("/api/customers/{cust_no}"));
        match customer {
            Some(customer) => self.shown(exchange, customer),
            None => self.tell(exchange, 404),
        }
    }

    pub(super) fn holds(&mut self, system: System, record: Record) {
        let at = EndState::SYSTEMS.iter().position(|one| *one == system).unwrap();
        self.ending.records[at].push(record);
    }

    pub(super) fn holds_everywhere(&mut self, customer: &Customer) {
        for system in EndState::SYSTEMS {
            self.holds(system, record(customer, system));
        }
    }

    /// All records of one system, to be harmed.
    pub(super) fn at(&mut self, system: System) -> &mut Vec<Record> {
        let at = EndState::SYSTEMS.iter().position(|one| *one == system).unwrap();
        &mut self.ending.records[at]
    }

    /// A saga's call leaves, at this very moment.
    pub(super) fn call(&mut self, note: CallNote, request: &Request) -> u64 {
        self.send(System::Commerce, Subject(7), Some(note), request)
    }

    pub(super) fn send(&mut self, to: System, subject: Subject, note: Option<CallNote>, request: &Request) -> u64 {
        self.last += 1;
        let call = self.last;
        let (fate, point) = (Fate::Fine, exchange_point(to, subject));
        self.checkers.see(self.now, &Observation::Sent { call, to, request, fate, point, note, life: 0 });
        call
    }

    pub(super) fn hear(&mut self, call: u64, answer: &Answer) {
        self.checkers.see(self.now, &Observation::Heard { call, from: System::Commerce, answer });
    }

    pub(super) fn note(&mut self, note: &Note) {
        self.see(&Observation::Noted(note));
    }

    pub(super) fn wait(&mut self, span: Nanos) {
        self.now = self.now + span;
    }

    pub(super) fn verdict(&mut self) -> Vec<Violation> {
        self.checkers.judge(&self.ending)
    }

    pub(super) fn holds_true(&mut self) {
        let verdict = self.verdict();
        assert!(verdict.is_empty(), "{}", verdict[0].message);
    }

    /// The only conviction.
    pub(super) fn convicted(&mut self, checker: CheckerName, diagnosis: Option<Diagnosis>) -> Violation {
        let mut verdict = self.verdict();
        let found: Vec<_> = verdict.iter().map(|violation| (violation.checker, violation.diagnosis)).collect();
        assert_eq!(found, [(checker, diagnosis)], "{verdict:#?}");
        verdict.remove(0)
    }
}

fn seed(stranger: &Stranger) -> Customer {
    let SeedRecord { email, phone, given_name, family_name, .. } = stranger.record.clone();
    Customer { cust_no: "stranger".to_owned(), email: email.unwrap_or_default(), phone, given_name, family_name }
}

/// The record of a customer in a system, as a right orchestrator leaves it.
pub(super) fn record(customer: &Customer, system: System) -> Record {
    Record {
        id: format!("{}-{}", system.name(), customer.cust_no),
        tag: Some(OwnerTag { cust_no: customer.cust_no.clone(), saga: "s1".to_owned() }),
        email: Some(customer.email.to_lowercase()),
        phone: customer.phone.clone().filter(|_| system != System::Identity),
        given_name: customer.given_name.clone(),
        family_name: customer.family_name.clone(),
        other_emails: Vec::new(),
        condition: Condition::Live,
    }
}

pub(super) fn shown(customer: &Customer) -> String {
    let Customer { cust_no, email, given_name, family_name, phone } = customer;
    let phone = phone.as_ref().map_or("null".to_owned(), |phone| format!("\"{phone}\""));
    format!(
        r#"{{"cust_no":"{cust_no}","email":"{email}","given_name":"{given_name}","family_name":"{family_name}","phone":{phone}}}"#
    )
}

pub(super) fn point(system: System) -> Point {
    exchange_point(system, Subject::NONE)
}

fn exchange_point(system: System, subject: Subject) -> Point {
    Point::Exchange { system, route: Route(0), subject, nth: 0 }
}

/// The first attempt of a step of saga 1.
pub(super) const fn note(step: u8, direction: Direction, key: u64) -> CallNote {
    CallNote { saga: 1, step, direction, mutating: true, attempt: 1, key }
}

/// A request to a vendor that bears what a saga's call must.
pub(super) fn request(target: &str) -> Request {
    let mut headers = Headers::new();
    headers.push("x-correlation-id", "corr-0");
    headers.push("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    Request { method: Method::Post, target: target.to_owned(), headers, body: b"{}".to_vec() }
}
