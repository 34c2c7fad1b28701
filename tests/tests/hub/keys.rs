//! The client's Idempotency-Key: the same key gives the same answer, and with another body a refusal.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::wire::{Method, Response};

use crate::desk::{Desk, creates, creation, json, request};

const KEY: &[(&str, &str)] = &[("idempotency-key", "k1")];

fn said(response: &Response) -> (u16, Vec<u8>) {
    (response.status, response.body.clone())
}

#[test]
fn the_same_key_gives_the_same_answer_while_it_runs_after_it_ended_and_after_a_crash() {
    let mut desk = Desk::new();
    let first = desk.send(creation("/api/customers", 1, KEY));
    desk.pass(Nanos::millis(30));
    assert!(desk.heard(first).is_none());
    let second = desk.send(creation("/api/customers", 1, KEY));
    let answer = desk.answer(first);
    assert_eq!(answer.status, 201);
    assert_eq!(said(&desk.answer(second)), said(&answer));
    desk.pass(Nanos::secs(60));
    let calls = desk.sent.len();
    assert_eq!(said(&desk.ask(creation("/api/customers", 1, KEY))), said(&answer));
    desk.crash();
    assert_eq!(said(&desk.ask(creation("/api/customers", 1, KEY))), said(&answer));
    assert_eq!(desk.sent.len(), calls, "an answer that is known costs no call");
    let creations = desk.sent.iter().filter(|(_, to, request)| *to != System::Messaging && creates(request)).count();
    assert_eq!(creations, 3, "one a vendor");
}

#[test]
fn another_body_under_the_same_key_is_refused_while_it_runs_and_after() {
    let mut desk = Desk::new();
    let first = desk.send(creation("/api/customers", 1, KEY));
    desk.pass(Nanos::millis(30));
    assert_eq!(desk.ask(creation("/api/customers", 2, KEY)).status, 422);
    assert_eq!(desk.answer(first).status, 201);
    desk.pass(Nanos::secs(60));
    let other = desk.ask(creation("/api/customers", 2, KEY));
    assert_eq!((other.status, &json(&other)["outcome"]), (422, &"refused".into()));
    assert_eq!(desk.ask(creation("/api/async/customers", 1, KEY)).status, 422, "the other form is another request");
    assert_eq!(desk.ask(creation("/api/customers", 1, KEY)).status, 201, "the first answer still stands");
}

#[test]
fn a_refusal_is_the_same_answer_too() {
    let mut desk = Desk::new();
    let change = || request(Method::Patch, "/api/customers/C1", KEY, r#"{"given_name":"A"}"#);
    let before = desk.ask(change());
    assert_eq!(before.status, 404);
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201);
    assert_eq!(said(&desk.ask(change())), said(&before));
}

#[test]
fn a_resent_job_is_the_same_job() {
    let mut desk = Desk::new();
    let first = desk.ask(creation("/api/async/customers", 1, KEY));
    let second = desk.ask(creation("/api/async/customers", 1, KEY));
    desk.pass(Nanos::secs(60));
    let third = desk.ask(creation("/api/async/customers", 1, KEY));
    for response in [&second, &third] {
        assert_eq!(response.status, 202);
        assert_eq!(response.headers.get("location"), first.headers.get("location"));
    }
}

#[test]
fn without_a_key_a_resend_is_an_operation_of_its_own() {
    let mut desk = Desk::new();
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201);
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 409);
}
