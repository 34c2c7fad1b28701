//! `Retry-After`, of a 429 as of a 503, is honoured in every form: seconds, decimal seconds, and an HTTP date counted from the answer's own.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::wire::Request;

use crate::desk::{Desk, Does, creates, creation, not_now};

const FORMS: [(&[(&str, &str)], Nanos); 3] = [
    (&[("retry-after", "7")], Nanos::secs(7)),
    (&[("retry-after", "2.5")], Nanos::millis(2_500)),
    (&[("date", "Tue, 24 Nov 2026 10:00:00 GMT"), ("retry-after", "Tue, 24 Nov 2026 10:00:09 GMT")], Nanos::secs(9)),
];

#[test]
fn no_vendor_is_called_before_it_said_and_the_customer_is_made_soon_after() {
    let vendors = [System::Commerce, System::Support, System::Identity];
    for (vendor, status) in vendors.into_iter().flat_map(|vendor| [(vendor, 429), (vendor, 503)]) {
        for (headers, told) in FORMS {
            let mut desk = Desk::new();
            let mut first = true;
            desk.vendors(move |to, request| {
                let busy = to == vendor && creates(request) && std::mem::take(&mut first);
                if busy { Does::Says(not_now(status, headers)) } else { Does::Its }
            });
            assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201, "{vendor:?} {status} {headers:?}");
            let called = desk.sent.iter().filter(|(_, to, request)| *to == vendor && creates(request));
            let called: Vec<_> = called.map(|(at, ..)| *at).collect();
            assert_eq!(called.len(), 2, "{vendor:?} {status} {headers:?}");
            let waited = called[1].since(called[0]);
            assert!(waited >= told && waited < told + Nanos::secs(1), "{vendor:?} {status} {headers:?}: {waited:?}");
        }
    }
}

#[test]
fn no_token_is_fetched_before_the_vendor_said() {
    for status in [429, 503] {
        let mut desk = Desk::new();
        let mut first = true;
        desk.vendors(move |to, request| {
            let busy = to == System::Identity && fetches(request) && std::mem::take(&mut first);
            if busy { Does::Says(not_now(status, &[("retry-after", "7")])) } else { Does::Its }
        });
        assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201, "{status}");
        let fetched = desk.sent.iter().filter(|(_, to, request)| *to == System::Identity && fetches(request));
        let fetched: Vec<_> = fetched.map(|(at, ..)| *at).collect();
        let waited = fetched[1].since(fetched[0]);
        assert!(waited >= Nanos::secs(7) && waited < Nanos::secs(8), "{status}: {waited:?}");
    }
}

/// Whether a call asks for a token.
fn fetches(request: &Request) -> bool {
    request.target == "/oauth/token"
}

#[test]
fn other_sagas_wait_for_the_same_vendor_too() {
    let mut desk = Desk::new();
    let mut first = true;
    desk.vendors(move |to, request| {
        let busy = to == System::Commerce && creates(request) && std::mem::take(&mut first);
        if busy { Does::Says(not_now(429, &[("retry-after", "7")])) } else { Does::Its }
    });
    let one = desk.send(creation("/api/customers", 1, &[]));
    desk.pass(Nanos::millis(100));
    let two = desk.send(creation("/api/customers", 2, &[]));
    assert_eq!((desk.answer(one).status, desk.answer(two).status), (201, 201));
    let called: Vec<_> = desk.sent.iter().filter(|(_, to, _)| *to == System::Commerce).map(|(at, ..)| *at).collect();
    assert!(called[1..].iter().all(|at| at.since(called[0]) >= Nanos::secs(7)), "{called:?}");
}
