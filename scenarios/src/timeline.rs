//! The timeline of a world: its observations as lines that a person can follow, and the part of them that a violation
//! is about. Recorded only where somebody looks; a sweep keeps nothing.

mod beat;
pub(crate) mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::System;
use sagaproof_sim::observation::{Observation, Observer, Phase};
use sagaproof_sim::wire::{Answer, Request};

pub use beat::{Beat, Lane, Move};

use crate::operation::Plan;

/// What happened in a world, in order.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    plan: Arc<Plan>,
    entries: Vec<Entry>,
    /// The sagas of calls, where the journal said so.
    sagas: BTreeMap<u64, u64>,
    /// Where several processes run: whose turn it is.
    turn: Option<u8>,
}

/// One line of a timeline.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// What, in words.
    pub text: String,
    /// What it is about.
    pub about: About,
    /// What it is in a sequence, if anything.
    pub beat: Option<Beat>,
    /// What was said, in full.
    pub said: Option<Said>,
}

/// A message in full.
#[derive(Debug, Clone)]
pub enum Said {
    /// A request.
    Request(Request),
    /// What somebody heard of a request.
    Answer(Answer),
    /// What a vendor answered, whoever heard it.
    Handled(Answer),
}

/// What a line is about; ids as in the observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A client's exchange with the hub, for an operation.
    Exchange {
        /// The operation.
        operation: u32,
        /// The exchange.
        exchange: u64,
    },
    /// A call to a vendor, for a saga where the journal says so.
    Call {
        /// The call.
        call: u64,
        /// The saga.
        saga: Option<u64>,
    },
    /// The journal's word on a saga.
    Saga(u64),
    /// The world as a whole: phases, crashes, vendors' states.
    World,
    /// The store.
    Store,
    /// A log line of the process.
    Log,
}

/// What of a timeline somebody wants to see.
#[derive(Debug, Clone, Default)]
pub struct Focus<'a> {
    /// The customer.
    pub customer: &'a str,
    /// Operations by id, besides all of the customer's.
    pub operations: &'a [u32],
    /// Exchanges, besides all of these operations'.
    pub exchanges: &'a [u64],
    /// Calls, besides all of these operations' sagas'.
    pub calls: &'a [u64],
}

impl Timeline {
    /// An empty timeline of a world of this plan.
    #[must_use]
    pub fn new(plan: &Arc<Plan>) -> Self {
        Self { plan: Arc::clone(plan), ..Self::default() }
    }

