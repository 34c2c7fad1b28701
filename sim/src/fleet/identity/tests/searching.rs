//! What searches of the identity provider find by, and what they say to a query that they do not understand.

use super::*;

/// Ann and a blocked Bob, whom searches show.
fn two() -> Caller<Identity> {
    let mut tenant = tenant();
    tenant.post(USERS, ANN);
    tenant.wait(Nanos::secs(60));
    let bob = r#"{"connection":"Partners","user_id":"B","email":"bob@y.org","blocked":true,"phone_number":"+4912345","app_metadata":{"a":1,"plan":{"name":"gold","seats":[3,5]},"on":true}}"#;
    assert_eq!(tenant.post(USERS, bob).0, 201);
    tenant.wait(Nanos::secs(2));
    tenant
}

#[test]
fn a_search_understands_the_language_of_the_vendor() {
    let mut tenant = two();
    let (ann, bob) = ("auth0|C001.s1", "auth0|B");
    for (query, expected) in [
        ("(given_name:Ann OR email:x) AND NOT blocked:true", &[ann][..]),
        ("email:(%22bob@y.org%22 OR %22ann@x.org%22)", &[ann, bob]),
        ("app_metadata.a:1", &[bob]),
        ("app_metadata.a:[0 TO 2]", &[bob]),
        ("app_metadata.on:true", &[bob]),
        ("app_metadata.plan.name:gold", &[bob]),
        ("app_metadata.plan.seats:5", &[bob]),
        ("_exists_:app_metadata.owner", &[ann]),
        ("_exists_:phone_number", &[bob]),
        ("NOT _exists_:logins_count OR logins_count:0", &[ann, bob]),
        ("logins_count:0", &[ann, bob]),
        ("logins_count:>0", &[]),
        ("blocked:false", &[ann]),
        ("identities.provider:%22auth0%22", &[ann, bob]),
        ("identities.connection:Partners", &[bob]),
        ("email.domain:y.org", &[bob]),
        ("email:*@x.org", &[ann]),
        ("created_at:[2026-01-01 TO 2026-01-01]", &[ann, bob]),
        ("created_at:%3E%222026-01-01T01:00:00Z%22", &[bob]),
        ("last_login:[* TO 2030-01-01]", &[]),
    ] {
        assert_eq!(search(&mut tenant, &query.replace(' ', "+")), expected, "{query}");
    }
}

#[test]
fn a_query_that_is_not_understood_is_refused() {
    let mut tenant = two();
    for query in [
        "email:%22a",
        "(email:a",
        "shoe_size:4",
        "_exists_:shoe_size",
        "logins_count:many",
        "created_at:yesterday",
        "blocked:perhaps",
        "user_metadata.a:b*",
        "email:a OR",
        "email:",
    ] {
        let (status, body) = tenant.get(&format!("{USERS}?q={}", query.replace(' ', "+")));
        assert_eq!((status, &body["errorCode"]), (400, &json!("invalid_query_string")), "{query}");
    }
}
