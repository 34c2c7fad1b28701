//! What the parameters of reads and lists ask of the identity provider, and which it refuses.

use super::*;

/// Three users in two connections, whom searches show.
fn three() -> Caller<Identity> {
    let mut tenant = tenant();
    for (connection, email, name) in
        [("Users", "b@x.org", "Carl"), ("Users", "a@x.org", "Bob"), ("Partners", "c@x.org", "Ann")]
    {
        let body = json!({"connection": connection, "email": email, "name": name, "password": "p"});
        assert_eq!(tenant.post(USERS, &body.to_string()).0, 201);
        tenant.wait(Nanos::secs(2));
    }
    tenant
}

fn emails(tenant: &mut Caller<Identity>, query: &str) -> String {
    let (status, body) = tenant.get(&format!("{USERS}?{query}"));
    assert_eq!(status, 200, "{query}: {body}");
    body.as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().split('@').next().unwrap()).collect()
}

#[test]
fn a_list_is_of_one_connection_and_in_the_order_that_is_asked_for() {
    let mut tenant = three();
    for (query, expected) in [
        ("", "bac"),
        ("connection=Users", "ba"),
        ("connection=Nobody", ""),
        ("sort=email:1", "abc"),
        ("sort=email%3A-1", "cba"),
        ("sort=created_at:-1", "cab"),
        ("sort=user_id:1&per_page=2", "ba"),
        ("sort=name:1&connection=Users&page=1&per_page=1", "b"),
    ] {
        assert_eq!(emails(&mut tenant, query), expected, "{query}");
    }
}

#[test]
fn parameters_that_are_unknown_or_make_no_sense_are_refused() {
    let mut tenant = three();
    for (target, message) in [
        ("?foo=1&bar=2", "Query validation error: 'Additional properties not allowed: foo,bar'."),
        ("?page=-1", "Query validation error: 'Value -1 is less than minimum 0' on property page."),
        ("?page=x", "Query validation error: 'Expected type integer but found type string' on property page."),
        (
            "?include_totals=1",
            "Query validation error: 'Expected type boolean but found type string' on property include_totals.",
        ),
        ("?search_engine=v2", "Query validation error: 'No enum match for: v2' on property search_engine."),
        ("-by-email?email=a@x.org&q=1", "Query validation error: 'Additional properties not allowed: q'."),
        ("/auth0%7C1?expand=1", "Query validation error: 'Additional properties not allowed: expand'."),
    ] {
        let expected = error(400, "Bad Request", message, "invalid_query_string");
        assert_eq!(tenant.get(&format!("{USERS}{target}")), expected, "{target}");
    }
    for sort in ["email", "email:2", "shoe_size:1", ":1"] {
        assert_eq!(tenant.get(&format!("{USERS}?sort={sort}")).0, 400, "{sort}");
    }
}

#[test]
fn only_the_fields_that_are_asked_for_are_shown() {
    let mut tenant = three();
    let id = "/api/v2/users/auth0%7C6955b9000000000000000001";
    let both = json!({"email": "b@x.org", "name": "Carl"});
    assert_eq!(tenant.get(&format!("{id}?fields=name,email&include_fields=true")).1, both);
    assert_eq!(tenant.get("/api/v2/users-by-email?email=b%40x.org&fields=name%2Cemail").1, json!([both]));
    assert_eq!(tenant.get(&format!("{USERS}?q=email:b*&fields=name,email")).1, json!([both]));
    assert_eq!(tenant.get(&format!("{id}?fields=identities.connection")).1.as_object().unwrap().len(), 1);
    let (_, whole) = tenant.get(id);
    let (_, rest) = tenant.get(&format!("{id}?fields=name,email,identities&include_fields=false"));
    assert!(rest.get("name").is_none() && rest["user_id"] == whole["user_id"]);
    assert_eq!(rest.as_object().unwrap().len() + 3, whole.as_object().unwrap().len());
    let (_, page) = tenant.get(&format!("{USERS}?include_totals=true&per_page=1&fields=email"));
    assert_eq!((&page["total"], &page["users"]), (&json!(3), &json!([{"email": "b@x.org"}])));
}
