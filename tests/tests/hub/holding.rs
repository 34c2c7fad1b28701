//! One operation holds a customer at a time: another one is told to come again, or waits its turn as a job.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::wire::{Method, Request};

use crate::desk::{Desk, creates, creation, get, json, request};

fn rename(path: &str, name: &str) -> Request {
    request(Method::Patch, path, &[("idempotency-key", name)], &format!(r#"{{"given_name":"{name}"}}"#))
}

#[test]
fn a_second_operation_is_told_when_to_come_again_and_nothing_is_kept_under_its_key() {
    let mut desk = Desk::new();
    let first = desk.send(creation("/api/customers", 1, &[]));
    desk.pass(Nanos::millis(30));
    let busy = desk.ask(rename("/api/customers/C1", "Yuki"));
    assert_eq!((busy.status, busy.headers.get("retry-after")), (409, Some("1")));
    assert_eq!(json(&busy)["outcome"], "refused");
    assert_eq!(desk.answer(first).status, 201);
    desk.pass(Nanos::secs(1));
    let again = desk.ask(rename("/api/customers/C1", "Yuki"));
    assert_eq!((again.status, &json(&again)["given_name"]), (200, &"Yuki".into()));
}

#[test]
fn jobs_wait_their_turn_and_run_in_order() {
    let mut desk = Desk::new();
    let first = desk.send(creation("/api/customers", 1, &[]));
    desk.pass(Nanos::millis(30));
    let jobs = ["Yuki", "Mio"].map(|name| {
        let accepted = desk.ask(rename("/api/async/customers/C1", name));
        assert_eq!(accepted.status, 202);
        accepted.headers.get("location").unwrap().to_owned()
    });
    assert!(desk.heard(first).is_none());
    assert_eq!(json(&desk.ask(get(&jobs[0])))["status"], "PENDING");
    assert_eq!(desk.answer(first).status, 201);
    desk.pass(Nanos::secs(60));
    for job in jobs {
        assert_eq!(json(&desk.ask(get(&job)))["status"], "SUCCEEDED");
    }
    assert_eq!(json(&desk.ask(get("/api/customers/C1")))["given_name"], "Mio");
}

#[test]
fn who_waits_still_waits_after_a_crash() {
    let mut desk = Desk::new();
    desk.send(creation("/api/customers", 1, &[]));
    desk.pass(Nanos::millis(30));
    let accepted = desk.ask(rename("/api/async/customers/C1", "Yuki"));
    let job = accepted.headers.get("location").unwrap().to_owned();
    desk.crash();
    assert_eq!(json(&desk.ask(get(&job)))["status"], "PENDING");
    desk.pass(Nanos::secs(60));
    assert_eq!(json(&desk.ask(get(&job)))["status"], "SUCCEEDED");
    assert_eq!(json(&desk.ask(get("/api/customers/C1")))["given_name"], "Yuki");
}

#[test]
fn an_e_mail_that_is_being_taken_is_held_too() {
    let mut desk = Desk::new();
    assert_eq!(desk.ask(creation("/api/customers", 2, &[])).status, 201);
    desk.send(creation("/api/customers", 1, &[]));
    desk.pass(Nanos::millis(30));
    let take = request(Method::Patch, "/api/customers/C2", &[], r#"{"email":"SECRET1@x.test"}"#);
    assert_eq!(desk.ask(take).status, 409);
}

#[test]
fn nobody_sees_a_customer_before_it_is_everywhere() {
    let mut desk = Desk::new();
    desk.send(creation("/api/customers", 1, &[]));
    let mut looks = 0;
    while desk.ask(get("/api/customers/C1")).status == 404 {
        looks += 1;
    }
    assert!(looks > 20, "{looks}");
    let kept = [System::Commerce, System::Support, System::Identity];
    assert!(kept.iter().all(|vendor| desk.sent.iter().any(|(_, to, request)| to == vendor && creates(request))));
    for target in ["/api/customers/C1", "/api/customers?cust_no=C1"] {
        let seen = desk.ask(get(target));
        assert_eq!((seen.status, &json(&seen)["email"]), (200, &"secret1@x.test".into()));
    }
}

#[test]
fn a_job_goes_on_when_the_request_that_it_met_is_turned_away() {
    let mut desk = Desk::new();
    let refused = desk.send(request(Method::Delete, "/api/customers/C1", &[], ""));
    let job = desk.send(creation("/api/async/customers", 1, &[]));
    assert_eq!(desk.answer(refused).status, 404);
    let job = desk.answer(job).headers.get("location").unwrap().to_owned();
    desk.pass(Nanos::secs(60));
    assert_eq!(json(&desk.ask(get(&job)))["status"], "SUCCEEDED");
}
