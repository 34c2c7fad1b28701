//! What is not valid is told at once, and nothing is invoked: no call, no commit, no read.

use sagaproof_sim::process::Effect;
use sagaproof_sim::wire::{Method, Request, Response};

use crate::desk::{Desk, get, json, request};

/// The answer to a request on which the hub does nothing else.
fn only_answer(request: Request) -> Response {
    let mut desk = Desk::new();
    let target = request.target.clone();
    let mut effects = desk.effects(request);
    assert_eq!(effects.len(), 1, "{target}: {effects:?}");
    match effects.pop() {
        Some(Effect::Answer { response, .. }) => response,
        other => panic!("{target}: {other:?}"),
    }
}

#[test]
fn without_a_customer_number_nothing_happens_but_the_answer() {
    let body = r#"{"email":"a@x.test","given_name":"A","family_name":"B"}"#;
    let keyed = [("idempotency-key", "k1"), ("x-correlation-id", "c1")];
    for request in [
        request(Method::Post, "/api/customers", &[], body),
        request(Method::Post, "/api/customers", &keyed, body),
        request(Method::Post, "/api/async/customers", &keyed, body),
        get("/api/customers"),
        get("/api/customers?cust_no="),
        get("/api/customers?customer=C1"),
    ] {
        let response = only_answer(request);
        assert_eq!(response.status, 400);
        assert_eq!(response.headers.get("content-type"), Some("application/json"));
        assert_eq!(response.body, br#"{"message":"Missing required request parameters: [cust_no]"}"#);
    }
}

#[test]
fn all_that_is_missing_is_named() {
    let response = only_answer(request(Method::Post, "/api/customers", &[], "{}"));
    let all = "Missing required request parameters: [cust_no, email, given_name, family_name]";
    assert_eq!((response.status, &json(&response)["message"]), (400, &all.into()));
}

#[test]
fn what_is_wrong_is_a_problem_and_nothing_happens_but_the_answer() {
    let long = format!(r#"{{"given_name":"{}"}}"#, "x".repeat(70_000));
    for (method, target, headers, body, status) in [
        (Method::Patch, "/api/customers/C1", &[][..], r#"{"email":"nobody"}"#, 400),
        (Method::Patch, "/api/customers/C1", &[], "{}", 400),
        (Method::Patch, "/api/customers/C1", &[], "no json", 400),
        (Method::Patch, "/api/customers/C1", &[], &long, 400),
        (Method::Patch, "/api/customers/C1", &[], r#"{"cust_no":"C2","given_name":"A"}"#, 400),
        (Method::Patch, "/api/customers/C1", &[("idempotency-key", "a;b")], r#"{"given_name":"A"}"#, 400),
        (Method::Delete, "/api/customers/C%201", &[], "", 400),
        (Method::Get, "/api/customers/C.1", &[], "", 400),
        (Method::Put, "/api/customers/C1", &[], "{}", 405),
        (Method::Get, "/api/jobs/nobody", &[], "", 404),
        (Method::Get, "/api/nothing", &[], "", 404),
    ] {
        let response = only_answer(request(method, target, headers, body));
        assert_eq!(response.status, status, "{method:?} {target} {body:.40}");
        assert_eq!(response.headers.get("content-type"), Some("application/problem+json"));
        assert_eq!(json(&response)["outcome"], "refused");
    }
}
