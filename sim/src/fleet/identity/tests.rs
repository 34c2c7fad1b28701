//! What the identity provider promises, call by call, and what it refuses.

mod conservation;
mod linking;
mod listing;
mod refusals;
mod searching;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::auth::Credentials;
use super::super::testing::{Caller, is_well_formed, wild};
use super::super::{Condition, OwnerTag, SeedRecord};
use super::*;
use crate::clock::Nanos;
use crate::wire::{Headers, Method};

const USERS: &str = "/api/v2/users";
const ANN: &str = r#"{"connection":"Users","user_id":"C001.s1","email":"Ann@x.org","password":"p","given_name":"Ann","family_name":"Lee","app_metadata":{"owner":"C001/s1"}}"#;
const ANN_ID: &str = "/api/v2/users/auth0%7CC001.s1";
const GRANT: &str = "grant_type=client_credentials&client_id=simulated-client&client_secret=simulated-secret&audience=https%3A%2F%2Flocalhost%3A4%2Fapi%2Fv2%2F";

fn tenant() -> Caller<Identity> {
    tenant_with(&Settings::default())
}

fn tenant_with(settings: &Settings) -> Caller<Identity> {
    let mut tenant = Caller::new(Identity::new(settings), "content-type", "application/json");
    authorize(&mut tenant);
    tenant
}

fn authorize(tenant: &mut Caller<Identity>) {
    let (status, body) = tenant.post("/oauth/token", GRANT);
    assert_eq!(status, 200, "{body}");
    tenant.headers = Headers::new();
    tenant.headers.push("authorization", &format!("Bearer {}", body["access_token"].as_str().unwrap()));
}

fn search(tenant: &mut Caller<Identity>, query: &str) -> Vec<String> {
    let (status, body) = tenant.get(&format!("{USERS}?search_engine=v3&q={query}"));
    assert_eq!(status, 200, "{body}");
    body.as_array().unwrap().iter().map(|user| user["user_id"].as_str().unwrap().to_owned()).collect()
}

fn error(status: u16, error: &str, message: &str, code: &str) -> (u16, Value) {
    (status, json!({"statusCode": status, "error": error, "message": message, "errorCode": code}))
}

#[test]
fn a_token_is_given_for_a_form_and_for_json() {
    let mut tenant = tenant();
    let (status, body) = tenant.post("/oauth/token", GRANT);
    assert_eq!((status, &body["expires_in"], &body["token_type"]), (200, &json!(86_400), &json!("Bearer")));
    let known = Credentials::SIMULATION;
    let grant = json!({
        "grant_type": "client_credentials", "client_id": known.identity_client_id,
        "client_secret": known.identity_client_secret, "audience": known.identity_audience,
    });
    assert_eq!(tenant.post("/oauth/token", &grant.to_string()).0, 200);
}

#[test]
fn a_token_is_refused_to_whoever_does_not_know_the_secret() {
    let mut tenant = tenant();
    for (from, to, status) in [
        ("simulated-secret", "guess", 401),
        ("simulated-client", "guess", 401),
        ("client_credentials", "password", 403),
        ("audience=", "aud=", 403),
        (GRANT, "{", 400),
    ] {
        assert_eq!(tenant.post("/oauth/token", &GRANT.replace(from, to)).0, status, "{to}");
    }
}

#[test]
fn a_token_dies_when_it_expires_or_is_revoked() {
    let mut tenant = tenant_with(&Settings { token_life: Nanos::secs(60), ..Settings::default() });
    tenant.wait(Nanos::secs(59));
    assert_eq!(tenant.get(USERS).0, 200);
    tenant.wait(Nanos::secs(1));
    let expired = error(401, "Unauthorized", "Expired token received for JSON Web Token validation", "invalid_token");
    assert_eq!(tenant.get(USERS), expired);
    authorize(&mut tenant);
    assert_eq!(tenant.get(USERS).0, 200);
    tenant.model.control(tenant.now, &Control::RevokeTokens);
    assert_eq!(tenant.get(USERS), error(401, "Unauthorized", "Invalid token", "invalid_token"));
    authorize(&mut tenant);
    assert_eq!(tenant.get(USERS).0, 200);
}

#[test]
fn without_a_token_nothing_is_looked_at() {
    let mut tenant = tenant();
    tenant.headers = Headers::new();
    assert_eq!(tenant.post(USERS, "not json"), error(401, "Unauthorized", "Missing authentication", "invalid_token"));
    for token in ["Bearer simulated-access-token-0", "Bearer simulated-access-token-9", "Bearer x"] {
        tenant.headers = Headers::new();
        tenant.headers.push("authorization", token);
        assert_eq!(tenant.get(USERS).0, 401);
    }
    assert!(tenant.model.records().is_empty());
}

