//! Reconciliation: what a vendor lost, what a stranger wrote and what landed too late is found and mended, whoever is held
//! is left alone, and what is right is not touched.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::{Control, SeedRecord, System};
use sagaproof_sim::wire::{Method, Request};

use crate::desk::{Desk, Does, creation, get, json, not_now, request};

const KEEPERS: [System; 3] = [System::Commerce, System::Support, System::Identity];

fn reconcile() -> Request {
    request(Method::Post, "/operator/reconcile", &[("x-correlation-id", "nightly")], "")
}

/// Presses the button and waits until all is done: how many were to be looked at.
fn reconciled(desk: &mut Desk) -> u64 {
    let response = desk.ask(reconcile());
    assert_eq!(response.status, 202);
    desk.pass(Nanos::secs(60));
    let open = desk.ask(get("/operator/sagas"));
    assert_eq!(json(&open)["sagas"].as_array().map(Vec::len), Some(0), "{:?}", json(&open));
    json(&response)["left"].as_u64().unwrap()
}

fn everywhere(name: &str) -> Vec<(System, String)> {
    KEEPERS.map(|system| (system, name.to_owned())).to_vec()
}

#[test]
fn where_nothing_is_wrong_vendors_are_only_read() {
    let mut desk = Desk::with_two();
    assert_eq!(reconciled(&mut desk), 2);
    assert!(desk.sent.len() >= 6, "each vendor is asked about each customer");
    let writes: Vec<_> = desk.sent.iter().filter(|(.., request)| request.method != Method::Get).collect();
    assert!(writes.is_empty(), "{writes:?}");
    assert!(desk.sent.iter().all(|(.., request)| request.headers.get("x-correlation-id") == Some("nightly")));
}

