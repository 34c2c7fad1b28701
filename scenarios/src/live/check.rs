//! The outcome checkers on demand: what the vendors keep, and what the facade says of the same customers.
//!
//! Clients' exchanges with the orchestrator went past the fleet, so what clients were told is not known. What is judged
//! is whether the systems agree: each customer that any vendor keeps a record of, or that is asked about, is read through
//! the facade, and every system must show it as the facade does, once, or nowhere. That convicts half-done work,
//! duplicates and ghosts. It cannot convict an operation that was acknowledged and is missing everywhere, nor one that
//! was refused and is there everywhere; for these, let the workload run in simulation.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{Point, Route, Subject};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Condition, System};
use sagaproof_sim::observation::{Observation, Observer, Phase};
use sagaproof_sim::server::World;
use sagaproof_sim::wire::{Answer, Headers, Method, Request};
use serde_json::{Value, json};
use tokio::time::{Instant as RealInstant, sleep};

use super::facade::Facade;
use crate::check::{Checkers, EndState, Violation};
use crate::operation::{Kind, Operation, Plan};

/// What a check adds to the routes of the control API.
pub const CHECK_ROUTES: &[(Method, &str)] = &[(Method::Get, "/check")];

/// Between two looks at systems that do not agree yet.
const PAUSE: Duration = Duration::from_millis(100);

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// How many customers were looked at.
    pub customers: usize,
    /// What does not agree.
    pub violations: Vec<Violation>,
}

impl Checked {
    /// The check as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let violation = |violation: &Violation| {
            json!({
                "checker": violation.checker.name(),
                "diagnosis": violation.diagnosis.map(|diagnosis| diagnosis.name()),
                "customer": violation.customer,
                "message": violation.message,
            })
        };
        json!({
            "format": "sagaproof-check/1",
            "verdict": if self.violations.is_empty() { "held" } else { "violated" },
            "customers": self.customers,
            "violations": self.violations.iter().map(violation).collect::<Vec<_>>(),
        })
    }
}

/// Judges a world against what the facade at this address says, of every customer that a vendor keeps and of these. What
/// does not agree is looked at again until it does, or so long has passed.
///
/// # Errors
/// Where the address is none, or nobody is there.
pub async fn check(world: &World, facade: &str, customers: &[String], within: Duration) -> Result<Checked, String> {
    let facade = Facade::at(facade)?;
    let deadline = RealInstant::now() + within;
    loop {
        let checked = look(world, &facade, customers).await?;
        if checked.violations.is_empty() || RealInstant::now() >= deadline {
            return Ok(checked);
        }
        sleep(PAUSE).await;
    }
}

async fn look(world: &World, facade: &Facade, customers: &[String]) -> Result<Checked, String> {
    let mut named: BTreeSet<String> = customers.iter().cloned().collect();
    named.extend(world.look(|fleet, _| {
        let records = EndState::SYSTEMS.into_iter().flat_map(|system| fleet.records(system));
        let kept = records.filter(|record| record.condition != Condition::Gone);
        kept.filter_map(|record| Some(record.tag?.cust_no)).collect::<Vec<_>>()
    }));
    let mut answers: Vec<(Request, Answer)> = Vec::with_capacity(named.len());
    for cust_no in &named {
        let target = ["/api/customers/", &encoded(cust_no)].concat();
        let request = Request { method: Method::Get, target, headers: Headers::new(), body: Vec::new() };
        let answer = facade.read(&request).await?;
        answers.push((request, answer));
    }
    let read = |(id, cust_no): (u32, &String)| Operation {
        id,
        kind: Kind::Read { cust_no: cust_no.clone() },
        key: None,
        asynchronous: false,
        correlation: None,
    };
    let plan = Plan { operations: (0..).zip(&named).map(read).collect(), ..Plan::default() };
    let mut checkers = Checkers::new(Arc::new(plan));
    let (ending, now) = world.look(|fleet, now| (EndState::of(fleet, now, true, None), now));
    tell(&mut checkers, now, &answers);
    Ok(Checked { customers: named.len(), violations: checkers.judge_agreement(&ending) })
}

/// Tells the checkers of the reads, as a world would have.
fn tell(checkers: &mut Checkers, now: Instant, answers: &[(Request, Answer)]) {
    checkers.see(now, &Observation::Phase(Phase::Inspect));
    for (operation, (request, answer)) in (0_u32..).zip(answers) {
        let exchange = u64::from(operation);
        let point = Point::Exchange { system: System::Hub, route: Route(0), subject: Subject::NONE, nth: 0 };
        checkers.see(now, &Observation::Asked { operation, exchange, request, fate: Fate::Fine, point });
        checkers.see(now, &Observation::Told { operation, exchange, answer });
    }
}

/// A customer number as a part of a path.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let byte = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}
