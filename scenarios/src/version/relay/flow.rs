//! A flow: what a client wants, how far each service is, and how it ended. It is one row of the store until it ends.

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::process::{CallNote, Direction, Effect, Note};
use sagaproof_sim::wire::{Request, Response};
use serde::{Deserialize, Serialize};

use crate::version::naive::customer::Customer;
use crate::version::naive::facade;
use crate::version::naive::vendor::{self, Call, Emails, Subject};

/// Commerce, support, identity.
pub(super) const SERVICES: usize = 3;

/// What the keys of clients' keys begin with.
pub(super) const KEYS: &str = "key/";

/// What a commit writes: keys, and values; none removes the row.
pub(super) type Writes = Vec<(String, Option<Vec<u8>>)>;

/// What a client wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Create,
    /// An update that leaves the e-mail as it is.
    Update,
    UpdateEmail,
    Close,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update | Self::UpdateEmail => "update",
            Self::Close => "close",
        }
    }

    /// What a service calls, on the way forward or back.
    const fn calls(self, service: usize, back: bool) -> &'static [Call] {
        match (self, service, back) {
            (Self::Create, 0, false) => &[Call::CommerceCreate],
            (Self::Create, 1, false) => &[Call::SupportCreate],
            (Self::Create, _, false) => &[Call::IdentityCreate],
            (Self::Close, 0, _) | (Self::Create, 0, true) => &[Call::CommerceDelete],
            (Self::Close, 1, _) | (Self::Create, 1, true) => &[Call::SupportDelete, Call::SupportPurge],
            (Self::Close, ..) | (Self::Create, _, true) => &[Call::IdentityDelete],
            (_, 0, _) => &[Call::CommerceUpdate],
            (Self::Update, 1, _) => &[Call::SupportUpdate],
            (Self::UpdateEmail, 1, _) => {
                &[Call::SupportUpdate, Call::SupportEmails, Call::SupportPromote, Call::SupportDrop]
            }
            (Self::Update | Self::UpdateEmail, ..) => &[Call::IdentityUpdate],
        }
    }
}

/// How far a flow is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    Working,
    Undoing,
    /// Its end is written.
    Ended,
}

/// How far a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    Going,
    Done,
    Failed { refused: bool },
    Undoing,
    Undone,
}

impl State {
    /// Whether it has done its part, or will not.
    pub(super) const fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::Failed { .. })
    }
}

/// How a flow ended, for whoever asks again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ended {
    pub(super) status: u16,
    customer: Customer,
}

impl Ended {
    /// What its client is told.
    pub(super) fn answer(&self) -> Response {
        match self.status {
            204 => facade::done(),
            200..300 => facade::show(self.status, &self.customer),
            409 => facade::problem(409, "a vendor refused"),
            _ => facade::problem(502, "a vendor failed"),
        }
    }
}

/// A flow.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Flow {
    pub(super) number: u64,
    pub(super) kind: Kind,
    pub(super) customer: Customer,
    before: Option<Customer>,
    pub(super) key: String,
    correlation: String,
    pub(super) stage: Stage,
    pub(super) services: [State; SERVICES],
    /// Whether an answer told that commerce does not delete.
    blanks: bool,
    /// Of each service in this life: how many of its calls are done, and how often the next was tried.
    #[serde(skip)]
    places: [(usize, u32); SERVICES],
    #[serde(skip)]
    emails: Option<(String, String)>,
    /// The exchanges that wait for its end.
    #[serde(skip)]
    pub(super) callers: Vec<u64>,
    #[serde(skip)]
    pub(super) job: Option<String>,
    #[serde(skip)]
    pub(super) parked: bool,
}

impl Flow {
    pub(super) fn new(number: u64, kind: Kind, customer: Customer, before: Option<Customer>, asked: &Request) -> Self {
        let header = |name| asked.headers.get(name).unwrap_or_default().to_owned();
        let correlation = Some(header("x-correlation-id")).filter(|id| !id.is_empty());
        Self {
            number,
            kind,
            customer,
            before,
            key: header("idempotency-key"),
            correlation: correlation.unwrap_or_else(|| format!("flow-{number}")),
            stage: Stage::Working,
            services: [State::Going; SERVICES],
            blanks: false,
            places: [(0, 0); SERVICES],
            emails: None,
            callers: Vec::new(),
            job: None,
            parked: false,
        }
    }

    pub(super) fn began(&self) -> Note {
        Note::Began { saga: self.number, kind: self.kind.name(), correlation: self.correlation.clone() }
    }

    /// Its row.
    pub(super) fn row(&self) -> (String, Option<Vec<u8>>) {
        (self.row_key(), serde_json::to_vec(self).ok())
    }

    fn row_key(&self) -> String {
        format!("flow/{}", self.number)
    }

    /// Whether it is about this customer, or about somebody with the same e-mail.
    pub(super) fn concerns(&self, customer: &Customer) -> bool {
        let emails = [Some(&self.customer.email), self.before.as_ref().map(|before| &before.email)];
        self.customer.cust_no == customer.cust_no || emails.contains(&Some(&customer.email))
    }

    pub(super) fn all(&self, holds: impl Fn(State) -> bool) -> bool {
        self.services.iter().all(|state| holds(*state))
    }

    /// The next call of a service; none where it has nothing to do.
    pub(super) fn next_call(&mut self, service: usize) -> Option<Call> {
        let back = match self.services[service] {
            State::Going => false,
            State::Undoing => true,
            State::Done | State::Failed { .. } | State::Undone => return None,
        };
        let call = *self.kind.calls(service, back).get(self.places[service].0)?;
        Some(if call == Call::CommerceDelete && self.blanks { Call::CommerceBlank } else { call })
    }

