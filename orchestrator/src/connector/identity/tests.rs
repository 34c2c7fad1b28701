//! Identity: the bytes of each request, and what each answer says.

use super::super::MergeState;
use super::super::testing::{ada, asked, credentials, line, read, record, text, unknown};
use super::*;

const ID: &str = "auth0|C001.s17";

fn identity() -> Identity {
    Identity::new(&credentials())
}

fn id() -> String {
    ID.to_owned()
}

fn stored() -> &'static str {
    r#"{"user_id":"auth0|C001.s17","email":"Ada+1@x.example","email_verified":false,"given_name":"Ada",
        "family_name":"Lovelace \"Countess\"","name":"Ada","phone_number":"+1","app_metadata":{"owner":"C001/s17","more":{}},
        "identities":[{"connection":"Username-Password-Authentication","user_id":"C001.s17","provider":"auth0"}]}"#
}

fn user() -> Found {
    Found { phone: None, ..record(ID) }
}

#[test]
fn a_create_chooses_the_id_and_bears_the_owner() {
    let password = identity().passwords.of("C001/s17");
    assert_eq!(
        text(&asked(&identity(), &Operation::Create)),
        format!(
            "POST /api/v2/users\n\
             authorization: Bearer at.1\n\
             content-type: application/json\n\
             x-correlation-id: corr-9\n\
             traceparent: 00-11-22-01\n\
             idempotency-key: 0b0d9d4e-6d5c-4a3b-8f21-1c2d3e4f5a6b\n\
             \n\
             {{\"connection\":\"Username-Password-Authentication\",\"user_id\":\"C001.s17\",\
             \"email\":\"ada+1@x.example\",\"password\":\"{password}\",\"verify_email\":false,\
             \"given_name\":\"Ada\",\"family_name\":\"Lovelace \\\"Countess\\\"\",\
             \"name\":\"Ada Lovelace \\\"Countess\\\"\",\"app_metadata\":{{\"owner\":\"C001/s17\"}}}}"
        )
    );
    assert_eq!(identity().chosen_id("C001/s17").as_deref(), Some(ID));
}

#[test]
fn the_token_call_is_a_form_without_authorisation() {
    assert_eq!(
        text(&asked(&identity(), &Operation::Token)),
        "POST /oauth/token\n\
         content-type: application/x-www-form-urlencoded\n\
         x-correlation-id: corr-9\n\
         traceparent: 00-11-22-01\n\
         \n\
         grant_type=client_credentials&client_id=cid&client_secret=s3cr%26t&audience=https%3A%2F%2Ftenant.example%2Fapi%2Fv2%2F"
    );
}

#[test]
fn each_operation_has_its_line_and_body() {
    let cases = [
        (Operation::Read(id()), "GET /api/v2/users/auth0%7CC001.s17"),
        (Operation::FindByOwner, "GET /api/v2/users/auth0%7CC001.s17"),
        (Operation::FindByEmail, "GET /api/v2/users-by-email?email=ada%2B1%40x.example"),
        (Operation::Delete(id()), "DELETE /api/v2/users/auth0%7CC001.s17"),
        (
            Operation::Update(id()),
            r#"PATCH /api/v2/users/auth0%7CC001.s17 {"email":"ada+1@x.example","given_name":"Ada","family_name":"Lovelace \"Countess\"","name":"Ada Lovelace \"Countess\""}"#,
        ),
    ];
    for (operation, expected) in cases {
        assert_eq!(line(&asked(&identity(), &operation)), expected);
    }
}

#[test]
fn a_user_is_read_in_neutral_terms_without_its_phone() {
    for operation in [Operation::Create, Operation::Read(id()), Operation::Update(id())] {
        assert_eq!(read(&identity(), &operation, 200, stored()), Reading::Record(user()));
    }
    assert_eq!(identity().mend(&ada(), &user()), None);
    let other = Found { email: Some("old@x".into()), ..user() };
    assert_eq!(identity().mend(&ada(), &other), Some(Operation::Update(id())));
}

