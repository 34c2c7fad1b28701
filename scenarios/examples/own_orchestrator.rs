//! An orchestrator of your own, in Rust, judged by sagaproof: `cargo run --example own_orchestrator`.
//!
//! It creates a customer at the shop, the help desk and the identity provider, then in its own database; it never asks
//! twice and takes nothing back. A life of it is a [`Process`]: events in, effects out, no I/O. Make yours from it.

#![expect(clippy::print_stdout, reason = "an example tells what it found")]

use std::collections::BTreeMap;
use std::error::Error;
use std::rc::Rc;

use sagaproof::run::{Tally, judge_version};
use sagaproof::scenario::{Scenario, Terms, built_in};
use sagaproof::version::{SeededCustomer, Version};
use sagaproof_sim::chaos::rule::Chaos;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Fingerprint, System, auth::Credentials};
use sagaproof_sim::process::{Effect, Event, Expect, Process, Row, Spawn, Verdict, Write};
use sagaproof_sim::wire::{Headers, Method, Request, Response};
use serde_json::{Value, json};

/// The orchestrator: it makes its lives, one at the beginning of a world and one after each crash.
#[derive(Clone)]
struct Own;

impl Version for Own {
    type Spawn = Self;

    fn spawn(&self, _terms: &Terms, _seed: u64, _logs: bool) -> Self {
        Self
    }

    /// This example is judged in worlds where nobody stands anywhere before they begin.
    fn seed_rows(&self, _customers: &[SeededCustomer]) -> Vec<Row> {
        Vec::new()
    }
}

impl Spawn for Own {
    type Process = Life;

    fn spawn(&self, _life: u64) -> Life {
        Life::default()
    }
}

/// One life: a crash forgets all of this. What was committed is read again at the start.
#[derive(Default)]
struct Life {
    customers: BTreeMap<String, Value>,
    /// By the number of the call or commit that each waits for.
    creations: BTreeMap<u64, Creation>,
    last: u64,
}

/// What is done for one request.
#[derive(Default)]
struct Creation {
    exchange: u64,
    customer: Value,
    step: usize,
    token: String,
}

impl Process for Life {
    fn on_event(&mut self, _now: Instant, event: Event, effects: &mut Vec<Effect>) {
        effects.extend(match event {
            Event::Start => Some(Effect::Read { read: 0, prefix: String::new() }),
            Event::Rows { rows, .. } => {
                let read = |row: Row| (row.key, serde_json::from_slice(&row.value).unwrap_or_default());
                self.customers = rows.into_iter().map(read).collect();
                None
            }
            Event::Request { exchange, request } if request.method == Method::Post => {
                let customer = serde_json::from_slice(&request.body).unwrap_or_default();
                Some(self.go_on(Creation { exchange, customer, ..Creation::default() }))
            }
            Event::Request { exchange, request } => {
                let found = request.target.rsplit(['/', '=']).next().and_then(|number| self.customers.get(number));
                Some(found.map_or_else(|| tell(exchange, 404, &Value::Null), |one| tell(exchange, 200, one)))
            }
            Event::Answer { call, answer } => self.creations.remove(&call).map(|mut creation| match answer {
                Ok(response) if response.status < 300 => {
                    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
                    creation.token = body["access_token"].as_str().unwrap_or_default().to_owned();
                    creation.step += 1;
                    self.go_on(creation)
                }
                // Did it happen? Who does not find out, and does not take back the steps before, is convicted.
                _ => tell(creation.exchange, 502, &Value::Null),
            }),
            Event::Committed { commit, verdict } => self.creations.remove(&commit).map(|creation| {
                if verdict != Verdict::Committed {
                    return tell(creation.exchange, 500, &Value::Null);
                }
                self.customers.insert(creation.text("cust_no").to_owned(), creation.customer.clone());
                tell(creation.exchange, 201, &creation.customer)
            }),
            Event::Wake | Event::Redrive => None,
        });
    }

    fn feed(&self, _now: Instant, _print: &mut Fingerprint) -> bool {
        false
    }

    fn unfinished(&self) -> Option<(usize, usize)> {
        Some((self.creations.len(), 0))
    }
}

