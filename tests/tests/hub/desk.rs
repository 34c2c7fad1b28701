//! The desk: a hub in one life, a store, and a fleet that a test may overrule. Time jumps from event to event.

use std::collections::BTreeMap;

use sagaproof::adapter::{Bare, HubProcess};
use sagaproof::version::Version;
use sagaproof::version::hub::{Hub, HubSpawn};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Child, Condition, Control, Fleet, Record, Settings, System};
use sagaproof_sim::process::{Effect, Event, Expect, Process, Row, Spawn, Verdict, Write};
use sagaproof_sim::wire::{Headers, Method, Request, Response};
use sagaproof_tests::scenes::whole;

/// How long a commit or a read takes.
const STORE: Nanos = Nanos::millis(1);
/// How long a call takes.
const CALL: Nanos = Nanos::millis(20);

/// What a vendor does with a call.
pub(crate) enum Does {
    /// What it does.
    Its,
    /// It says this, and does nothing.
    Says(Response),
}

type Overrule = Box<dyn FnMut(System, &Request) -> Does>;

/// A hub at work.
pub(crate) struct Desk {
    spawn: HubSpawn<Bare>,
    process: HubProcess<Bare>,
    life: u64,
    rows: BTreeMap<String, (u64, Vec<u8>)>,
    fleet: Fleet,
    overrule: Overrule,
    pub(crate) now: Instant,
    wake: Option<Instant>,
    due: BTreeMap<(Instant, u64), Event>,
    number: u64,
    answers: BTreeMap<u64, Response>,
    /// Calls that left, with the time of their leaving.
    pub(crate) sent: Vec<(Instant, System, Request)>,
    /// Lines that were logged.
    pub(crate) logged: Vec<String>,
}

impl Desk {
    /// A hub that has started, and vendors that do as they do.
    pub(crate) fn new() -> Self {
        let spawn = Hub::shipped().spawn(&whole("create-one").terms(), 0, true);
        let mut desk = Self {
            process: spawn.spawn(0),
            spawn,
            life: 0,
            rows: BTreeMap::new(),
            fleet: Fleet::new(&Settings { limits: false, ..Settings::default() }),
            overrule: Box::new(|_, _| Does::Its),
            now: Instant::ZERO,
            wake: None,
            due: BTreeMap::new(),
            number: 0,
            answers: BTreeMap::new(),
            sent: Vec::new(),
            logged: Vec::new(),
        };
        desk.deliver(Event::Start);
        desk.pass(Nanos::secs(1));
        desk
    }

    /// A hub whose customers C1 and C2 are there, with all quiet and no call counted.
    pub(crate) fn with_two() -> Self {
        let mut desk = Self::new();
        for n in [1, 2] {
            assert_eq!(desk.ask(creation("/api/customers", n, &[])).status, 201);
        }
        desk.pass(Nanos::secs(60));
        desk.sent.clear();
        desk
    }

    /// From now on vendors do this.
    pub(crate) fn vendors(&mut self, overrule: impl FnMut(System, &Request) -> Does + 'static) {
        self.overrule = Box::new(overrule);
    }

    /// Something happens to a vendor from outside.
    pub(crate) fn touch(&mut self, system: System, control: &Control) {
        self.fleet.control(system, self.now, control);
    }

    /// Where live records bear the tag of this customer, and their given names.
    pub(crate) fn live(&self, cust_no: &str) -> Vec<(System, String)> {
        let records =
            System::VENDORS.map(|system| self.fleet.records(system).into_iter().map(move |one| (system, one)));
        let its = |record: &Record| {
            record.condition == Condition::Live && record.tag.as_ref().is_some_and(|tag| tag.cust_no == cust_no)
        };
        let first = |name: String| name.split(' ').next().unwrap_or_default().to_owned();
        let live = records.into_iter().flatten().filter(|(_, record)| its(record));
        live.map(|(system, record)| (system, first(record.given_name))).collect()
    }

    /// What belongs to records at this vendor.
    pub(crate) fn children(&self, system: System) -> Vec<Child> {
        self.fleet.children(system)
    }

    /// How many live records there are, whoever owns them.
    pub(crate) fn standing(&self, system: System) -> usize {
        self.fleet.records(system).iter().filter(|record| record.condition == Condition::Live).count()
    }

    /// The process dies and starts again; what its calls did stays done.
    pub(crate) fn crash(&mut self) {
        self.life += 1;
        self.process = self.spawn.spawn(self.life);
        self.due.clear();
        self.wake = None;
        self.deliver(Event::Start);
        self.pass(Nanos::millis(10));
    }

    /// The operator redrives what is parked.
    pub(crate) fn redrive(&mut self) {
        self.deliver(Event::Redrive);
    }

    /// Somebody makes this call at a vendor, and the hub knows nothing of it.
    pub(crate) fn by_hand(&mut self, to: System, request: &Request) -> Response {
        self.fleet.handle(to, self.now, request)
    }

    /// What the hub wants done on this request, before any of it is.
    pub(crate) fn effects(&mut self, request: Request) -> Vec<Effect> {
        let mut effects = Vec::new();
        let exchange = self.next_number();
        self.process.on_event(self.now, Event::Request { exchange, request }, &mut effects);
        effects
    }

