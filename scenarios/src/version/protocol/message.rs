//! What the world says to a program: an event and the moment of it, a line each.

use std::borrow::Cow;
use std::ops::Not;

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::process::{self, Verdict};
use sagaproof_sim::wire::CallError;
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::parts::{Read, Request, Response, Row};
use crate::operation;
use crate::scenario::{Deployment, PolicyOverrides, Terms};
use crate::version::SeededCustomer;

/// A message that was read.
#[derive(Debug)]
pub struct Message {
    /// The moment.
    pub now: Instant,
    /// What happens.
    pub what: What,
}

/// What happens to a program.
#[derive(Debug)]
pub enum What {
    /// Before a world begins: these customers stand everywhere already, and their rows are to be written.
    Prepare(Vec<SeededCustomer>),
    /// A life begins.
    Start(Start),
    /// Anything else; never [`process::Event::Start`].
    Event(process::Event),
}

/// What a life is told at its start.
#[derive(Debug, Clone)]
pub struct Start {
    /// Its number, from 0 in every world.
    pub life: u64,
    /// The world's seed.
    pub seed: u64,
    /// Whether somebody will read what it logs.
    pub logs: bool,
    /// The terms of its world.
    pub terms: Terms,
    /// Its disk: every row, in order of the keys.
    pub rows: Vec<process::Row>,
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    now: u64,
    event: Event<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Event<'a> {
    Prepare {
        protocol: u32,
        customers: Vec<Standing<'a>>,
    },
    Start(Box<Opening<'a>>),
    Request {
        exchange: u64,
        request: Request<'a>,
    },
    Answer {
        call: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        response: Option<Response<'a>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<CallError>,
    },
    Committed {
        commit: u64,
        verdict: Verdict,
    },
    Rows {
        read: u64,
        rows: Vec<Row<'a>>,
    },
    Wake {},
    Redrive {},
}

#[derive(Serialize, Deserialize)]
struct Standing<'a> {
    cust_no: Cow<'a, str>,
    email: Cow<'a, str>,
    given_name: Cow<'a, str>,
    family_name: Cow<'a, str>,
    phone: Option<Cow<'a, str>>,
    /// The ids of its records at the vendors.
    commerce: Cow<'a, str>,
    support: Cow<'a, str>,
    identity: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "is_zero")]
    loyalty_points: u64,
}

#[derive(Serialize, Deserialize)]
struct Opening<'a> {
    protocol: u32,
    life: u64,
    seed: u64,
    logs: bool,
    horizon: Nanos,
    index_lag: Nanos,
    #[serde(default)]
    job_time: Nanos,
    #[serde(default, skip_serializing_if = "Not::not")]
    clocks: bool,
    policy: Policy,
    #[serde(skip_deserializing)]
    credentials: Login,
    rows: Vec<Row<'a>>,
}

/// What the scenario wants otherwise; what it leaves to the orchestrator is absent.
#[derive(Serialize, Deserialize)]
struct Policy {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_out: Option<Nanos>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    compensation_attempts: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    backoff_base: Option<Nanos>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    backoff_cap: Option<Nanos>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sync_wait: Option<Nanos>,
}

/// What the simulated vendors let in; the same in every world, so whoever is built in knows it.
#[derive(Serialize)]
struct Login {
    commerce_token: &'static str,
    support_email: &'static str,
    support_token: &'static str,
    identity_domain: &'static str,
    identity_audience: &'static str,
    identity_client_id: &'static str,
    identity_client_secret: &'static str,
    messaging_token: &'static str,
}

impl Default for Login {
    fn default() -> Self {
        let fleet = Credentials::SIMULATION;
        Self {
            commerce_token: fleet.commerce_token,
            support_email: fleet.support_email,
            support_token: fleet.support_token,
            identity_domain: fleet.identity_domain,
            identity_audience: fleet.identity_audience,
            identity_client_id: fleet.identity_client_id,
            identity_client_secret: fleet.identity_client_secret,
            messaging_token: fleet.messaging_token,
        }
    }
}

/// The line that asks for the rows of customers who stand everywhere before the world begins.
#[must_use]
pub fn prepare_line(customers: &[SeededCustomer]) -> String {
    let customers = customers.iter().map(Standing::of).collect();
    line(Instant::ZERO, Event::Prepare { protocol: VERSION, customers })
}

/// The line that begins a life.
#[must_use]
pub fn start_line(now: Instant, start: &Start) -> String {
    let Start { life, seed, logs, terms, rows } = start;
    let opening = Opening {
        protocol: VERSION,
        life: *life,
        seed: *seed,
        logs: *logs,
        horizon: terms.horizon,
        index_lag: terms.index_lag,
        job_time: terms.job_time,
        clocks: terms.clocks,
        policy: Policy::of(&terms.policy),
        credentials: Login::default(),
        rows: rows.iter().map(row).collect(),
    };
    line(now, Event::Start(Box::new(opening)))
}