#[test]
fn finding_is_fresh_and_an_absent_chosen_id_is_an_empty_find() {
    let missing =
        r#"{"statusCode":404,"error":"Not Found","message":"The user does not exist.","errorCode":"inexistent_user"}"#;
    assert_eq!(read(&identity(), &Operation::FindByOwner, 200, stored()), Reading::Records(vec![user()]));
    assert_eq!(read(&identity(), &Operation::FindByOwner, 404, missing), Reading::Records(vec![]));
    assert!(unknown(&read(&identity(), &Operation::FindByOwner, 404, "<html>Not Found</html>")));
    assert_eq!(read(&identity(), &Operation::Read(id()), 404, missing), Reading::Absent);
    let list = format!("[{}]", stored());
    assert_eq!(read(&identity(), &Operation::FindByEmail, 200, &list), Reading::Records(vec![user()]));
    assert_eq!(read(&identity(), &Operation::FindByEmail, 200, "[]"), Reading::Records(vec![]));
    assert!(unknown(&read(&identity(), &Operation::FindByEmail, 200, "{}")));
    assert!(unknown(&read(&identity(), &Operation::FindByEmail, 200, "[{}]")));
    assert!(identity().finds_fresh() && identity().needs_token());
}

#[test]
fn drift_is_tolerated_and_strangers_metadata_may_be_anything() {
    let odd = r#"[{"user_id":"google|1","email":"a@x","app_metadata":{"owner":{"crm":1}}},{"user_id":2,"app_metadata":null}]"#;
    let Reading::Records(found) = read(&identity(), &Operation::FindByEmail, 200, odd) else { panic!("records") };
    assert_eq!(found.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), ["google|1", "2"]);
    assert!(found.iter().all(|found| found.owner.is_none()));
}

#[test]
fn a_conflict_is_one_only_in_the_vendors_words() {
    let taken =
        r#"{"statusCode":409,"error":"Conflict","message":"The user already exists.","errorCode":"auth0_idp_error"}"#;
    assert_eq!(read(&identity(), &Operation::Create, 409, taken), Reading::Conflict);
    assert_eq!(read(&identity(), &Operation::Update(id()), 409, taken), Reading::Conflict);
    assert!(unknown(&read(&identity(), &Operation::Create, 409, "")));
    assert!(unknown(&read(&identity(), &Operation::Create, 409, "{}")));
}

#[test]
fn refusals_bear_the_vendors_code() {
    let body =
        r#"{"statusCode":400,"error":"Bad Request","message":"Payload validation error","errorCode":"invalid_body"}"#;
    assert_eq!(read(&identity(), &Operation::Create, 400, body), Reading::Refused("400 invalid_body".into()));
    assert_eq!(read(&identity(), &Operation::Create, 200, body), Reading::Refused("200 invalid_body".into()));
}

#[test]
fn deletion_is_done_at_once_and_never_blanks() {
    let delete = Operation::Delete(id());
    assert_eq!(read(&identity(), &delete, 204, ""), Reading::Accepted);
    assert!(unknown(&read(&identity(), &delete, 204, "<html>")));
    assert!(unknown(&read(&identity(), &delete, 200, "")));
    assert_eq!(identity().remove(&user()), Some(delete));
    assert_eq!(identity().blank(&user()), None);
}

