//! Laws of the protocol: what one side writes the other reads as it was, and what is wrong is told.

use proptest::prelude::*;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::System;
use sagaproof_sim::process::{CallNote, Direction, Effect, Event, Expect, Note, Row, Verdict, Write};
use sagaproof_sim::wire::{CallError, Headers, Method, Request, Response};

use super::*;
use crate::operation::Customer;
use crate::scenario::{PolicyOverrides, Terms};
use crate::version::SeededCustomer;

const NOW: Instant = Instant(1_500_000_000);

fn request(body: &[u8]) -> Request {
    let mut headers = Headers::new();
    headers.push("content-type", "application/json");
    headers.push("x-empty", "");
    Request { method: Method::Patch, target: "/api/customers/C%7C1?a=b".to_owned(), headers, body: body.to_vec() }
}

/// The event that is read where this one was written.
fn event(event: &Event) -> Event {
    match Message::read(event_line(NOW, event).unwrap().as_bytes()).unwrap() {
        Message { now: NOW, what: What::Event(read) } => read,
        other => panic!("{other:?}"),
    }
}

/// The effects that are read where these were written.
fn effects(effects: Vec<Effect>) -> Vec<Effect> {
    let reply = Reply { effects, unfinished: Some((3, 1)), protocol: Some(VERSION), reusable: true };
    let read = Reply::read(reply_line(&reply).as_bytes()).unwrap();
    assert_eq!((read.unfinished, read.protocol, read.reusable), (Some((3, 1)), Some(VERSION), true));
    read.effects
}

/// Why a reply with this effect is not read.
fn wrong(effect: &str) -> String {
    Reply::read(format!("{{\"effects\":[{effect}]}}").as_bytes()).unwrap_err()
}

proptest! {
    #[test]
    fn bodies_and_values_come_back_byte_for_byte(bytes: Vec<u8>) {
        let asked = event(&Event::Request { exchange: 7, request: request(&bytes) });
        assert!(matches!(asked, Event::Request { exchange: 7, request: read } if read == request(&bytes)));
        let writes = vec![Write { key: "k".to_owned(), expect: Expect::Version(3), value: Some(bytes) }];
        let read = effects(vec![Effect::Commit { commit: 4, writes: writes.clone() }]);
        assert!(matches!(&read[..], [Effect::Commit { commit: 4, writes: read }] if *read == writes));
    }

    #[test]
    fn no_line_makes_a_reader_panic(bytes: Vec<u8>) {
        let _ = Reply::read(&bytes);
        let _ = Message::read(&bytes);
    }
}

#[test]
fn every_event_is_read_as_it_was_written() {
    let response = Response { status: 404, headers: Headers::new(), body: b"\xff{".to_vec() };
    let events = [
        Event::Answer { call: 1, answer: Ok(response) },
        Event::Answer { call: 2, answer: Err(CallError::TimedOut) },
        Event::Committed { commit: 3, verdict: Verdict::Unknown },
        Event::Rows { read: 4, rows: vec![Row { key: "a/1".to_owned(), version: 9, value: Vec::new() }] },
        Event::Wake,
        Event::Redrive,
    ];
    for written in events {
        assert_eq!(format!("{:?}", event(&written)), format!("{written:?}"));
    }
    assert!(event_line(NOW, &Event::Start).is_none());
}

#[test]
fn every_effect_is_read_as_it_was_written() {
    let note = CallNote { saga: 1, step: 2, direction: Direction::Settle, mutating: true, attempt: 3, key: u64::MAX };
    let call = |not_after, note| Effect::Call {
        call: 1,
        to: System::Messaging,
        request: request(b"{}"),
        time_out: Nanos::secs(1),
        not_after,
        note,
    };
    let correlation = "c".to_owned();
    let written = vec![
        call(Instant::NEVER, None),
        call(NOW, Some(note)),
        Effect::Answer { exchange: 2, response: Response::json(201, "{}") },
        Effect::Commit { commit: 3, writes: vec![Write { key: "k".to_owned(), expect: Expect::Any, value: None }] },
        Effect::Read { read: 4, prefix: "p/".to_owned() },
        Effect::Wake(Some(NOW)),
        Effect::Wake(None),
        Effect::Note(Note::Began { saga: 1, kind: "close", correlation }),
        Effect::Note(Note::Pivoted { saga: 1 }),
        Effect::Note(Note::Aborted { saga: 1 }),
        Effect::Note(Note::Parked { saga: 1, step: 2, attempts: 3, refused: true }),
        Effect::Note(Note::Redriven { saga: 1 }),
        Effect::Note(Note::Released { saga: 1 }),
        Effect::Note(Note::LeftAlone { saga: 1 }),
        Effect::Note(Note::TakenOver { saga: 1 }),
        Effect::Note(Note::Ended { saga: 1 }),
        Effect::Log("{\"a\":1}".to_owned()),
    ];
    assert_eq!(format!("{:?}", effects(written.clone())), format!("{written:?}"));
}

