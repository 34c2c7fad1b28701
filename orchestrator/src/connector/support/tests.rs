//! Support: the bytes of each request, what each answer says, and the way through identities and deletion.

use super::super::learned;
use super::super::testing::{ada, answer, asked, credentials, email, line, read, record, text, unknown};
use super::*;
use crate::connector::{MergeState, Reading};

const NAME: &str = "Ada Lovelace \"Countess\"";

fn support() -> Support {
    Support::new(&credentials())
}

fn seven() -> String {
    "7".to_owned()
}

fn stored() -> String {
    r#"{"user":{"id":7,"url":"u","name":"Ada Lovelace \"Countess\"","email":"Ada+1@x.example","phone":"+4420",
        "external_id":"C001/s17","active":true,"tags":["vip"],"role":"end-user","organization_id":null}}"#
        .to_owned()
}

/// Ada's user, as an answer shows it.
fn user() -> Found {
    Found { given_name: NAME.to_owned(), family_name: String::new(), ..record("7") }
}

#[test]
fn a_create_is_plain_and_bears_the_owner_as_external_id() {
    assert_eq!(
        text(&asked(&support(), &Operation::Create)),
        "POST /api/v2/users.json\n\
         authorization: Basic YWdlbnRAaHViLmV4YW1wbGUvdG9rZW46enQ=\n\
         content-type: application/json\n\
         x-correlation-id: corr-9\n\
         traceparent: 00-11-22-01\n\
         idempotency-key: 0b0d9d4e-6d5c-4a3b-8f21-1c2d3e4f5a6b\n\
         \n\
         {\"user\":{\"name\":\"Ada Lovelace \\\"Countess\\\"\",\"email\":\"ada+1@x.example\",\"phone\":\"+4420\",\
         \"external_id\":\"C001/s17\",\"skip_verify_email\":true}}"
    );
}

#[test]
fn each_operation_has_its_line_and_body() {
    let cases = [
        (Operation::Read(seven()), "GET /api/v2/users/7.json"),
        (Operation::ReadDeleted(seven()), "GET /api/v2/deleted_users/7.json"),
        (Operation::ReadEmails(seven()), "GET /api/v2/users/7/identities.json"),
        (Operation::FindByOwner, "GET /api/v2/users/search.json?external_id=C001%2Fs17"),
        (Operation::FindByEmail, "GET /api/v2/users/search.json?query=email:ada%2B1%40x.example"),
        (
            Operation::Update(seven()),
            r#"PUT /api/v2/users/7.json {"user":{"name":"Ada Lovelace \"Countess\"","email":"ada+1@x.example","phone":"+4420"}}"#,
        ),
        (Operation::PromoteEmail(seven(), "9".into()), "PUT /api/v2/users/7/identities/9/make_primary.json"),
        (Operation::DropEmail(seven(), "9".into()), "DELETE /api/v2/users/7/identities/9.json"),
        (Operation::Delete(seven()), "DELETE /api/v2/users/7.json"),
        (Operation::Purge(seven()), "DELETE /api/v2/deleted_users/7.json"),
        (
            Operation::Blank(seven()),
            r#"PUT /api/v2/users/7.json {"user":{"name":"closed","phone":null,"tags":["closed"]}}"#,
        ),
    ];
    for (operation, expected) in cases {
        assert_eq!(line(&asked(&support(), &operation)), expected);
    }
}

#[test]
fn a_created_user_needs_no_further_call() {
    let Reading::Record(found) = read(&support(), &Operation::Create, 201, &stored()) else { panic!("a record") };
    assert_eq!(found, Found { emails: Some(vec![email("", "ada+1@x.example", true)]), ..user() });
    assert_eq!(support().mend(&ada(), &found), None);
}

#[test]
fn a_user_read_later_may_have_more_identities() {
    assert_eq!(read(&support(), &Operation::Read(seven()), 200, &stored()), Reading::Record(user()));
    assert_eq!(support().mend(&ada(), &user()), Some(Operation::ReadEmails(seven())));
}

