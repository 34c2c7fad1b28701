//! Every fate, a test or a line each: what the caller hears over its socket, and how often its request took effect.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::fleet::auth::Credentials;

use crate::caller::{End, Heard, push};
use crate::served::{Served, fated};

/// The whole answer to one push under this fate, and how many pushes took effect before it was heard.
fn answered(fate: Fate) -> (Heard, usize) {
    let served = Served::start(fated(fate));
    let heard = served.call(System::Messaging).say(push("C001", "")).hear();
    (heard, served.pushes())
}

/// What comes under this fate until the connection ends, how it ends, and how many pushes took effect by then.
fn ended(fate: Fate, to: &str) -> (String, End, usize) {
    let served = Served::start(fated(fate));
    let (came, end) = served.call(System::Messaging).say(push(to, "")).hear_out();
    (came, end, served.pushes())
}

/// Over many recipients: the manners in which a fate shows.
fn manners(fate: Fate) -> Vec<(bool, End, usize)> {
    let served = Served::start(fated(fate));
    let mut manners = Vec::new();
    for number in 0..16 {
        let before = served.pushes();
        let (came, end) = served.call(System::Messaging).say(push(&format!("C{number:03}"), "")).hear_out();
        manners.push((came.is_empty(), end, served.pushes() - before));
    }
    manners.sort_by_key(|manner| format!("{manner:?}"));
    manners.dedup();
    manners
}

#[test]
fn fine_is_the_vendors_answer_and_one_effect() {
    let (heard, effects) = answered(Fate::Fine);
    assert_eq!((heard.status, effects), (200, 1));
    assert!(heard.body.contains("sentMessages") && heard.head.contains("content-type: application/json"));
}

#[test]
fn refused_is_a_reset_without_a_byte_and_without_effect() {
    assert_eq!(ended(Fate::Refused, "C001"), (String::new(), End::Reset, 0));
}

#[test]
fn a_lost_request_is_silence_without_effect() {
    assert_eq!(ended(Fate::RequestLost, "C001"), (String::new(), End::Fin, 0));
}

#[test]
fn late_requests_take_effect_while_their_caller_hears_nothing() {
    for fate in [Fate::LateShort, Fate::LateLong] {
        assert_eq!(ended(fate, "C001"), (String::new(), End::Fin, 1), "{}", fate.name());
    }
}

#[test]
fn a_late_request_lands_although_its_caller_has_gone() {
    let mut patient = fated(Fate::LateShort);
    patient.world.time_out = Nanos::millis(300);
    patient.world.horizon = Nanos::secs(60);
    let served = Served::start(patient);
    let mut caller = served.call(System::Messaging);
    assert!(caller.say(push("C001", "")).is_waiting());
    drop(caller);
    // Nobody waits for it any more, yet it lands.
    while served.pushes() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(served.pushes(), 1);
}

#[test]
fn twice_is_two_effects_before_the_one_answer() {
    let (heard, effects) = answered(Fate::Twice);
    assert_eq!((heard.status, effects), (200, 2));
}

#[test]
fn twice_late_is_two_effects_and_silence() {
    assert_eq!(ended(Fate::TwiceLate, "C001"), (String::new(), End::Fin, 2));
}

