//! What the choreographed and the two-phase orchestrator share: durable flows whose three services work side by side, each
//! call at least once, resumed after a crash. In what they differ is their [`Style`]. What a flow is made of stands in
//! `flow`, what clients ask in `door`; the vendors' dialects, the facade and the rows are `naive`'s.

mod door;
mod flow;

use std::collections::{BTreeMap, BTreeSet};

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::process::{Effect, Event, Expect, Note, Process, Row, Spawn, Verdict, Write};
use sagaproof_sim::wire::{Answer, Request};

use self::flow::{Ended, Flow, Kind, SERVICES, Stage, State, Writes};
use super::naive::customer::{Customer, PREFIX};
use super::naive::facade::Job;
use super::naive::vendor::{self, Call};
use super::{SeededCustomer, Version};
use crate::scenario::Terms;

/// In what the versions differ.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether a customer is locked while a flow is about it.
    pub(super) locks: bool,
    /// Whether services take back what they did when another one fails; else a flow only goes forward.
    pub(super) undoes: bool,
    /// How often a call is tried before it has failed.
    pub(super) attempts: u32,
}

/// After so long without an answer a call has failed, unless the scenario says otherwise.
const TIME_OUT: Nanos = Nanos::secs(1);

/// A failed call is tried again after this, then after twice as long, and so on up to eight times.
const PAUSE: Nanos = Nanos::millis(250);

/// A token is fetched anew when it would live for less than this.
const TOKEN_MARGIN: Nanos = Nanos::secs(10);

/// A version of this style, and what makes its processes.
#[derive(Debug, Clone, Copy)]
pub struct Relay {
    style: Style,
    time_out: Nanos,
}

impl Relay {
    /// The version of this style.
    #[must_use]
    pub const fn new(style: Style) -> Self {
        Self { style, time_out: TIME_OUT }
    }
}

impl Version for Relay {
    type Spawn = Self;

    fn spawn(&self, terms: &Terms, _: u64, _: bool) -> Self {
        Self { time_out: terms.policy.time_out.unwrap_or(TIME_OUT), ..*self }
    }

    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<Row> {
        customers.iter().map(|seeded| Customer::standing(seeded).row()).collect()
    }
}

impl Spawn for Relay {
    type Process = RelayNode;

    fn spawn(&self, life: u64) -> RelayNode {
        RelayNode {
            relay: *self,
            life,
            loaded: false,
            early: Vec::new(),
            customers: BTreeMap::new(),
            ended: BTreeMap::new(),
            flows: BTreeMap::new(),
            jobs: BTreeMap::new(),
            calls: BTreeMap::new(),
            commits: BTreeMap::new(),
            pauses: BTreeSet::new(),
            token: None,
            last: 0,
        }
    }
}

/// One life of such an orchestrator.
#[derive(Debug, Clone)]
pub struct RelayNode {
    relay: Relay,
    life: u64,
    /// Whether the rows are here.
    loaded: bool,
    /// Requests that came before they were.
    early: Vec<(u64, Request)>,
    customers: BTreeMap<String, Customer>,
    /// How flows ended that a client may ask for again, by its key.
    ended: BTreeMap<String, Ended>,
    flows: BTreeMap<u64, Flow>,
    jobs: BTreeMap<String, Job>,
    /// The calls that are out: whose they are.
    calls: BTreeMap<u64, (u64, usize, Call)>,
    /// The commits that are out: whose, and what is written.
    commits: BTreeMap<u64, (u64, Writes)>,
    /// Calls that are to be tried again: when, whose.
    pauses: BTreeSet<(Instant, u64, usize)>,
    token: Option<(String, Instant)>,
    last: u64,
}

