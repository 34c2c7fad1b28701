//! Merges at the facade: what is not valid invokes nothing, what a vendor would refuse touches nobody, and the same key is
//! told the same.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::process::Effect;
use sagaproof_sim::wire::{Method, Request, Response};

use crate::desk::{Desk, Does, get, json, request};

const KEY: &[(&str, &str)] = &[("idempotency-key", "m1")];

fn merge(headers: &[(&str, &str)], body: &str) -> Request {
    request(Method::Post, "/api/customers/C1/merge", headers, body)
}

fn merge_two(headers: &[(&str, &str)]) -> Request {
    merge(headers, r#"{"from":"C2"}"#)
}

fn said(response: &Response) -> (u16, Vec<u8>) {
    (response.status, response.body.clone())
}

/// What of the calls that left wrote.
fn writes(desk: &Desk) -> usize {
    let reads = |request: &Request| {
        request.method == Method::Get
            || request.target.contains("oauth")
            || request.body.starts_with(br#"{"query":"query"#)
    };
    desk.sent.iter().filter(|(.., request)| !reads(request)).count()
}

#[test]
fn what_is_wrong_with_a_merge_is_told_and_nothing_happens_but_the_answer() {
    for path in ["/api/customers/C1/merge", "/api/async/customers/C1/merge"] {
        for (body, says) in [
            ("{}", "Missing required request parameters: [from]"),
            (r#"{"from":"C1"}"#, "a customer cannot be merged with itself"),
            (r#"{"from":"C 2"}"#, "from"),
            ("no json", ""),
        ] {
            let mut effects = Desk::with_two().effects(request(Method::Post, path, KEY, body));
            assert_eq!(effects.len(), 1, "{path} {body}: {effects:?}");
            let Some(Effect::Answer { response, .. }) = effects.pop() else { panic!("{path} {body}: no answer") };
            assert_eq!(response.status, 400, "{path} {body}");
            assert!(String::from_utf8_lossy(&response.body).contains(says), "{path} {body}: {response:?}");
        }
    }
}

#[test]
fn a_merge_with_somebody_unknown_is_refused_and_calls_nobody() {
    let mut desk = Desk::with_two();
    for (target, from) in [("C1", "C9"), ("C9", "C1"), ("C8", "C9")] {
        let body = format!(r#"{{"from":"{from}"}}"#);
        let refused = desk.ask(request(Method::Post, &format!("/api/customers/{target}/merge"), &[], &body));
        assert_eq!((refused.status, &json(&refused)["outcome"]), (404, &"refused".into()), "{target} {from}");
    }
    assert_eq!(desk.sent.len(), 0);
    assert_eq!(desk.ask(get("/api/customers/C1")).status, 200);
}

#[test]
fn a_merged_customer_is_gone_and_the_other_keeps_its_fields() {
    let mut desk = Desk::with_two();
    let merged = desk.ask(merge_two(&[]));
    assert_eq!((merged.status, &json(&merged)["email"]), (200, &"secret1@x.test".into()));
    desk.pass(Nanos::secs(60));
    assert_eq!(desk.ask(get("/api/customers/C2")).status, 404);
    assert_eq!(said(&desk.ask(get("/api/customers/C1"))), said(&merged));
    assert_eq!(desk.ask(merge_two(&[])).status, 404, "nobody is left to merge");
}

#[test]
fn both_customers_are_held_while_they_merge() {
    let mut desk = Desk::with_two();
    let first = desk.send(merge_two(&[]));
    desk.pass(Nanos::millis(30));
    let crossed = request(Method::Post, "/api/customers/C2/merge", &[], r#"{"from":"C1"}"#);
    let rename =
        |cust_no: &str| request(Method::Patch, &format!("/api/customers/{cust_no}"), &[], r#"{"given_name":"Yuki"}"#);
    for other in
        [merge_two(&[]), crossed, rename("C1"), rename("C2"), request(Method::Delete, "/api/customers/C2", &[], "")]
    {
        let busy = desk.ask(other);
        assert_eq!((busy.status, busy.headers.get("retry-after")), (409, Some("1")));
    }
    assert_eq!(desk.answer(first).status, 200);
}

#[test]
fn what_a_vendor_would_refuse_is_refused_before_anything_happened() {
    let mut desk = Desk::with_two();
    let before = ["C1", "C2"].map(|cust_no| said(&desk.ask(get(&format!("/api/customers/{cust_no}")))));
    desk.vendors(|to, request| {
        let asked = to == System::Support && request.target.contains("show_many");
        if !asked {
            return Does::Its;
        }
        let agents = r#"{"users":[{"id":1,"name":"A","active":true,"role":"agent"},{"id":2,"name":"B","active":true,"role":"agent"}]}"#;
        let ids: Vec<&str> = request.target.rsplit('=').next().unwrap_or_default().split("%2C").collect();
        let told = agents.replace(r#""id":1"#, &format!(r#""id":{}"#, ids[0]));
        Does::Says(Response::json(200, told.replace(r#""id":2"#, &format!(r#""id":{}"#, ids[1]))))
    });
    let refused = desk.ask(merge_two(&[]));
    assert_eq!((refused.status, &json(&refused)["outcome"]), (422, &"refused".into()));
    assert_eq!(writes(&desk), 0, "{:?}", desk.sent);
    assert_eq!(["C1", "C2"].map(|cust_no| said(&desk.ask(get(&format!("/api/customers/{cust_no}"))))), before);
    desk.vendors(|_, _| Does::Its);
    assert_eq!(desk.ask(merge_two(&[])).status, 200, "what hindered it is gone");
}

#[test]
fn a_merge_sent_again_under_its_key_is_told_the_same_and_is_not_done_again() {
    let mut desk = Desk::with_two();
    let first = desk.send(merge_two(KEY));
    desk.pass(Nanos::millis(30));
    assert!(desk.heard(first).is_none());
    let second = desk.send(merge_two(KEY));
    let answer = desk.answer(first);
    assert_eq!(answer.status, 200);
    assert_eq!(said(&desk.answer(second)), said(&answer));
    desk.pass(Nanos::secs(60));
    let calls = desk.sent.len();
    desk.crash();
    assert_eq!(said(&desk.ask(merge_two(KEY))), said(&answer));
    assert_eq!(desk.sent.len(), calls, "an answer that is known costs no call");
    assert_eq!(desk.ask(merge(KEY, r#"{"from":"C3"}"#)).status, 422, "another merge under the same key");
    let merges = desk.sent.iter().filter(|(.., request)| request.target.ends_with("/merge.json")).count();
    assert_eq!(merges, 1);
}

#[test]
fn a_crash_while_the_shop_merges_is_resumed_and_merges_once() {
    let mut desk = Desk::with_two();
    let accepted = desk.ask(request(Method::Post, "/api/async/customers/C1/merge", &[], r#"{"from":"C2"}"#));
    assert_eq!(accepted.status, 202);
    let job = accepted.headers.get("location").unwrap().to_owned();
    let orders = |desk: &Desk| {
        let orders = |request: &Request| request.body.starts_with(br#"{"query":"mutation merge"#);
        desk.sent.iter().filter(|(.., request)| orders(request)).count()
    };
    let began = (0..10_000).any(|_| {
        desk.pass(Nanos::millis(1));
        orders(&desk) > 0
    });
    assert!(began, "the shop is never asked");
    desk.crash();
    desk.pass(Nanos::secs(120));
    assert_eq!(json(&desk.ask(get(&job)))["status"], "SUCCEEDED");
    assert_eq!(orders(&desk), 1);
    assert_eq!(desk.ask(get("/api/customers/C2")).status, 404);
}
