//! What merging users of the help desk does, that nothing undoes it, and what is refused.

use super::*;
use crate::fleet::{Child, ChildKind, JobCourse, MadeFor};

const BOB: &str =
    r#"{"user":{"name":"Bob Ray","email":"bob@x.org","external_id":"C002/s2","phone":"+4930222","verified":true}}"#;

fn ticket_for(id: u64) -> String {
    json!({"ticket": {"subject": "Help", "comment": {"body": "!"}, "requester_id": id}}).to_string()
}

fn into(winner: u64) -> String {
    json!({"user": {"id": winner}}).to_string()
}

/// A desk with Ann, who has one ticket, and Bob, who has two.
fn two() -> (Caller<Support>, u64, u64) {
    let mut desk = desk();
    let (ann, bob) = (create(&mut desk, ANN), create(&mut desk, BOB));
    for id in [ann, bob, bob] {
        assert_eq!(desk.post("/api/v2/tickets.json", &ticket_for(id)).0, 201);
    }
    (desk, ann, bob)
}

fn held(desk: &Caller<Support>) -> Vec<(String, Option<String>)> {
    desk.model.children().into_iter().map(|child| (child.id, child.holder)).collect()
}

#[test]
fn tickets_and_emails_of_the_loser_go_to_the_winner() {
    let (mut desk, ann, bob) = two();
    let (status, body) = desk.put(&of(bob, "/merge.json"), &into(ann));
    assert_eq!((status, &body["user"]["id"], &body["user"]["email"]), (200, &json!(ann), &json!("ann@x.org")));
    assert_eq!(ids(&desk.get(&of(ann, "/tickets/requested.json")).1, "tickets"), [35_436_001, 35_436_002, 35_436_003]);
    let (_, identities) = desk.get(&of(ann, "/identities.json"));
    let emails: Vec<_> = identities["identities"].as_array().unwrap().iter().map(|one| &one["value"]).collect();
    assert_eq!(emails, [&json!("ann@x.org"), &json!("bob@x.org")]);
    assert_eq!(identities["identities"][1]["primary"], json!(false));
    let made_for = MadeFor::Customer("C002".to_owned());
    let last = Child { kind: ChildKind::Ticket, id: "35436003".to_owned(), holder: Some(ann.to_string()), made_for };
    assert_eq!(desk.model.children().last(), Some(&last));
}

#[test]
fn the_loser_is_softly_deleted_without_its_profile() {
    let (mut desk, ann, bob) = two();
    desk.put(&of(bob, "/merge"), &into(ann));
    let records = desk.model.records();
    let loser = &records[1];
    assert_eq!(
        (loser.condition, &loser.tag, &loser.phone, &loser.email),
        (Condition::SoftDeleted, &None, &None, &None)
    );
    let (status, body) = desk.get(&of(bob, ""));
    assert_eq!((status, &body["user"]["active"], &body["user"]["external_id"]), (200, &json!(false), &Value::Null));
    assert_eq!(desk.put(&of(bob, "/merge"), &into(ann)).0, 404, "it cannot be merged again");
    assert_eq!(desk.put(&of(ann, "/merge"), &into(bob)).0, 404, "nobody can be merged into it");
}