    /// Sends a request. Its answer is asked for by this number.
    pub(crate) fn send(&mut self, request: Request) -> u64 {
        let exchange = self.next_number();
        self.deliver(Event::Request { exchange, request });
        exchange
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn ask(&mut self, request: Request) -> Response {
        let exchange = self.send(request);
        self.answer(exchange)
    }

    /// Waits for an answer.
    pub(crate) fn answer(&mut self, exchange: u64) -> Response {
        while !self.answers.contains_key(&exchange) {
            assert!(self.step(Instant::NEVER), "no answer ever comes");
        }
        self.answers[&exchange].clone()
    }

    /// The answer, if it has come by now.
    pub(crate) fn heard(&self, exchange: u64) -> Option<&Response> {
        self.answers.get(&exchange)
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, span: Nanos) {
        let until = self.now + span;
        while self.step(until) {}
        self.now = until;
    }

    /// Lets the next thing happen that is due by then.
    fn step(&mut self, until: Instant) -> bool {
        let first = self.due.first_key_value().map(|(key, _)| key.0);
        let wakes = self.wake.filter(|wake| first.is_none_or(|first| *wake <= first));
        let Some(at) = wakes.or(first).filter(|at| *at <= until) else { return false };
        self.now = self.now.max(at);
        if wakes.is_some() {
            self.wake = None;
            self.deliver(Event::Wake);
        } else if let Some((_, event)) = self.due.pop_first() {
            let event = self.take_effect(event);
            self.deliver(event);
        }
        true
    }

    /// Rows are read when the answer is due.
    fn take_effect(&self, event: Event) -> Event {
        match event {
            Event::Rows { read, rows } => {
                let prefix = rows[0].key.as_str();
                let found = self.rows.range(prefix.to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
                let row = |(key, (version, value)): (&String, &(u64, Vec<u8>))| Row {
                    key: key.clone(),
                    version: *version,
                    value: value.clone(),
                };
                Event::Rows { read, rows: found.map(row).collect() }
            }
            other => other,
        }
    }

    fn deliver(&mut self, event: Event) {
        let mut effects = Vec::new();
        self.process.on_event(self.now, event, &mut effects);
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Call { call, to, request, .. } => {
                let answer = Ok(self.vendor(to, &request));
                self.sent.push((self.now, to, request));
                self.after(CALL, Event::Answer { call, answer });
            }
            Effect::Answer { exchange, response } => {
                let before = self.answers.insert(exchange, response);
                assert!(before.is_none(), "answered twice");
            }
            Effect::Commit { commit, writes } => {
                let verdict = self.commit(writes);
                self.after(STORE, Event::Committed { commit, verdict });
            }
            Effect::Read { read, prefix } => {
                let asked = Row { key: prefix, version: 0, value: Vec::new() };
                self.after(STORE, Event::Rows { read, rows: vec![asked] });
            }
            Effect::Wake(at) => self.wake = at,
            Effect::Note(_) => {}
            Effect::Log(line) => self.logged.push(line),
        }
    }

    fn vendor(&mut self, to: System, request: &Request) -> Response {
        for system in System::VENDORS {
            while self.fleet.end_job(system, self.now).is_some() {}
        }
        match (self.overrule)(to, request) {
            Does::Its => self.fleet.handle(to, self.now, request),
            Does::Says(response) => response,
        }
    }

    fn commit(&mut self, writes: Vec<Write>) -> Verdict {
        let holds = |write: &Write| match write.expect {
            Expect::Any => true,
            Expect::Absent => !self.rows.contains_key(&write.key),
            Expect::Version(version) => self.rows.get(&write.key).is_some_and(|row| row.0 == version),
        };
        if !writes.iter().all(holds) {
            return Verdict::Conflict;
        }
        for Write { key, value, .. } in writes {
            match value {
                Some(value) => {
                    let version = self.rows.get(&key).map_or(1, |row| row.0 + 1);
                    self.rows.insert(key, (version, value));
                }
                None => drop(self.rows.remove(&key)),
            }
        }
        Verdict::Committed
    }

    fn after(&mut self, span: Nanos, event: Event) {
        let number = self.next_number();
        self.due.insert((self.now + span, number), event);
    }

    fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }
}

/// A request with these headers.
pub(crate) fn request(method: Method, target: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let mut block = Headers::new();
    headers.iter().for_each(|(name, value)| block.push(name, value));
    Request { method, target: target.to_owned(), headers: block, body: body.as_bytes().to_vec() }
}

/// The creation of a customer whose fields are told by this number.
pub(crate) fn creation(path: &str, n: u32, headers: &[(&str, &str)]) -> Request {
    let body = format!(
        r#"{{"cust_no":"C{n}","email":"secret{n}@x.test","given_name":"Zelda{n}","family_name":"Quux{n}","phone":"+8190000000{n}"}}"#
    );
    request(Method::Post, path, headers, &body)
}

/// A question.
pub(crate) fn get(target: &str) -> Request {
    request(Method::Get, target, &[], "")
}

/// A response's body as JSON.
pub(crate) fn json(response: &Response) -> serde_json::Value {
    serde_json::from_slice(&response.body).unwrap()
}

/// An answer that means *not now*, with these headers.
pub(crate) fn not_now(status: u16, headers: &[(&str, &str)]) -> Response {
    let mut response = Response::json(status, "{}");
    headers.iter().for_each(|(name, value)| response.headers.push(name, value));
    response
}

/// Whether a call is the creation of a record (a token is none).
pub(crate) fn creates(request: &Request) -> bool {
    request.method == Method::Post && !request.target.contains("oauth")
}
