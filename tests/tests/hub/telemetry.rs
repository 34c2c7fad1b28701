//! What operators see: one correlation id from the client's request to every call, answer, job and log line; and log
//! lines that have every field and never a customer's data or a secret.

use std::collections::BTreeSet;

use sagaproof::scenario::built_in;
use sagaproof_sim::chaos::choices::Random;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::wire::Response;
use sagaproof_tests::play::play_before;
use serde_json::Value;

use crate::desk::{Desk, Does, creates, creation, get, json};

const CORRELATED: &[(&str, &str)] = &[("x-correlation-id", "from.the-client_1")];

const FIELDS: [&str; 9] = [
    "level",
    "timestamp",
    "function_name",
    "function_request_id",
    "correlation_id",
    "saga_id",
    "step",
    "message",
    "error_code",
];

#[test]
fn one_correlation_id_and_one_trace_run_from_the_request_through_every_call() {
    let mut desk = Desk::new();
    let accepted = desk.ask(creation("/api/async/customers", 1, CORRELATED));
    assert_eq!(accepted.headers.get("x-correlation-id"), Some("from.the-client_1"));
    desk.pass(Nanos::secs(60));
    let job = desk.ask(get(accepted.headers.get("location").unwrap()));
    assert_eq!(json(&job)["correlation_id"], "from.the-client_1");
    assert!(desk.sent.len() >= 5);
    let mut traces = BTreeSet::new();
    for (_, to, request) in &desk.sent {
        assert_eq!(request.headers.get("x-correlation-id"), Some("from.the-client_1"), "{to:?}");
        let parts: Vec<&str> = request.headers.get("traceparent").unwrap().split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [2, 32, 16, 2]);
        traces.insert(parts[1]);
    }
    assert_eq!(traces.len(), 1);
    for line in &desk.logged {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["correlation_id"], "from.the-client_1");
    }
}

#[test]
fn it_survives_a_crash_and_comes_with_every_answer() {
    let mut desk = Desk::new();
    let keyed = [CORRELATED[0], ("idempotency-key", "k1")];
    desk.send(creation("/api/customers", 1, &keyed));
    desk.pass(Nanos::millis(30));
    let before = desk.sent.len();
    desk.crash();
    let answer = desk.ask(creation("/api/customers", 1, &keyed));
    assert_eq!((answer.status, answer.headers.get("x-correlation-id")), (201, Some("from.the-client_1")));
    assert!(desk.sent.len() > before);
    for (_, _, request) in &desk.sent {
        assert_eq!(request.headers.get("x-correlation-id"), Some("from.the-client_1"));
    }
}

#[test]
fn who_brings_none_is_given_one() {
    let mut desk = Desk::new();
    let answer = desk.ask(creation("/api/customers", 1, &[("x-correlation-id", "not\"usable")]));
    let given = answer.headers.get("x-correlation-id").unwrap();
    assert!(!given.is_empty() && !given.contains('"'));
    assert_eq!(desk.sent[0].2.headers.get("x-correlation-id"), Some(given));
}

#[test]
fn every_line_has_every_field_and_names_its_saga_and_step() {
    let mut desk = Desk::new();
    desk.vendors(|_, request| {
        if creates(request) && request.target.contains("users") {
            Does::Says(Response::json(403, r#"{"error":"secret1@x.test may not"}"#))
        } else {
            Does::Its
        }
    });
    let answer = desk.ask(creation("/api/customers", 1, CORRELATED));
    assert_eq!(answer.status, 422);
    desk.pass(Nanos::secs(60));
    assert!(desk.logged.len() >= 5, "{:?}", desk.logged);
    let lines: Vec<Value> = desk.logged.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        let named: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(named.iter().copied().collect::<BTreeSet<_>>(), FIELDS.into_iter().collect());
        assert!(matches!(line["level"].as_str().unwrap(), "INFO" | "WARN" | "ERROR"));
        assert!(line["timestamp"].is_u64() && line["function_request_id"].is_u64());
        assert!(line["saga_id"].as_str().unwrap().starts_with('s'));
    }
    let failed =
        lines.iter().find(|line| line["message"] == "call without success" || line["level"] == "WARN").unwrap();
    assert!(!failed["error_code"].as_str().unwrap().is_empty(), "{failed}");
    assert!(lines.iter().any(|line| !line["step"].as_str().unwrap().is_empty()));
    desk.logged.iter().for_each(|line| nothing_private(line));
}

/// Fails where a log line bears a customer's data or a secret.
fn nothing_private(line: &str) {
    let secrets = Credentials::SIMULATION;
    for private in [
        "@",
        "+8",
        "Zelda",
        "Quux",
        "Bearer",
        "Basic",
        secrets.commerce_token,
        secrets.support_token,
        secrets.identity_client_secret,
        secrets.messaging_token,
    ] {
        assert!(!line.contains(private), "{private} in {line}");
    }
}

/// Looks at all that is logged.
#[derive(Default)]
struct Reader {
    lines: usize,
}

impl Observer for Reader {
    fn see(&mut self, _now: Instant, observation: &Observation<'_>) {
        if let Observation::Logged(line) = observation {
            nothing_private(line);
            self.lines += 1;
        }
    }
}

#[test]
fn no_world_of_any_scenario_logs_a_customers_data_or_a_secret() {
    let mut lines = 0;
    for scenario in built_in().unwrap() {
        for seed in 0..20 {
            let played = play_before(&scenario, seed, Random::new(seed), Reader::default(), |_| {});
            lines += played.observer.lines;
        }
    }
    assert!(lines > 1_000, "{lines}");
}
