//! What messaging promises: one acceptance a retry key, and honest refusals.

use proptest::prelude::*;
use serde_json::json;

use super::super::testing::{Caller, is_well_formed, wild};
use super::*;
use crate::wire::{Headers, Method};

const PUSH: &str = "/v2/bot/message/push";
const WELCOME: &str = r#"{"to":"C001","messages":[{"type":"text","text":"Welcome"}]}"#;
const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";

fn caller() -> Caller<Messaging> {
    let token = format!("Bearer {}", Credentials::SIMULATION.messaging_token);
    Caller::new(Messaging::new(&Settings::default()), "authorization", &token)
}

fn with_key(key: &str) -> Caller<Messaging> {
    let mut caller = caller();
    caller.headers.push("x-line-retry-key", key);
    caller
}

#[test]
fn a_push_is_accepted_and_listed() {
    let mut caller = caller();
    let (status, body) = caller.post(PUSH, WELCOME);
    assert_eq!((status, &body["sentMessages"][0]["id"]), (200, &json!("461230966842064897")));
    let effects = caller.model.side_effects();
    assert_eq!(effects.len(), 1);
    assert_eq!((effects[0].what, effects[0].subject.as_str(), effects[0].at), ("message-accepted", "C001", caller.now));
    assert!(caller.model.records().is_empty());
}

#[test]
fn a_repeated_retry_key_is_a_conflict_that_names_the_first_request() {
    let mut caller = with_key(KEY);
    let first = caller.send(Method::Post, PUSH, WELCOME);
    let again = caller.send(Method::Post, PUSH, WELCOME);
    assert_eq!((first.status, again.status), (200, 409));
    let id = first.headers.get("x-line-request-id");
    assert!(id.is_some());
    assert_eq!(again.headers.get("x-line-accepted-request-id"), id);
    assert_eq!(caller.model.side_effects().len(), 1);
    caller.wait(Nanos::secs(86_400));
    assert_eq!(caller.post(PUSH, WELCOME).0, 200);
}

