//! Merges that a vendor refuses past their pivot: what belongs to the customer that goes is moved singly, and only then is
//! that one blanked and marked.

use std::collections::BTreeSet;

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Control, System};
use sagaproof_sim::wire::{Method, Request, Response};

use crate::desk::{Desk, Does, get, request};

/// Two customers, of whom the one that goes has two orders and two tickets.
fn desk() -> Desk {
    let mut desk = Desk::with_two();
    for system in [System::Commerce, System::Support, System::Commerce, System::Support] {
        desk.touch(system, &Control::AddChild("C2".to_owned()));
    }
    desk
}

fn merge() -> Request {
    request(Method::Post, "/api/customers/C1/merge", &[], r#"{"from":"C2"}"#)
}

fn says(request: &Request, words: &str) -> bool {
    request.target.contains(words) || String::from_utf8_lossy(&request.body).contains(words)
}

/// When calls of which this is true left.
fn when(desk: &Desk, is: impl Fn(&Request) -> bool) -> Vec<Instant> {
    desk.sent.iter().filter(|(.., request)| is(request)).map(|(at, ..)| *at).collect()
}

fn is_merge(request: &Request) -> bool {
    says(request, "customerMerge(customerOneId") && request.body.starts_with(br#"{"query":"mutation"#)
}

/// Waits until such a call has left.
fn until(desk: &mut Desk, is: impl Fn(&Request) -> bool) {
    let came = (0..60_000).any(|_| {
        desk.pass(Nanos::millis(1));
        !when(desk, &is).is_empty()
    });
    assert!(came, "no such call ever leaves");
}

/// All that belonged to either is the one's that stays, who alone lives.
fn is_one(desk: &mut Desk) {
    assert_eq!(desk.ask(get("/api/customers/C2")).status, 404);
    assert_eq!(desk.live("C2"), []);
    for system in [System::Commerce, System::Support] {
        let holders: BTreeSet<_> = desk.children(system).into_iter().map(|child| child.holder).collect();
        assert_eq!((holders.len(), desk.standing(system)), (1, 1), "{system:?}: {holders:?}");
    }
}

/// The merge is begun, and right after the shop took it on the help desk makes an agent of the customer that goes.
fn barred_at_the_desk(desk: &mut Desk) -> u64 {
    let exchange = desk.send(merge());
    until(desk, is_merge);
    desk.touch(System::Support, &Control::Bar("C2".to_owned()));
    exchange
}

#[test]
fn tickets_are_moved_singly_where_the_help_desk_refuses_past_the_pivot() {
    let mut desk = desk();
    let exchange = barred_at_the_desk(&mut desk);
    assert_eq!(desk.answer(exchange).status, 200);
    is_one(&mut desk);
    let moved = when(&desk, |request| request.target.starts_with("/api/v2/tickets/"));
    let blanked = when(&desk, |request| says(request, r#""name":"closed""#));
    let listed = when(&desk, |request| request.target.contains("/tickets/requested"));
    assert_eq!((moved.len(), blanked.len()), (2, 1));
    assert!(moved.iter().all(|at| *at < blanked[0]), "{moved:?} {blanked:?}");
    assert!(listed.iter().any(|at| *at > blanked[0]), "nobody looks whether anything came meanwhile");
}

#[test]
fn a_crash_at_any_moment_of_it_is_resumed() {
    for instant in 0..40 {
        let mut desk = desk();
        barred_at_the_desk(&mut desk);
        until(&mut desk, |request| request.target.contains("/tickets/requested"));
        desk.pass(Nanos::millis(5 * instant));
        desk.crash();
        desk.pass(Nanos::secs(120));
        is_one(&mut desk);
    }
}

#[test]
fn what_comes_between_the_list_and_the_blanking_is_moved_too() {
    let mut desk = desk();
    let exchange = barred_at_the_desk(&mut desk);
    until(&mut desk, |request| request.method == Method::Delete && request.target.contains("/identities/"));
    desk.touch(System::Support, &Control::AddChild("C2".to_owned()));
    assert_eq!(desk.answer(exchange).status, 200);
    is_one(&mut desk);
    assert_eq!(desk.children(System::Support).len(), 3);
}

#[test]
fn orders_are_moved_only_when_nothing_of_a_merge_can_arrive_any_more() {
    let mut desk = desk();
    let mut sent = 0;
    desk.vendors(move |to, request| {
        let merges = to == System::Commerce && is_merge(request);
        sent += u32::from(merges);
        // The first may still land for all that anybody knows; the second is refused.
        let refusal = r#"{"data":{"customerMerge":{"job":null,"userErrors":[{"message":"It has subscriptions.","code":"INVALID_CUSTOMER"}]}}}"#;
        match sent {
            1 if merges => Does::Says(Response::json(503, "{}")),
            _ if merges => Does::Says(Response::json(200, refusal)),
            _ => Does::Its,
        }
    });
    let answer = desk.ask(merge());
    assert_eq!(answer.status, 200);
    desk.pass(Nanos::secs(60));
    is_one(&mut desk);
    let (merges, moved) = (when(&desk, is_merge), when(&desk, |request| says(request, "orderCustomerSet(")));
    assert_eq!((merges.len(), moved.len()), (2, 2));
    assert!(moved[0].since(merges[0]) > Nanos::secs(5), "{merges:?} {moved:?}");
}

#[test]
fn a_merge_that_lands_after_all_is_found_and_no_order_is_moved_by_hand() {
    let mut desk = desk();
    let mut sent = 0;
    desk.vendors(move |to, request| {
        let merges = to == System::Commerce && is_merge(request);
        sent += u32::from(merges);
        match sent {
            1 if merges => Does::Says(Response::json(503, "{}")),
            2 if merges => Does::Says(Response::json(403, "{}")),
            _ => Does::Its,
        }
    });
    let exchange = desk.send(merge());
    until(&mut desk, is_merge);
    let first = desk.sent.iter().find(|(.., request)| is_merge(request)).map(|(.., request)| request.clone()).unwrap();
    while when(&desk, is_merge).len() < 2 {
        desk.pass(Nanos::millis(1));
    }
    desk.pass(Nanos::secs(3));
    assert_eq!(desk.by_hand(System::Commerce, &first).status, 200, "the first lands late");
    assert_eq!(desk.answer(exchange).status, 200);
    is_one(&mut desk);
    assert_eq!(when(&desk, |request| says(request, "orderCustomerSet(")), []);
}
