//! The naive orchestrator: what most integrations are today. It calls the vendors in order and answers 201 when all
//! of them said yes. No journal, no idempotency keys, no retries, no compensation; a crash forgets what was under way.
//!
//! Dialects are `vendor`'s, the facade is `facade`'s, rows are `customer`'s; the order of the calls stands here.

pub(super) mod customer;
pub(super) mod facade;
pub(super) mod vendor;

use std::collections::BTreeMap;

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::process::{Effect, Event, Expect, Process, Row, Spawn, Verdict, Write};
use sagaproof_sim::wire::{Answer, Request, Response};

use self::customer::{Customer, PREFIX};
use self::facade::{Job, Wanted};
use self::vendor::{Call, Emails, Subject};
use super::{SeededCustomer, Version};
use crate::scenario::Terms;

/// Its name.
pub const NAME: &str = "naive";

/// What it is, in one sentence.
pub const SUMMARY: &str =
    "Calls the vendors in order: no journal, no keys, no compensation; what most integrations are today.";

/// After so long without an answer a vendor has failed, unless the scenario says otherwise.
const TIME_OUT: Nanos = Nanos::secs(1);

/// A token is fetched anew when it would live for less than this.
const TOKEN_MARGIN: Nanos = Nanos::secs(10);

/// The version, and what makes its processes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Naive {
    time_out: Nanos,
}

impl Version for Naive {
    type Spawn = Self;

    fn spawn(&self, terms: &Terms, _: u64, _: bool) -> Self {
        Self { time_out: terms.policy.time_out.unwrap_or(TIME_OUT) }
    }

    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<Row> {
        customers.iter().map(|seeded| Customer::standing(seeded).row()).collect()
    }
}

impl Spawn for Naive {
    type Process = NaiveNode;

    fn spawn(&self, life: u64) -> NaiveNode {
        NaiveNode { life, time_out: self.time_out, ..NaiveNode::default() }
    }
}

/// One life of a naive orchestrator.
#[derive(Debug, Clone, Default)]
pub struct NaiveNode {
    life: u64,
    time_out: Nanos,
    customers: BTreeMap<String, Customer>,
    /// Whether the rows are here.
    loaded: bool,
    /// Requests that came before they were.
    early: Vec<(u64, Request)>,
    jobs: BTreeMap<String, Job>,
    /// Work under way, by the number of the call or commit that it waits for.
    under_way: BTreeMap<u64, Work>,
    token: Option<(String, Instant)>,
    last: u64,
}

/// What is done for one request.
#[derive(Debug, Clone)]
struct Work {
    kind: Kind,
    caller: Caller,
    customer: Customer,
    emails: Emails,
    /// How many of the kind's steps are done.
    step: usize,
    /// The call that is out, where one is.
    calling: Option<Call>,
}

/// Who waits for it.
#[derive(Debug, Clone)]
enum Caller {
    Exchange(u64),
    Job(String),
    /// It was told already.
    Nobody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Create,
    /// An update that leaves the e-mail as it is.
    Update,
    UpdateEmail,
    Close,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Call(Call),
    /// Writes the primary row, and then answers the client.
    Save,
}

impl Kind {
    const fn steps(self) -> &'static [Step] {
        use Step::{Call as Do, Save};
        match self {
            Self::Create => {
                &[Do(Call::CommerceCreate), Do(Call::SupportCreate), Do(Call::IdentityCreate), Save, Do(Call::Welcome)]
            }
            Self::Update => &[Do(Call::CommerceUpdate), Do(Call::SupportUpdate), Do(Call::IdentityUpdate), Save],
            Self::UpdateEmail => &[
                Do(Call::CommerceUpdate),
                Do(Call::SupportUpdate),
                Do(Call::SupportEmails),
                Do(Call::SupportPromote),
                Do(Call::SupportDrop),
                Do(Call::IdentityUpdate),
                Save,
            ],
            Self::Close => &[
                Do(Call::CommerceDelete),
                Do(Call::SupportDelete),
                Do(Call::SupportPurge),
                Do(Call::IdentityDelete),
                Save,
            ],
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update | Self::UpdateEmail => "update",
            Self::Close => "close",
        }
    }
}

