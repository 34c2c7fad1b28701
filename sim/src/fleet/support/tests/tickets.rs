//! Tickets: for whom they are, what they keep, when they are refused, and creating one only once.

use super::*;

const TICKETS: &str = "/api/v2/tickets.json";

fn ticket(desk: &mut Caller<Support>, says: Value) -> (u16, Value) {
    let (status, mut body) = desk.post(TICKETS, &json!({"ticket": says}).to_string());
    (status, if status == 201 { body["ticket"].take() } else { body })
}

#[test]
fn a_requester_is_found_by_email_or_created() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let asks = |name: &str, email: &str| json!({"comment": {"body": "?"}, "requester": {"name": name, "email": email}});
    assert_eq!(ticket(&mut desk, asks("Other", "ANN@x.org")).1["requester_id"], ann);
    let (status, made) = ticket(&mut desk, asks("Bob", "bob@x.org"));
    assert_eq!((status, &made["requester_id"]), (201, &json!(ann + 1)));
    assert_eq!(ticket(&mut desk, asks("", "bob@x.org")).1["requester_id"], ann + 1);
    let (_, body) = desk.get(&of(ann + 1, ""));
    assert_eq!((&body["user"]["name"], &body["user"]["email"]), (&json!("Bob"), &json!("bob@x.org")));
    assert_eq!(ids(&desk.get(&of(ann + 1, "/tickets/requested")).1, "tickets").len(), 2);
    for (name, email) in [("", "c@x.org"), ("Cay", ""), ("Cay", "nonsense")] {
        assert_eq!(ticket(&mut desk, asks(name, email)).0, 422, "{name} {email}");
    }
    let gone = create(&mut desk, &user_named(1));
    desk.delete(&of(gone, ""));
    assert_eq!(ticket(&mut desk, asks("User", "u1@x.org")).0, 422);
    let refused = json!({"requester": {"name": "Dee", "email": "dee@x.org"}});
    assert_eq!(ticket(&mut desk, refused).0, 422);
    assert_eq!(desk.model.records().len(), 3, "whoever asks nothing is not added");
}