#[test]
fn a_start_and_a_preparation_are_read_as_they_were_written() {
    let policy =
        PolicyOverrides { time_out: Some(Nanos::millis(300)), attempts: Some(2), ..PolicyOverrides::default() };
    let terms = Terms {
        horizon: Nanos::secs(5),
        index_lag: Nanos::secs(2),
        job_time: Nanos::secs(3),
        clocks: true,
        policy,
        ..Terms::default()
    };
    let rows = vec![Row { key: "k".to_owned(), version: 2, value: b"\x80".to_vec() }];
    let start = Start { life: 3, seed: u64::MAX, logs: true, terms, rows };
    let line = start_line(NOW, &start);
    let read = Message::read(line.as_bytes()).unwrap().what;
    assert!(matches!(&read, What::Start(read) if format!("{read:?}") == format!("{start:?}")), "{read:?}");
    assert!(line.contains("\"commerce_token\":\"shpat_simulated\""), "{line}");
    let [commerce, support, identity] = ["1", "2", "auth0|C001"].map(str::to_owned);
    let customer = Customer { cust_no: "C001".to_owned(), phone: Some("+81".to_owned()), ..Customer::default() };
    let customers = vec![SeededCustomer { customer, commerce, support, identity, points: 7 }];
    let read = Message::read(prepare_line(&customers).as_bytes()).unwrap().what;
    assert!(matches!(&read, What::Prepare(read) if *read == customers), "{read:?}");
}

#[test]
fn whoever_hears_more_than_it_knows_goes_on() {
    let line = br#"{"now":1,"event":{"wake":{"why":"later versions say more"}},"more":1}"#;
    assert!(matches!(Message::read(line).unwrap().what, What::Event(Event::Wake)));
    let other = start_line(NOW, &Start { life: 0, seed: 0, logs: false, terms: Terms::default(), rows: Vec::new() });
    let other = other.replace("\"protocol\":1", "\"protocol\":2");
    assert!(Message::read(other.as_bytes()).unwrap_err().contains("protocol 2 is not spoken here"));
}

#[test]
fn what_is_wrong_with_a_reply_is_told() {
    let call = |request: &str| format!(r#"{{"call":{{"call":1,"to":"commerce","time_out":1,"request":{request}}}}}"#);
    for (effect, told) in [
        (r#"{"cal":{}}"#.to_owned(), "unknown variant `cal`, expected one of `call`, `answer`"),
        (
            r#"{"call":{"call":1,"to":"hub","time_out":1,"request":{"method":"GET","target":"/"}}}"#.to_owned(),
            "vendors",
        ),
        (r#"{"call":{"call":1,"to":"shop"}}"#.to_owned(), "unknown variant `shop`"),
        (call(r#"{"method":"GET"}"#), "missing field `target`"),
        (call(r#"{"method":"GET","target":"/","bdy":""}"#), "unknown field `bdy`"),
        (call(r#"{"method":"GET","target":"shop"}"#), "is no path"),
        (call(r#"{"method":"GET","target":"/","headers":[["a\r\nb","c"]]}"#), "is no header"),
        (call(r#"{"method":"GET","target":"/","headers":[["a","b\r\nc: d"]]}"#), "is no header"),
        (call(r#"{"method":"GET","target":"/","body":"","body_base64":""}"#), "exclude each other"),
        (call(r#"{"method":"GET","target":"/","body_base64":"?"}"#), "no base64"),
        (r#"{"answer":{"exchange":1,"response":{"status":1000}}}"#.to_owned(), "1000 is no status"),
        (r#"{"commit":{"commit":1,"writes":[{"key":"k"}]}}"#.to_owned(), "needs either"),
        (r#"{"commit":{"commit":1,"writes":[{"key":"k","value":"","remove":true}]}}"#.to_owned(), "needs either"),
        (r#"{"note":{"began":{"saga":1,"kind":"merry","correlation":""}}}"#.to_owned(), "create, update, close"),
    ] {
        let what = wrong(&effect);
        assert!(what.contains(told), "{effect}: {what}");
    }
    assert!(Reply::read(b"{}").unwrap_err().contains("missing field `effects`"));
    assert!(Reply::read(b"[]").is_err());
}

#[test]
fn two_effects_in_one_object_and_a_time_that_is_not_whole_are_told_in_plain_words() {
    for (effect, told) in [
        (
            r#"{"log":{"line":""},"wake":{"at":null}}"#,
            "`effects[0]` names `log`, `wake`: one effect an object, whose only name is the kind of the effect, as \
             {\"wake\":{\"at\":0}}",
        ),
        (
            r#"{"wake":{"at":1.5}}"#,
            "`effects[0].wake.at` is 1.5, but times are whole nanoseconds, from 0: 1.5 s are 1500000000",
        ),
        (
            r#"{"wake":{"at":"1s"}}"#,
            "`effects[0].wake.at` is \"1s\", but times are whole nanoseconds, from 0: 1.5 s are 1500000000",
        ),
        (
            r#"{"call":{"call":1,"to":"commerce","time_out":-1,"request":{"method":"GET","target":"/"}}}"#,
            "`effects[0].call.time_out` is -1, but times are whole nanoseconds, from 0: 1.5 s are 1500000000",
        ),
        (r#"{"read":{"read":1.0,"prefix":""}}"#, "`effects[0].read.read` is 1.0, but all numbers are whole, from 0"),
    ] {
        assert_eq!(wrong(effect), told);
    }
}
