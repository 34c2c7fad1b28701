//! The adapter: fits the hub node to the world's [`Process`]. The twin of the live driver: it matches every event and
//! effect without wildcard, moves messages and copies none. What a version does differently on the way comes in as a [`Wrapper`].

use std::fmt::Debug;

use sagaproof_orchestrator as hub;
use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::node::Node;
use sagaproof_sim as sim;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Fingerprint, System};
use sagaproof_sim::process::{Effect, Event, Process};

/// What stands between a node and its world in one life: a fresh value serves each. The store is wrapped here too, for
/// it is spoken to by events and effects.
pub trait Wrapper: Debug {
    /// An event on its way to the node: as it is, changed, or kept from it. Rows are what the store hands back.
    fn on_event(&mut self, _now: hub::time::Instant, event: hub::event::Event) -> Option<hub::event::Event> {
        Some(event)
    }

    /// Effects on their way from the node. Commits are what the store takes.
    fn on_effects(&mut self, _now: hub::time::Instant, _effects: &mut Vec<hub::effect::Effect>) {}

    /// An event that the node is handed at once, at the same instant, after those effects; asked for until there is
    /// none.
    fn at_once(&mut self) -> Option<hub::event::Event> {
        None
    }

    /// Folds what it keeps into a fingerprint; whether it keeps anything. What is kept shows whole in its `Debug`.
    fn feed(&self, print: &mut Fingerprint) -> bool {
        let keeps = size_of_val(self) > 0;
        if keeps {
            print.bytes(format!("{self:?}").as_bytes());
        }
        keeps
    }
}

/// No wrapper: all passes as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bare;

impl Wrapper for Bare {}

impl<W: Wrapper + ?Sized> Wrapper for Box<W> {
    fn on_event(&mut self, now: hub::time::Instant, event: hub::event::Event) -> Option<hub::event::Event> {
        (**self).on_event(now, event)
    }

    fn on_effects(&mut self, now: hub::time::Instant, effects: &mut Vec<hub::effect::Effect>) {
        (**self).on_effects(now, effects);
    }

    fn at_once(&mut self) -> Option<hub::event::Event> {
        (**self).at_once()
    }

    fn feed(&self, print: &mut Fingerprint) -> bool {
        (**self).feed(print)
    }
}

/// The hub node in one life, as the world drives it.
#[derive(Debug, Clone)]
pub struct HubProcess<W> {
    node: Node,
    wrapper: W,
    buffer: Vec<hub::effect::Effect>,
}

impl<W: Wrapper> HubProcess<W> {
    /// A node that has not started yet, in this wrapper.
    #[must_use]
    pub fn new(node: Node, wrapper: W) -> Self {
        Self { node, wrapper, buffer: Vec::new() }
    }
}

impl<W: Wrapper + Clone> Process for HubProcess<W> {
    fn on_event(&mut self, now: Instant, event: Event, effects: &mut Vec<Effect>) {
        let now = hub::time::Instant(now.0);
        let mut next = self.wrapper.on_event(now, to_hub(event));
        while let Some(event) = next {
            self.node.on_event(now, event, &mut self.buffer);
            self.wrapper.on_effects(now, &mut self.buffer);
            effects.extend(self.buffer.drain(..).map(to_world));
            next = self.wrapper.at_once();
        }
    }

    fn feed(&self, now: Instant, print: &mut Fingerprint) -> bool {
        self.node.feed(hub::time::Instant(now.0), print);
        if self.wrapper.feed(print) {
            // What a wrapper keeps may be moments and numbers as they are, not by their distance and order.
            print.number(now.0);
            print.number(self.node.numbered());
        }
        true
    }

    fn fork(&self) -> Option<Self> {
        Some(Self { node: self.node.clone(), wrapper: self.wrapper.clone(), buffer: Vec::new() })
    }

    fn unfinished(&self) -> Option<(usize, usize)> {
        Some(self.node.unfinished())
    }

    fn drain(&mut self) {
        self.node.drain();
    }

    fn at_rest(&self) -> Option<Nanos> {
        self.node.at_rest().map(|span| Nanos(span.0))
    }
}

fn to_hub(event: Event) -> hub::event::Event {
    match event {
        Event::Start => hub::event::Event::Start,
        Event::Request { exchange, request } => hub::event::Event::Request {
            exchange,
            request: hub::message::Request {
                method: match request.method {
                    sim::wire::Method::Get => hub::message::Method::Get,
                    sim::wire::Method::Post => hub::message::Method::Post,
                    sim::wire::Method::Put => hub::message::Method::Put,
                    sim::wire::Method::Patch => hub::message::Method::Patch,
                    sim::wire::Method::Delete => hub::message::Method::Delete,
                },
                target: request.target,
                headers: hub::message::Headers(request.headers.0),
                body: request.body,
            },
        },
        Event::Answer { call, answer } => hub::event::Event::Answer {
            call,
            answer: answer.map(answer_to_hub).map_err(|error| match error {
                sim::wire::CallError::Refused => hub::message::CallError::Refused,
                sim::wire::CallError::Reset => hub::message::CallError::Reset,
                sim::wire::CallError::TimedOut => hub::message::CallError::TimedOut,
                sim::wire::CallError::Truncated => hub::message::CallError::Truncated,
                sim::wire::CallError::NotSent => hub::message::CallError::NotSent,
            }),
        },
        Event::Committed { commit, verdict } => hub::event::Event::Committed {
            commit,
            verdict: match verdict {
                sim::process::Verdict::Committed => hub::event::Verdict::Committed,
                sim::process::Verdict::Conflict => hub::event::Verdict::Conflict,
                sim::process::Verdict::Unknown => hub::event::Verdict::Unknown,
                sim::process::Verdict::Full => hub::event::Verdict::Full,
            },
        },
        Event::Rows { read, rows } => {
            hub::event::Event::Rows { read, rows: rows.into_iter().map(row_to_hub).collect() }
        }
        Event::Wake => hub::event::Event::Wake,
        Event::Redrive => hub::event::Event::Redrive,
    }
}