#[test]
fn late_504_is_told_at_once_and_lands_at_the_end_of_the_horizon() {
    let mut far = fated(Fate::Late504);
    far.world.horizon = Nanos::secs(600);
    let served = Served::start(far);
    let heard = served.call(System::Messaging).say(push("C001", "")).hear();
    assert_eq!((heard.status, served.pushes()), (504, 0));
    let served = Served::start(fated(Fate::Late504));
    assert_eq!(served.call(System::Messaging).say(push("C001", "")).hear().status, 504);
    while served.pushes() == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn errors_before_the_effect_have_none() {
    for (fate, status) in [
        (Fate::Before400, 400),
        (Fate::Before401, 401),
        (Fate::Before403, 403),
        (Fate::Before408, 408),
        (Fate::Before429After, 429),
        (Fate::Before429, 429),
        (Fate::Before500, 500),
        (Fate::Before502, 502),
        (Fate::Before503, 503),
        (Fate::Before504, 504),
    ] {
        let (heard, effects) = answered(fate);
        assert_eq!((heard.status, effects), (status, 0), "{}", fate.name());
        assert_eq!(heard.head.contains("retry-after: 1"), fate == Fate::Before429After);
    }
}

#[test]
fn errors_after_the_effect_have_one() {
    for (fate, status) in [(Fate::After500, 500), (Fate::After502, 502), (Fate::After503, 503), (Fate::After504, 504)] {
        let (heard, effects) = answered(fate);
        assert_eq!((heard.status, effects), (status, 1), "{}", fate.name());
    }
}

#[test]
fn an_answer_that_is_reset_is_a_reset_or_a_plain_end_and_the_effect_happened() {
    assert_eq!(manners(Fate::AnswerReset), [(true, End::Fin, 1), (true, End::Reset, 1)]);
}

#[test]
fn a_lost_answer_stalls_before_or_after_its_head_and_the_effect_happened() {
    assert_eq!(manners(Fate::AnswerLost), [(false, End::Fin, 1), (true, End::Fin, 1)]);
    let served = Served::start(fated(Fate::AnswerLost));
    let mut came =
        (0..16).map(|number| served.call(System::Messaging).say(push(&format!("C{number:03}"), "")).hear_out().0);
    let head = came.find(|came| !came.is_empty()).unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK") && head.ends_with("\r\n\r\n"), "a head and no body: {head}");
}

#[test]
fn a_truncated_answer_promises_more_than_comes() {
    let (came, end, effects) = ended(Fate::Truncated, "C001");
    let (head, body) = came.split_once("\r\n\r\n").unwrap();
    let promised = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
    assert_eq!((body.len(), end, effects), (promised.parse::<usize>().unwrap() / 2, End::Fin, 1));
    assert!(!body.is_empty());
}

#[test]
fn unreadable_answers_are_what_they_say_and_the_effect_happened() {
    let (garbage, effects) = answered(Fate::Malformed);
    assert_eq!((garbage.status, effects), (200, 1));
    assert!(garbage.head.contains("application/json"));
    assert!(serde_json::from_str::<serde_json::Value>(&garbage.body).is_err());
    let (page, effects) = answered(Fate::Html);
    assert_eq!((page.status, effects, page.body.starts_with("<html>")), (200, 1, true));
    let (empty, effects) = answered(Fate::Empty);
    assert_eq!((empty.status, effects, empty.body.as_str()), (200, 1, ""));
}

#[test]
fn a_slow_answer_comes_whole() {
    let (heard, effects) = answered(Fate::Slow);
    assert_eq!((heard.status, effects), (200, 1));
}

/// How a job of the help desk stands long after it should have ended, which began with this fate.
fn job(fate: Fate) -> String {
    let mut options = fated(fate);
    options.world.chaos.rules[0].systems = vec![System::Support];
    let served = Served::start(options);
    let mut caller = served.call(System::Support);
    let body = r#"{"tickets":[{"id":1},{"id":2}]}"#;
    let started = caller.say(desk("PUT", "/api/v2/tickets/update_many", body)).hear();
    let started: serde_json::Value = serde_json::from_str(&started.body).unwrap();
    let id = started["job_status"]["id"].as_str().unwrap();
    served.world().advance(Nanos::secs(60));
    let stands = caller.say(desk("GET", &format!("/api/v2/job_statuses/{id}"), "")).hear();
    let stands: serde_json::Value = serde_json::from_str(&stands.body).unwrap();
    stands["job_status"]["status"].as_str().unwrap().to_owned()
}

fn desk(method: &str, target: &str, body: &str) -> String {
    let token = Credentials::SIMULATION.support_token;
    let length = body.len();
    format!(
        "{method} {target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

#[test]
fn jobs_end_in_time_stall_or_fail_half_way() {
    assert_eq!([Fate::Fine, Fate::JobStalls, Fate::JobFailsHalf].map(job), ["completed", "working", "failed"]);
}