#[test]
fn a_winner_may_be_named_by_its_email() {
    let (mut desk, ann, bob) = two();
    let (status, body) = desk.put(&of(bob, "/merge"), r#"{"user":{"email":"ann@x.org"}}"#);
    assert_eq!((status, &body["user"]["id"]), (200, &json!(ann)));
}

#[test]
fn whom_the_desk_does_not_merge_it_refuses() {
    let (mut desk, ann, bob) = two();
    let agent = create(&mut desk, r#"{"user":{"name":"Agent","email":"agent@x.org","role":"agent"}}"#);
    let silent = create(&mut desk, r#"{"user":{"name":"Silent"}}"#);
    for (loser, winner) in [(ann, ann), (agent, ann), (ann, agent), (silent, ann), (ann, silent)] {
        let (status, body) = desk.put(&of(loser, "/merge"), &into(winner));
        assert_eq!((status, &body["details"]["base"][0]["error"]), (422, &json!("InvalidValue")), "{loser} {winner}");
    }
    assert_eq!(desk.put(&of(bob, "/merge"), r#"{"user":{}}"#).0, 400);
    assert_eq!(desk.put(&of(bob, "/merge"), "").0, 400);
    assert_eq!(desk.put(&of(9, "/merge"), &into(ann)).0, 404);
    assert_eq!(desk.put(&of(bob, "/merge"), &into(9)).0, 404);
}

#[test]
fn who_asked_for_too_much_is_not_merged_away_but_may_win() {
    let (mut desk, ann, bob) = two();
    for _ in 0..10_000 {
        desk.model.control(desk.now, &Control::AddChild("C001".to_owned()));
    }
    assert_eq!(desk.put(&of(ann, "/merge"), &into(bob)).0, 422);
    assert_eq!(desk.put(&of(bob, "/merge"), &into(ann)).0, 200);
}

#[test]
fn under_single_sign_on_an_external_id_forbids_a_merge() {
    let mut desk = desk_with(&Settings { single_sign_on: true, ..Settings::default() });
    let (ann, bob) = (create(&mut desk, ANN), create(&mut desk, r#"{"user":{"name":"Bob","email":"bob@x.org"}}"#));
    assert_eq!(desk.put(&of(bob, "/merge"), &into(ann)).0, 422);
    assert_eq!(desk.put(&of(ann, ""), r#"{"user":{"external_id":null}}"#).0, 200);
    assert_eq!(desk.put(&of(bob, "/merge"), &into(ann)).0, 200);
}

#[test]
fn a_ticket_is_read_and_given_to_another_requester() {
    let (mut desk, ann, bob) = two();
    let ticket = "/api/v2/tickets/35436001.json";
    assert_eq!(desk.get(ticket).1["ticket"]["requester_id"], json!(ann));
    let (status, body) = desk.put(ticket, &json!({"ticket": {"requester_id": bob}}).to_string());
    assert_eq!(
        (status, &body["ticket"]["requester_id"], &body["audit"]["ticket_id"]),
        (200, &json!(bob), &json!(35_436_001))
    );
    assert_eq!(ids(&desk.get(&of(ann, "/tickets/requested")).1, "tickets"), [0_u64; 0]);
    assert_eq!(desk.put(ticket, r#"{"ticket":{"requester_id":1}}"#).0, 422);
    assert_eq!((desk.get("/api/v2/tickets/1").0, desk.put("/api/v2/tickets/1", r#"{"ticket":{}}"#).0), (404, 404));
    assert_eq!(desk.delete(&of(ann, "")).0, 200, "who has no tickets can be deleted");
}

#[test]
fn many_tickets_are_given_to_another_requester_by_a_job() {
    for by_ids in [true, false] {
        let (mut desk, ann, bob) = two();
        let (target, body) = if by_ids {
            ("?ids=35436002%2C35436003%2C7", json!({"ticket": {"requester_id": ann}}))
        } else {
            let item = |id: u64| json!({"id": id, "requester_id": ann});
            ("", json!({"tickets": [item(35_436_002), item(35_436_003), item(7)]}))
        };
        let (status, started) = desk.put(&format!("/api/v2/tickets/update_many.json{target}"), &body.to_string());
        assert_eq!((status, &started["job_status"]["status"]), (200, &json!("queued")));
        assert_eq!(held(&desk)[1].1, Some(bob.to_string()), "nothing moves before the job ends");
        let poll = format!("/api/v2/job_statuses/{}.json", started["job_status"]["id"].as_str().unwrap());
        desk.wait(Nanos::secs(2));
        let (_, ended) = desk.get(&poll);
        let ended = &ended["job_status"];
        assert_eq!(
            (&ended["status"], &ended["progress"], &ended["total"]),
            (&json!("completed"), &json!(3), &json!(3))
        );
        assert_eq!((&ended["results"][0]["success"], &ended["results"][2]["success"]), (&json!(true), &json!(false)));
        assert!(held(&desk).iter().all(|(_, holder)| *holder == Some(ann.to_string())));
    }
}

#[test]
fn a_job_that_fails_half_way_has_moved_half() {
    let (mut desk, ann, bob) = two();
    desk.model.control(desk.now, &Control::NextJob(JobCourse::FailsHalf));
    let ids = "35436002,35436003";
    let body = json!({"ticket": {"requester_id": ann}}).to_string();
    let (_, started) = desk.put(&format!("/api/v2/tickets/update_many?ids={ids}"), &body);
    assert_eq!(desk.model.next_job(), Some(desk.now + Nanos::secs(2)));
    desk.wait(Nanos::secs(2));
    assert_eq!(desk.model.end_job(desk.now), Some("a job fails when half of it is done"));
    assert_eq!(desk.model.end_job(desk.now), None);
    let poll = format!("/api/v2/job_statuses/{}", started["job_status"]["id"].as_str().unwrap());
    assert_eq!(desk.get(&poll).1["job_status"]["status"], json!("failed"));
    let holders: Vec<_> = held(&desk).into_iter().filter_map(|(_, holder)| holder).collect();
    assert_eq!(holders, [ann, ann, bob].map(|id| id.to_string()));
    assert_eq!(desk.get("/api/v2/job_statuses/8b726e606741012f0000000000000009").0, 404);
}

#[test]
fn a_merge_is_about_the_loser_and_a_ticket_about_itself() {
    let (desk, ann, bob) = two();
    let (merge, subject) = desk.route(Method::Put, &of(bob, "/merge.json"), &into(ann));
    assert_eq!((merge, subject), ("merge", Subject::of(b"bob@x.org")));
    for (method, target, body, route) in [
        (Method::Get, "tickets/35436001", "", "read-ticket"),
        (Method::Put, "tickets/35436001.json", "{}", "update-ticket"),
        (Method::Put, "tickets/update_many?ids=35436001,2", r#"{"ticket":{}}"#, "update-tickets"),
        (Method::Put, "tickets/update_many", r#"{"tickets":[{"id":35436001}]}"#, "update-tickets"),
        (Method::Get, "job_statuses/35436001", "", "job-status"),
    ] {
        assert_eq!(desk.route(method, &format!("/api/v2/{target}"), body), (route, Subject::of(b"35436001")));
    }
}

#[test]
fn who_becomes_an_agent_is_not_merged_but_its_tickets_may_be_given_away() {
    let (mut desk, ann, bob) = two();
    desk.model.control(desk.now, &Control::Bar("C001".to_owned()));
    assert_eq!(desk.get(&of(ann, "")).1["user"]["role"], json!("agent"));
    assert_eq!(desk.put(&of(ann, "/merge"), &into(bob)).0, 422);
    let ticket = "/api/v2/tickets/35436001.json";
    assert_eq!(desk.put(ticket, &json!({"ticket": {"requester_id": bob}}).to_string()).0, 200);
}