/// A vendor's answer as the hub hears it.
pub(crate) fn answer_to_hub(response: sim::wire::Response) -> hub::message::Response {
    hub::message::Response {
        status: response.status,
        headers: hub::message::Headers(response.headers.0),
        body: response.body,
    }
}

fn row_to_hub(row: sim::process::Row) -> hub::event::Row {
    hub::event::Row { key: row.key, version: row.version, value: row.value }
}

/// A row of the hub's store as the world's disk holds it.
#[must_use]
pub fn row_to_world(row: hub::event::Row) -> sim::process::Row {
    sim::process::Row { key: row.key, version: row.version, value: row.value }
}

/// The vendor as the world names it.
pub(crate) const fn system(vendor: Vendor) -> System {
    match vendor {
        Vendor::Commerce => System::Commerce,
        Vendor::Support => System::Support,
        Vendor::Identity => System::Identity,
        Vendor::Messaging => System::Messaging,
    }
}

/// The hub's request as the world carries it.
pub(crate) fn request_to_world(request: hub::message::Request) -> sim::wire::Request {
    sim::wire::Request {
        method: match request.method {
            hub::message::Method::Get => sim::wire::Method::Get,
            hub::message::Method::Post => sim::wire::Method::Post,
            hub::message::Method::Put => sim::wire::Method::Put,
            hub::message::Method::Patch => sim::wire::Method::Patch,
            hub::message::Method::Delete => sim::wire::Method::Delete,
        },
        target: request.target,
        headers: sim::wire::Headers(request.headers.0),
        body: request.body,
    }
}

fn to_world(effect: hub::effect::Effect) -> Effect {
    match effect {
        hub::effect::Effect::Call { call, to, request, time_out, not_after, note } => Effect::Call {
            call,
            to: system(to),
            request: request_to_world(request),
            time_out: Nanos(time_out.0),
            not_after: Instant(not_after.0),
            note: note.map(call_note),
        },
        hub::effect::Effect::Answer { exchange, response } => Effect::Answer {
            exchange,
            response: sim::wire::Response {
                status: response.status,
                headers: sim::wire::Headers(response.headers.0),
                body: response.body,
            },
        },
        hub::effect::Effect::Commit { commit, writes } => {
            Effect::Commit { commit, writes: writes.into_iter().map(write_to_world).collect() }
        }
        hub::effect::Effect::Read { read, prefix } => Effect::Read { read, prefix },
        hub::effect::Effect::Wake(at) => Effect::Wake(at.map(|at| Instant(at.0))),
        hub::effect::Effect::Note(note) => Effect::Note(note_to_world(note)),
        hub::effect::Effect::Log(line) => Effect::Log(line),
    }
}

fn write_to_world(write: hub::effect::Write) -> sim::process::Write {
    sim::process::Write {
        key: write.key,
        expect: match write.expect {
            hub::effect::Expect::Any => sim::process::Expect::Any,
            hub::effect::Expect::Absent => sim::process::Expect::Absent,
            hub::effect::Expect::Version(version) => sim::process::Expect::Version(version),
        },
        value: write.value,
    }
}

fn call_note(note: hub::effect::CallNote) -> sim::process::CallNote {
    sim::process::CallNote {
        saga: note.saga,
        step: note.step,
        direction: match note.direction {
            hub::effect::Direction::Forward => sim::process::Direction::Forward,
            hub::effect::Direction::Compensate => sim::process::Direction::Compensate,
            hub::effect::Direction::Settle => sim::process::Direction::Settle,
        },
        mutating: note.mutating,
        attempt: note.attempt,
        key: note.key,
    }
}

fn note_to_world(note: hub::effect::Note) -> sim::process::Note {
    match note {
        hub::effect::Note::Began { saga, kind, correlation } => sim::process::Note::Began { saga, kind, correlation },
        hub::effect::Note::Pivoted(saga) => sim::process::Note::Pivoted { saga },
        hub::effect::Note::Aborted(saga) => sim::process::Note::Aborted { saga },
        hub::effect::Note::Parked { saga, step, attempts, refused } => {
            sim::process::Note::Parked { saga, step, attempts, refused }
        }
        hub::effect::Note::Redriven(saga) => sim::process::Note::Redriven { saga },
        hub::effect::Note::LeftAlone(saga) => sim::process::Note::LeftAlone { saga },
        hub::effect::Note::TakenOver(saga) => sim::process::Note::TakenOver { saga },
        hub::effect::Note::Released(saga) => sim::process::Note::Released { saga },
        hub::effect::Note::Ended(saga) => sim::process::Note::Ended { saga },
    }
}