    /// All lines; log lines only where `logs`.
    pub fn lines(&self, logs: bool) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| logs || entry.about != About::Log)
    }

    /// The lines that matter to this focus: its exchanges, the calls of its sagas, and what befell the world meanwhile.
    #[must_use]
    pub fn matter(&self, focus: &Focus<'_>) -> Vec<&Entry> {
        let of_customer = self.plan.operations.iter().filter(|operation| operation.kind.cust_no() == focus.customer);
        let operations: BTreeSet<u32> =
            of_customer.map(|operation| operation.id).chain(focus.operations.iter().copied()).collect();
        let correlated = |correlation: &str| {
            let mut wanted = self.plan.operations.iter().filter(|operation| operations.contains(&operation.id));
            wanted.any(|operation| operation.correlation.as_deref() == Some(correlation))
        };
        let mut sagas = BTreeSet::new();
        let mut calls: BTreeSet<u64> = focus.calls.iter().copied().collect();
        for entry in &self.entries {
            match entry.about {
                About::Saga(saga) if words::correlation(&entry.text).is_some_and(correlated) => {
                    sagas.insert(saga);
                }
                About::Call { call, .. } if !focus.customer.is_empty() && entry.text.contains(focus.customer) => {
                    calls.insert(call);
                }
                _ => {}
            }
        }
        let pressed: BTreeSet<u64> = self.entries.iter().filter_map(|entry| entry.presses(&sagas)).collect();
        let matters = |entry: &&Entry| match entry.about {
            About::Exchange { operation, exchange } => {
                operations.contains(&operation) || focus.exchanges.contains(&exchange) || pressed.contains(&exchange)
            }
            About::Call { call, saga } => calls.contains(&call) || saga.is_some_and(|saga| sagas.contains(&saga)),
            About::Saga(saga) => sagas.contains(&saga),
            About::World => true,
            About::Store | About::Log => false,
        };
        self.entries.iter().filter(matters).collect()
    }

    /// The lines that tell this focus's story: all messages, what a vendor does with a request that a fault befell, and
    /// what goes wrong in the store. What is not worth a line in a sequence is left out.
    #[must_use]
    pub fn telling(&self, focus: &Focus<'_>) -> Vec<&Entry> {
        let matter = self.matter(focus);
        let until = matter.iter().position(|entry| entry.text == words::phase(Phase::Inspect)).unwrap_or(matter.len());
        let first = matter.first().map(|entry| entry.at);
        let store = |entry: &&Entry| entry.about == About::Store && words::is_store_trouble(&entry.text);
        let mut telling: Vec<&Entry> = self.entries.iter().filter(store).collect();
        telling.retain(|entry| first.is_some_and(|first| first <= entry.at));
        let heard: BTreeSet<u64> = matter.iter().filter_map(|entry| entry.heard_call()).collect();
        let astray =
            |entry: &&Entry| entry.struck_call().filter(|(call, fate)| *fate != Fate::Fine || !heard.contains(call));
        let struck: BTreeSet<u64> = matter.iter().filter_map(|entry| Some(astray(entry)?.0)).collect();
        telling.extend(matter[..until].iter().filter(|entry| match (&entry.beat, entry.about) {
            (None, _) => false,
            (Some(Beat { moves: Move::At(Lane::System(by)), .. }), About::Call { call, .. }) if *by != System::Hub => {
                struck.contains(&call)
            }
            (Some(beat), About::Saga(_)) => words::is_turn(&beat.label),
            _ => true,
        }));
        telling.sort_by_key(|entry| entry.at);
        telling
    }

    fn stopped(&self, release: u8) -> String {
        format!("{:<22}{}", self.hub(), words::stopped(release))
    }

    /// The hub, or which of its processes.
    fn hub(&self) -> String {
        self.turn.map_or_else(|| "hub".to_owned(), |process| format!("hub{process}"))
    }

    fn about_call(&self, call: u64) -> About {
        About::Call { call, saga: self.sagas.get(&call).copied() }
    }

    /// The operation that a client's request is about, as words.
    fn operation(&self, operation: u32, request: &Request) -> String {
        let place = self.plan.place(operation);
        match place.and_then(|place| self.plan.operations.get(place)) {
            Some(_) if request.target.starts_with("/api/jobs/") => format!("asks how operation {operation} is"),
            Some(asked) => format!("operation {operation}: {} {}", asked.kind.name(), asked.kind.cust_no()),
            None if words::is_operators(request) => words::operates(request),
            None => "a last look".to_owned(),
        }
    }
}

