//! What the help desk promises and refuses: the desk that all its tests speak to, and requests of arbitrary bytes.

mod conservation;
mod deletion;
mod limits;
mod lists;
mod logins;
mod many;
mod merging;
mod tickets;
mod users;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::auth::SUPPORT_BASIC;
use super::super::testing::{Caller, is_well_formed, wild};
use super::super::{Condition, OwnerTag, SeedRecord};
use super::*;
use crate::wire::{Headers, Method};

const USERS: &str = "/api/v2/users.json";
const ANN: &str = r#"{"user":{"name":"Ann Lee","email":"Ann@x.org","phone":"+49 30 12345","external_id":"C001/s1","tags":["vip"],"verified":true}}"#;

fn desk() -> Caller<Support> {
    desk_with(&Settings::default())
}

fn desk_with(settings: &Settings) -> Caller<Support> {
    Caller::new(Support::new(settings), "authorization", SUPPORT_BASIC)
}

/// Creates a user and tells its id.
fn create(desk: &mut Caller<Support>, body: &str) -> u64 {
    let (status, body) = desk.post(USERS, body);
    assert_eq!(status, 201, "{body}");
    body["user"]["id"].as_u64().unwrap()
}

fn user_named(number: u32) -> String {
    json!({"user": {"name": format!("User {number}"), "email": format!("u{number}@x.org")}}).to_string()
}

fn of(id: u64, rest: &str) -> String {
    format!("/api/v2/users/{id}{rest}")
}

fn deleted(id: u64) -> String {
    format!("/api/v2/deleted_users/{id}.json")
}

fn ids(body: &Value, key: &str) -> Vec<u64> {
    body[key].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect()
}

fn invalid(field: &str, description: &str, code: &str) -> (u16, Value) {
    let details = json!({field: [{"description": description, "error": code}]});
    (422, json!({"error": "RecordInvalid", "description": "Record validation errors", "details": details}))
}

fn not_found() -> (u16, Value) {
    (404, json!({"error": "RecordNotFound", "description": "Not found"}))
}

fn seed(children: u32) -> Control {
    Control::Seed(SeedRecord {
        tag: Some("C007/s9".to_owned()),
        email: Some("Bob@x.org".to_owned()),
        phone: Some("+4912345".to_owned()),
        given_name: "Bob".to_owned(),
        family_name: "Ray".to_owned(),
        children,
    })
}

#[test]
fn a_fingerprint_sees_state_and_distances_but_no_absolute_time() {
    let (mut early, mut late) = (desk(), desk());
    late.wait(Nanos::secs(600));
    for desk in [&mut early, &mut late] {
        let id = create(desk, ANN);
        desk.wait(Nanos::secs(1));
        desk.put(&of(id, ""), r#"{"user":{"name":"Ann May"}}"#);
    }
    assert_eq!(early.print(), late.print());
    early.wait(Nanos::secs(1));
    assert_ne!(early.print(), late.print());
    early.wait(Nanos::secs(600));
    let settled = early.print();
    // Its limits count by windows of a minute and of ten.
    early.wait(Nanos::secs(600));
    assert_eq!(early.print(), settled);
}

const WORDS: &[&str] = &[
    "/api/v2/",
    "users",
    "deleted_users",
    "search",
    "tickets",
    "show_many",
    "create_or_update",
    "identities",
    ".json",
    "/",
    "360000000001",
    "380000000001",
    "make_primary",
    "requested",
    "?",
    "&",
    "query=",
    "type:user",
    "email:",
    "page[size]=1",
    "page[after]=o0",
    "page[before]=o1",
    "page=0",
    "per_page=9",
    "external_id=",
    "external_ids=",
    "role[]=",
    "sort_by=updated_at",
    "/export",
    "filter[type]=user",
    "360000000000",
    "ids=",
    "merge",
    "update_many",
    "create_many",
    "destroy_many",
    "verify",
    "me",
    "count",
    "job_statuses",
    "8b726e606741012f0000000000000000",
    "35436001",
    "%",
];
const BODIES: &[&str] = &[
    ANN,
    "{}",
    r#"{"identity":{"type":"email","value":"b@x.org","primary":true}}"#,
    r#"{"ticket":{"comment":{"body":"?"},"requester_id":360000000001}}"#,
    r#"{"tickets":[{"id":35436001,"requester_id":360000000001}]}"#,
    r#"{"ticket":{"description":"?","requester":{"name":"C","email":"c@x.org"},"status":"closed","tags":"a b"}}"#,
    r#"{"user":{"name":7,"notes":"n","user_fields":{"a":[1]},"tags":"a","role":"agent"}}"#,
    r#"{"user":{"id":360000000001}}"#,
    r#"{"users":[{"id":360000000001,"name":"A"},{"email":"c@x.org"}]}"#,
];

proptest! {
    #[test]
    fn any_bytes_get_a_well_formed_answer(requests in prop::collection::vec(wild(WORDS, BODIES), 1..8), authorized: bool) {
        let mut desk = desk();
        create(&mut desk, ANN);
        for mut request in requests {
            if authorized {
                request.headers.push("authorization", SUPPORT_BASIC);
            }
            let (route, _) = desk.model.route(&request);
            prop_assert!(usize::from(route.0) < Support::routes().len());
            let response = desk.model.handle(desk.now, &request);
            prop_assert!(is_well_formed(&response), "{response:?}");
            desk.wait(Nanos::secs(1));
        }
    }
}
