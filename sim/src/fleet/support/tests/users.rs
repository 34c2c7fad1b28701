//! Creating, reading, updating users, by every way in; and whom the desk lets in at all.

use super::*;

#[test]
fn a_created_user_reads_back_as_stored() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    assert_eq!(id, FIRST_ID);
    let (status, body) = desk.get(&of(id, ".json"));
    let user = &body["user"];
    assert_eq!((status, &user["email"], &user["phone"]), (200, &json!("ann@x.org"), &json!("+493012345")));
    assert_eq!((&user["external_id"], &user["tags"]), (&json!("C001/s1"), &json!(["vip"])));
    assert_eq!((&user["active"], &user["verified"], &user["role"]), (&json!(true), &json!(true), &json!("end-user")));
    assert_eq!(desk.get(&of(id, "")), (200, body));
    let record = &desk.model.records()[0];
    assert_eq!(record.tag, Some(OwnerTag { cust_no: "C001".to_owned(), saga: "s1".to_owned() }));
    assert_eq!((record.given_name.as_str(), record.family_name.as_str()), ("Ann Lee", ""));
}

#[test]
fn without_credentials_nothing_is_looked_at() {
    let mut desk = desk();
    for value in ["", "Basic x", "Bearer x", "Basic aHViQHNhZ2Fwcm9vZi5leGFtcGxlOnNpbXVsYXRlZC1hcGktdG9rZW4="] {
        desk.headers = Headers::new();
        desk.headers.push("authorization", value);
        assert_eq!(desk.post(USERS, "not json"), (401, json!({"error": "Couldn't authenticate you"})));
    }
    desk.headers = Headers::new();
    desk.headers.push("authorization", &format!("Bearer {}", Credentials::SIMULATION.support_token));
    assert_eq!(desk.post(USERS, ANN).0, 201);
}

#[test]
fn basic_carries_the_email_the_word_token_and_the_token() {
    let text: Vec<u32> = SUPPORT_BASIC["Basic ".len()..]
        .trim_end_matches('=')
        .chars()
        .map(|c| "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".find(c).unwrap() as u32)
        .collect();
    let bits: String = text.iter().map(|digit| format!("{digit:06b}")).collect();
    let bytes: Vec<u8> =
        (0..bits.len() / 8).map(|at| u8::from_str_radix(&bits[at * 8..at * 8 + 8], 2).unwrap()).collect();
    let known = Credentials::SIMULATION;
    assert_eq!(String::from_utf8(bytes).unwrap(), format!("{}/token:{}", known.support_email, known.support_token));
}

