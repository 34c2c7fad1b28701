//! Bounds: what is too long, too large or too slow has its status, and harms nobody else.

use std::time::Duration;

use sagaproof_sim::fleet::System;
use sagaproof_sim::server::{Limits, Options};

use crate::caller::{End, profile, push};
use crate::served::Served;

fn bounded(limits: Limits) -> Served {
    Served::start(Options { limits, ..Options::default() })
}

/// That the fleet still serves others.
fn serves(served: &Served) {
    assert_eq!(served.call(System::Messaging).say(profile("C001")).hear().status, 200);
}

#[test]
fn a_head_that_is_too_long_is_431() {
    let served = bounded(Limits::default());
    let long = format!("x-long: {}\r\n", "a".repeat(64 << 10));
    let (came, end) = served.call(System::Messaging).say(push("C001", &long)).hear_out();
    assert!(came.starts_with("HTTP/1.1 431 "), "{came}");
    assert_eq!((end, served.pushes()), (End::Fin, 0));
    serves(&served);
}

#[test]
fn a_body_that_is_too_large_is_413_whether_it_says_so_or_not() {
    let served = bounded(Limits { body: 1000, ..Limits::default() });
    let said = push("C001", "").replace("content-length: ", "content-length: 99999");
    let (came, end) = served.call(System::Messaging).say(said).hear_out();
    assert!(came.starts_with("HTTP/1.1 413 ") && came.contains("1000 bytes"), "{came}");
    assert_eq!(end, End::Fin);
    let head = push("C001", "transfer-encoding: chunked\r\n");
    let head = head.split("content-length").next().unwrap();
    let chunk = format!("200\r\n{}\r\n", "a".repeat(0x200));
    let (came, _) = served.call(System::Messaging).say([head, "\r\n", &chunk, &chunk, &chunk].concat()).hear_out();
    assert!(came.starts_with("HTTP/1.1 413 "), "{came}");
    assert_eq!(served.pushes(), 0);
    serves(&served);
}

#[test]
fn a_stranger_is_told_before_anything_of_the_body_has_come() {
    let served = bounded(Limits::default());
    let stranger = push("C001", "").replace("Bearer ", "Bearer x");
    let head = stranger.split_once("\r\n\r\n").unwrap().0.replace("content-length: ", "content-length: 100000000");
    let heard = served.call(System::Messaging).say([&*head, "\r\n\r\n"].concat()).hear();
    assert_eq!(heard.status, 401);
    assert!(heard.body.contains("Authentication failed") && heard.head.contains("connection: close"));
    let mut insisting = served.call(System::Messaging);
    let (came, end) = insisting.say([&*head, "\r\n\r\n"].concat()).say(vec![b'a'; 4 << 20]).hear_out();
    assert!(came.starts_with("HTTP/1.1 401 "), "{came}");
    assert_eq!(end, End::Fin, "its answer is not lost in a reset");
    serves(&served);
}

#[test]
fn a_head_or_a_body_that_takes_too_long_is_408() {
    let slow = Duration::from_millis(100);
    let served = bounded(Limits { slow_header: slow, slow_body: slow, ..Limits::default() });
    let (came, end) = served.call(System::Messaging).say("POST /v2/bot/message/push HT").hear_out();
    assert!(came.starts_with("HTTP/1.1 408 ") && came.ends_with("took far too long\n"), "{came}");
    let length = came.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
    assert_eq!(came.split_once("\r\n\r\n").unwrap().1.len().to_string(), length);
    assert_eq!(end, End::Fin);
    let whole = push("C001", "");
    let (came, end) = served.call(System::Messaging).say(&whole[..whole.len() - 1]).hear_out();
    assert!(came.starts_with("HTTP/1.1 408 "), "{came}");
    assert_eq!((end, served.pushes()), (End::Fin, 0));
}

#[test]
fn a_connection_that_rests_too_long_is_closed_without_a_word() {
    let served = bounded(Limits { idle: Duration::from_millis(100), ..Limits::default() });
    assert_eq!(served.call(System::Messaging).hear_out(), (String::new(), End::Fin));
    let mut caller = served.call(System::Messaging);
    assert_eq!(caller.say(profile("C001")).hear().status, 200);
    assert_eq!(caller.hear_out(), (String::new(), End::Fin));
}

#[test]
fn connections_beyond_the_bound_wait_until_others_end() {
    let served = bounded(Limits { connections: 5, ..Limits::default() });
    // Each port holds one place ready for whoever comes next.
    let mut only = served.call(System::Messaging);
    assert_eq!(only.say(profile("C001")).hear().status, 200);
    let mut next = served.call(System::Messaging);
    next.say(profile("C002"));
    assert!(next.is_waiting());
    drop(only);
    assert_eq!(next.hear().status, 200);
}

#[test]
fn hundreds_of_connections_that_rest_or_dawdle_harm_nobody() {
    let served = bounded(Limits::default());
    let mut idle: Vec<_> = (0..300).map(|_| served.call(System::Messaging)).collect();
    for (number, caller) in idle.iter_mut().enumerate() {
        // Some say nothing, some half a head, some half a body.
        let whole = push("C001", "");
        let said = [0, 20, whole.len() - 5][number % 3];
        caller.say(&whole[..said]);
    }
    for _ in 0..50 {
        serves(&served);
    }
    assert_eq!(served.pushes(), 0);
    served.stop();
}

#[test]
fn whatever_bytes_come_are_answered_or_end_the_connection_and_nobody_else_notices() {
    let served = bounded(Limits { slow_header: Duration::from_millis(200), ..Limits::default() });
    let odd: [&[u8]; 9] = [
        b"\r\n\r\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nhost: \xff\r\n\r\n",
        &[0; 4096],
    ];
    for bytes in odd {
        let (came, _) = served.call(System::Messaging).say(bytes).hear_out();
        assert!(came.is_empty() || came.starts_with("HTTP/1.1 4"), "{}: {came}", String::from_utf8_lossy(bytes));
        serves(&served);
    }
    let other = profile("C001").replace("GET", "OPTIONS");
    assert_eq!(served.call(System::Messaging).say(other).hear().status, 405);
}
