//! What linking users of the identity provider does, what undoing it brings back, and what is refused.

use super::*;
use crate::fleet::{Child, ChildKind, MadeFor};

const BOB: &str = r#"{"connection":"Users","user_id":"C002.s2","email":"bob@x.org","password":"p","given_name":"Bob","app_metadata":{"owner":"C002/s2"},"user_metadata":{"size":"L"}}"#;
const BOB_ID: &str = "/api/v2/users/auth0%7CC002.s2";
const LINK: &str = "/api/v2/users/auth0%7CC001.s1/identities";
const UNLINK: &str = "/api/v2/users/auth0%7CC001.s1/identities/auth0/C002.s2";
const SECONDARY: &str = r#"{"provider":"auth0","user_id":"C002.s2"}"#;

/// A tenant with Ann and Bob, of whom nothing is linked yet.
fn two() -> Caller<Identity> {
    let mut tenant = tenant();
    assert_eq!(tenant.post(USERS, ANN).0, 201);
    assert_eq!(tenant.post(USERS, BOB).0, 201);
    tenant.wait(Nanos::secs(10));
    tenant
}

/// The same once Bob was linked to Ann.
fn linked() -> Caller<Identity> {
    let mut tenant = two();
    let (status, identities) = tenant.post(LINK, SECONDARY);
    assert_eq!((status, identities.as_array().unwrap().len()), (201, 2), "{identities}");
    tenant
}

fn child(id: &str, holder: &str, cust_no: &str) -> Child {
    let made_for = MadeFor::Customer(cust_no.to_owned());
    Child { kind: ChildKind::Identity, id: id.to_owned(), holder: Some(holder.to_owned()), made_for }
}

#[test]
fn a_linked_user_becomes_an_identity_of_the_other_and_loses_its_metadata() {
    let mut tenant = linked();
    let (status, ann) = tenant.get(ANN_ID);
    assert_eq!((status, &ann["app_metadata"], &ann["email"]), (200, &json!({"owner": "C001/s1"}), &json!("ann@x.org")));
    let identity = json!({
        "connection": "Users", "user_id": "C002.s2", "provider": "auth0", "isSocial": false,
        "profileData": {
            "email": "bob@x.org", "email_verified": false, "given_name": "Bob", "name": "bob@x.org", "nickname": "bob",
        },
    });
    assert_eq!((&ann["identities"][0]["user_id"], &ann["identities"][1]), (&json!("C001.s1"), &identity));
    assert_eq!(tenant.get(BOB_ID).0, 404);
    assert_eq!(tenant.patch(BOB_ID, r#"{"given_name":"B"}"#).0, 404);
}

#[test]
fn every_identity_is_a_child_of_the_user_that_holds_it() {
    let (ann, bob) = ("auth0|C001.s1", "auth0|C002.s2");
    assert_eq!(two().model.children(), [child(ann, ann, "C001"), child(bob, bob, "C002")]);
    let mut tenant = linked();
    assert_eq!(tenant.model.children(), [child(ann, ann, "C001"), child(bob, ann, "C002")]);
    assert_eq!(tenant.model.records().len(), 1);
    tenant.delete(ANN_ID);
    assert_eq!(tenant.model.children(), []);
}

#[test]
fn by_email_finds_the_user_that_holds_the_identity() {
    let mut tenant = linked();
    for email in ["bob@x.org", "ann@x.org"] {
        let (_, found) = tenant.get(&format!("/api/v2/users-by-email?email={email}"));
        assert_eq!((found.as_array().unwrap().len(), &found[0]["user_id"]), (1, &json!("auth0|C001.s1")), "{email}");
    }
}

#[test]
fn a_search_shows_a_linked_user_until_the_index_catches_up() {
    let mut tenant = linked();
    assert_eq!(search(&mut tenant, "email:bob@x.org"), ["auth0|C002.s2"]);
    tenant.wait(Nanos::secs(2));
    assert_eq!(search(&mut tenant, "email:bob@x.org"), [""; 0]);
    assert_eq!(search(&mut tenant, ""), ["auth0|C001.s1"]);
    tenant.delete(UNLINK);
    assert_eq!(search(&mut tenant, "email:bob@x.org"), [""; 0]);
    tenant.wait(Nanos::secs(2));
    assert_eq!(search(&mut tenant, "email:bob@x.org"), ["auth0|C002.s2"]);
}

#[test]
fn unlinking_brings_the_user_back_under_its_id_without_metadata() {
    let mut tenant = linked();
    let (status, left) = tenant.delete(UNLINK);
    assert_eq!((status, left.as_array().unwrap().len(), &left[0]["user_id"]), (200, 1, &json!("C001.s1")));
    let (status, bob) = tenant.get(BOB_ID);
    assert_eq!((status, &bob["app_metadata"], &bob["user_metadata"]), (200, &Value::Null, &Value::Null));
    assert_eq!((&bob["email"], &bob["identities"].as_array().unwrap().len()), (&json!("bob@x.org"), &1));
    assert_eq!(tenant.delete(UNLINK), error(404, "Not Found", "The identity does not exist.", "inexistent_identity"));
}

#[test]
fn what_a_linked_user_held_is_still_held() {
    let mut tenant = linked();
    assert_eq!(tenant.post(USERS, BOB).0, 409);
    assert_eq!(tenant.post(USERS, r#"{"connection":"Users","email":"bob@x.org","password":"p"}"#).0, 409);
    assert_eq!(tenant.delete(ANN_ID).0, 204);
    assert_eq!(tenant.post(USERS, BOB).0, 201, "whoever was linked goes with its user");
}

#[test]
fn what_cannot_be_linked_is_refused() {
    let mut tenant = two();
    let missing = error(404, "Not Found", "The user does not exist.", "inexistent_user");
    assert_eq!(tenant.post(LINK, r#"{"provider":"auth0","user_id":"C009"}"#), missing);
    assert_eq!(tenant.post("/api/v2/users/auth0%7CC009/identities", SECONDARY), missing);
    for body in ["", "{}", r#"{"provider":"auth0"}"#, r#"{"provider":"auth0","user_id":"C001.s1"}"#] {
        let (status, body) = tenant.post(LINK, body);
        assert_eq!((status, &body["errorCode"]), (400, &json!("invalid_body")));
    }
    tenant.post(LINK, SECONDARY);
    let taken = "Specified identity already linked to another user.";
    assert_eq!(tenant.post(LINK, SECONDARY), error(409, "Conflict", taken, "identity_conflict"));
}

#[test]
fn whoever_has_linked_others_is_not_linked_and_keeps_its_own_identity() {
    let mut tenant = linked();
    let carl = r#"{"connection":"Users","user_id":"C003","email":"carl@x.org","password":"p"}"#;
    assert_eq!(tenant.post(USERS, carl).0, 201);
    let ann = r#"{"provider":"auth0","user_id":"C001.s1"}"#;
    assert_eq!(tenant.post("/api/v2/users/auth0%7CC003/identities", ann).0, 409);
    assert_eq!(tenant.delete("/api/v2/users/auth0%7CC001.s1/identities/auth0/C001.s1").0, 400);
}

#[test]
fn a_link_is_about_the_user_that_is_linked() {
    let tenant = linked();
    let subject = Subject::of(b"bob@x.org");
    assert_eq!(tenant.route(Method::Post, LINK, SECONDARY), ("link", subject));
    assert_eq!(tenant.route(Method::Delete, UNLINK, ""), ("unlink", subject));
}