#[test]
fn a_create_is_refused_where_a_key_is_held_or_the_name_is_blank() {
    let mut desk = desk();
    create(&mut desk, ANN);
    let email = r#"{"user":{"name":"B","email":"ANN@x.org"}}"#;
    let held = "Email: ann@x.org is already being used by another user";
    assert_eq!(desk.post(USERS, email), invalid("email", held, "DuplicateValue"));
    let (status, body) = desk.post(USERS, r#"{"user":{"name":"B","external_id":"c001/S1"}}"#);
    assert_eq!((status, &body["details"]["external_id"][0]["error"]), (422, &json!("DuplicateValue")));
    assert_eq!(desk.post(USERS, r#"{"user":{}}"#), invalid("name", "Name: cannot be blank", "BlankValue"));
    let wrong = desk.post(USERS, r#"{"user":{"name":"B","email":"b"}}"#);
    assert_eq!(wrong, invalid("email", "Email: b is not properly formatted", "InvalidValue"));
    for body in ["", "{}", "[]", r#"{"user":{"name":[]}}"#] {
        assert_eq!(desk.post(USERS, body).0, 400, "{body}");
    }
    assert_eq!(desk.model.records().len(), 1);
    assert_eq!(desk.post(USERS, r#"{"user":{"name":"B","phone":"+493012345"}}"#).0, 201);
}

#[test]
fn an_update_changes_what_it_mentions() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    let update =
        r#"{"user":{"id":4,"created_at":"x","name":"Ann May","phone":null,"external_id":"C001/s2","tags":[]}}"#;
    let (status, body) = desk.put(&of(id, ".json"), update);
    let user = &body["user"];
    assert_eq!((status, &user["name"], &user["phone"]), (200, &json!("Ann May"), &Value::Null));
    assert_eq!(
        (&user["external_id"], &user["tags"], &user["email"]),
        (&json!("C001/s2"), &json!([]), &json!("ann@x.org"))
    );
    create(&mut desk, r#"{"user":{"name":"B","email":"b@x.org","external_id":"C001/s1"}}"#);
    let (status, body) = desk.put(&of(id, ""), r#"{"user":{"email":"b@x.org","external_id":"C001/S1"}}"#);
    assert_eq!(status, 422);
    assert!(body["details"]["email"].is_array() && body["details"]["external_id"].is_array());
    assert_eq!(desk.put(&of(id, ""), r#"{"user":{"name":null}}"#).0, 422);
    assert_eq!(desk.put(&of(id, ""), "{").0, 400);
    assert_eq!(desk.put(&of(3, ""), "{}"), not_found());
}

#[test]
fn create_or_update_matches_by_external_id_or_email() {
    let mut desk = desk();
    let target = "/api/v2/users/create_or_update.json";
    let (status, body) = desk.post(target, ANN);
    let id = body["user"]["id"].clone();
    assert_eq!(status, 201);
    let (status, body) = desk.post(target, r#"{"user":{"name":"Ann May","email":"ann@X.org"}}"#);
    assert_eq!((status, &body["user"]["id"], &body["user"]["external_id"]), (200, &id, &json!("C001/s1")));
    let (status, body) = desk.post(target, r#"{"user":{"name":"Ann","email":"new@x.org","external_id":"C001/s1"}}"#);
    assert_eq!((status, &body["user"]["id"], &body["user"]["email"]), (200, &id, &json!("ann@x.org")));
    create(&mut desk, r#"{"user":{"name":"B","email":"b@x.org"}}"#);
    assert_eq!(desk.post(target, r#"{"user":{"name":"B","email":"b@x.org","external_id":"C001/s1"}}"#).0, 422);
    assert_eq!(desk.post(target, "{}").0, 400);
}

#[test]
fn under_drift_numbers_are_texts_and_unknown_fields_appear() {
    let mut desk = desk();
    desk.model.control(desk.now, &Control::Drift(true));
    let (status, body) = desk.post(USERS, ANN);
    assert_eq!((status, &body["user"]["id"]), (201, &json!(FIRST_ID.to_string())));
    assert!(body["user"]["locale"].is_null() && body["user"]["schema_revision"].is_object());
    let ticket = json!({"ticket": {"comment": {"body": "?"}, "requester_id": body["user"]["id"]}});
    assert_eq!(desk.post("/api/v2/tickets.json", &ticket.to_string()).0, 201);
}

#[test]
fn a_route_names_the_call_and_the_email_that_the_user_was_created_with() {
    let mut desk = desk();
    let ann = Subject::of(b"ann@x.org");
    assert_eq!(desk.route(Method::Post, USERS, ANN), ("create", ann));
    let id = create(&mut desk, ANN);
    desk.put(&of(id, ""), r#"{"user":{"email":"new@x.org"}}"#);
    for (method, target, name) in [
        (Method::Get, of(id, ""), "read"),
        (Method::Put, of(id, ".json"), "update"),
        (Method::Delete, of(id, ""), "delete"),
        (Method::Get, of(id, "/identities.json"), "list-identities"),
        (Method::Post, of(id, "/identities"), "add-identity"),
        (Method::Put, of(id, "/identities/380000000001/make_primary.json"), "make-primary"),
        (Method::Delete, of(id, "/identities/380000000001"), "remove-identity"),
        (Method::Get, of(id, "/tickets/requested"), "tickets"),
        (Method::Get, deleted(id), "read-deleted"),
        (Method::Delete, deleted(id), "purge"),
        (Method::Get, format!("/api/v2/users/show_many?ids={id}"), "show-many"),
        (Method::Get, "/api/v2/search.json?query=type:user%20email:ann@x.org".to_owned(), "search"),
        (Method::Get, "/api/v2/users/search?query=ann@x.org".to_owned(), "search-users"),
    ] {
        assert_eq!(desk.route(method, &target, ""), (name, ann), "{target}");
    }
    let ticket = json!({"ticket": {"requester_id": id}}).to_string();
    assert_eq!(desk.route(Method::Post, "/api/v2/tickets", &ticket), ("create-ticket", ann));
    assert_eq!(desk.route(Method::Post, "/api/v2/users/create_or_update", ANN), ("create-or-update", ann));
    let by_tag = desk.route(Method::Get, "/api/v2/users/search?external_id=C001%2Fs1", "");
    assert_eq!(by_tag, ("search-users", Subject::of(b"C001/s1")));
    assert_eq!(desk.route(Method::Get, &of(5, ""), ""), ("read", Subject::of(b"5")));
    assert_eq!(desk.route(Method::Get, USERS, ""), ("list", Subject::NONE));
    assert_eq!(desk.route(Method::Get, "/api/v2/deleted_users", ""), ("list-deleted", Subject::NONE));
    assert_eq!(desk.route(Method::Patch, "/", ""), ("other", Subject::NONE));
}

#[test]
fn numbers_and_truth_values_are_taken_for_the_texts_that_they_would_be() {
    let mut desk = desk();
    let body =
        r#"{"user":{"name":7,"email":"a@x.org","phone":49301234,"external_id":77,"verified":"true","tags":"a b"}}"#;
    let id = create(&mut desk, body);
    let (_, body) = desk.get(&of(id, ""));
    let user = &body["user"];
    assert_eq!((&user["name"], &user["phone"], &user["external_id"]), (&json!("7"), &json!("49301234"), &json!("77")));
    assert_eq!((&user["verified"], &user["tags"]), (&json!(true), &json!(["a", "b"])));
    let (status, body) = desk.put(&of(id, ""), r#"{"user":{"phone":null,"tags":["c",1]}}"#);
    assert_eq!((status, &body["user"]["phone"], &body["user"]["tags"]), (200, &Value::Null, &json!(["c", "1"])));
    for body in [r#"{"user":{"phone":[1]}}"#, r#"{"user":{"external_id":{}}}"#, r#"{"user":{"tags":{}}}"#] {
        assert_eq!(desk.put(&of(id, ""), body).0, 400, "{body}");
    }
}

#[test]
fn an_update_verifies_the_primary_email() {
    let mut desk = desk();
    let id = create(&mut desk, r#"{"user":{"name":"Bob","email":"b@x.org"}}"#);
    assert_eq!(desk.put(&of(id, ""), r#"{"user":{"verified":null}}"#).1["user"]["verified"], false);
    assert_eq!(desk.put(&of(id, ""), r#"{"user":{"verified":1}}"#).1["user"]["verified"], true);
}

#[test]
fn a_role_that_there_is_not_is_refused() {
    let mut desk = desk();
    let refused = invalid("role", "Role: bogus is not included in the list", "InvalidValue");
    assert_eq!(desk.post(USERS, r#"{"user":{"name":"A","role":"bogus"}}"#), refused);
    let id = create(&mut desk, r#"{"user":{"name":"A","role":"agent"}}"#);
    assert_eq!(desk.put(&of(id, ""), r#"{"user":{"role":"bogus"}}"#), refused);
    assert_eq!(desk.put(&of(id, ""), r#"{"user":{"role":null}}"#).1["user"]["role"], "agent");
}

#[test]
fn notes_details_language_and_own_fields_read_back() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    let shown = |desk: &mut Caller<Support>| {
        let (_, body) = desk.get(&of(id, ""));
        ["notes", "details", "locale", "time_zone", "user_fields"].map(|name| body["user"][name].clone())
    };
    assert_eq!(shown(&mut desk), [json!(""), json!(""), json!("en-US"), json!("UTC"), json!({})]);
    let own = json!({"plan": "gold", "seats": 7});
    let said = json!({"notes": "N", "details": "D", "locale": "de", "time_zone": "Berlin", "user_fields": own});
    assert_eq!(desk.put(&of(id, ""), &json!({"user": said}).to_string()).1["user"]["notes"], "N");
    desk.put(&of(id, ""), r#"{"user":{"details":null,"user_fields":{"seats":null,"a\"b":[true]}}}"#);
    let own = json!({"plan": "gold", "seats": null, "a\"b": [true]});
    assert_eq!(shown(&mut desk), [json!("N"), json!(""), json!("de"), json!("Berlin"), own]);
    desk.model.control(desk.now, &Control::Drift(true));
    assert_eq!(desk.get(&of(id, "")).1["user"]["notes"], Value::Null);
    assert_eq!(desk.put(&of(id, ""), r#"{"user":{"user_fields":7}}"#).0, 400);
}

#[test]
fn a_record_tells_where_it_is_found() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    assert_eq!(desk.get(&of(id, "")).1["user"]["url"], format!("https://desk.example/api/v2/users/{id}.json"));
    for (name, value) in [("host", "127.0.0.1:8\"0"), ("x-forwarded-proto", "http"), ("x-forwarded-prefix", "/w/one")] {
        desk.headers.push(name, value);
    }
    let url = format!("http://127.0.0.1:8\"0/w/one/api/v2/users/{id}.json");
    assert_eq!(desk.get(USERS).1["users"][0]["url"], url);
}

#[test]
fn the_agent_who_calls_is_found_and_a_slash_at_the_end_says_nothing() {
    let mut desk = desk();
    let me = desk.get("/api/v2/users/me.json");
    assert_eq!((me.0, &me.1["user"]["email"]), (200, &json!(Credentials::SIMULATION.support_email)));
    assert_eq!(desk.get(&of(me.1["user"]["id"].as_u64().unwrap(), ".json")), me);
    let (status, body) = desk.post("/api/v2/users/", ANN);
    let id = body["user"]["id"].as_u64().unwrap();
    assert_eq!((status, desk.get(&of(id, "/"))), (201, desk.get(&of(id, ""))));
    assert_eq!(desk.get("/api/v2/users/"), desk.get("/api/v2/users.json"));
    assert_eq!(desk.delete(&of(id, "/")).0, 200);
}
