//! Operators' buttons: each does what it says, once, and nobody is believed about what stands at a vendor.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::wire::{Method, Request, Response};

use crate::desk::{Desk, Does, creation, get, json, request};

fn press(saga: &str, button: &str, more: &str) -> Request {
    let body = format!(r#"{{"by":"kim","reason":"looked at it"{more}}}"#);
    request(Method::Post, &format!("/operator/sagas/{saga}/{button}"), &[], &body)
}

/// The customer's record at the shop cannot be taken back: the saga is parked there, and its client knows that nothing
/// took effect.
fn parked() -> Desk {
    let mut desk = Desk::new();
    desk.vendors(|system, request| match (system, request.method) {
        (System::Support, Method::Post) | (System::Commerce, Method::Delete) => Does::Says(Response::json(403, "{}")),
        _ => Does::Its,
    });
    assert_eq!(desk.ask(creation("/api/customers", 1, &[("x-correlation-id", "of-one")])).status, 422);
    desk.pass(Nanos::secs(1));
    desk
}

fn show(desk: &mut Desk) -> serde_json::Value {
    json(&desk.ask(get("/operator/sagas/s1-1")))
}

fn deletions(desk: &Desk) -> usize {
    desk.sent.iter().filter(|(_, _, request)| request.method == Method::Delete).count()
}

#[test]
fn a_parked_saga_is_listed_with_all_that_an_operator_asks_first() {
    let mut desk = parked();
    desk.pass(Nanos::secs(100));
    let list = json(&desk.ask(get("/operator/sagas?state=parked")));
    let saga = &list["sagas"][0];
    assert_eq!((&saga["saga"], &saga["kind"], &saga["step"]), (&"s1-1".into(), &"create".into(), &"commerce".into()));
    assert_eq!((&saga["customers"][0], &saga["correlation_id"]), (&"C1".into(), &"of-one".into()));
    let why = &saga["parked"];
    assert_eq!(
        (&why["attempts"], &why["refused"], &why["reason"]),
        (&1.into(), &true.into(), &"the vendor refuses".into())
    );
    assert!(why["age_s"].as_u64().is_some_and(|age| (100..103).contains(&age)), "{why}");
    assert!(saga["claims"].as_array().unwrap().contains(&"c/C1;".into()), "{saga}");
    assert_eq!(json(&desk.ask(get("/operator/sagas?state=running")))["sagas"], serde_json::json!([]));
    let jobs = json(&desk.ask(get("/operator/jobs")));
    assert_eq!((&jobs["jobs"][0]["status"], &jobs["jobs"][0]["attention"]), (&"FAILED".into(), &true.into()));
    desk.crash();
    assert_eq!(json(&desk.ask(get("/operator/sagas")))["sagas"][0]["state"], "parked");
}

#[test]
fn who_says_to_have_done_a_step_is_not_believed_before_a_look() {
    let mut desk = parked();
    let before = deletions(&desk);
    assert_eq!(desk.ask(press("s1-1", "resolve", r#","step":"support""#)).status, 409, "it is parked elsewhere");
    assert_eq!(json(&desk.ask(press("s1-1", "resolve", r#","step":"commerce""#)))["pressed"], true);
    desk.pass(Nanos::secs(1));
    let saga = show(&mut desk);
    assert_eq!((&saga["state"], deletions(&desk)), (&"parked".into(), before), "{saga}");
    assert!(saga["parked"]["reason"].as_str().unwrap().contains("at commerce, delete record"), "{saga}");
    let trail: Vec<_> = saga["trail"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert!(trail.contains(&"kim said to have done this step by hand: looked at it"), "{trail:?}");
    // Now it is done indeed, as the hub would have.
    let (_, to, deletion) = desk.sent.iter().find(|(_, _, sent)| sent.method == Method::Delete).cloned().unwrap();
    assert_eq!(desk.by_hand(to, &deletion).status, 200);
    assert_eq!(json(&desk.ask(press("s1-1", "resolve", "")))["pressed"], true);
    desk.pass(Nanos::secs(1));
    assert_eq!((&show(&mut desk)["state"], deletions(&desk)), (&"ended".into(), before));
}

#[test]
fn an_abandoned_saga_is_let_go_when_nothing_is_left_or_when_that_is_asked_for() {
    let mut desk = parked();
    let before = deletions(&desk);
    assert_eq!(json(&desk.ask(press("s1-1", "abandon", "")))["state"], "abandoning");
    assert_eq!(json(&desk.ask(press("s1-1", "abandon", "")))["pressed"], false);
    desk.pass(Nanos::secs(60));
    assert_eq!(show(&mut desk)["state"], "parked");
    assert_eq!(desk.ask(request(Method::Patch, "/api/customers/C1", &[], r#"{"given_name":"A"}"#)).status, 409);
    assert_eq!(json(&desk.ask(press("s1-1", "abandon", r#","leave":true"#)))["pressed"], true);
    desk.pass(Nanos::secs(60));
    assert_eq!(deletions(&desk), before, "it stopped trying");
    let job = json(&desk.ask(get("/api/jobs/s1-1")));
    assert_eq!((&job["status"], &job["attention"]), (&"FAILED".into(), &true.into()), "{job}");
    assert_eq!(desk.ask(request(Method::Patch, "/api/customers/C1", &[], r#"{"given_name":"A"}"#)).status, 404);
    for _ in 0..2 {
        let saga = show(&mut desk);
        assert_eq!(saga["state"], "abandoned", "{saga}");
        let left = saga["trail"].as_array().unwrap().last().unwrap()["what"].as_str().unwrap().to_owned();
        assert!(left.starts_with("let go, with this left undone: at commerce, delete record"), "{left}");
        desk.crash();
    }
    assert_eq!(desk.ask(press("s1-1", "redrive", "")).status, 409);
    assert_eq!(json(&desk.ask(get("/operator/sagas")))["sagas"], serde_json::json!([]));
}

#[test]
fn a_running_saga_is_abandoned_once_and_takes_back_what_it_did() {
    let mut desk = Desk::new();
    let job = desk.ask(creation("/api/async/customers", 1, &[])).headers.get("location").unwrap().to_owned();
    desk.pass(Nanos::millis(30));
    let presses = [0, 1].map(|_| desk.send(press("s1-1", "abandon", "")));
    let told = presses.map(|exchange| json(&desk.answer(exchange))["pressed"].clone());
    assert_eq!(told, [true, false]);
    desk.pass(Nanos::secs(60));
    let job = json(&desk.ask(get(&job)));
    assert_eq!((&job["status"], &job["result"]["status"]), (&"FAILED".into(), &503.into()), "{job}");
    assert_eq!(desk.ask(get("/api/customers/C1")).status, 404);
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201, "nothing is left of it");
}

#[test]
fn what_is_taken_back_has_all_its_attempts_however_often_the_way_forward_was_tried() {
    let mut desk = Desk::with_two();
    let mut linking = false;
    desk.vendors(move |system, request| {
        linking |=
            system == System::Identity && request.method == Method::Post && request.target.ends_with("/identities");
        if linking && system == System::Identity { Does::Says(Response::json(503, "{}")) } else { Does::Its }
    });
    let looks = |desk: &Desk| {
        let look = |(_, to, sent): &&(_, System, Request)| *to == System::Identity && sent.method == Method::Get;
        desk.sent.iter().filter(look).count()
    };
    let merge = request(Method::Post, "/api/async/customers/C1/merge", &[], r#"{"from":"C2"}"#);
    assert_eq!(desk.ask(merge).status, 202);
    let linked = |desk: &Desk| desk.sent.iter().position(|(.., sent)| sent.target.ends_with("/identities"));
    while linked(&desk).is_none_or(|place| desk.sent.len() < place + 4) {
        desk.pass(Nanos::millis(10));
    }
    let before = looks(&desk);
    assert_eq!(json(&desk.ask(press("s1-3", "abandon", "")))["pressed"], true);
    desk.pass(Nanos::secs(300));
    let saga = json(&desk.ask(get("/operator/sagas/s1-3")));
    assert_eq!((&saga["state"], &saga["parked"]["attempts"]), (&"parked".into(), &6.into()), "{saga}");
    assert_eq!(looks(&desk) - before, 6, "as many as it says");
}

#[test]
fn a_job_in_line_is_abandoned_and_holds_nobody_up() {
    let mut desk = Desk::new();
    let first = desk.send(creation("/api/customers", 1, &[]));
    desk.pass(Nanos::millis(30));
    let waits = desk.ask(request(Method::Delete, "/api/async/customers/C1", &[], ""));
    assert_eq!(json(&desk.ask(press("s1-2", "abandon", "")))["pressed"], true);
    assert_eq!(desk.answer(first).status, 201);
    desk.pass(Nanos::secs(60));
    assert_eq!(json(&desk.ask(get(waits.headers.get("location").unwrap())))["status"], "FAILED");
    assert_eq!(desk.ask(request(Method::Patch, "/api/customers/C1", &[], r#"{"given_name":"A"}"#)).status, 200);
}

#[test]
fn what_has_ended_or_never_was_is_said_to_be_so() {
    let mut desk = Desk::new();
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201);
    desk.pass(Nanos::secs(60));
    for button in ["redrive", "resolve", "abandon"] {
        assert_eq!(desk.ask(press("s1-1", button, "")).status, 409, "{button}");
        assert_eq!(desk.ask(press("s9-9", button, "")).status, 404, "{button}");
    }
    assert_eq!(show(&mut desk)["status"], 201);
    assert_eq!(desk.ask(get("/operator/sagas/s9-9")).status, 404);
    let all = desk.ask(request(Method::Post, "/operator/redrive", &[], r#"{"by":"kim"}"#));
    assert_eq!((all.status, &json(&all)["redriven"]), (202, &serde_json::json!([])));
}