impl Observer for Timeline {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        let (about, text) = match observation {
            Observation::Phase(phase) => (About::World, words::phase(*phase).to_owned()),
            Observation::Asked { operation, exchange, request, fate, .. } => {
                let what = self.operation(*operation, request);
                let about = About::Exchange { operation: *operation, exchange: *exchange };
                let who = words::who(*operation);
                let (request, fate) = (words::request(request), words::fate(*fate));
                (about, format!("{:<22}({exchange}) {what}  {request}{fate}", format!("{who} -> hub")))
            }
            Observation::TakenIn { operation, exchange } => {
                let about = About::Exchange { operation: *operation, exchange: *exchange };
                (about, format!("{:<22}({exchange}) takes it in", self.hub()))
            }
            Observation::Told { operation, exchange, answer } => {
                let about = About::Exchange { operation: *operation, exchange: *exchange };
                let who = words::who(*operation);
                (about, format!("{:<22}({exchange}) {}", format!("{who} <- hub"), words::answer(answer)))
            }
            Observation::Sent { call, to, request, fate, note, .. } => {
                if let Some(note) = note {
                    self.sagas.insert(*call, note.saga);
                }
                let about = self.about_call(*call);
                let (to, what, fate) = (to.name(), words::request(request), words::fate(*fate));
                (about, format!("{:<19}   [{call}] {what}{}{fate}", self.hub() + " -> " + to, words::call_note(*note)))
            }
            Observation::HeldBack { to, note } => {
                let about = note.map_or(About::World, |note| About::Saga(note.saga));
                let way = self.hub() + " -> " + to.name();
                (about, format!("{way:<19}   HELD BACK: its time had passed{}", words::call_note(*note)))
            }
            Observation::Handled { call, by, response, again } => {
                let about = self.about_call(*call);
                let again = if *again { "a second delivery: " } else { "" };
                (about, format!("{:<19}   [{call}] {again}{}", by.name(), words::response(response)))
            }
            Observation::Heard { call, from, answer } => {
                let way = self.hub() + " <- " + from.name();
                (self.about_call(*call), format!("{way:<19}   [{call}] {}", words::answer(answer)))
            }
            Observation::Committed { verdict, rows, applied } => {
                let store = self.turn.map_or_else(|| "store".to_owned(), |process| format!("store for hub{process}"));
                (About::Store, format!("{store:<22}{}", words::commit(*verdict, *rows, *applied)))
            }
            Observation::Crashed { kept, .. } => {
                (About::World, format!("{:<22}CRASHES after the first {kept} effects of an event", self.hub()))
            }
            Observation::Stopped { release } => (About::World, self.stopped(*release)),
            Observation::Restarted { life } => (About::World, format!("{:<22}starts life {life}", self.hub())),
            Observation::Turn { process, .. } => return self.turn = Some(*process),
            Observation::Paused { kept, until, .. } => {
                let until = words::seconds(*until);
                (About::World, format!("{:<22}PAUSES until {until}, {kept} effects of an event have left", self.hub()))
            }
            Observation::Resumed => (About::World, format!("{:<22}goes on", self.hub())),
            Observation::Noted(note) => {
                let whose = self.turn.map(|process| format!(" (hub{process})")).unwrap_or_default();
                (About::Saga(words::saga(note)), [&words::note(note), &*whose, words::turn(note)].concat())
            }
            Observation::Logged(line) => (About::Log, format!("log                   {line}")),
            Observation::Vendor { system, what } => (About::World, format!("{:<19}   {what}", system.name())),
            Observation::ChildAdded { system, cust_no, id } => {
                let what = words::child_added(*system, cust_no, *id);
                (About::World, format!("{:<19}   {what}", system.name()))
            }
        };
        self.entries.push(Entry { at: now, text, about, beat: beat::of(observation), said: said(observation) });
    }
}

/// What was said, in full.
fn said(observation: &Observation<'_>) -> Option<Said> {
    match observation {
        Observation::Asked { request, .. } | Observation::Sent { request, .. } => {
            Some(Said::Request((*request).clone()))
        }
        Observation::Told { answer, .. } | Observation::Heard { answer, .. } => Some(Said::Answer((*answer).clone())),
        Observation::Handled { response, .. } => Some(Said::Handled(Ok((*response).clone()))),
        _ => None,
    }
}

impl About {
    /// Whether both are about one exchange, or about one call.
    #[must_use]
    pub fn is_same_exchange(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exchange { exchange: one, .. }, Self::Exchange { exchange: other, .. }) => one == other,
            (Self::Call { call: one, .. }, Self::Call { call: other, .. }) => one == other,
            _ => false,
        }
    }
}

impl Entry {
    /// The call that it sends, and what befalls it.
    fn struck_call(&self) -> Option<(u64, Fate)> {
        match (&self.beat, self.about) {
            (Some(beat), About::Call { call, .. }) if beat.leaves_the_hub() => Some((call, beat.fate)),
            _ => None,
        }
    }

    /// The exchange in which an operator presses something on one of these sagas, or on all.
    fn presses(&self, sagas: &BTreeSet<u64>) -> Option<u64> {
        let (About::Exchange { exchange, .. }, Some(Said::Request(request))) = (self.about, &self.said) else {
            return None;
        };
        words::is_press(request, sagas).then_some(exchange)
    }

    /// The call whose end the hub hears.
    fn heard_call(&self) -> Option<u64> {
        match (&self.beat, self.about) {
            (Some(beat), About::Call { call, .. }) if beat.reaches_the_hub() => Some(call),
            _ => None,
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>12}  {}", words::seconds(self.at), self.text)
    }
}
