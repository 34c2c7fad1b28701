//! Tests of takeover, event by event: what is fenced and taken when, what is left alone, and what a life does that was
//! taken over itself.

use super::*;
use crate::connector::testing;
use crate::customer::definition::{Definitions, Kind};
use crate::customer::entry::{Began, Patch, VERSION, Wish};
use crate::customer::state::Engine;
use crate::event::{Event, Verdict};
use crate::message::{Headers, Method, Request, Response};
use crate::policy::Policy;
use crate::time::Nanos;

const LEASE: Nanos = Nanos::secs(2);

/// A node of life 2 that has just leased, and what it has asked for.
struct Story {
    node: Node,
    now: Instant,
    effects: Vec<Effect>,
}

impl Story {
    fn begin() -> Self {
        let (policy, definitions) = (Policy::SHIPPED.leased(LEASE), Definitions::SHIPPED);
        let node = Node::new(Engine { policy, connectors: testing::all(), definitions }, true);
        let mut story = Self { node, now: Instant(0), effects: Vec::new() };
        story.tell(Event::Start);
        story.rows(vec![line("life;", 1, b"1")]);
        story.committed(Verdict::Committed);
        story
    }

    fn tell(&mut self, event: Event) {
        self.effects.clear();
        self.node.on_event(self.now, event, &mut self.effects);
    }

    /// The last read is answered.
    fn rows(&mut self, rows: Vec<Row>) {
        let read = self.node.numbered();
        self.tell(Event::Rows { read, rows });
    }

    /// The last commit ends.
    fn committed(&mut self, verdict: Verdict) {
        let commit = self.node.numbered();
        self.tell(Event::Committed { commit, verdict });
    }

    /// The lease is renewed after so long, and these are all leases then.
    fn looks(&mut self, after: Nanos, version: u64, others: &[Row]) {
        self.now = self.now + after;
        self.tell(Event::Wake);
        self.committed(Verdict::Committed);
        let own = line(&lease_key(2), version, b"held");
        self.rows([&[own], others].concat());
    }

    fn writes(&self) -> Vec<(&str, bool)> {
        let commits = self.effects.iter().filter_map(|effect| match effect {
            Effect::Commit { writes, .. } => Some(writes),
            _ => None,
        });
        commits.flatten().map(|write| (write.key.as_str(), write.value.is_some())).collect()
    }
}

fn line(key: &str, version: u64, value: &[u8]) -> Row {
    Row { key: key.to_owned(), version, value: value.to_vec() }
}

fn began(saga: SagaId, version: u32) -> Row {
    let wish = Wish { kind: Kind::Close, cust_no: "C1".into(), patch: Patch::default(), from: None, tag: None };
    let began = Began { version, wish, correlation: "x".into(), client_key: None, hash: 0, asynchronous: true };
    line(&journal::key(saga, 0), 1, &encode::entries(&[Entry::Began(Box::new(began))]))
}

fn taken(saga: SagaId, row: u32, life: u64) -> Row {
    line(&journal::key(saga, row), 1, &encode::entries(&[Entry::TakenOver(life)]))
}

#[test]
fn a_life_is_taken_over_only_when_its_lease_stood_still_for_long_enough() {
    let mut story = Story::begin();
    let other = |version| [line(&lease_key(1), version, b"held")];
    story.rows([&[line(&lease_key(2), 1, b"held")], &other(5)[..]].concat());
    story.looks(LEASE, 2, &other(5));
    assert_eq!(story.writes(), [], "it stood still for L only");
    story.looks(Nanos::millis(800), 3, &other(6));
    assert_eq!(story.node.at_rest(), Some(Nanos::ZERO), "it was renewed");
    story.looks(Nanos::millis(1_400), 4, &other(6));
    assert_eq!(story.node.at_rest(), Some(Nanos::ZERO), "it may just have been missed");
    story.looks(Nanos::millis(701), 5, &other(6));
    assert_eq!(story.node.at_rest(), None);
    assert_eq!(story.writes(), [], "L and G have passed, but the other's clock may be slower");
    story.looks(Nanos::millis(701), 6, &other(6));
    assert_eq!(story.writes(), [("f/2;", false), ("f/1;", true), ("h/lease/1;", true)]);
}

#[test]
fn what_this_version_cannot_read_keeps_its_lease_and_the_rest_is_taken() {
    let mut story = Story::begin();
    let (newer, own, elsewhere) = (SagaId::new(1, 1), SagaId::new(1, 2), SagaId::new(1, 3));
    let other = [line(&lease_key(1), 5, b"held")];
    story.rows([&[line(&lease_key(2), 1, b"held")], &other[..]].concat());
    story.looks(Nanos::secs(3), 2, &other);
    story.committed(Verdict::Committed);
    let mut journals = vec![began(newer, VERSION + 1), began(own, VERSION), began(elsewhere, VERSION)];
    journals.push(taken(elsewhere, 1, 7));
    story.rows(journals.clone());
    let row = journal::key(own, 1);
    assert_eq!(story.writes(), [("f/2;", false), ("h/lease/1;", true), (row.as_str(), true)]);
    story.committed(Verdict::Committed);
    journals.insert(2, taken(own, 1, 2));
    story.rows(journals);
    assert_eq!(story.node.unfinished(), (2, 1));
    assert!(story.effects.iter().any(|effect| matches!(effect, Effect::Note(Note::TakenOver(id)) if *id == own.0)));
    assert!(story.effects.iter().any(|effect| matches!(effect, Effect::Note(Note::LeftAlone(id)) if *id == newer.0)));
    assert!(story.effects.iter().any(|effect| matches!(effect, Effect::Read { prefix, .. } if prefix == "c/C1;")));
}