impl Process for NaiveNode {
    fn on_event(&mut self, now: Instant, event: Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Start => effects.push(Effect::Read { read: 0, prefix: PREFIX.to_owned() }),
            Event::Rows { rows, .. } => self.load(now, &rows, effects),
            Event::Request { exchange, request } if self.loaded => self.take(now, exchange, &request, effects),
            Event::Request { exchange, request } => self.early.push((exchange, request)),
            Event::Answer { call, answer } => {
                if let Some(work) = self.under_way.remove(&call) {
                    self.answered(now, work, &answer, effects);
                }
            }
            Event::Committed { commit, verdict } => {
                if let Some(work) = self.under_way.remove(&commit) {
                    self.saved(now, work, verdict, effects);
                }
            }
            Event::Wake | Event::Redrive => {}
        }
    }

    fn feed(&self, _now: Instant, _print: &mut Fingerprint) -> bool {
        false
    }

    fn fork(&self) -> Option<Self> {
        Some(self.clone())
    }

    fn unfinished(&self) -> Option<(usize, usize)> {
        Some((self.under_way.len() + self.early.len(), 0))
    }
}

impl NaiveNode {
    fn load(&mut self, now: Instant, rows: &[Row], effects: &mut Vec<Effect>) {
        self.customers = rows.iter().filter_map(Customer::of_row).map(|one| (one.cust_no.clone(), one)).collect();
        self.loaded = true;
        for (exchange, request) in std::mem::take(&mut self.early) {
            self.take(now, exchange, &request, effects);
        }
    }

    /// Takes a client's request in.
    fn take(&mut self, now: Instant, exchange: u64, request: &Request, effects: &mut Vec<Effect>) {
        let begun = match Wanted::of(request) {
            Wanted::Create { background } => {
                facade::created(request, &self.customers).map(|customer| ((Kind::Create, customer), background))
            }
            Wanted::Update { cust_no, background } => self.update(cust_no, request).map(|begun| (begun, background)),
            Wanted::Close { cust_no, background } => {
                self.customer(cust_no).map(|customer| ((Kind::Close, customer), background))
            }
            Wanted::Read { cust_no } => Err(self.customer(cust_no).map_or_else(|no| no, |one| facade::show(200, &one))),
            Wanted::Job { id } => Err(self.jobs.get(id).map_or_else(|| facade::problem(404, "no such job"), Job::show)),
            Wanted::NoNumber => Err(facade::no_number()),
            Wanted::Nothing => Err(facade::problem(404, "no such resource")),
        };
        match begun {
            Ok(((kind, customer), background)) => {
                let mut caller = Caller::Exchange(exchange);
                if background {
                    self.last += 1;
                    let job = Job::begun(format!("{}-{}", self.life, self.last), kind.name(), request);
                    effects.push(Effect::Answer { exchange, response: job.accepted() });
                    caller = Caller::Job(job.job_id.clone());
                    self.jobs.insert(job.job_id.clone(), job);
                }
                let work = Work { kind, caller, customer, emails: Emails::default(), step: 0, calling: None };
                self.go_on(now, work, effects);
            }
            Err(response) => effects.push(Effect::Answer { exchange, response }),
        }
    }

    fn update(&self, cust_no: &str, request: &Request) -> Result<(Kind, Customer), Response> {
        let before = self.customer(cust_no)?;
        let after = facade::updated(request, &before)?;
        Ok((if after.email == before.email { Kind::Update } else { Kind::UpdateEmail }, after))
    }

    fn customer(&self, cust_no: &str) -> Result<Customer, Response> {
        self.customers.get(cust_no).cloned().ok_or_else(|| facade::problem(404, "no such customer"))
    }

    /// Does the next step, or ends.
    fn go_on(&mut self, now: Instant, mut work: Work, effects: &mut Vec<Effect>) {
        match work.kind.steps().get(work.step) {
            None => {}
            Some(Step::Save) => {
                self.last += 1;
                let value = (work.kind != Kind::Close).then(|| work.customer.value());
                let writes = vec![Write { key: work.customer.key(), expect: Expect::Any, value }];
                effects.push(Effect::Commit { commit: self.last, writes });
                work.calling = None;
                self.under_way.insert(self.last, work);
            }
            Some(Step::Call(call)) => {
                let token = self.token.as_ref().filter(|(_, until)| now < *until).map(|(token, _)| token.as_str());
                let call = if call.needs_token() && token.is_none() { Call::Token } else { *call };
                self.call(call, work, effects);
            }
        }
    }