#[test]
fn a_token_is_read_with_its_life_and_must_fit_a_header() {
    let token = |body: &str| read(&identity(), &Operation::Token, 200, body);
    let lives = |secs| Reading::Token("ey.J".to_owned(), Nanos::secs(secs));
    assert_eq!(
        token(r#"{"access_token":"ey.J","expires_in":3600,"token_type":"Bearer","scope":"read:users"}"#),
        lives(3600)
    );
    assert_eq!(token(r#"{"access_token":"ey.J","expires_in":"60"}"#), lives(60));
    assert_eq!(token(r#"{"access_token":"ey.J"}"#), lives(86_400));
    assert_eq!(token(r#"{"error":"access_denied"}"#), Reading::Refused("200 access_denied".into()));
    for body in [
        r#"{"access_token":"a\r\nb","expires_in":1}"#,
        r#"{"access_token":""}"#,
        "{}",
        r#"{"access_token":"a","expires_in":-1}"#,
    ] {
        assert!(unknown(&token(body)), "{body}");
    }
    let denied = r#"{"error":"access_denied","error_description":"Unauthorized"}"#;
    assert_eq!(read(&identity(), &Operation::Token, 401, denied), Reading::Unauthorized);
}

const OTHER: &str = "auth0|C002.s1";

/// An operation on both users, the one that stays first.
fn on_both(operation: fn(String, String) -> Operation) -> Operation {
    operation(id(), OTHER.to_owned())
}

#[test]
fn links_have_their_lines_and_bodies() {
    let fields = r#""email":"ada+1@x.example","given_name":"Ada","family_name":"Lovelace \"Countess\"","name":"Ada Lovelace \"Countess\"""#;
    let own = format!(r#"PATCH /api/v2/users/auth0%7CC001.s17 {{{fields},"app_metadata":{{"owner":"C001/s17"}}}}"#);
    let kept = r#"{"app_metadata":{"owner":"C002/s1","tier":3},"user_metadata":{"tea":true}}"#;
    let restored = format!("PATCH /api/v2/users/auth0%7CC002.s1 {{{fields},{}", &kept[1..]);
    let cases = [
        (on_both(Operation::ReadMerge), "GET /api/v2/users/auth0%7CC001.s17".to_owned()),
        (Operation::ReadKept(OTHER.to_owned()), "GET /api/v2/users/auth0%7CC002.s1".to_owned()),
        (
            on_both(Operation::Merge),
            r#"POST /api/v2/users/auth0%7CC001.s17/identities {"provider":"auth0","user_id":"C002.s1"}"#.to_owned(),
        ),
        (on_both(Operation::Unmerge), "DELETE /api/v2/users/auth0%7CC001.s17/identities/auth0/C002.s1".to_owned()),
        (Operation::Restore(OTHER.to_owned(), kept.to_owned()), restored),
        (Operation::Own(id()), own),
    ];
    for (operation, expected) in cases {
        assert_eq!(line(&asked(&identity(), &operation)), expected);
    }
}

#[test]
fn a_link_and_its_parting_are_done_where_the_identities_say_so() {
    let own = r#"{"connection":"Username-Password-Authentication","user_id":"C001.s17","provider":"auth0"}"#;
    let linked = r#"{"connection":"Username-Password-Authentication","user_id":"C002.s1","provider":"auth0"}"#;
    let foreign = r#"{"connection":"google-oauth2","user_id":"C002.s1","provider":"google-oauth2"}"#;
    let (link, part) = (on_both(Operation::Merge), on_both(Operation::Unmerge));
    let both = format!("[{own},{linked}]");
    assert_eq!(read(&identity(), &link, 201, &both), Reading::Accepted);
    assert!(unknown(&read(&identity(), &part, 200, &both)), "still linked");
    for apart in [format!("[{own}]"), format!("[{own},{foreign}]"), "[]".to_owned()] {
        assert!(unknown(&read(&identity(), &link, 201, &apart)), "not linked: {apart}");
        assert_eq!(read(&identity(), &part, 200, &apart), Reading::Accepted);
    }
    for body in ["", "{}", "[{}]"] {
        assert!(unknown(&read(&identity(), &link, 201, body)), "{body}");
    }
}

#[test]
fn how_a_link_stands_is_read_from_the_user_that_stays() {
    let look = |body: &str| read(&identity(), &on_both(Operation::ReadMerge), 200, body);
    assert_eq!(look(stored()), Reading::Merge(MergeState::Apart));
    let linked = stored().replace(r#""identities":["#, r#""identities":[{"user_id":"C002.s1","provider":"auth0"},"#);
    assert_eq!(look(&linked), Reading::Merge(MergeState::Merged(Box::new(user()))));
    assert!(unknown(&look(r#"{"user_id":"auth0|C001.s17","email":"a@x"}"#)), "no identities are told");
}

#[test]
fn the_metadata_that_a_link_throws_away_are_kept_word_for_word() {
    let keep = |body: &str| read(&identity(), &Operation::ReadKept(OTHER.to_owned()), 200, body);
    let user = r#"{"user_id":"auth0|C002.s1","app_metadata":{"owner":"C002/s1","deep":{"a":[1,null]}},"user_metadata":{"tea":true},"email":"b@x"}"#;
    let kept = r#"{"app_metadata":{"owner":"C002/s1","deep":{"a":[1,null]}},"user_metadata":{"tea":true}}"#;
    let Reading::Kept(said) = keep(user) else { panic!("nothing kept") };
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(value(&said), value(kept));
    assert_eq!(
        keep(r#"{"user_id":"auth0|C002.s1"}"#),
        Reading::Kept(r#"{"app_metadata":{},"user_metadata":{}}"#.to_owned())
    );
    assert!(unknown(&keep("{}")));
}