#[test]
fn each_message_of_a_push_is_told_of_and_again_with_a_conflict() {
    let two = r#"{"to":"C001","messages":[{"type":"text","text":"a"},{"type":"sticker","packageId":"1"}]}"#;
    let mut caller = with_key(KEY);
    let (status, body) = caller.post(PUSH, two);
    let ids = |body: &serde_json::Value| {
        let sent = body["sentMessages"].as_array().unwrap();
        sent.iter().map(|message| message["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((status, ids(&body)), (200, vec!["461230966842064897".to_owned(), "461230966842064898".to_owned()]));
    let (status, again) = caller.post(PUSH, two);
    assert_eq!((status, ids(&again)), (409, ids(&body)));
    assert_eq!(again["message"], "The retry key is already accepted");
    assert_eq!(caller.model.side_effects().len(), 1);
    caller.headers = self::caller().headers;
    assert_eq!(ids(&caller.post(PUSH, WELCOME).1), ["461230966842064899"]);
}

#[test]
fn what_is_wrong_with_a_push_is_told_with_its_property() {
    let kinds = "Must be one of the following values: [text, textV2, image, video, audio, location, sticker, template, imagemap, flex]";
    let long = format!(r#"[{{"type":"text","text":"{}"}}]"#, "é".repeat(5001));
    for (messages, faults) in [
        (r#"[{"type":"text","text":""}]"#, vec![("May not be empty", "messages[0].text")]),
        (
            r#"[{"text":"a"},{"type":"text"}]"#,
            vec![(kinds, "messages[0].type"), ("May not be empty", "messages[1].text")],
        ),
        (r#"[{"type":"dance"}]"#, vec![(kinds, "messages[0].type")]),
        (r#"[{},{},{},{},{},{}]"#, vec![("Size must be between 1 and 5", "messages")]),
        ("[]", vec![("Size must be between 1 and 5", "messages")]),
        (&long, vec![("Length must be between 0 and 5000", "messages[0].text")]),
    ] {
        let (status, body) = caller().post(PUSH, &format!(r#"{{"to":"C001","messages":{messages}}}"#));
        let details: Vec<_> =
            faults.iter().map(|(message, property)| json!({"message": message, "property": property})).collect();
        let message = format!("The request body has {} error(s)", details.len());
        assert_eq!((status, body), (400, json!({"message": message, "details": details})));
    }
}

#[test]
fn every_answer_bears_the_id_of_its_request() {
    let mut caller = with_key(KEY);
    let first = caller.send(Method::Post, PUSH, WELCOME);
    let again = caller.send(Method::Post, PUSH, WELCOME);
    let wrong = caller.send(Method::Post, PUSH, "");
    caller.headers = Headers::new();
    let stranger = caller.send(Method::Get, "/v2/bot/profile/C001", "");
    let id = |response: &Response| response.headers.get("x-line-request-id").unwrap().to_owned();
    assert_eq!(again.headers.get("x-line-accepted-request-id"), Some(&*id(&first)));
    assert!([&again, &wrong, &stranger].into_iter().all(|response| id(response) != id(&first)));
}

#[test]
fn without_a_key_every_push_is_a_message() {
    let mut caller = caller();
    assert_eq!((caller.post(PUSH, WELCOME).0, caller.post(PUSH, WELCOME).0), (200, 200));
    assert_eq!(caller.model.side_effects().len(), 2);
}

#[test]
fn what_is_refused_leaves_its_key_unused() {
    let mut caller = with_key(KEY);
    for body in [
        "",
        "{}",
        r#"{"to":"","messages":[{}]}"#,
        r#"{"to":"C1","messages":[]}"#,
        r#"{"to":"C1","messages":[1,2,3,4,5,6]}"#,
        r#"{"to":"C1","messages":[{}]}"#,
    ] {
        assert_eq!(caller.post(PUSH, body).0, 400, "{body}");
    }
    assert!(caller.model.side_effects().is_empty());
    assert_eq!(caller.post(PUSH, WELCOME).0, 200);
    assert_eq!(with_key("not-a-uuid").post(PUSH, WELCOME).0, 400);
    assert_eq!(with_key(KEY).get("/v2/bot/profile/C001").0, 400);
}

#[test]
fn auth_comes_first_and_unknown_routes_are_not_found() {
    let mut caller = caller();
    assert_eq!(caller.get("/v2/bot/nothing").0, 404);
    caller.headers = Headers::new();
    assert_eq!(caller.post(PUSH, "").0, 401);
}

#[test]
fn a_profile_shows_whoever_is_asked_for() {
    let (status, body) = caller().get("/v2/bot/profile/C%20001");
    assert_eq!((status, &body["userId"]), (200, &json!("C 001")));
}

#[test]
fn more_than_two_thousand_requests_in_a_second_are_refused_without_a_wait() {
    let mut caller = caller();
    for _ in 0..2000 {
        assert_eq!(caller.get("/v2/bot/profile/a").0, 200);
    }
    let response = caller.send(Method::Post, PUSH, WELCOME);
    assert_eq!((response.status, response.headers.get("retry-after")), (429, None));
    caller.wait(Nanos::secs(1));
    assert_eq!(caller.post(PUSH, WELCOME).0, 200);
    let until = caller.now + Nanos::secs(9);
    caller.model.control(caller.now, &Control::ExhaustQuota(until));
    assert_eq!(caller.post(PUSH, WELCOME).0, 429);
    caller.wait(Nanos::secs(9));
    assert_eq!(caller.post(PUSH, WELCOME).0, 200);
}

#[test]
fn a_route_is_about_the_recipient() {
    let caller = caller();
    assert_eq!(caller.route(Method::Post, PUSH, WELCOME), ("push", Subject::of(b"C001")));
    assert_eq!(caller.route(Method::Get, "/v2/bot/profile/C1", ""), ("profile", Subject::of(b"C1")));
    assert_eq!(caller.route(Method::Put, "/", ""), ("other", Subject::NONE));
}

#[test]
fn a_fingerprint_sees_a_key_until_it_is_forgotten() {
    let mut caller = with_key(KEY);
    let empty = caller.print();
    caller.post(PUSH, WELCOME);
    let young = caller.print();
    caller.wait(Nanos::secs(86_401));
    assert!(caller.print() != young && young != empty);
}

const WORDS: &[&str] = &["/v2/bot/", "message/push", "profile/", "C001", "/", "?", "%41"];

proptest! {
    #[test]
    fn any_bytes_get_a_well_formed_answer(requests in prop::collection::vec(wild(WORDS, &[WELCOME, "{}"]), 1..8), authorized: bool, key in "[0-9a-f-]{35,37}") {
        let mut model = Messaging::new(&Settings::default());
        for mut request in requests {
            if authorized {
                request.headers.push("authorization", "Bearer simulated-channel-token");
                request.headers.push("x-line-retry-key", &key);
            }
            let (route, _) = model.route(&request);
            prop_assert!(usize::from(route.0) < Messaging::routes().len());
            let response = model.handle(Instant::ZERO, &request);
            prop_assert!(is_well_formed(&response), "{response:?}");
        }
    }
}
