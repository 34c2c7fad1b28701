//! Logins (the vendor's identities): e-mails beyond the primary one, and how a user is closed.

use super::*;

fn logins(desk: &mut Caller<Support>, id: u64) -> Vec<(String, bool, u64)> {
    let (status, body) = desk.get(&of(id, "/identities.json"));
    assert_eq!(status, 200);
    let of_login = |login: &Value| {
        (login["value"].as_str().unwrap().to_owned(), login["primary"] == true, login["id"].as_u64().unwrap())
    };
    body["identities"].as_array().unwrap().iter().map(of_login).collect()
}

#[test]
fn updating_the_email_adds_a_secondary_one() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    let (status, body) = desk.put(&of(id, ""), r#"{"user":{"email":"New@x.org"}}"#);
    assert_eq!((status, &body["user"]["email"]), (200, &json!("ann@x.org")));
    assert_eq!(
        logins(&mut desk, id),
        [("ann@x.org".to_owned(), true, 380_000_000_001), ("new@x.org".to_owned(), false, 380_000_000_002)]
    );
    assert_eq!(desk.model.records()[0].other_emails, ["new@x.org"]);
    assert_eq!(desk.put(&of(id, ""), r#"{"user":{"email":"new@x.org"}}"#).0, 200);
    assert_eq!(logins(&mut desk, id).len(), 2);
    assert_eq!(desk.post(USERS, r#"{"user":{"name":"B","email":"new@x.org"}}"#).0, 422);
}

#[test]
fn make_primary_answers_with_the_whole_list_and_changes_the_email() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    let new = r#"{"identity":{"type":"email","value":"New@x.org","verified":true}}"#;
    let (status, body) = desk.post(&of(id, "/identities.json"), new);
    assert_eq!(
        (status, &body["identity"]["value"], &body["identity"]["primary"]),
        (201, &json!("new@x.org"), &json!(false))
    );
    let login = body["identity"]["id"].as_u64().unwrap();
    let (status, body) = desk.put(&of(id, &format!("/identities/{login}/make_primary.json")), "");
    assert_eq!((status, ids(&body, "identities").len()), (200, 2));
    assert_eq!(desk.get(&of(id, "")).1["user"]["email"], "new@x.org");
    assert_eq!(desk.delete(&of(id, "/identities/380000000001.json")).0, 204);
    assert_eq!(desk.delete(&of(id, "/identities/380000000001.json")), not_found());
    assert_eq!(create(&mut desk, r#"{"user":{"name":"B","email":"ann@x.org"}}"#), id + 1);
}

#[test]
fn where_the_primary_email_goes_the_next_one_takes_its_place() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    desk.post(&of(id, "/identities"), r#"{"identity":{"type":"twitter","value":"ann"}}"#);
    desk.post(&of(id, "/identities"), r#"{"identity":{"type":"email","value":"b@x.org"}}"#);
    desk.delete(&of(id, "/identities/380000000001"));
    assert_eq!(desk.get(&of(id, "")).1["user"]["email"], "b@x.org");
    let number = desk.post(&of(id, "/identities"), r#"{"identity":{"type":"email","value":"c@x.org","primary":true}}"#);
    assert_eq!(number.1["identity"]["id"], 380_000_000_004_u64);
    assert_eq!(desk.get(&of(id, "")).1["user"]["email"], "c@x.org");
}

#[test]
fn a_login_is_refused_where_it_is_held_or_makes_no_sense() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let bob =
        create(&mut desk, r#"{"user":{"name":"B","email":"b@x.org","identities":[{"type":"twitter","value":"bob"}]}}"#);
    let target = of(ann, "/identities");
    let held = invalid("value", "Value: b@x.org is already being used by another user", "DuplicateValue");
    assert_eq!(desk.post(&target, r#"{"identity":{"type":"email","value":"b@x.org"}}"#), held);
    for login in [
        r#"{"type":"twitter","value":"BOB"}"#,
        r#"{"type":"email"}"#,
        r#"{"value":"c@x.org"}"#,
        r#"{"type":"email","value":"c"}"#,
    ] {
        assert_eq!(desk.post(&target, &format!(r#"{{"identity":{login}}}"#)).0, 422, "{login}");
    }
    let nonsense = r#"{"identity":{"type":"nonsense","value":"c"}}"#;
    assert_eq!(
        desk.post(&target, nonsense),
        invalid("type", "Type: nonsense is not included in the list", "InvalidValue")
    );
    assert_eq!(desk.post(USERS, r#"{"user":{"name":"C","identities":[{"type":"nonsense","value":"c"}]}}"#).0, 422);
    assert_eq!(desk.post(&target, "{}").0, 400);
    assert_eq!(desk.post(&of(9, "/identities"), "{}"), not_found());
    assert_eq!(desk.get(&of(9, "/identities")), not_found());
    assert_eq!(desk.put(&of(ann, "/identities/380000000002/make_primary"), ""), not_found());
    assert_eq!(logins(&mut desk, bob).len(), 2);
}

#[test]
fn a_user_who_can_be_reached_no_more_and_is_marked_is_closed() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    desk.put(&of(id, ""), r#"{"user":{"phone":null,"tags":["closed"]}}"#);
    assert_eq!(desk.model.records()[0].condition, Condition::Live);
    desk.delete(&of(id, "/identities/380000000001"));
    let record = &desk.model.records()[0];
    assert_eq!((record.condition, &record.email), (Condition::Closed, &None));
    assert_eq!(desk.model.control(desk.now, &Control::AddChild("C001".to_owned())), None);
}