    /// Commerce refused to delete: it is blanked.
    pub(super) const fn blank_instead(&mut self) {
        self.blanks = true;
    }

    /// A call of a service, counted, and the journal's word on it; none on a token, which is nobody's.
    pub(super) fn send(&mut self, service: usize, call: Call, token: &str) -> (Request, Option<CallNote>) {
        let back = self.services[service] == State::Undoing;
        let customer = self.before.as_ref().filter(|_| back && self.kind != Kind::Create).unwrap_or(&self.customer);
        let emails = self.emails.clone().map(|(wanted, former)| Emails { wanted, former }).unwrap_or_default();
        let mut request = call.request(&Subject { customer, emails: &emails, token });
        request.headers.push("x-correlation-id", &self.correlation);
        let mut print = Fingerprint::default();
        print.bytes(self.correlation.as_bytes());
        let trace = print.finish();
        print.number(self.number);
        let traceparent = format!("00-{trace:016x}{:016x}-{:016x}-01", print.finish(), trace | 1);
        request.headers.push("traceparent", &traceparent);
        let (place, tries) = &mut self.places[service];
        *tries += 1;
        let mut key = Fingerprint::default();
        for part in [self.number, service as u64, *place as u64, u64::from(back), call as u64] {
            key.number(part);
        }
        let note = CallNote {
            saga: self.number,
            step: service as u8,
            direction: if back { Direction::Compensate } else { Direction::Forward },
            mutating: request.method.may_write(),
            attempt: *tries,
            key: if request.method.may_write() { key.finish() } else { 0 },
        };
        (request, (call != Call::Token).then_some(note))
    }

    /// How often the next call of a service was tried.
    pub(super) const fn tries(&self, service: usize) -> u32 {
        self.places[service].1
    }

    /// Keeps what later calls need from a success; whether it could be read.
    pub(super) fn learn(&mut self, service: usize, call: Call, body: &[u8]) -> bool {
        let ids = &mut self.customer.ids;
        let keep = |id: &mut String, found: Option<String>| found.map(|found| *id = found).is_some();
        match call {
            Call::CommerceCreate => keep(&mut ids.commerce, vendor::commerce_id(body)),
            Call::SupportCreate => keep(&mut ids.support, vendor::support_id(body)),
            Call::IdentityCreate => keep(&mut ids.identity, vendor::identity_id(body)),
            Call::SupportEmails => {
                let back = self.services[service] == State::Undoing;
                let customer = self.before.as_ref().filter(|_| back).unwrap_or(&self.customer);
                let found = vendor::emails(body, &customer.email);
                self.emails = found.map(|Emails { wanted, former }| (wanted, former));
                self.emails.is_some()
            }
            _ => true,
        }
    }

    /// A call of a service is done; whether that was its last.
    pub(super) fn step(&mut self, service: usize) -> bool {
        let back = self.services[service] == State::Undoing;
        let (place, tries) = &mut self.places[service];
        (*place, *tries) = (*place + 1, 0);
        let last = *place == self.kind.calls(service, back).len();
        if last {
            self.services[service] = if back { State::Undone } else { State::Done };
        }
        last
    }

    /// All services have done their part: the primary row is written, and the flow ends.
    pub(super) fn succeed(&mut self) -> Writes {
        let value = (self.kind != Kind::Close).then(|| self.customer.value());
        let mut writes = self.last_writes();
        writes.push((self.customer.key(), value));
        writes
    }

    /// A service has failed: whoever may have done something takes it back.
    pub(super) fn abort(&mut self) -> Writes {
        self.stage = Stage::Undoing;
        self.places = [(0, 0); SERVICES];
        let ids = &self.customer.ids;
        let known = [&ids.commerce, &ids.support, &ids.identity].map(|id| !id.is_empty());
        for (state, known) in self.services.iter_mut().zip(known) {
            let untouched = matches!(state, State::Failed { refused: true }) && self.kind == Kind::Create;
            // What was created and never told its id cannot be found again.
            *state = match (untouched, known) {
                (false, true) => State::Undoing,
                _ => State::Undone,
            };
        }
        vec![self.row()]
    }

    /// Everything that could be taken back has been.
    pub(super) fn give_up(&mut self) -> Writes {
        self.last_writes()
    }

    /// What ends a flow: its row goes, and its client's key keeps the answer.
    fn last_writes(&mut self) -> Writes {
        let ended = self.ended();
        self.stage = Stage::Ended;
        let mut writes = vec![(self.row_key(), None)];
        if !self.key.is_empty() {
            writes.push(([KEYS, &self.key].concat(), serde_json::to_vec(&ended).ok()));
        }
        writes
    }

    /// How it ends.
    pub(super) fn ended(&self) -> Ended {
        let status = match (self.all(|state| state == State::Done), self.kind) {
            (true, Kind::Create) => 201,
            (true, Kind::Update | Kind::UpdateEmail) => 200,
            (true, Kind::Close) => 204,
            (false, _) => 409,
        };
        Ended { status, customer: self.customer.clone() }
    }

    /// The operator wants it tried again.
    pub(super) fn redrive(&mut self) {
        self.parked = false;
        self.places.iter_mut().for_each(|(_, tries)| *tries = 0);
    }

    /// The welcome message; nobody waits for its answer.
    pub(super) fn welcome(&self, call: u64, time_out: Nanos) -> Effect {
        let subject = Subject { customer: &self.customer, emails: &Emails::default(), token: "" };
        let mut request = Call::Welcome.request(&subject);
        request.headers.push("x-correlation-id", &self.correlation);
        Effect::Call { call, to: Call::Welcome.to(), request, time_out, not_after: Instant::NEVER, note: None }
    }
}