impl Process for RelayNode {
    fn on_event(&mut self, now: Instant, event: Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Start => effects.push(Effect::Read { read: 0, prefix: String::new() }),
            Event::Rows { rows, .. } => self.load(now, &rows, effects),
            Event::Request { exchange, request } if self.loaded => self.take(exchange, &request, effects),
            Event::Request { exchange, request } => self.early.push((exchange, request)),
            Event::Answer { call, answer } => {
                if let Some((flow, service, call)) = self.calls.remove(&call) {
                    self.answered(now, (flow, service), call, &answer, effects);
                }
            }
            Event::Committed { commit, verdict } => {
                let Some((flow, writes)) = self.commits.remove(&commit) else { return };
                if verdict == Verdict::Committed {
                    self.go_on(now, flow, effects);
                } else {
                    self.commit(flow, writes, effects);
                }
            }
            Event::Wake => self.wake(now, effects),
            Event::Redrive => {
                let parked: Vec<u64> =
                    self.flows.iter().filter(|(_, flow)| flow.parked).map(|(number, _)| *number).collect();
                for number in parked {
                    if let Some(flow) = self.flows.get_mut(&number) {
                        flow.redrive();
                        effects.push(Effect::Note(Note::Redriven { saga: number }));
                    }
                    self.go_on(now, number, effects);
                }
            }
        }
    }

    fn feed(&self, _: Instant, _: &mut Fingerprint) -> bool {
        false
    }

    fn fork(&self) -> Option<Self> {
        Some(self.clone())
    }

    fn unfinished(&self) -> Option<(usize, usize)> {
        let parked = self.flows.values().filter(|flow| flow.parked).count();
        Some((self.flows.len() + self.early.len(), parked))
    }
}

impl RelayNode {
    fn load(&mut self, now: Instant, rows: &[Row], effects: &mut Vec<Effect>) {
        for row in rows {
            if row.key.starts_with(PREFIX) {
                self.customers.extend(Customer::of_row(row).map(|one| (one.cust_no.clone(), one)));
            } else if let Some(key) = row.key.strip_prefix(flow::KEYS) {
                self.ended.extend(serde_json::from_slice(&row.value).ok().map(|ended| (key.to_owned(), ended)));
            } else if let Ok(flow) = serde_json::from_slice::<Flow>(&row.value) {
                self.flows.insert(flow.number, flow);
            }
        }
        self.loaded = true;
        let resumed: Vec<u64> = self.flows.keys().copied().collect();
        resumed.into_iter().for_each(|flow| self.go_on(now, flow, effects));
        for (exchange, request) in std::mem::take(&mut self.early) {
            self.take(exchange, &request, effects);
        }
    }

    fn commit(&mut self, flow: u64, writes: Writes, effects: &mut Vec<Effect>) {
        self.last += 1;
        let write = |(key, value): &(String, Option<Vec<u8>>)| Write {
            key: key.clone(),
            expect: Expect::Any,
            value: value.clone(),
        };
        effects.push(Effect::Commit { commit: self.last, writes: writes.iter().map(write).collect() });
        self.commits.insert(self.last, (flow, writes));
    }

    /// Does what a flow's durable state asks for: calls that are not out, the next stage, or its end.
    fn go_on(&mut self, now: Instant, number: u64, effects: &mut Vec<Effect>) {
        let Some(flow) = self.flows.get(&number) else { return };
        if flow.stage == Stage::Ended {
            return self.end(number, effects);
        }
        if flow.parked || self.commits.values().any(|(flow, _)| *flow == number) {
            return;
        }
        for service in 0..SERVICES {
            let out = self.calls.values().any(|(flow, of, _)| (*flow, *of) == (number, service));
            let pausing = self.pauses.iter().any(|(_, flow, of)| (*flow, *of) == (number, service));
            if !out && !pausing {
                self.call_next(now, number, service, effects);
            }
        }
        self.join(number, effects);
    }

    /// Sends the next call of a service, if it has one.
    fn call_next(&mut self, now: Instant, number: u64, service: usize, effects: &mut Vec<Effect>) {
        let Some(flow) = self.flows.get_mut(&number) else { return };
        let Some(call) = flow.next_call(service) else { return };
        let token = self.token.as_ref().filter(|(_, until)| now < *until).map(|(token, _)| token.as_str());
        let call = if call.needs_token() && token.is_none() { Call::Token } else { call };
        let (request, note) = flow.send(service, call, token.unwrap_or_default());
        self.last += 1;
        effects.push(Effect::Call {
            call: self.last,
            to: call.to(),
            request,
            time_out: self.relay.time_out,
            not_after: Instant::NEVER,
            note,
        });
        self.calls.insert(self.last, (number, service, call));
    }

