//! The control API, over its socket: each call does what its document says, and what is wrong is told.

use std::sync::Arc;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::rule::{Chaos, Odds};
use sagaproof_sim::fleet::System;
use sagaproof_sim::server::{Answering, Extension, Options, World};
use sagaproof_sim::wire::{Request, Response};
use serde_json::{Value, json};

use crate::caller::{End, Heard, profile, push};
use crate::served::{Served, rule};

/// Reads the name of a fate as a rule that always strikes, and answers `GET /extra`.
#[derive(Debug)]
struct Extra;

impl Extension for Extra {
    fn read_rules(&self, text: &str) -> Result<Chaos, String> {
        let fate = Fate::from_name(text).ok_or_else(|| format!("`{text}` is no fate"))?;
        Ok(Chaos { rules: vec![rule(&[fate], Odds::ALWAYS)], ..Chaos::default() })
    }

    fn answer<'a>(&'a self, world: Arc<World>, request: &'a Request) -> Option<Answering<'a>> {
        (request.path() == "/extra").then(|| {
            let answering: Answering<'a> =
                Box::pin(async move { Response::json(200, world.side_effects().len().to_string()) });
            answering
        })
    }
}

fn served() -> Served {
    Served::start(Options { extension: Some(Arc::new(Extra)), ..Options::default() })
}

/// An answer of the control API.
fn ask(served: &Served, method: &str, target: &str, body: &str) -> Heard {
    let length = body.len();
    let request = format!("{method} {target} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}");
    served.control().say(request).hear()
}

fn get(served: &Served, target: &str) -> Value {
    let heard = ask(served, "GET", target, "");
    assert_eq!(heard.status, 200, "{target}: {}", heard.body);
    serde_json::from_str(&heard.body).unwrap()
}

fn status(served: &Served, method: &str, target: &str, body: &str) -> u16 {
    ask(served, method, target, body).status
}

/// What a read of a profile is answered, or 0 where its connection is reset.
fn read(served: &Served) -> u16 {
    let (came, end) = served
        .call(System::Messaging)
        .say(profile("C001").replace("host: x", "host: x\r\nconnection: close"))
        .hear_out();
    if end == End::Reset { 0 } else { came.split(' ').nth(1).unwrap().parse().unwrap() }
}