#[test]
fn a_created_user_reads_back_as_stored() {
    let mut tenant = tenant();
    let (status, body) = tenant.post(USERS, ANN);
    assert_eq!((status, &body["user_id"], &body["email"]), (201, &json!("auth0|C001.s1"), &json!("ann@x.org")));
    let (status, body) = tenant.get(ANN_ID);
    assert_eq!((status, &body["app_metadata"]), (200, &json!({"owner": "C001/s1"})));
    assert_eq!((&body["name"], &body["nickname"]), (&json!("ann@x.org"), &json!("ann")));
    let identity = json!({"connection": "Users", "user_id": "C001.s1", "provider": "auth0", "isSocial": false});
    assert_eq!(body["identities"], json!([identity]));
    let record = &tenant.model.records()[0];
    assert_eq!(record.tag, Some(OwnerTag { cust_no: "C001".to_owned(), saga: "s1".to_owned() }));
    assert_eq!((record.given_name.as_str(), record.family_name.as_str()), ("Ann", "Lee"));
    assert_eq!(record.condition, Condition::Live);
}

#[test]
fn a_user_without_a_chosen_id_gets_one() {
    let mut tenant = tenant();
    let (_, body) = tenant.post(USERS, r#"{"connection":"Users","email":"a@x.org"}"#);
    assert_eq!(body["user_id"], "auth0|6955b9000000000000000001");
    let (_, body) = tenant.post(USERS, r#"{"connection":"sms","phone_number":"+4912345"}"#);
    assert_eq!(body["user_id"], "sms|6955b9000000000000000002");
}

#[test]
fn a_create_is_refused_where_the_id_or_the_email_is_held_in_the_connection() {
    let mut tenant = tenant();
    tenant.post(USERS, ANN);
    let held = error(409, "Conflict", "The user already exists.", "auth0_idp_error");
    assert_eq!(tenant.post(USERS, &ANN.replace("C001.s1", "C002.s2")), held);
    assert_eq!(tenant.post(USERS, &ANN.replace("Ann@x.org", "other@x.org")), held);
    let elsewhere = ANN.replace("Users", "Partners").replace("C001.s1", "C002.s2");
    assert_eq!(tenant.post(USERS, &elsewhere).0, 201);
    for body in ["", "{}", r#"{"connection":"Users"}"#, r#"{"connection":"Users","email":"a"}"#, r#"{"connection":7}"#]
    {
        let (status, answer) = tenant.post(USERS, body);
        assert_eq!((status, &answer["errorCode"]), (400, &json!("invalid_body")), "{body}");
    }
}

#[test]
fn a_patch_merges_metadata_and_removes_what_is_null() {
    let mut tenant = tenant();
    tenant.post(USERS, ANN);
    let patch = r#"{"user_id":"auth0|zzz","email":"lee@x.org","family_name":null,"blocked":true,"app_metadata":{"plan":{"a":1}},"user_metadata":{"x":null}}"#;
    let (status, body) = tenant.patch(ANN_ID, patch);
    assert_eq!((status, &body["user_id"], &body["email"]), (200, &json!("auth0|C001.s1"), &json!("lee@x.org")));
    assert_eq!(body["app_metadata"], json!({"owner": "C001/s1", "plan": {"a": 1}}));
    assert!(body["family_name"].is_null() && body["blocked"] == true && body["given_name"] == "Ann");
    tenant.post(USERS, r#"{"connection":"Users","email":"ann@x.org"}"#);
    assert_eq!(tenant.patch(ANN_ID, r#"{"email":"ann@x.org"}"#).0, 409);
    assert_eq!(tenant.patch(ANN_ID, "[]").0, 400);
    let missing = error(404, "Not Found", "The user does not exist.", "inexistent_user");
    assert_eq!(tenant.patch("/api/v2/users/auth0%7Cnone", "{}"), missing);
}

#[test]
fn a_delete_is_hard_and_always_answers_204() {
    let mut tenant = tenant();
    tenant.post(USERS, ANN);
    assert_eq!(tenant.delete(ANN_ID), (204, Value::Null));
    assert_eq!(tenant.delete(ANN_ID), (204, Value::Null));
    assert_eq!(tenant.get(ANN_ID).0, 404);
    assert!(tenant.model.records().is_empty());
    assert_eq!(tenant.post(USERS, ANN).0, 201);
    assert_eq!(tenant.get(ANN_ID).0, 200);
}

#[test]
fn by_email_is_fresh_and_exact() {
    let mut tenant = tenant();
    tenant.post(USERS, ANN);
    let found = |tenant: &mut Caller<Identity>, email: &str| {
        tenant.get(&format!("/api/v2/users-by-email?email={email}")).1.as_array().unwrap().len()
    };
    assert_eq!(found(&mut tenant, "ann%40x.org"), 1);
    assert_eq!((found(&mut tenant, "Ann%40x.org"), found(&mut tenant, "ann")), (0, 0));
    tenant.delete(ANN_ID);
    assert_eq!(found(&mut tenant, "ann%40x.org"), 0);
    assert_eq!(tenant.get("/api/v2/users-by-email").0, 400);
}

#[test]
fn a_search_shows_a_write_only_after_the_lag() {
    let mut tenant = tenant();
    tenant.post(USERS, ANN);
    let queries = [
        "email:%22ann@x.org%22",
        "app_metadata.owner:%22C001%2Fs1%22",
        "user_id:%22auth0%7CC001.s1%22",
        "given_name:ann+AND+family_name:Lee",
        "given_name:an*",
        "email:x+OR+app_metadata.owner:C001*",
        "identities.connection:Users+NOT+blocked:true",
    ];
    for query in queries {
        assert_eq!(search(&mut tenant, query), [""; 0], "{query}");
    }
    tenant.wait(Nanos::secs(2));
    for query in queries {
        assert_eq!(search(&mut tenant, query), ["auth0|C001.s1"], "{query}");
    }
    tenant.patch(ANN_ID, r#"{"email":"new@x.org"}"#);
    assert_eq!(search(&mut tenant, "email:ann@x.org").len(), 1);
    assert_eq!(search(&mut tenant, "email:new@x.org").len(), 0);
    tenant.wait(Nanos::secs(2));
    assert_eq!(search(&mut tenant, "email:new@x.org").len(), 1);
    tenant.delete(ANN_ID);
    assert_eq!(search(&mut tenant, "email:new@x.org").len(), 1);
    tenant.wait(Nanos::secs(2));
    assert_eq!(search(&mut tenant, "").len(), 0);
}

#[test]
fn lists_are_paged_and_tell_totals_where_asked() {
    let mut tenant = tenant();
    for number in 0..5 {
        tenant.post(USERS, &json!({"connection": "Users", "email": format!("c{number}@x.org")}).to_string());
    }
    tenant.wait(Nanos::secs(2));
    let (_, body) = tenant.get(&format!("{USERS}?page=1&per_page=2&include_totals=true"));
    let told = [&body["start"], &body["limit"], &body["length"], &body["total"], &body["users"][0]["email"]];
    assert_eq!(told, [&json!(2), &json!(2), &json!(2), &json!(5), &json!("c2@x.org")]);
    let (_, body) = tenant.get(&format!("{USERS}?page=9&per_page=2&include_totals=true"));
    assert_eq!((&body["length"], &body["users"]), (&json!(0), &json!([])));
    for query in ["per_page=101", "page=10&per_page=100", "q=email:%22a"] {
        let (status, body) = tenant.get(&format!("{USERS}?{query}"));
        assert_eq!((status, &body["errorCode"]), (400, &json!("invalid_query_string")), "{query}");
    }
}

#[test]
fn the_limits_are_told_of_in_every_answer() {
    let mut tenant = tenant();
    let response = tenant.send(Method::Get, USERS, "");
    let told = |name: &str| response.headers.get(name).unwrap().to_owned();
    assert_eq!((told("x-ratelimit-limit"), told("x-ratelimit-remaining")), ("100".to_owned(), "99".to_owned()));
    assert_eq!(told("x-ratelimit-reset"), (1_767_225_600 + 3601).to_string());
    for _ in 1..100 {
        assert_eq!(tenant.get(USERS).0, 200);
    }
    let refused = error(429, "Too Many Requests", "Global limit has been reached", "too_many_requests");
    assert_eq!(tenant.post(USERS, ANN), refused);
    assert_eq!(tenant.post("/oauth/token", GRANT).0, 200);
    tenant.wait(Nanos::millis(20));
    assert_eq!(tenant.post(USERS, ANN).0, 201);
    tenant.wait(Nanos::secs(60));
    tenant.model.control(tenant.now, &Control::ExhaustQuota(tenant.now + Nanos::secs(1)));
    assert_eq!(tenant.get(USERS).0, 429);
    tenant.wait(Nanos::secs(1));
    assert_eq!(tenant.get(USERS).0, 200);
}

#[test]
fn the_token_endpoint_has_a_limit_of_its_own() {
    let mut tenant = tenant();
    for _ in 1..30 {
        assert_eq!(tenant.post("/oauth/token", GRANT).0, 200);
    }
    assert_eq!(tenant.post("/oauth/token", GRANT).0, 429);
}

#[test]
fn a_seed_has_the_id_that_its_owner_would_have_chosen() {
    let mut tenant = tenant();
    let seed =
        SeedRecord { tag: Some("C7/s0".to_owned()), email: Some("Bob@x.org".to_owned()), ..SeedRecord::default() };
    let control = Control::Seed(seed);
    assert_eq!(tenant.model.control(Instant::ZERO, &control).as_deref(), Some("auth0|C7.s0"));
    assert_eq!(tenant.model.control(Instant::ZERO, &control), None);
    assert_eq!(search(&mut tenant, "email:bob@x.org").len(), 1);
}

#[test]
fn under_drift_numbers_are_texts_and_unknown_fields_appear() {
    let mut tenant = tenant();
    tenant.model.control(tenant.now, &Control::Drift(true));
    let (status, body) = tenant.post(USERS, ANN);
    assert_eq!(status, 201);
    assert!(body["picture"].is_null() && body["schema_revision"].is_object());
    assert_eq!(tenant.post("/oauth/token", GRANT).1["expires_in"], "86400");
}

#[test]
fn a_route_names_the_call_and_the_email_that_the_user_was_created_with() {
    let mut tenant = tenant();
    let subject = Subject::of(b"ann@x.org");
    assert_eq!(tenant.route(Method::Post, USERS, ANN), ("create", subject));
    tenant.post(USERS, ANN);
    tenant.patch(ANN_ID, r#"{"email":"new@x.org"}"#);
    assert_eq!(tenant.route(Method::Get, ANN_ID, ""), ("read", subject));
    tenant.delete(ANN_ID);
    assert_eq!(tenant.route(Method::Delete, ANN_ID, ""), ("delete", subject));
    assert_eq!(tenant.route(Method::Patch, "/api/v2/users/auth0%7Cx", ""), ("update", Subject::of(b"auth0|x")));
    assert_eq!(tenant.route(Method::Get, "/api/v2/users-by-email?email=ann%40x.org", ""), ("by-email", subject));
    assert_eq!(tenant.route(Method::Get, "/api/v2/users?q=email:%22ann@x.org%22", ""), ("search", subject));
    assert_eq!(tenant.route(Method::Post, "/oauth/token", GRANT), ("token", Subject::NONE));
    assert_eq!(tenant.route(Method::Get, "/", ""), ("other", Subject::NONE));
}

#[test]
fn a_fingerprint_sees_state_and_distances_but_no_absolute_time() {
    let (mut early, mut late) = (tenant(), tenant());
    late.wait(Nanos::secs(1000));
    authorize(&mut early);
    authorize(&mut late);
    for tenant in [&mut early, &mut late] {
        tenant.model.control(tenant.now, &Control::RevokeTokens);
        authorize(tenant);
        tenant.post(USERS, ANN);
        tenant.wait(Nanos::secs(1));
        tenant.patch(ANN_ID, r#"{"family_name":"May"}"#);
    }
    assert_eq!(early.print(), late.print());
    late.patch(ANN_ID, r#"{"family_name":"Day"}"#);
    assert_ne!(early.print(), late.print());
}

const WORDS: &[&str] = &[
    "/api/v2/",
    "users",
    "-by-email",
    "/",
    "auth0%7CC001.s1",
    "/identities",
    "/auth0/C001.s1",
    "?",
    "&",
    "q=",
    "email=",
    "page=1",
    "per_page=0",
    "email:",
    "\"",
    "%",
    "include_totals=true",
    "/oauth/token",
    "*",
    "OR",
];

proptest! {
    #[test]
    fn any_bytes_get_a_well_formed_answer(requests in prop::collection::vec(wild(WORDS, &[ANN, GRANT, "{}"]), 1..8), authorized: bool) {
        let mut tenant = tenant();
        for mut request in requests {
            if authorized {
                tenant.headers.iter().for_each(|(name, value)| request.headers.push(name, value));
            }
            let (route, _) = tenant.model.route(&request);
            prop_assert!(usize::from(route.0) < Identity::routes().len());
            let response = tenant.model.handle(tenant.now, &request);
            prop_assert!(is_well_formed(&response), "{response:?}");
            tenant.wait(Nanos::secs(1));
        }
    }
}