    /// A vendor answered a service, or did not.
    fn answered(
        &mut self,
        now: Instant,
        (number, service): (u64, usize),
        call: Call,
        answer: &Answer,
        effects: &mut Vec<Effect>,
    ) {
        let Some(flow) = self.flows.get_mut(&number) else { return };
        let status = answer.as_ref().map_or(0, |response| response.status);
        let gone = status == 404 && call.deletes();
        let body = answer.as_ref().map_or(&[][..], |response| response.body.as_slice());
        match status {
            200..300 if call == Call::Token => match vendor::token(body) {
                Some((token, seconds)) => {
                    self.token = Some((token, now + (Nanos::secs(seconds) - TOKEN_MARGIN)));
                    self.call_next(now, number, service, effects);
                }
                None => self.failed(now, (number, service), false, effects),
            },
            200..300 if gone || flow.learn(service, call, body) => self.stepped(now, (number, service), effects),
            404 if gone => self.stepped(now, (number, service), effects),
            422 if call == Call::CommerceDelete => {
                flow.blank_instead();
                self.call_next(now, number, service, effects);
            }
            401 => {
                self.token = None;
                self.failed(now, (number, service), false, effects);
            }
            400 | 403 | 404 | 409 | 422 if call != Call::Token => self.failed(now, (number, service), true, effects),
            _ => self.failed(now, (number, service), false, effects),
        }
    }

    fn stepped(&mut self, now: Instant, (number, service): (u64, usize), effects: &mut Vec<Effect>) {
        let Some(flow) = self.flows.get_mut(&number) else { return };
        if flow.step(service) {
            let row = flow.row();
            self.commit(number, vec![row], effects);
        } else {
            self.call_next(now, number, service, effects);
        }
    }

    /// A call failed: it is tried again after a pause, or its service has failed.
    fn failed(&mut self, now: Instant, (number, service): (u64, usize), refused: bool, effects: &mut Vec<Effect>) {
        let Some(flow) = self.flows.get_mut(&number) else { return };
        let tries = flow.tries(service);
        if !refused && tries < self.relay.style.attempts {
            let at = now + PAUSE.times(1 << tries.min(3));
            self.pauses.insert((at, number, service));
            return self.set_wake(effects);
        }
        if flow.stage == Stage::Working && self.relay.style.undoes && flow.kind != Kind::Close {
            flow.services[service] = State::Failed { refused };
            let row = flow.row();
            return self.commit(number, vec![row], effects);
        }
        // It can neither go on nor back.
        flow.parked = true;
        let step = service as u8;
        effects.push(Effect::Note(Note::Parked { saga: number, step, attempts: tries, refused }));
    }

    /// Whether all services are where the next stage begins; then it does.
    fn join(&mut self, number: u64, effects: &mut Vec<Effect>) {
        let Some(flow) = self.flows.get_mut(&number) else { return };
        let writes = match flow.stage {
            Stage::Working if flow.all(|state| state == State::Done) => {
                effects.push(Effect::Note(Note::Pivoted { saga: number }));
                flow.succeed()
            }
            Stage::Working if flow.all(State::is_settled) => {
                effects.push(Effect::Note(Note::Aborted { saga: number }));
                flow.abort()
            }
            Stage::Undoing if flow.all(|state| state == State::Undone) => flow.give_up(),
            _ => return,
        };
        self.commit(number, writes, effects);
    }

    /// A flow has ended, durably: its clients are told, and the new customer gets the welcome message.
    fn end(&mut self, number: u64, effects: &mut Vec<Effect>) {
        let Some(flow) = self.flows.remove(&number) else { return };
        let ended = flow.ended();
        if ended.status < 300 {
            match flow.kind {
                Kind::Close => self.customers.remove(&flow.customer.cust_no),
                _ => self.customers.insert(flow.customer.cust_no.clone(), flow.customer.clone()),
            };
        }
        for exchange in &flow.callers {
            effects.push(Effect::Answer { exchange: *exchange, response: ended.answer() });
        }
        if let Some(job) = flow.job.as_ref().and_then(|id| self.jobs.get_mut(id)) {
            job.status = if ended.status < 300 { "SUCCEEDED" } else { "FAILED" };
            job.last_error = (ended.status >= 300).then(|| ended.status.to_string());
        }
        if flow.kind == Kind::Create && ended.status < 300 {
            self.last += 1;
            effects.push(flow.welcome(self.last, self.relay.time_out));
        }
        if !flow.key.is_empty() {
            self.ended.insert(flow.key.clone(), ended);
        }
        effects.push(Effect::Note(Note::Ended { saga: number }));
    }

    fn wake(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let due: Vec<(Instant, u64, usize)> = self.pauses.iter().copied().take_while(|(at, ..)| *at <= now).collect();
        for pause in due {
            self.pauses.remove(&pause);
            self.call_next(now, pause.1, pause.2, effects);
        }
        self.set_wake(effects);
    }

    fn set_wake(&self, effects: &mut Vec<Effect>) {
        effects.push(Effect::Wake(self.pauses.iter().next().map(|(at, ..)| *at)));
    }
}
