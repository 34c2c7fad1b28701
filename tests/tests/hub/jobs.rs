//! Jobs: their states, what they tell, and that a synchronous request that is undecided too long becomes one.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::wire::{Method, Response};
use serde_json::Value;

use crate::desk::{Desk, Does, creates, creation, get, json, not_now};

/// Begins a job, and says where it is.
fn begin(desk: &mut Desk) -> String {
    let accepted = desk.ask(creation("/api/async/customers", 1, &[("x-correlation-id", "corr-1")]));
    assert_eq!(accepted.status, 202);
    accepted.headers.get("location").unwrap().to_owned()
}

fn state(desk: &mut Desk, job: &str) -> Value {
    let answer = desk.ask(get(job));
    assert_eq!(answer.status, 200);
    json(&answer)
}

#[test]
fn a_job_runs_and_succeeds() {
    let mut desk = Desk::new();
    let job = begin(&mut desk);
    desk.pass(Nanos::millis(30));
    let running = state(&mut desk, &job);
    assert_eq!((&running["status"], &running["attention"]), (&"RUNNING".into(), &false.into()));
    assert!(running["result"].is_null());
    desk.pass(Nanos::secs(60));
    let ended = state(&mut desk, &job);
    assert_eq!(ended["status"], "SUCCEEDED");
    assert_eq!(ended["operation"], "create");
    assert_eq!(ended["correlation_id"], "corr-1");
    assert_eq!(ended["result"]["status"], 201);
    assert!(ended["last_error"].is_null());
    assert!(ended["attempts"].as_u64().unwrap() >= 3);
    assert_eq!(format!("/api/jobs/{}", ended["job_id"].as_str().unwrap()), job);
}

#[test]
fn a_refused_job_fails_and_says_why() {
    let mut desk = Desk::new();
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201);
    desk.pass(Nanos::secs(60));
    let job = begin(&mut desk);
    desk.pass(Nanos::secs(60));
    let ended = state(&mut desk, &job);
    assert_eq!((&ended["status"], &ended["result"]["status"]), (&"FAILED".into(), &409.into()));
}

#[test]
fn a_job_that_cannot_be_taken_back_needs_attention_until_it_is_redriven() {
    let mut desk = Desk::new();
    desk.vendors(|to, request| match to {
        System::Support if creates(request) => Does::Says(Response::json(403, "{}")),
        System::Commerce if request.method == Method::Delete => Does::Says(Response::json(403, "{}")),
        _ => Does::Its,
    });
    let job = begin(&mut desk);
    desk.pass(Nanos::secs(60));
    let parked = state(&mut desk, &job);
    assert_eq!((&parked["status"], &parked["attention"]), (&"FAILED".into(), &true.into()));
    assert!(parked["last_error"].is_string());
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 409, "it keeps its locks");
    desk.vendors(|_, _| Does::Its);
    desk.redrive();
    desk.redrive();
    desk.pass(Nanos::secs(60));
    let ended = state(&mut desk, &job);
    assert_eq!((&ended["status"], &ended["attention"]), (&"FAILED".into(), &false.into()));
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201, "nothing of it is left");
}

#[test]
fn a_request_undecided_after_29_seconds_becomes_a_job_that_can_be_followed() {
    let mut desk = Desk::new();
    let mut first = true;
    desk.vendors(move |to, request| {
        let busy = to == System::Support && creates(request) && std::mem::take(&mut first);
        if busy { Does::Says(not_now(429, &[("retry-after", "45")])) } else { Does::Its }
    });
    let asked = desk.now;
    let accepted = desk.ask(creation("/api/customers", 1, &[("idempotency-key", "k1")]));
    let waited = desk.now.since(asked);
    assert!(waited >= Nanos::secs(29) && waited < Nanos::secs(30), "{waited:?}");
    assert_eq!((accepted.status, accepted.body.len()), (202, 0));
    let job = accepted.headers.get("location").unwrap().to_owned();
    assert_eq!(state(&mut desk, &job)["status"], "RUNNING");
    desk.pass(Nanos::secs(60));
    let ended = state(&mut desk, &job);
    assert_eq!((&ended["status"], &ended["result"]["status"]), (&"SUCCEEDED".into(), &201.into()));
    assert_eq!(desk.ask(creation("/api/customers", 1, &[("idempotency-key", "k1")])).status, 201);
}

#[test]
fn a_job_that_never_was_is_not_found() {
    assert_eq!(Desk::new().ask(get("/api/jobs/s9-9")).status, 404);
}
