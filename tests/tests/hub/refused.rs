//! A vendor that refuses to be looked at: it is asked once, the saga is parked, and a redrive looks again. Such a look was
//! made again at once before, for as long as it was refused.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::wire::{Method, Response};

use crate::desk::{Desk, Does, creates, creation, get, json, not_now};

/// How often the shop was asked for records.
fn looks(desk: &Desk) -> usize {
    desk.sent.iter().filter(|(_, to, request)| *to == System::Commerce && request.method == Method::Get).count()
}

#[test]
fn a_last_look_that_is_refused_is_made_once_and_parks_the_saga_until_it_is_redriven() {
    for status in [400, 403] {
        let mut desk = Desk::new();
        let mut first = true;
        desk.vendors(move |to, request| match (to, request.method) {
            (System::Commerce, Method::Get) => Does::Says(Response::json(status, r#"{"errors":"no"}"#)),
            // Whether this one was created nobody knows, so there is a last look.
            (System::Commerce, _) if creates(request) && std::mem::take(&mut first) => Does::Says(not_now(500, &[])),
            _ => Does::Its,
        });
        assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201);
        desk.pass(Nanos::secs(60));
        assert_eq!(looks(&desk), 1, "{status}");
        let list = json(&desk.ask(get("/operator/sagas")));
        assert_eq!(list["sagas"][0]["state"], "parked", "{status}: {list}");

        desk.vendors(|_, _| Does::Its);
        desk.redrive();
        desk.pass(Nanos::secs(60));
        assert!(looks(&desk) > 1);
        assert_eq!(json(&desk.ask(get("/operator/sagas")))["sagas"], serde_json::json!([]));
    }
}