#[test]
fn what_a_vendor_lost_is_made_again_and_what_a_stranger_wrote_is_put_right() {
    for system in KEEPERS {
        let mut desk = Desk::with_two();
        desk.touch(system, &Control::Lose("C1".to_owned()));
        desk.touch(system, &Control::Rename("C2".to_owned()));
        assert_ne!((desk.live("C1"), desk.live("C2")), (everywhere("Zelda1"), everywhere("Zelda2")));
        reconciled(&mut desk);
        assert_eq!((desk.live("C1"), desk.live("C2")), (everywhere("Zelda1"), everywhere("Zelda2")), "{system:?}");
        // The primary knows the new record: an update finds it.
        let renamed = request(Method::Patch, "/api/customers/C1", &[], r#"{"given_name":"Nova"}"#);
        assert_eq!(desk.ask(renamed).status, 200);
        assert_eq!(desk.live("C1"), everywhere("Nova"));
    }
}

#[test]
fn what_landed_too_late_is_removed_and_a_strangers_record_is_not() {
    for system in KEEPERS {
        let mut desk = Desk::with_two();
        // The first saga of this life created C1, which is closed now; its create lands once more.
        assert_eq!(desk.ask(request(Method::Delete, "/api/customers/C1", &[], "")).status, 204);
        desk.pass(Nanos::secs(60));
        let late = |tag: Option<&str>, email: &str| SeedRecord {
            tag: tag.map(str::to_owned),
            email: Some(email.to_owned()),
            given_name: "Zelda1".to_owned(),
            ..SeedRecord::default()
        };
        desk.touch(system, &Control::Seed(late(Some("C1/s1-1"), "secret1@x.test")));
        desk.touch(system, &Control::Seed(late(Some("C7/another-hub"), "else@x.test")));
        assert_eq!(desk.live("C1").len(), 1);
        // Searches show it after their lag.
        desk.pass(Nanos::secs(10));
        assert_eq!(reconciled(&mut desk), 2, "C2, and the tag of C1");
        assert_eq!((desk.live("C1").len(), desk.live("C7").len()), (0, 1), "{system:?}");
        assert_eq!(desk.live("C2"), everywhere("Zelda2"));
    }
}

#[test]
fn whom_a_saga_holds_is_left_to_it_and_nobody_waits_for_the_sweep() {
    let mut desk = Desk::with_two();
    desk.vendors(|system, request| match request.method {
        Method::Put | Method::Patch if system == System::Support => Does::Says(not_now(503, &[])),
        _ => Does::Its,
    });
    let update = request(Method::Patch, "/api/async/customers/C1", &[], r#"{"given_name":"Nova"}"#);
    assert_eq!(desk.ask(update).status, 202);
    desk.pass(Nanos::millis(200));
    let response = desk.ask(reconcile());
    assert_eq!(json(&response)["left"], 1, "C2 only");
    // While it runs, a second press begins no second sweep.
    assert_eq!(json(&desk.ask(reconcile()))["left"], 1);
    assert_eq!(desk.ask(get("/api/customers/C2")).status, 200);
}

#[test]
fn a_sweep_that_a_crash_cut_off_holds_nobody_for_ever() {
    let mut desk = Desk::with_two();
    desk.touch(System::Support, &Control::Lose("C1".to_owned()));
    for after in 0..40 {
        desk.send(reconcile());
        desk.pass(Nanos::millis(after * 7));
        desk.crash();
        desk.pass(Nanos::secs(60));
        let open = desk.ask(get("/operator/sagas"));
        assert_eq!(json(&open)["sagas"].as_array().map(Vec::len), Some(0), "after {after}");
    }
    reconciled(&mut desk);
    assert_eq!((desk.live("C1"), desk.live("C2")), (everywhere("Zelda1"), everywhere("Zelda2")));
}

/// C2 as it was merged away, restored from somewhere.
fn restored() -> SeedRecord {
    SeedRecord {
        tag: Some("C2/s1-2".to_owned()),
        email: Some("restored@x.test".to_owned()),
        given_name: "Zelda2".to_owned(),
        children: 1,
        ..SeedRecord::default()
    }
}

#[test]
fn what_a_merge_made_one_and_stands_as_two_is_made_one_again() {
    for system in KEEPERS {
        let mut desk = Desk::with_two();
        assert_eq!(desk.ask(request(Method::Post, "/api/customers/C1/merge", &[], r#"{"from":"C2"}"#)).status, 200);
        desk.pass(Nanos::secs(60));
        // The merge itself left nothing to do, and asking writes nothing.
        let before = desk.sent.len();
        assert_eq!(reconciled(&mut desk), 2, "C1, and who was merged into it");
        let asked = desk.sent[before..].iter().filter(|(.., request)| request.method == Method::Put).count();
        assert_eq!(asked, 0);
        let harm = if system == System::Identity { Control::Part("C1".to_owned()) } else { Control::Seed(restored()) };
        desk.touch(system, &harm);
        assert_eq!(desk.standing(system), 2, "{system:?}: {harm:?}");
        desk.pass(Nanos::secs(10));
        reconciled(&mut desk);
        assert_eq!(desk.standing(system), 1, "{system:?}");
        assert_eq!((desk.live("C1"), desk.live("C2")), (everywhere("Zelda1"), Vec::new()), "{system:?}");
        // Once it is mended there is nothing more to mend.
        reconciled(&mut desk);
        assert_eq!(desk.standing(system), 1, "{system:?}");
    }
}

#[test]
fn who_was_merged_into_somebody_who_is_gone_is_removed_and_not_joined_to_the_next_bearer_of_the_number() {
    let mut desk = Desk::with_two();
    assert_eq!(desk.ask(request(Method::Post, "/api/customers/C1/merge", &[], r#"{"from":"C2"}"#)).status, 200);
    desk.pass(Nanos::secs(60));
    assert_eq!(desk.ask(request(Method::Delete, "/api/customers/C1", &[], "")).status, 204);
    desk.pass(Nanos::secs(60));
    assert_eq!(desk.ask(creation("/api/customers", 1, &[])).status, 201);
    desk.touch(System::Support, &Control::Seed(SeedRecord { children: 0, ..restored() }));
    desk.pass(Nanos::secs(10));
    reconciled(&mut desk);
    assert_eq!((desk.live("C1"), desk.live("C2")), (everywhere("Zelda1"), Vec::new()));
    assert_eq!(desk.standing(System::Support), 1);
}

#[test]
fn a_rejoining_that_a_crash_cut_off_or_a_vendor_hinders_is_gone_on_with() {
    for after in 0..30 {
        let mut desk = Desk::with_two();
        assert_eq!(desk.ask(request(Method::Post, "/api/customers/C1/merge", &[], r#"{"from":"C2"}"#)).status, 200);
        desk.pass(Nanos::secs(60));
        desk.touch(System::Identity, &Control::Part("C1".to_owned()));
        desk.touch(System::Commerce, &Control::Seed(restored()));
        desk.pass(Nanos::secs(10));
        let mut calls = 0;
        desk.vendors(move |_, request| {
            calls += u64::from(request.method != Method::Get);
            if request.method != Method::Get && calls % 3 == after % 3 {
                Does::Says(not_now(503, &[]))
            } else {
                Does::Its
            }
        });
        desk.send(reconcile());
        desk.pass(Nanos::millis(after * 11));
        desk.crash();
        desk.pass(Nanos::secs(120));
        desk.redrive();
        reconciled(&mut desk);
        assert_eq!((desk.standing(System::Identity), desk.standing(System::Commerce)), (1, 1), "after {after}");
        assert_eq!((desk.live("C1"), desk.live("C2")), (everywhere("Zelda1"), Vec::new()), "after {after}");
    }
}

#[test]
fn a_search_for_who_was_merged_away_is_made_once_where_it_is_refused_until_it_is_redriven() {
    let searches = |to: System, request: &Request| to == System::Support && request.target.contains("/search.json");
    let mut desk = Desk::with_two();
    assert_eq!(desk.ask(request(Method::Post, "/api/customers/C1/merge", &[], r#"{"from":"C2"}"#)).status, 200);
    desk.pass(Nanos::secs(60));
    desk.touch(System::Support, &Control::Seed(restored()));
    desk.pass(Nanos::secs(10));
    let before = desk.sent.len();
    // The first search is for C1 alone.
    let mut first = true;
    desk.vendors(move |to, request| {
        let refused = searches(to, request) && !std::mem::take(&mut first);
        if refused { Does::Says(not_now(403, &[])) } else { Does::Its }
    });
    desk.send(reconcile());
    desk.pass(Nanos::secs(60));
    assert_eq!(desk.sent[before..].iter().filter(|(_, to, request)| searches(*to, request)).count(), 2);
    let sagas = json(&desk.ask(get("/operator/sagas")));
    assert_eq!((&sagas["sagas"][0]["kind"], &sagas["sagas"][0]["state"]), (&"rejoin".into(), &"parked".into()));

    desk.vendors(|_, _| Does::Its);
    desk.redrive();
    desk.pass(Nanos::secs(120));
    reconciled(&mut desk);
    assert_eq!((desk.standing(System::Support), desk.live("C2")), (1, Vec::new()));
}