#[test]
fn a_life_that_was_taken_over_begins_again_as_another_one() {
    let mut story = Story::begin();
    story.rows(vec![line(&lease_key(2), 1, b"held")]);
    assert!(story.node.at_rest().is_some());
    story.now = story.now + Nanos::secs(1);
    story.tell(Event::Wake);
    story.committed(Verdict::Conflict);
    story.rows(vec![line(&lease_key(2), 2, OVER)]);
    assert!(!story.node.is_recovered());
    assert!(story.effects.iter().any(|effect| matches!(effect, Effect::Read { prefix, .. } if prefix == "life;")));
    story.rows(vec![line("life;", 4, b"4")]);
    assert_eq!(story.writes(), [("life;", true), ("h/lease/5;", true)]);
}

#[test]
fn who_only_asked_what_stands_in_the_store_is_answered_in_the_next_life() {
    let mut story = Story::begin();
    story.rows(vec![line(&lease_key(2), 1, b"held")]);
    let (target, headers) = ("/api/customers/C1".to_owned(), Headers::default());
    let request = Request { method: Method::Get, target, headers, body: Vec::new() };
    story.tell(Event::Request { exchange: 8, request });
    let asked = story.node.numbered();
    story.now = story.now + Nanos::secs(1);
    story.tell(Event::Wake);
    story.committed(Verdict::Conflict);
    story.rows(vec![line(&lease_key(2), 2, OVER)]);
    story.tell(Event::Rows { read: asked, rows: Vec::new() });
    let answered =
        |effect: &Effect| matches!(effect, Effect::Answer { exchange: 8, response } if response.status == 404);
    assert!(story.effects.iter().any(answered));
}

#[test]
fn without_a_lease_that_holds_no_call_is_made() {
    let mut story = Story::begin();
    story.rows(vec![line(&lease_key(2), 1, b"held")]);
    assert_eq!(story.node.awaits_lease(story.now), None);
    assert_eq!(story.node.not_after(story.now + LEASE + LEASE), story.now + LEASE);
    assert!(story.node.awaits_lease(story.now + LEASE).is_some());
}

#[test]
fn who_drains_fences_nobody_however_long_a_lease_stands_still() {
    let mut story = Story::begin();
    let other = [line(&lease_key(1), 5, b"held")];
    story.rows([&[line(&lease_key(2), 1, b"held")], &other[..]].concat());
    story.node.drain();
    for look in 0..4 {
        story.looks(Nanos::millis(1_400), 2 + look, &other);
        assert_eq!(story.writes(), [], "look {look}");
    }
}

#[test]
fn who_drains_takes_in_what_still_comes_and_finishes_what_it_has() {
    let mut story = Story::begin();
    story.rows(vec![line(&lease_key(2), 1, b"held")]);
    let body = br#"{"cust_no":"C1","email":"a@x.test","given_name":"A","family_name":"B"}"#.to_vec();
    let create = |exchange| {
        let (target, headers) = ("/api/async/customers".to_owned(), Headers::default());
        let request = Request { method: Method::Post, target, headers, body: body.clone() };
        Event::Request { exchange, request }
    };
    story.node.drain();
    story.tell(create(8));
    story.rows(Vec::new());
    story.committed(Verdict::Committed);
    let accepted =
        |effect: &Effect| matches!(effect, Effect::Answer { exchange: 8, response } if response.status == 202);
    assert!(story.effects.iter().any(accepted), "whoever still comes is served as ever: {:?}", story.effects);
    assert_eq!(story.node.unfinished(), (1, 0));
    story.rows(Vec::new());
    story.committed(Verdict::Committed);
    let called = story.effects.iter().find_map(|effect| match effect {
        Effect::Call { call, .. } => Some(*call),
        _ => None,
    });
    let refusal = Response { status: 403, headers: Headers::default(), body: Vec::new() };
    story.tell(Event::Answer { call: called.expect("its first call leaves"), answer: Ok(refusal) });
    story.committed(Verdict::Committed);
    assert_eq!(story.node.unfinished(), (0, 0), "{:?}", story.effects);
}

#[test]
fn who_drains_goes_on_draining_in_the_life_after_it_was_taken_over() {
    let mut story = Story::begin();
    story.rows(vec![line(&lease_key(2), 1, b"held")]);
    story.node.drain();
    story.now = story.now + Nanos::secs(1);
    story.tell(Event::Wake);
    story.committed(Verdict::Conflict);
    story.rows(vec![line(&lease_key(2), 2, OVER)]);
    assert!(story.node.drains() && !story.node.is_recovered());
}