/// The line of any event after the start; `None` for [`process::Event::Start`], which [`start_line`] tells.
#[must_use]
pub fn event_line(now: Instant, event: &process::Event) -> Option<String> {
    let event = match event {
        process::Event::Start => return None,
        process::Event::Request { exchange, request } => {
            Event::Request { exchange: *exchange, request: Request::of(request) }
        }
        process::Event::Answer { call, answer: Ok(response) } => {
            Event::Answer { call: *call, response: Some(Response::of(response)), error: None }
        }
        process::Event::Answer { call, answer: Err(error) } => {
            Event::Answer { call: *call, response: None, error: Some(*error) }
        }
        process::Event::Committed { commit, verdict } => Event::Committed { commit: *commit, verdict: *verdict },
        process::Event::Rows { read, rows } => Event::Rows { read: *read, rows: rows.iter().map(row).collect() },
        process::Event::Wake => Event::Wake {},
        process::Event::Redrive => Event::Redrive {},
    };
    Some(line(now, event))
}

fn line(now: Instant, event: Event<'_>) -> String {
    // Writing plain data into memory cannot fail.
    serde_json::to_string(&Line { now: now.0, event }).unwrap_or_default()
}

fn row(row: &process::Row) -> Row<'_> {
    Row::of(&row.key, row.version, &row.value)
}

impl Message {
    /// Reads a line. Fields that nobody here knows are left alone: a later sagaproof may say more.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(line: &[u8]) -> Result<Self, String> {
        let Line { now, event } = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        Ok(Self { now: Instant(now), what: event.read()? })
    }
}

impl Event<'_> {
    fn read(self) -> Read<What> {
        let event = match self {
            Self::Prepare { protocol, customers } => {
                spoken(protocol)?;
                return Ok(What::Prepare(customers.into_iter().map(Standing::read).collect()));
            }
            Self::Start(opening) => {
                spoken(opening.protocol)?;
                return opening.read().map(What::Start);
            }
            Self::Request { exchange, request } => process::Event::Request { exchange, request: request.read()? },
            Self::Answer { call, response: Some(response), error: None } => {
                process::Event::Answer { call, answer: Ok(response.read()?) }
            }
            Self::Answer { call, response: None, error: Some(error) } => {
                process::Event::Answer { call, answer: Err(error) }
            }
            Self::Answer { .. } => return Err("an answer is either a `response` or an `error`".to_owned()),
            Self::Committed { commit, verdict } => process::Event::Committed { commit, verdict },
            Self::Rows { read, rows } => {
                process::Event::Rows { read, rows: rows.into_iter().map(Row::read).collect::<Read<_>>()? }
            }
            Self::Wake {} => process::Event::Wake,
            Self::Redrive {} => process::Event::Redrive,
        };
        Ok(What::Event(event))
    }
}

fn spoken(protocol: u32) -> Read<()> {
    if protocol == VERSION { Ok(()) } else { Err(format!("protocol {protocol} is not spoken here, only {VERSION}")) }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde fixes the signature")]
const fn is_zero(value: &u64) -> bool {
    *value == 0
}

impl<'a> Standing<'a> {
    fn of(seeded: &'a SeededCustomer) -> Self {
        let SeededCustomer { customer, commerce, support, identity, points } = seeded;
        Self {
            cust_no: Cow::Borrowed(&customer.cust_no),
            email: Cow::Borrowed(&customer.email),
            given_name: Cow::Borrowed(&customer.given_name),
            family_name: Cow::Borrowed(&customer.family_name),
            phone: customer.phone.as_deref().map(Cow::Borrowed),
            commerce: Cow::Borrowed(commerce),
            support: Cow::Borrowed(support),
            identity: Cow::Borrowed(identity),
            loyalty_points: *points,
        }
    }

    fn read(self) -> SeededCustomer {
        SeededCustomer {
            customer: operation::Customer {
                cust_no: self.cust_no.into_owned(),
                email: self.email.into_owned(),
                given_name: self.given_name.into_owned(),
                family_name: self.family_name.into_owned(),
                phone: self.phone.map(Cow::into_owned),
            },
            commerce: self.commerce.into_owned(),
            support: self.support.into_owned(),
            identity: self.identity.into_owned(),
            points: self.loyalty_points,
        }
    }
}

impl Opening<'_> {
    fn read(self) -> Read<Start> {
        let Policy { time_out, attempts, compensation_attempts, backoff_base, backoff_cap, sync_wait } = self.policy;
        let policy =
            PolicyOverrides { time_out, attempts, compensation_attempts, backoff_base, backoff_cap, sync_wait };
        Ok(Start {
            life: self.life,
            seed: self.seed,
            logs: self.logs,
            terms: Terms {
                horizon: self.horizon,
                index_lag: self.index_lag,
                job_time: self.job_time,
                clocks: self.clocks,
                policy,
                // Several processes are not spoken of: a program is handed the whole store at its start.
                hub: Deployment::default(),
            },
            rows: self.rows.into_iter().map(Row::read).collect::<Read<_>>()?,
        })
    }
}

impl Policy {
    const fn of(overrides: &PolicyOverrides) -> Self {
        let PolicyOverrides { time_out, attempts, compensation_attempts, backoff_base, backoff_cap, sync_wait } =
            *overrides;
        Self { time_out, attempts, compensation_attempts, backoff_base, backoff_cap, sync_wait }
    }
}