#[test]
fn drift_is_tolerated() {
    let drifted = r#"{"user":{"id":"7","name":5,"phone":null,"external_id":17,"tags":null,"active":null},"count":"1"}"#;
    let Reading::Record(found) = read(&support(), &Operation::Create, 200, drifted) else { panic!("a record") };
    assert_eq!((found.given_name.as_str(), found.owner.as_deref(), found.emails), ("5", Some("17"), None));
    assert_eq!(found.condition, Condition::Live);
    let list = r#"{"identities":[{"id":1,"type":"phone_number","value":"+44"},{"id":"2","type":"email","value":"A@x","primary":true},
        {"id":3,"type":"email","value":"b@x","verified":true}],"next_page":null}"#;
    assert_eq!(
        read(&support(), &Operation::ReadEmails(seven()), 200, list),
        Reading::Emails(vec![email("2", "a@x", true), email("3", "b@x", false)])
    );
}

#[test]
fn conditions_are_read_from_the_user() {
    let condition = |operation: &Operation, body: &str| match read(&support(), operation, 200, body) {
        Reading::Record(found) => found.condition,
        other => panic!("a record, not {other:?}"),
    };
    let closed = r#"{"user":{"id":7,"name":"closed","tags":["closed"],"external_id":"C001/s17","active":true}}"#;
    let by_id = Operation::Read(seven());
    assert_eq!(condition(&by_id, closed), Condition::Closed);
    assert_eq!(condition(&by_id, &closed.replace("true", "false")), Condition::SoftDeleted);
    assert_eq!(condition(&by_id, &closed.replace(r#""id":7"#, r#""id":7,"email":"a@x""#)), Condition::Live);
    assert_eq!(condition(&Operation::Delete(seven()), &stored()), Condition::SoftDeleted);
    let among_deleted = stored().replace(r#""user""#, r#""deleted_user""#);
    assert_eq!(condition(&Operation::ReadDeleted(seven()), &among_deleted), Condition::SoftDeleted);
}

#[test]
fn a_purged_user_is_absent_although_it_is_still_listed() {
    let purged = r#"{"deleted_user":{"id":7,"name":"Permanently Deleted User","email":null,"active":false}}"#;
    assert_eq!(read(&support(), &Operation::ReadDeleted(seven()), 200, purged), Reading::Absent);
    assert_eq!(read(&support(), &Operation::Purge(seven()), 200, purged), Reading::Accepted);
    assert!(unknown(&read(&support(), &Operation::Purge(seven()), 200, "{}")));
}

#[test]
fn noes_are_told_apart() {
    let missing = r#"{"error":"RecordNotFound","description":"Not found"}"#;
    let taken = r#"{"error":"RecordInvalid","description":"Record validation errors","details":{"email":[
        {"description":"Email: a@b is already being used by another user","error":"DuplicateValue"}]}}"#;
    let invalid = r#"{"error":"RecordInvalid","description":"Record validation errors","details":{"email":[
        {"description":"Email: a@b is odd","error":"InvalidFormat"}]}}"#;
    assert_eq!(read(&support(), &Operation::Read(seven()), 404, missing), Reading::Absent);
    assert_eq!(read(&support(), &Operation::Create, 422, taken), Reading::Conflict);
    assert_eq!(read(&support(), &Operation::Create, 422, invalid), Reading::Refused("422 RecordInvalid".into()));
    assert_eq!(read(&support(), &Operation::Delete(seven()), 422, invalid), Reading::Undeletable);
    assert_eq!(read(&support(), &Operation::Create, 404, missing), Reading::Refused("404 RecordNotFound".into()));
    let forbidden = r#"{"error":{"title":"Forbidden","message":"No access"}}"#;
    assert_eq!(read(&support(), &Operation::Create, 403, forbidden), Reading::Refused("403 Forbidden".into()));
}

#[test]
fn a_removed_identity_is_answered_with_nothing_or_an_object() {
    let drop = Operation::DropEmail(seven(), "9".into());
    assert_eq!(read(&support(), &drop, 204, ""), Reading::Accepted);
    assert_eq!(read(&support(), &drop, 200, "{}"), Reading::Accepted);
    assert!(unknown(&read(&support(), &drop, 200, "")));
    assert!(unknown(&read(&support(), &drop, 204, "<html>")));
    assert!(unknown(&read(&support(), &Operation::Create, 204, "")));
}

/// The steps from `have` until `next` proposes none, each answered as scripted.
fn walk(
    have: Found,
    next: impl Fn(&Found) -> Option<Operation>,
    answers: &[(u16, &str)],
) -> (Vec<Operation>, Option<Found>) {
    let (mut have, mut steps, support) = (Some(have), Vec::new(), support());
    for (status, body) in answers {
        let known = have.as_ref().expect("a record before each answer");
        let step = next(known).expect("a step before each answer");
        have = learned(&support, &ada(), known, &step, &support.read(&step, &answer(*status, body)));
        steps.push(step);
    }
    assert_eq!(have.as_ref().and_then(next), None, "after {steps:?}");
    (steps, have)
}

