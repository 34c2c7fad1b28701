//! A 429 tells of how much all sagas ask for together: it costs one of them little of its patience, but not nothing, for a
//! quota that never comes back must not hold a customer for ever.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;

use crate::desk::{Desk, Does, creates, creation, get, json, not_now};

const TOLD_OR_NOT: [&[(&str, &str)]; 2] = [&[], &[("retry-after", "1")]];

/// A hub whose shop turns away so many creations; one was asked for, and all is over.
fn turned_away(times: usize, headers: &'static [(&str, &str)]) -> (Desk, usize) {
    let mut desk = Desk::new();
    let mut left = times;
    desk.vendors(move |to, request| {
        let busy = to == System::Commerce && creates(request) && left > 0;
        left -= usize::from(busy);
        if busy { Does::Says(not_now(429, headers)) } else { Does::Its }
    });
    desk.send(creation("/api/customers", 1, &[]));
    desk.pass(Nanos::secs(600));
    assert_eq!(json(&desk.ask(get("/operator/sagas")))["sagas"], serde_json::json!([]));
    let asked = desk.sent.iter().filter(|(_, to, request)| *to == System::Commerce && creates(request)).count();
    (desk, asked)
}

#[test]
fn whoever_is_turned_away_often_for_the_rate_of_all_is_let_in_in_the_end() {
    for headers in TOLD_OR_NOT {
        let (desk, asked) = turned_away(20, headers);
        assert_eq!((desk.standing(System::Commerce), asked), (1, 21), "{headers:?}");
    }
}

#[test]
fn whoever_is_turned_away_for_ever_gives_up() {
    for headers in TOLD_OR_NOT {
        let (desk, asked) = turned_away(usize::MAX, headers);
        // Four attempts, each worth eight.
        assert_eq!((desk.standing(System::Commerce), asked), (0, 32), "{headers:?}");
    }
}
