//! What bodies the identity provider refuses, in its own words, and what a user shows of what it was given.

use super::*;

fn invalid(message: &str) -> (u16, Value) {
    error(400, "Bad Request", message, "invalid_body")
}

#[test]
fn properties_that_the_route_does_not_take_are_named() {
    let mut tenant = tenant();
    let said = |names: &str| {
        invalid(&format!(
            "Payload validation error: 'Additional properties not allowed: {names} (consider storing them in \
             app_metadata or user_metadata. See \"Users Metadata\" in https://auth0.com/docs/api/v2/changes for more \
             details)'."
        ))
    };
    let odd = r#"{"connection":"Users","email":"a@x.org","foo":1,"bar":{},"created_at":"2026-01-01"}"#;
    assert_eq!(tenant.post(USERS, odd), said("foo,bar,created_at"));
    assert_eq!(tenant.post(USERS, r#"{"connection":"Users","email":"a@x.org","client_id":"c"}"#), said("client_id"));
    assert!(tenant.model.records().is_empty());
    tenant.post(USERS, ANN);
    assert_eq!(tenant.patch(ANN_ID, r#"{"foo":1,"logins_count":2}"#), said("foo"));
    assert_eq!(tenant.patch(ANN_ID, r#"{"client_id":"c","verify_email":false,"picture":"p.png"}"#).0, 200);
}

#[test]
fn a_user_may_be_sent_back_whole() {
    let mut tenant = tenant();
    let (_, whole) = tenant.post(USERS, ANN);
    let (status, again) = tenant.patch(ANN_ID, &whole.to_string());
    assert_eq!((status, again), (200, whole));
}

#[test]
fn a_value_of_a_wrong_type_is_told_with_its_property() {
    let mut tenant = tenant();
    for (property, value, expected, found) in [
        ("name", "1", "string", "integer"),
        ("email", "1.5", "string", "number"),
        ("blocked", "\"yes\"", "boolean", "string"),
        ("app_metadata", "[]", "object", "array"),
        ("given_name", "true", "string", "boolean"),
    ] {
        let body = format!(r#"{{"connection":"Users","{property}": {value}}}"#);
        let said = format!(
            "Payload validation error: 'Expected type {expected} but found type {found}' on property {property}."
        );
        assert_eq!(tenant.post(USERS, &body), invalid(&said), "{body}");
    }
    assert_eq!(
        tenant.post(USERS, "[]"),
        invalid("Payload validation error: 'Expected type object but found type array'.")
    );
    assert_eq!(tenant.post(USERS, r#"{"name":"#), invalid("Payload validation error: 'Invalid JSON'."));
}

#[test]
fn a_user_of_a_database_needs_a_password() {
    let mut tenant = tenant();
    let body = r#"{"connection":"Username-Password-Authentication","email":"a@x.org"}"#;
    let missing = invalid("Payload validation error: 'Missing required property: password'.");
    assert_eq!(tenant.post(USERS, body), missing);
    assert_eq!(tenant.post(USERS, &body.replace('}', r#","password":"p"}"#)).0, 201);
}

#[test]
fn a_username_is_held_in_its_connection_and_a_phone_number_where_one_logs_in_with_it() {
    let mut tenant = tenant();
    let mut create = |body: Value| tenant.post(USERS, &body.to_string()).0;
    assert_eq!(create(json!({"connection": "Users", "username": "ann"})), 201);
    assert_eq!(create(json!({"connection": "Users", "username": "Ann"})), 409);
    assert_eq!(create(json!({"connection": "Partners", "username": "ann"})), 201);
    assert_eq!(create(json!({"connection": "sms", "phone_number": "+4912345"})), 201);
    assert_eq!(create(json!({"connection": "sms", "phone_number": "+49 12345"})), 409);
    assert_eq!(create(json!({"connection": "Users", "username": "bob", "phone_number": "+4912345"})), 201);
    assert_eq!(create(json!({"connection": "Users", "username": "carl", "phone_number": "+4912345"})), 201);
    let (_, bob) = tenant.patch("/api/v2/users/auth0%7C6955b9000000000000000004", r#"{"username":"ann"}"#);
    assert_eq!(bob["statusCode"], 409);
}

#[test]
fn what_one_logs_in_with_changes_one_at_a_time() {
    let mut tenant = tenant();
    tenant.post(USERS, ANN);
    for (body, pair) in [
        (r#"{"email":"b@x.org","password":"q"}"#, "password and email"),
        (r#"{"username":"b","password":"q"}"#, "username and password"),
        (r#"{"username":"b","email":"b@x.org"}"#, "username and email"),
    ] {
        assert_eq!(tenant.patch(ANN_ID, body), invalid(&format!("Cannot update {pair} simultaneously")));
    }
    assert_eq!(tenant.patch(ANN_ID, r#"{"password":"q"}"#).0, 200);
}

#[test]
fn moments_are_told_to_the_millisecond() {
    let mut tenant = tenant();
    tenant.wait(Nanos::millis(45));
    let (_, body) = tenant.post(USERS, ANN);
    assert_eq!((&body["created_at"], &body["updated_at"]), (&json!("2026-01-01T01:00:00.045Z"), &body["created_at"]));
    tenant.wait(Nanos::millis(1007));
    let (_, body) = tenant.patch(ANN_ID, "{}");
    assert_eq!(body["updated_at"], "2026-01-01T01:00:01.052Z");
}

#[test]
fn what_was_never_set_is_not_shown() {
    let mut tenant = tenant();
    let (_, body) = tenant.post(USERS, r#"{"connection":"Users","email":"a@x.org"}"#);
    for never in ["app_metadata", "user_metadata", "blocked", "logins_count", "phone_verified"] {
        assert_eq!(body.get(never), None, "{never}");
    }
    let one = "/api/v2/users/auth0%7C6955b9000000000000000001";
    let set = r#"{"blocked":false,"user_metadata":{"a":1},"phone_number":"+4912345","phone_verified":true}"#;
    let (_, body) = tenant.patch(one, set);
    assert_eq!((&body["blocked"], &body["user_metadata"]), (&json!(false), &json!({"a": 1})));
    assert_eq!(body["phone_verified"], true);
}
