//! Deletion in two steps, tickets that forbid it, and what each step still holds.

use super::*;

#[test]
fn a_softly_deleted_user_is_still_there_and_holds_its_keys() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    let (status, body) = desk.delete(&of(id, ".json"));
    assert_eq!((status, &body["user"]["active"], &body["user"]["email"]), (200, &json!(false), &json!("ann@x.org")));
    assert_eq!(desk.get(&of(id, "")).1["user"]["active"], false);
    assert_eq!(desk.get(&deleted(id)).1["deleted_user"]["id"], id);
    assert_eq!(desk.model.records()[0].condition, Condition::SoftDeleted);
    assert_eq!(desk.post(USERS, r#"{"user":{"name":"B","email":"ann@x.org"}}"#).0, 422);
    assert_eq!(desk.post(USERS, r#"{"user":{"name":"B","external_id":"C001/s1"}}"#).0, 422);
    assert_eq!(desk.post("/api/v2/users/create_or_update", ANN).0, 422);
    assert_eq!(desk.delete(&of(id, "")), not_found());
    assert_eq!(desk.put(&of(id, ""), ANN), invalid("base", "User is deleted", "RecordDeleted"));
    assert_eq!(desk.post(&of(id, "/identities"), "{}"), not_found());
}

#[test]
fn a_permanent_deletion_needs_a_soft_one_and_frees_the_keys() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    assert_eq!(desk.delete(&deleted(id)), not_found());
    desk.delete(&of(id, ""));
    let (status, body) = desk.delete(&deleted(id));
    assert_eq!((status, &body["deleted_user"]["id"]), (200, &json!(id)));
    for target in [deleted(id), of(id, ""), of(id, "/identities"), of(id, "/tickets/requested")] {
        assert_eq!(desk.get(&target), not_found(), "{target}");
    }
    assert_eq!(desk.delete(&deleted(id)), not_found());
    assert_eq!(desk.put(&of(id, ""), "{}"), not_found());
    let record = &desk.model.records()[0];
    assert_eq!((record.condition, &record.email, &record.phone, &record.tag), (Condition::Gone, &None, &None, &None));
    assert_eq!(create(&mut desk, ANN), id + 1);
}

#[test]
fn the_list_of_deleted_users_lags() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    desk.wait(Nanos::secs(2));
    desk.delete(&of(id, ""));
    let listed = |desk: &mut Caller<Support>| {
        let (status, body) = desk.get("/api/v2/deleted_users.json");
        assert_eq!(status, 200);
        body["deleted_users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed(&mut desk), [""; 0]);
    desk.wait(Nanos::secs(2));
    assert_eq!(listed(&mut desk), ["Ann Lee"]);
    desk.delete(&deleted(id));
    assert_eq!(listed(&mut desk), ["Ann Lee"]);
    desk.wait(Nanos::secs(2));
    assert_eq!(listed(&mut desk), ["Permanently Deleted User"]);
}

#[test]
fn a_user_with_tickets_cannot_be_deleted() {
    let mut desk = desk();
    let id: u64 = desk.model.control(Instant::ZERO, &seed(1)).unwrap().parse().unwrap();
    assert!(desk.model.control(desk.now, &Control::AddChild("C007".to_owned())).is_some());
    let refused = invalid("base", "Bob Ray is requester on tickets that are not closed.", "InvalidValue");
    assert_eq!(desk.delete(&of(id, "")), refused);
    assert_eq!(ids(&desk.get(&of(id, "/tickets/requested.json")).1, "tickets"), [35_436_001, 35_436_002]);
}

#[test]
fn a_ticket_is_created_for_its_requester() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    let ticket = json!({"ticket": {"subject": "Help", "comment": {"body": "!"}, "requester_id": id}});
    let (status, body) = desk.post("/api/v2/tickets.json", &ticket.to_string());
    assert_eq!((status, &body["ticket"]["requester_id"], &body["ticket"]["status"]), (201, &json!(id), &json!("new")));
    assert_eq!(body["audit"]["ticket_id"], body["ticket"]["id"]);
    let refused = |body: &str| desk.clone().post("/api/v2/tickets", body).0;
    assert_eq!(refused(r#"{"ticket":{"requester_id":1,"description":"?"}}"#), 422);
    assert_eq!(refused(r#"{"ticket":{"requester_id":360000000001}}"#), 422);
    assert_eq!(refused(r#"{"ticket":7}"#), 400);
}

#[test]
fn purges_have_a_limit_of_their_own() {
    let mut desk = desk();
    let every: Vec<_> = (0..701).map(|number| create(&mut desk, &user_named(number))).collect();
    desk.wait(Nanos::secs(60));
    every.iter().for_each(|&id| assert_eq!(desk.delete(&of(id, "")).0, 200));
    desk.wait(Nanos::secs(60));
    every[..700].iter().for_each(|&id| assert_eq!(desk.delete(&deleted(id)).0, 200));
    let response = desk.send(Method::Delete, &deleted(every[700]), "");
    assert_eq!((response.status, response.headers.get("retry-after")), (429, Some("480")));
    desk.wait(Nanos::secs(480));
    assert_eq!(desk.delete(&deleted(every[700])).0, 200);
}
