//! The account's limit, the limit of updates to one user, and how answers tell of them.

use super::*;

#[test]
fn the_accounts_limit_is_told_of_and_kept() {
    let mut desk = desk();
    let response = desk.send(Method::Get, USERS, "");
    assert_eq!(response.headers.get("x-rate-limit"), Some("2500"));
    assert_eq!(response.headers.get("x-rate-limit-remaining"), Some("2499"));
    assert_eq!(response.headers.get("ratelimit-reset"), None);
    for _ in 1..2500 {
        assert_eq!(desk.get(&of(1, "")).0, 404);
    }
    desk.wait(Nanos::millis(12_500));
    let response = desk.send(Method::Post, USERS, ANN);
    assert_eq!((response.status, response.headers.get("retry-after")), (429, Some("48")));
    assert_eq!(response.headers.get("x-rate-limit-remaining"), Some("0"));
    desk.wait(Nanos::secs(48));
    assert_eq!(desk.post(USERS, ANN).0, 201);
}

#[test]
fn ticketing_endpoints_tell_of_the_reset_too() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    desk.wait(Nanos::secs(10));
    let response = desk.send(Method::Get, &of(id, "/tickets/requested"), "");
    let told = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| response.headers.get(name));
    assert_eq!(told, [Some("2500"), Some("2498"), Some("50")]);
}

#[test]
fn one_user_takes_five_updates_a_minute() {
    let mut desk = desk();
    let (ann, bob) = (create(&mut desk, ANN), create(&mut desk, &user_named(1)));
    let update = r#"{"user":{"name":"N"}}"#;
    for _ in 0..5 {
        assert_eq!(desk.put(&of(ann, ""), update).0, 200);
    }
    let response = desk.send(Method::Put, &of(ann, ""), update);
    assert_eq!((response.status, response.headers.get("retry-after")), (429, Some("60")));
    assert_eq!(desk.put(&of(bob, ""), update).0, 200);
    desk.wait(Nanos::secs(60));
    assert_eq!(desk.put(&of(ann, ""), update).0, 200);
}

#[test]
fn without_limits_only_a_spent_quota_refuses() {
    let mut desk = desk_with(&Settings { limits: false, ..Settings::default() });
    let id = create(&mut desk, ANN);
    for _ in 0..3000 {
        assert_eq!(desk.put(&of(id, ""), r#"{"user":{"name":"N"}}"#).0, 200);
    }
    desk.model.control(desk.now, &Control::ExhaustQuota(desk.now + Nanos::millis(1_500)));
    let response = desk.send(Method::Get, &of(id, ""), "");
    assert_eq!((response.status, response.headers.get("retry-after")), (429, Some("2")));
    desk.wait(Nanos::millis(1_500));
    assert_eq!(desk.get(&of(id, "")).0, 200);
}

#[test]
fn a_spent_quota_tells_the_same_wait_by_both_headers() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    desk.model.control(desk.now, &Control::ExhaustQuota(desk.now + Nanos::secs(90)));
    let response = desk.send(Method::Get, &of(id, "/tickets/requested"), "");
    let told = ["retry-after", "ratelimit-reset", "ratelimit-remaining"].map(|name| response.headers.get(name));
    assert_eq!((response.status, told), (429, [Some("90"), Some("90"), Some("0")]));
}

#[test]
fn lists_of_tickets_have_a_limit_of_their_own_and_tell_of_it() {
    let mut desk = desk();
    desk.wait(Nanos::secs(19));
    let told = |desk: &mut Caller<Support>| {
        let response = desk.send(Method::Get, "/api/v2/tickets.json", "");
        (response.status, response.headers.get("zendesk-ratelimit-tickets-index").map(str::to_owned))
    };
    assert_eq!(told(&mut desk), (200, Some("total=100; remaining=99; resets=41".to_owned())));
    for _ in 1..100 {
        assert_eq!(told(&mut desk).0, 200);
    }
    assert_eq!(told(&mut desk), (429, Some("total=100; remaining=0; resets=41".to_owned())));
    desk.wait(Nanos::secs(41));
    assert_eq!(told(&mut desk).0, 200);
}