#[test]
fn a_changed_email_is_added_promoted_and_the_old_one_dropped() {
    let old = email("1", "old@x", true);
    let have = Found { email: Some("old@x".into()), emails: Some(vec![old]), ..user() };
    let still_old = stored().replace("Ada+1@x.example", "old@x");
    let answers = [
        (200, still_old.as_str()),
        (
            200,
            r#"{"identities":[{"id":1,"type":"email","value":"old@x","primary":true},{"id":2,"type":"email","value":"ada+1@x.example","primary":false}]}"#,
        ),
        (
            200,
            r#"{"identities":[{"id":2,"type":"email","value":"ada+1@x.example","primary":true},{"id":1,"type":"email","value":"old@x","primary":false}]}"#,
        ),
        (204, ""),
    ];
    let (steps, have) = walk(have, |have| support().mend(&ada(), have), &answers);
    let (id, old, new) = (seven, "1".to_owned(), "2".to_owned());
    assert_eq!(
        steps,
        [
            Operation::Update(id()),
            Operation::ReadEmails(id()),
            Operation::PromoteEmail(id(), new),
            Operation::DropEmail(id(), old)
        ]
    );
    assert_eq!(have.and_then(|have| have.email).as_deref(), Some("ada+1@x.example"));
}

#[test]
fn a_changed_phone_takes_one_write_where_the_identities_are_known() {
    let emails = Some(vec![email("2", "ada+1@x.example", true)]);
    let have = Found { phone: None, emails, ..user() };
    let (steps, _) = walk(have, |have| support().mend(&ada(), have), &[(200, &stored())]);
    assert_eq!(steps, [Operation::Update(seven())]);
}

#[test]
fn removal_is_soft_then_for_good_and_an_absent_user_may_be_soft_deleted() {
    let deleted = stored().replace("true", "false");
    let purged = r#"{"deleted_user":{"id":7}}"#;
    let missing = r#"{"error":"RecordNotFound"}"#;
    for answers in [[(200, deleted.as_str()), (200, purged)], [(404, missing), (404, missing)]] {
        let (steps, have) = walk(user(), |have| support().remove(have), &answers);
        assert_eq!((steps, have), (vec![Operation::Delete(seven()), Operation::Purge(seven())], None));
    }
}