#[test]
fn without_a_requester_a_ticket_is_that_of_the_agent_who_calls() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let agent = desk.get("/api/v2/users/me").1["user"]["id"].clone();
    let (status, own) = ticket(&mut desk, json!({"comment": {"body": "?"}}));
    assert_eq!((status, &own["requester_id"], &own["submitter_id"]), (201, &agent, &agent));
    let child = desk.model.children().remove(0);
    assert_eq!((child.holder, child.made_for), (None, crate::fleet::MadeFor::Nobody));
    let listed =
        |desk: &mut Caller<Support>| ids(&desk.get(&format!("/api/v2/users/{agent}/tickets/requested")).1, "tickets");
    assert_eq!(listed(&mut desk), [35_436_001]);
    let target = "/api/v2/tickets/35436001";
    let (status, body) = desk.put(target, r#"{"ticket":{"requester":{"email":"ann@x.org"}}}"#);
    assert_eq!((status, &body["ticket"]["requester_id"], &body["ticket"]["submitter_id"]), (200, &json!(ann), &agent));
    assert_eq!(listed(&mut desk), [0; 0]);
    assert_eq!(ids(&desk.get(&of(ann, "/tickets/requested")).1, "tickets"), [35_436_001]);
    let back = json!({"ticket": {"requester_id": agent}}).to_string();
    assert_eq!((desk.put(target, &back).0, listed(&mut desk).len()), (200, 1));
    let hub =
        json!({"comment": {"body": "?"}, "requester": {"name": "Hub", "email": Credentials::SIMULATION.support_email}});
    assert_eq!(ticket(&mut desk, hub).1["requester_id"], agent);
    assert_eq!(desk.put(target, r#"{"ticket":{"requester_id":"x"}}"#).0, 422);
}

#[test]
fn a_ticket_keeps_and_shows_what_it_says() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let says = json!({"subject": "Help", "comment": {"body": "Broken"}, "requester_id": ann, "priority": "high",
        "type": "incident", "external_id": 7, "tags": ["a", "b"]});
    let (_, made) = ticket(&mut desk, says);
    for (name, value) in [
        ("subject", json!("Help")),
        ("description", json!("Broken")),
        ("status", json!("new")),
        ("priority", json!("high")),
        ("type", json!("incident")),
        ("external_id", json!("7")),
        ("tags", json!(["a", "b"])),
        ("assignee_id", Value::Null),
        ("url", json!("https://desk.example/api/v2/tickets/35436001.json")),
    ] {
        assert_eq!(made[name], value, "{name}");
    }
    assert_eq!(desk.get("/api/v2/tickets/35436001.json").1["ticket"], made);
    assert_eq!(desk.get("/api/v2/tickets?external_id=7").1["tickets"], json!([made]));
    assert_eq!(desk.get("/api/v2/tickets?external_id=8").1["tickets"], json!([]));
    let change = r#"{"ticket":{"subject":"Solved","status":"solved","priority":null,"tags":"c","assignee_id":9}}"#;
    let (status, body) = desk.put("/api/v2/tickets/35436001", change);
    let changed = &body["ticket"];
    assert_eq!((status, &changed["subject"], &changed["status"]), (200, &json!("Solved"), &json!("solved")));
    assert_eq!(
        (&changed["priority"], &changed["tags"], &changed["type"]),
        (&Value::Null, &json!(["c"]), &json!("incident"))
    );
    assert_eq!((&changed["assignee_id"], &changed["description"]), (&json!(9), &json!("Broken")));
    let assigned = ticket(&mut desk, json!({"description": "?", "assignee_id": 9})).1;
    assert_eq!((&assigned["status"], &assigned["description"]), (&json!("open"), &json!("?")));
    let change = json!({"ticket": {"status": "pending"}}).to_string();
    desk.put("/api/v2/tickets/update_many?ids=35436001,35436002", &change);
    desk.wait(Nanos::secs(2));
    assert_eq!(desk.get("/api/v2/tickets/35436002").1["ticket"]["status"], "pending");
}

#[test]
fn a_ticket_without_text_or_with_words_that_there_are_not_is_refused() {
    let mut desk = desk();
    let blank = invalid("base", "Description: cannot be blank", "BlankValue");
    for says in [json!({}), json!({"comment": {"body": " "}}), json!({"comment": {}}), json!({"description": ""})] {
        assert_eq!(ticket(&mut desk, says.clone()), blank, "{says}");
    }
    for (name, value) in [("status", "bogus"), ("priority", "bogus"), ("type", "bogus")] {
        let (status, body) = ticket(&mut desk, json!({"description": "?", name: value}));
        assert_eq!((status, body["details"][name].is_array()), (422, true), "{name}");
    }
    ticket(&mut desk, json!({"description": "?"}));
    assert_eq!(desk.put("/api/v2/tickets/35436001", r#"{"ticket":{"status":"bogus"}}"#).0, 422);
    assert_eq!(desk.model.children().len(), 1);
}

#[test]
fn a_closed_ticket_is_changed_no_more_and_keeps_nobody() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    ticket(&mut desk, json!({"description": "?", "requester_id": ann, "status": "solved"}));
    assert_eq!(desk.delete(&of(ann, "")).0, 422);
    assert_eq!(desk.put("/api/v2/tickets/35436001", r#"{"ticket":{"status":"closed"}}"#).0, 200);
    let refused = invalid("status", "Status: closed prevents ticket update", "InvalidValue");
    assert_eq!(desk.put("/api/v2/tickets/35436001", r#"{"ticket":{"status":"open"}}"#), refused);
    assert_eq!(desk.delete(&of(ann, "")).0, 200);
}

#[test]
fn one_key_creates_one_ticket() {
    let mut desk = desk();
    desk.headers.push("idempotency-key", "k1");
    let says = r#"{"ticket":{"description":"?"}}"#;
    let send = |desk: &mut Caller<Support>, says: &str| {
        let response = desk.send(Method::Post, TICKETS, says);
        let lookup = response.headers.get("x-idempotency-lookup").map(str::to_owned);
        (response.status, lookup, serde_json::from_slice::<Value>(&response.body).unwrap())
    };
    let refused = send(&mut desk, "{}");
    assert_eq!((refused.0, refused.1.as_deref()), (400, Some("miss")));
    let first = send(&mut desk, says);
    assert_eq!((first.0, first.1.as_deref()), (201, Some("miss")));
    let again = send(&mut desk, says);
    assert_eq!((again.0, again.1.as_deref(), &again.2), (201, Some("hit"), &first.2));
    let other = send(&mut desk, r#"{"ticket":{"description":"!"}}"#);
    assert_eq!((other.0, &other.2["error"]), (400, &json!("IdempotentRequestError")));
    assert_eq!(desk.model.children().len(), 1);
    desk.wait(Nanos::secs(7_200));
    assert_eq!(send(&mut desk, says).1.as_deref(), Some("miss"));
    assert_eq!(desk.model.children().len(), 2);
}
