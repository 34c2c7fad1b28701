//! A vendor that takes a write in and shows the record as it was: it is not written for ever. What can be given up is; past
//! the pivot the saga is parked, and a redrive goes on once the vendor is itself again.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::wire::{Method, Response};
use serde_json::{Value, json};

use crate::desk::{Desk, Does, get, json as read, request};

/// So many writes that change nothing are borne.
const BORNE: usize = 17;

/// The shop takes writes in and does nothing; it shows its records as they were, with these tags.
fn deaf(desk: &mut Desk, tags: Option<&'static str>) {
    let token = ("x-shopify-access-token", "shpat_simulated");
    let list = request(Method::Get, "/admin/api/2026-01/customers.json", &[token], "");
    let list = read(&desk.by_hand(System::Commerce, &list))["customers"].as_array().unwrap().clone();
    desk.vendors(move |system, request| {
        if system != System::Commerce || request.method != Method::Put {
            return Does::Its;
        }
        let its = |one: &&Value| request.target.ends_with(&format!("/{}.json", one["id"]));
        let mut customer = list.iter().find(its).unwrap().clone();
        if let Some(tags) = tags {
            customer["tags"] = tags.into();
        }
        Does::Says(Response::json(200, json!({ "customer": customer }).to_string()))
    });
}

fn writes(desk: &Desk) -> usize {
    desk.sent.iter().filter(|(_, to, request)| *to == System::Commerce && request.method == Method::Put).count()
}

#[test]
fn an_update_that_never_shows_is_given_up() {
    let mut desk = Desk::with_two();
    deaf(&mut desk, None);
    let told = desk.ask(request(Method::Patch, "/api/customers/C1", &[], r#"{"given_name":"Grace"}"#));
    assert!((400..500).contains(&told.status), "{}", read(&told));
    assert_eq!(writes(&desk), BORNE);
    desk.pass(Nanos::secs(300));
    assert_eq!(read(&desk.ask(get("/operator/sagas")))["sagas"], json!([]));
}

#[test]
fn a_survivor_that_never_takes_its_tag_is_parked_and_redriven() {
    let mut desk = Desk::with_two();
    deaf(&mut desk, Some(""));
    desk.send(request(Method::Post, "/api/customers/C1/merge", &[], r#"{"from":"C2"}"#));
    desk.pass(Nanos::secs(300));
    // The merge was the first of them.
    assert_eq!(writes(&desk), BORNE - 1);
    let list = read(&desk.ask(get("/operator/sagas")));
    assert_eq!(list["sagas"][0]["state"], "parked", "{list}");

    desk.vendors(|_, _| Does::Its);
    desk.redrive();
    desk.pass(Nanos::secs(60));
    assert_eq!(read(&desk.ask(get("/operator/sagas")))["sagas"], json!([]));
    assert_eq!(desk.standing(System::Commerce), 1);
}