#[test]
fn blanking_drops_secondary_then_primary_identities_and_marks_last() {
    let answers = [
        (
            200,
            r#"{"identities":[{"id":1,"type":"email","value":"a@x","primary":true},{"id":2,"type":"email","value":"b@x"}]}"#,
        ),
        (204, ""),
        (204, ""),
        (200, r#"{"user":{"id":7,"name":"closed","email":null,"phone":null,"tags":["closed"],"active":true}}"#),
    ];
    let (steps, have) = walk(user(), |have| support().blank(have), &answers);
    let drop = |email: &str| Operation::DropEmail(seven(), email.to_owned());
    assert_eq!(steps, [Operation::ReadEmails(seven()), drop("2"), drop("1"), Operation::Blank(seven())]);
    assert_eq!(have.map(|have| have.condition), Some(Condition::Closed));
}

#[test]
fn an_identity_whose_id_is_not_known_is_read_before_it_is_touched() {
    let created = Found { emails: Some(vec![email("", "ada+1@x.example", true)]), ..user() };
    assert_eq!(support().blank(&created), Some(Operation::ReadEmails(seven())));
    let known = vec![email("", "old@x", true), email("2", "ada+1@x.example", true)];
    assert_eq!(support().mend(&ada(), &Found { emails: Some(known), ..created }), Some(Operation::ReadEmails(seven())));
}

/// An operation on both users, the one that stays first.
fn on_both(operation: fn(String, String) -> Operation) -> Operation {
    operation(seven(), "8".to_owned())
}

#[test]
fn merges_have_their_lines_and_bodies_and_the_one_in_the_path_goes() {
    let cases = [
        (on_both(Operation::ReadMerge), "GET /api/v2/users/show_many.json?ids=7%2C8"),
        (on_both(Operation::Merge), r#"PUT /api/v2/users/8/merge.json {"user":{"id":7}}"#),
        (
            Operation::Own(seven()),
            r#"PUT /api/v2/users/7.json {"user":{"name":"Ada Lovelace \"Countess\"","email":"ada+1@x.example","phone":"+4420","external_id":"C001/s17"}}"#,
        ),
    ];
    for (operation, expected) in cases {
        assert_eq!(line(&asked(&support(), &operation)), expected);
    }
}

#[test]
fn a_merge_is_done_where_the_answer_shows_the_user_that_stays() {
    let merge = |body: &str| read(&support(), &on_both(Operation::Merge), 200, body);
    assert_eq!(merge(&stored()), Reading::Merge(MergeState::Merged(Box::new(user()))));
    for body in [stored().replace(r#""id":7"#, r#""id":8"#), "{}".to_owned(), String::new()] {
        assert!(unknown(&merge(&body)), "{body}");
    }
}

#[test]
fn how_a_merge_stands_is_read_from_who_of_the_two_lives() {
    let look = |users: &[String]| {
        let body = format!(r#"{{"users":[{}],"count":2}}"#, users.join(","));
        read(&support(), &on_both(Operation::ReadMerge), 200, &body)
    };
    let stays = stored()[8..stored().len() - 1].to_owned();
    let goes = stays.replace(r#""id":7"#, r#""id":8"#);
    let gone = goes.replace(r#""active":true"#, r#""active":false"#);
    let blocked = |why: &str| Reading::Merge(MergeState::Blocked(why.to_owned()));
    let merged = Reading::Merge(MergeState::Merged(Box::new(user())));
    assert_eq!(look(&[stays.clone(), goes.clone()]), Reading::Merge(MergeState::Apart));
    assert_eq!(look(&[goes.clone(), stays.clone()]), Reading::Merge(MergeState::Apart));
    assert_eq!(look(&[stays.clone(), gone]), merged);
    assert_eq!(look(std::slice::from_ref(&stays)), merged);
    assert_eq!(look(std::slice::from_ref(&goes)), blocked("the user that stays is gone"));
    let agent = stays.replace("end-user", "agent");
    assert_eq!(look(&[agent, goes]), blocked("an agent or admin is not merged"));
    assert!(unknown(&read(&support(), &on_both(Operation::ReadMerge), 200, "{}")));
}

#[test]
fn tickets_are_listed_by_requester_and_given_to_another_one() {
    let list = Operation::ListChildren(seven());
    assert_eq!(line(&asked(&support(), &list)), "GET /api/v2/users/7/tickets/requested.json?per_page=100");
    let tickets = r#"{"tickets":[{"id":35,"requester_id":7},{"id":36}],"next_page":null}"#;
    assert_eq!(read(&support(), &list, 200, tickets), Reading::Children(vec!["35".to_owned(), "36".to_owned()], None));
    assert_eq!(read(&support(), &list, 404, r#"{"error":"RecordNotFound"}"#), Reading::Absent);
    let paged = |next: &str| format!(r#"{{"tickets":[{{"id":35}}],"next_page":"{next}","count":101}}"#);
    let next = paged("https://d3v.zendesk.com/api/v2/users/7/tickets/requested.json?page=2&per_page=100");
    let further = Reading::Children(vec!["35".to_owned()], Some("2".to_owned()));
    assert_eq!(read(&support(), &list, 200, &next), further);
    assert!(unknown(&read(&support(), &list, 200, &paged("https://d3v.zendesk.com/?page=x"))));
    let on = Operation::ListOn(seven(), "2".to_owned());
    assert_eq!(line(&asked(&support(), &on)), "GET /api/v2/users/7/tickets/requested.json?per_page=100&page=2");
    assert_eq!(read(&support(), &on, 200, &next), further);
    let give = Operation::MoveChild("35".to_owned(), seven());
    assert_eq!(line(&asked(&support(), &give)), r#"PUT /api/v2/tickets/35.json {"ticket":{"requester_id":7}}"#);
    assert_eq!(
        read(&support(), &give, 200, r#"{"ticket":{"id":35,"requester_id":7},"audit":{"id":1}}"#),
        Reading::Accepted
    );
    for body in [r#"{"ticket":{"id":35,"requester_id":8}}"#, r#"{"ticket":{"id":35}}"#, "{}"] {
        assert!(unknown(&read(&support(), &give, 200, body)), "{body}");
    }
}