impl Life {
    /// Does the next step: a vendor's, or the own database's.
    fn go_on(&mut self, creation: Creation) -> Effect {
        self.last += 1;
        let number = self.last;
        let effect = match creation.request() {
            Some((to, request)) => {
                let (time_out, not_after) = (Nanos::secs(1), Instant::NEVER);
                Effect::Call { call: number, to, request, time_out, not_after, note: None }
            }
            None => Effect::Commit { commit: number, writes: vec![creation.write()] },
        };
        self.creations.insert(number, creation);
        effect
    }
}

impl Creation {
    fn text(&self, field: &str) -> &str {
        self.customer[field].as_str().unwrap_or_default()
    }

    /// What is asked of a vendor next; `None` where all of them have been asked.
    fn request(&self) -> Option<(System, Request)> {
        let [number, email, given, family] = ["cust_no", "email", "given_name", "family_name"].map(|it| self.text(it));
        let (name, phone, login) = (format!("{given} {family}"), &self.customer["phone"], Credentials::SIMULATION);
        Some(match self.step {
            0 => {
                let fields = json!({"email": email, "phone": phone, "first_name": given, "last_name": family,
                    "tags": format!("owner:{number}")});
                let key = ("x-shopify-access-token", login.commerce_token);
                post(System::Commerce, "/admin/api/2026-01/customers.json", key, &json!({"customer": fields}))
            }
            1 => {
                let fields = json!({"name": name, "email": email, "phone": phone, "external_id": number});
                post(System::Support, "/api/v2/users.json", ("authorization", AGENT), &json!({"user": fields}))
            }
            2 => {
                let fields = json!({"grant_type": "client_credentials", "audience": login.identity_audience,
                    "client_id": login.identity_client_id, "client_secret": login.identity_client_secret});
                post(System::Identity, "/oauth/token", ("accept", "application/json"), &fields)
            }
            3 => {
                let fields = json!({"connection": "Username-Password-Authentication", "user_id": number,
                    "email": email, "given_name": given, "family_name": family, "name": name,
                    "password": "Not-guessed-1", "app_metadata": {"owner": number}});
                let key = format!("Bearer {}", self.token);
                post(System::Identity, "/api/v2/users", ("authorization", &key), &fields)
            }
            _ => return None,
        })
    }

    /// Its row in the own database.
    fn write(&self) -> Write {
        let value = Some(self.customer.to_string().into_bytes());
        Write { key: self.text("cust_no").to_owned(), expect: Expect::Absent, value }
    }
}

fn post(to: System, target: &str, key: (&str, &str), body: &Value) -> (System, Request) {
    let mut headers = Headers::new();
    headers.push("content-type", "application/json");
    headers.push(key.0, key.1);
    (to, Request { method: Method::Post, target: target.to_owned(), headers, body: body.to_string().into_bytes() })
}

/// HTTP Basic for the help desk's simulated agent: e-mail, `/token:` and API token, in base64.
const AGENT: &str = "Basic aHViQHNhZ2Fwcm9vZi5leGFtcGxlL3Rva2VuOnNpbXVsYXRlZC1hcGktdG9rZW4=";

fn tell(exchange: u64, status: u16, body: &Value) -> Effect {
    Effect::Answer { exchange, response: Response::json(status, body.to_string()) }
}

fn main() -> Result<(), Box<dyn Error>> {
    let stormy = built_in()?.into_iter().find(|scenario| scenario.name == "create-one-fault");
    let stormy = stormy.ok_or("there is no such scenario")?;
    let fair = Scenario { chaos: Chaos::default(), ..stormy.clone() };
    for (weather, scenario) in [("in fair weather", fair), ("with one fault a world", stormy)] {
        let mut tally = Tally::default();
        judge_version(Rc::new(Own), &scenario).sweep(0..1_000, &mut tally);
        println!("{weather}: {} violations in {} worlds", tally.violations, tally.worlds);
        if let Some(first) = tally.convictions.first() {
            println!("the first of them, with seed {}:\n{}", first.seed, first.violation.message);
        }
    }
    Ok(())
}