    fn call(&mut self, call: Call, mut work: Work, effects: &mut Vec<Effect>) {
        let token = self.token.as_ref().map_or("", |(token, _)| token);
        let request = call.request(&Subject { customer: &work.customer, emails: &work.emails, token });
        self.last += 1;
        effects.push(Effect::Call {
            call: self.last,
            to: call.to(),
            request,
            time_out: self.time_out,
            not_after: Instant::NEVER,
            note: None,
        });
        work.calling = Some(call);
        self.under_way.insert(self.last, work);
    }

    /// A vendor answered, or did not.
    fn answered(&mut self, now: Instant, mut work: Work, answer: &Answer, effects: &mut Vec<Effect>) {
        let Some(call) = work.calling else { return };
        match answer {
            Ok(response) if (200..300).contains(&response.status) => {
                if self.learn(now, call, &mut work, &response.body).is_none() {
                    return self.fail(work, 502, "a vendor's answer could not be read", effects);
                }
                work.step += usize::from(call != Call::Token);
                self.go_on(now, work, effects);
            }
            // A shop keeps its customers who have ordered.
            Ok(response) if response.status == 422 && call == Call::CommerceDelete => {
                self.call(Call::CommerceBlank, work, effects);
            }
            Ok(response) if matches!(response.status, 409 | 422) => {
                self.fail(work, 409, "a vendor refused", effects);
            }
            Ok(_) => self.fail(work, 502, "a vendor failed", effects),
            Err(_) => self.fail(work, 504, "a vendor did not answer", effects),
        }
    }

    /// Keeps what later steps need from an answer; `None` where it is not there.
    fn learn(&mut self, now: Instant, call: Call, work: &mut Work, body: &[u8]) -> Option<()> {
        match call {
            Call::Token => {
                let (token, seconds) = vendor::token(body)?;
                self.token = Some((token, now + (Nanos::secs(seconds) - TOKEN_MARGIN)));
            }
            Call::CommerceCreate => work.customer.ids.commerce = vendor::commerce_id(body)?,
            Call::SupportCreate => work.customer.ids.support = vendor::support_id(body)?,
            Call::IdentityCreate => work.customer.ids.identity = vendor::identity_id(body)?,
            Call::SupportEmails => work.emails = vendor::emails(body, &work.customer.email)?,
            _ => {}
        }
        Some(())
    }

    /// The primary row was written, or not.
    fn saved(&mut self, now: Instant, mut work: Work, verdict: Verdict, effects: &mut Vec<Effect>) {
        if verdict != Verdict::Committed {
            return self.fail(work, 500, "the database failed", effects);
        }
        let customer = work.customer.clone();
        let response = match work.kind {
            Kind::Create => facade::show(201, &customer),
            Kind::Update | Kind::UpdateEmail => facade::show(200, &customer),
            Kind::Close => facade::done(),
        };
        if work.kind == Kind::Close {
            self.customers.remove(&customer.cust_no);
        } else {
            self.customers.insert(customer.cust_no.clone(), customer);
        }
        self.tell(&mut work, response, effects);
        work.step += 1;
        self.go_on(now, work, effects);
    }

    fn fail(&mut self, mut work: Work, status: u16, why: &str, effects: &mut Vec<Effect>) {
        self.tell(&mut work, facade::problem(status, why), effects);
    }

    /// Tells whoever waits, once.
    fn tell(&mut self, work: &mut Work, response: Response, effects: &mut Vec<Effect>) {
        match std::mem::replace(&mut work.caller, Caller::Nobody) {
            Caller::Exchange(exchange) => effects.push(Effect::Answer { exchange, response }),
            Caller::Job(id) => {
                if let Some(job) = self.jobs.get_mut(&id) {
                    job.status = if response.status < 300 { "SUCCEEDED" } else { "FAILED" };
                    job.last_error = (response.status >= 300).then(|| response.status.to_string());
                }
            }
            Caller::Nobody => {}
        }
    }
}
