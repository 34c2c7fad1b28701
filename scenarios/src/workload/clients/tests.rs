//! What clients do with answers, exchange by exchange.

use std::sync::Arc;

use sagaproof_sim::wire::{CallError, Request, Response};

use super::*;
use crate::operation::{Customer, Kind, Operation, Plan};
use crate::scenario::Resend;
use crate::workload::Sending;

/// One client who creates C001, at most three times.
fn creating(asynchronous: bool, twice: bool) -> WorkloadClients {
    let customer =
        Customer { cust_no: "C001".to_owned(), email: "c001@mail.example".to_owned(), ..Customer::default() };
    let operation = Operation {
        id: 0,
        kind: Kind::Create(customer),
        key: Some("key-0".to_owned()),
        asynchronous,
        correlation: Some("client-0".to_owned()),
    };
    WorkloadClients::new(Workload::written(
        Arc::new(Plan { operations: vec![operation], ..Plan::default() }),
        vec![Sending { at: Instant::ZERO, twice }],
        Vec::new(),
        Resend { sendings: 3, time_out: Nanos::secs(10), pause: Nanos::secs(1), keyed: true },
    ))
}

/// What the clients ask for on this answer: when, and what.
fn heard(clients: &mut WorkloadClients, now: Instant, answer: &Answer) -> Vec<(Instant, Request)> {
    let mut actions = Vec::new();
    clients.on_answer(now, 0, 0, answer, &mut actions);
    asked(actions)
}

fn begun(clients: &mut WorkloadClients, phase: Phase) -> Vec<(Instant, Request)> {
    let mut actions = Vec::new();
    clients.on_phase(Instant::ZERO, phase, &mut actions);
    asked(actions)
}

fn asked(actions: Vec<ClientAction>) -> Vec<(Instant, Request)> {
    let ask = |action| match action {
        ClientAction::Ask { at, request, .. } => Some((at, request)),
        ClientAction::Touch { .. } => None,
    };
    actions.into_iter().filter_map(ask).collect()
}

fn with(status: u16, name: &str, value: &str, body: &str) -> Answer {
    let mut response = Response::json(status, body);
    response.headers.push(name, value);
    Ok(response)
}

const SECOND: Instant = Instant(1_000_000_000);

#[test]
fn an_open_outcome_is_sent_again_unchanged_until_the_client_gives_up() {
    let mut clients = creating(false, false);
    let first = begun(&mut clients, Phase::Work);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].1.headers.get("idempotency-key"), Some("key-0"));
    let second = heard(&mut clients, SECOND, &Err(CallError::TimedOut));
    assert_eq!(second, [(SECOND + Nanos::secs(1), first[0].1.clone())]);
    assert_eq!(heard(&mut clients, SECOND, &Ok(Response::json(500, "{}"))).len(), 1);
    assert_eq!(heard(&mut clients, SECOND, &Err(CallError::Reset)), []);
    assert_eq!(clients.latencies().count(), 0);
}

#[test]
fn a_known_outcome_ends_it() {
    let not_applied = Response::json(503, r#"{"outcome":"not-applied"}"#);
    for response in [201, 400, 409, 422].map(|status| Response::json(status, "{}")).into_iter().chain([not_applied]) {
        let mut clients = creating(false, false);
        begun(&mut clients, Phase::Work);
        assert_eq!(heard(&mut clients, SECOND, &Ok(response)), []);
        assert_eq!(clients.latencies().collect::<Vec<_>>(), [Nanos::secs(1)]);
    }
}

#[test]
fn a_busy_hub_is_asked_again_when_it_said() {
    for status in [409, 429] {
        let mut clients = creating(false, false);
        begun(&mut clients, Phase::Work);
        let again = heard(&mut clients, SECOND, &with(status, "retry-after", "7", "{}"));
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].0, SECOND + Nanos::secs(7));
    }
}

#[test]
fn a_job_is_asked_until_it_has_ended() {
    let mut clients = creating(true, false);
    let sent = begun(&mut clients, Phase::Work);
    assert_eq!(sent[0].1.target, "/api/async/customers");
    let polled = heard(&mut clients, SECOND, &with(202, "location", "/api/jobs/7", "{}"));
    assert_eq!((polled[0].0, polled[0].1.target.as_str()), (SECOND + FIRST_POLL, "/api/jobs/7"));
    let running = Ok(Response::json(200, r#"{"job_id":"7","status":"RUNNING"}"#));
    let again = heard(&mut clients, SECOND, &running);
    assert_eq!(again[0].0, SECOND + FIRST_POLL.times(2));
    assert_eq!(heard(&mut clients, SECOND, &Err(CallError::TimedOut)).len(), 1);
    let ended = Ok(Response::json(200, r#"{"job_id":"7","status":"FAILED"}"#));
    assert_eq!(heard(&mut clients, SECOND, &ended), []);
    assert_eq!(clients.latencies().count(), 1);
}

#[test]
fn a_job_that_never_ends_is_asked_a_bounded_number_of_times_and_once_more_at_last() {
    let mut clients = creating(true, false);
    begun(&mut clients, Phase::Work);
    let mut polls = heard(&mut clients, SECOND, &with(202, "location", "/api/jobs/7", "{}")).len();
    let running = Ok(Response::json(200, r#"{"status":"RUNNING"}"#));
    for _ in 0..100 {
        polls += heard(&mut clients, SECOND, &running).len();
    }
    assert_eq!(polls, POLLS as usize);
    let looks = begun(&mut clients, Phase::Inspect);
    let targets: Vec<_> = looks.iter().map(|(_, request)| request.target.as_str()).collect();
    assert_eq!(targets, ["/api/customers/C001", "/api/jobs/7"]);
    assert_eq!(heard(&mut clients, SECOND, &running), []);
}

#[test]
fn of_a_pair_sent_at_once_only_both_failing_brings_a_third() {
    let mut clients = creating(false, true);
    assert_eq!(begun(&mut clients, Phase::Work).len(), 2);
    assert_eq!(heard(&mut clients, SECOND, &Err(CallError::Reset)), []);
    assert_eq!(heard(&mut clients, SECOND, &Err(CallError::Reset)).len(), 1);
    let mut clients = creating(false, true);
    begun(&mut clients, Phase::Work);
    assert_eq!(heard(&mut clients, SECOND, &with(202, "location", "/api/jobs/7", "{}")).len(), 1);
    assert_eq!(heard(&mut clients, SECOND, &with(202, "location", "/api/jobs/7", "{}")), []);
    assert_eq!(heard(&mut clients, SECOND, &Ok(Response::json(200, r#"{"status":"SUCCEEDED"}"#))), []);
    assert_eq!(clients.latencies().count(), 1);
}

#[test]
fn who_takes_a_last_look_is_patient_however_short_of_patience_clients_are() {
    for (clients_wait, looks_wait) in [(Nanos::millis(15), LOOKS_WAIT), (Nanos::secs(90), Nanos::secs(90))] {
        let mut clients = creating(true, false);
        clients.workload.resend.time_out = clients_wait;
        begun(&mut clients, Phase::Work);
        heard(&mut clients, SECOND, &with(202, "location", "/api/jobs/7", "{}"));
        let mut looks = Vec::new();
        clients.on_phase(SECOND, Phase::Inspect, &mut looks);
        let waits = looks.into_iter().filter_map(|action| match action {
            ClientAction::Ask { time_out, .. } => Some(time_out),
            ClientAction::Touch { .. } => None,
        });
        assert_eq!(waits.collect::<Vec<_>>(), [looks_wait; 2]);
    }
}