#[test]
fn rules_are_added_listed_paused_resumed_and_removed() {
    let served = served();
    let added = ask(&served, "POST", "/rules", "before-503");
    assert_eq!((added.status, &*added.body), (201, r#"{"ids":[1],"windows":0}"#));
    assert_eq!(read(&served), 503);
    let rules = get(&served, "/rules");
    assert_eq!((&rules["paused"], &rules["rules"][0]["struck"]), (&json!(false), &json!(1)));
    assert_eq!(
        (&rules["rules"][0]["fates"], &rules["rules"][0]["rate_ppm"]),
        (&json!(["before-503"]), &json!(1_000_000))
    );
    for (pause, resume) in [("/rules/pause", "/rules/resume"), ("/rules/1/pause", "/rules/1/resume")] {
        assert_eq!((status(&served, "POST", pause, ""), read(&served)), (204, 200));
        assert_eq!((status(&served, "POST", resume, ""), read(&served)), (204, 503));
    }
    assert_eq!((status(&served, "DELETE", "/rules/1", ""), read(&served)), (204, 200));
    assert_eq!(status(&served, "DELETE", "/rules/1", ""), 404);
    status(&served, "POST", "/rules", "before-500");
    assert_eq!((status(&served, "DELETE", "/rules", ""), read(&served)), (204, 200));
    let wrong = ask(&served, "POST", "/rules", "before-600");
    assert_eq!((wrong.status, wrong.body.contains("`before-600` is no fate")), (400, true));
    assert!(wrong.head.contains("application/problem+json"));
}

#[test]
fn an_outage_begins_and_ends_by_one_call_each() {
    let served = served();
    assert_eq!((status(&served, "PUT", "/outages/messaging", ""), read(&served)), (204, 0));
    assert_eq!(get(&served, "/outages")["outages"][0]["vendor"], "messaging");
    assert_eq!((status(&served, "DELETE", "/outages/messaging", ""), read(&served)), (204, 200));
    assert_eq!(status(&served, "DELETE", "/outages/messaging", ""), 404);
    assert_eq!((status(&served, "PUT", "/outages/messaging?for_ms=60000", ""), read(&served)), (204, 0));
    status(&served, "POST", "/clock", r#"{"advance_ms": 60000}"#);
    assert_eq!(read(&served), 200, "it ends by itself when its time is over");
    assert_eq!(status(&served, "PUT", "/outages/messaging?for_ms=long", ""), 400);
    assert_eq!(status(&served, "PUT", "/outages/hub", ""), 404);
}

#[test]
fn the_clock_is_moved_and_tokens_expire() {
    let served = served();
    let known = sagaproof_sim::fleet::auth::Credentials::SIMULATION;
    let grant = json!({
        "grant_type": "client_credentials", "client_id": known.identity_client_id,
        "client_secret": known.identity_client_secret, "audience": known.identity_audience,
    });
    let identity = |method: &str, target: &str, token: &str, body: &str| {
        let length = body.len();
        let head = format!("{method} {target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n");
        served.call(System::Identity).say(format!("{head}content-length: {length}\r\n\r\n{body}")).hear()
    };
    let token = || {
        let given: Value =
            serde_json::from_str(&identity("POST", "/oauth/token", "", &grant.to_string()).body).unwrap();
        given["access_token"].as_str().unwrap().to_owned()
    };
    let list = |token: &str| identity("GET", "/api/v2/users", token, "").status;
    let first = token();
    assert_eq!(list(&first), 200);
    let moved = ask(&served, "POST", "/clock", r#"{"advance_ms": 86400000}"#);
    assert_eq!((moved.status, &get(&served, "/clock")["offset_ms"]), (200, &json!(86_400_000)));
    assert_eq!(list(&first), 401);
    let second = token();
    assert_eq!((list(&second), status(&served, "POST", "/tokens/revoke", ""), list(&second)), (200, 204, 401));
    assert_eq!(status(&served, "POST", "/clock", r#"{"advance": 1}"#), 400);
}

#[test]
fn customers_are_seeded_read_and_reset() {
    let served = served();
    let ann = r#"{"cust_no":"C001","email":"Ann@x.org","given_name":"Ann","family_name":"Lee"}"#;
    let seeded = ask(&served, "POST", "/customers", ann);
    let ids: Value = serde_json::from_str(&seeded.body).unwrap();
    assert_eq!((seeded.status, ids["ids"].as_object().unwrap().len()), (201, 3));
    assert_eq!(status(&served, "POST", "/customers/C001/orders", ""), 204);
    assert_eq!(status(&served, "POST", "/customers/C001/tickets", ""), 204);
    assert_eq!(status(&served, "POST", "/customers/C%3001/orders", ""), 204, "percent-encoded");
    assert_eq!(status(&served, "POST", "/customers/C002/orders", ""), 404);
    let records = get(&served, "/records");
    assert_eq!(records["support"][0]["tag"], json!({"cust_no": "C001", "saga": ""}));
    assert_eq!(records["commerce"][0]["email"], "ann@x.org");
    assert_eq!(get(&served, "/records/identity")["identity"][0]["condition"], "live");
    served.call(System::Messaging).say(push("C001", "")).hear();
    assert_eq!(get(&served, "/side-effects")["side_effects"][0]["subject"], "C001");
    assert_eq!((status(&served, "POST", "/reset", ""), &get(&served, "/records")["support"]), (204, &json!([])));
    assert_eq!(status(&served, "POST", "/customers", r#"{"cust_no":"C001"}"#), 400);
}

#[test]
fn worlds_are_listed_and_ended_and_each_call_speaks_of_one() {
    let served = served();
    status(&served, "PUT", "/w/one/outages/messaging", "");
    assert_eq!((read(&served), get(&served, "/worlds")), (200, json!({"worlds": ["default", "one"]})));
    assert_eq!(get(&served, "/w/one/outages")["outages"][0]["state"], "outage");
    assert_eq!(
        (status(&served, "DELETE", "/worlds/one", ""), status(&served, "DELETE", "/worlds/one", "")),
        (204, 404)
    );
    assert_eq!(get(&served, "/w/one/outages")["outages"], json!([]), "a new world under an old name");
}

#[test]
fn observations_come_as_lines_and_go_on_where_that_is_asked() {
    let served = served();
    status(&served, "POST", "/rules", "after-503");
    served.call(System::Messaging).say(push("C001", "")).hear();
    let heard = ask(&served, "GET", "/observations", "");
    assert!(heard.head.contains("application/x-ndjson"));
    let lines: Vec<Value> = heard.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sent = &lines[0]["what"]["sent"];
    assert_eq!(
        (&sent["to"], &sent["route"], &sent["fate"]),
        (&json!("messaging"), &json!("push"), &json!("after-503"))
    );
    assert_eq!(lines[1]["what"]["handled"], json!({"call": 1, "by": "messaging", "status": 200, "again": false}));
    let mut following = served.control();
    following.say("GET /observations?after=2&follow=true HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(following.hear_until("\r\n\r\n").contains("Transfer-Encoding: chunked"));
    served.call(System::Messaging).say(profile("C002").replace("Bearer", "Bearer x")).hear();
    assert!(following.hear_until("}\n").contains(r#""number":3"#));
    status(&served, "PUT", "/outages/support", "");
    assert!(following.hear_until("}\n").contains("outage begins"));
    assert_eq!(status(&served, "GET", "/observations?after=x", ""), 400);
}

#[test]
fn metrics_count_answers_faults_and_records() {
    let served = served();
    status(&served, "POST", "/rules", "after-503");
    served.call(System::Messaging).say(push("C001", "")).hear();
    let metrics = ask(&served, "GET", "/metrics", "");
    for line in [
        r#"sagaproof_vendor_answers_total{vendor="messaging",status="200"} 1"#,
        r#"sagaproof_faults_total{vendor="messaging",fate="after-503"} 1"#,
        r#"sagaproof_records{vendor="support"} 0"#,
        "# TYPE sagaproof_connections gauge",
    ] {
        assert!(metrics.body.lines().any(|other| other == line), "{line}\n{}", metrics.body);
    }
}

#[test]
fn an_extension_answers_what_the_fleet_does_not_and_the_rest_is_no_path() {
    let served = served();
    assert_eq!(get(&served, "/extra"), json!(0));
    assert_eq!((status(&served, "GET", "/nowhere", ""), status(&served, "POST", "/healthz", "")), (404, 405));
    assert_eq!(status(&served, "GET", "/healthz", ""), 200);
    assert!(ask(&served, "GET", "/openapi.yaml", "").body.starts_with("openapi: 3.0.3"));
    let bare = Served::start(Options::default());
    assert_eq!(status(&bare, "POST", "/rules", "html"), 501);
}
