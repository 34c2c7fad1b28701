//! For tests only: a process that writes a row, makes one call for each request and answers, with clients, choices and
//! an observer that keeps what it saw.

use super::{Settings, World};
use crate::chaos::choices::{Choices, Menu};
use crate::chaos::fate::Fate;
use crate::chaos::point::{Point, Route};
use crate::chaos::rule::{Odds, Rule};
use crate::client::{ClientAction, Clients};
use crate::clock::{Instant, Nanos};
use crate::fleet::auth::Credentials;
use crate::fleet::{Fingerprint, Fleet, System};
use crate::observation::{Observation, Observer, Phase};
use crate::process::{Effect, Event, Expect, Note, Process, Spawn, Verdict, Write};
use crate::wire::{Answer, CallError, Headers, Method, Request, Response};

/// How long toys and their clients wait for answers.
pub(super) const TIME_OUT: Nanos = Nanos::secs(5);
pub(super) const CLIENT_TIME_OUT: Nanos = Nanos::secs(30);

/// What the toy does with events, besides the life it has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Toys {
    /// Parked until so many redrives.
    pub(super) parked: u32,
    /// Whether it wakes itself for ever.
    pub(super) restless: bool,
    /// Calls may not leave after this.
    pub(super) not_after: Option<Instant>,
    /// Whether requests are answered at once, without a call.
    pub(super) idle: bool,
    /// Whether its calls start jobs at support.
    pub(super) bulk: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Toy {
    toys: Toys,
    pub(super) life: u64,
    /// The keys of the rows that it was handed before it started.
    pub(super) mounted: Vec<String>,
    redriven: u32,
    /// What happened to it, as words.
    pub(super) events: Vec<&'static str>,
}

impl Spawn for Toys {
    type Process = Toy;

    fn spawn(&self, life: u64) -> Toy {
        Toy { toys: *self, life, mounted: Vec::new(), redriven: 0, events: Vec::new() }
    }
}

pub(super) fn request(target: &str) -> Request {
    Request { method: Method::Post, target: target.to_owned(), headers: Headers::new(), body: b"{}".to_vec() }
}

/// A request that starts a job.
fn bulk() -> Request {
    let mut headers = Headers::new();
    headers.push("authorization", &["Bearer ", Credentials::SIMULATION.support_token].concat());
    let target = "/api/v2/tickets/update_many?ids=1".to_owned();
    Request { method: Method::Put, target, headers, body: br#"{"ticket":{}}"#.to_vec() }
}

impl Toy {
    fn call(&self, call: u64) -> Effect {
        let (to, request) =
            if self.toys.bulk { (System::Support, bulk()) } else { (System::Commerce, request("/nowhere")) };
        Effect::Call {
            call,
            to,
            request,
            time_out: TIME_OUT,
            not_after: self.toys.not_after.unwrap_or(Instant::NEVER),
            note: None,
        }
    }

    fn said(answer: &Answer) -> u16 {
        match answer {
            Ok(response) => response.status,
            Err(CallError::Refused) => 601,
            Err(CallError::Reset) => 602,
            Err(CallError::TimedOut) => 603,
            Err(CallError::Truncated) => 604,
            Err(CallError::NotSent) => 605,
        }
    }
}

impl Process for Toy {
    fn on_event(&mut self, now: Instant, event: Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Start => {
                self.events.push("start");
                effects.push(Effect::Read { read: 1, prefix: String::new() });
            }
            Event::Request { exchange, .. } if self.toys.idle => {
                self.events.push("request");
                effects.push(Effect::Answer { exchange, response: Response::json(200, "{}") });
            }
            Event::Request { exchange, .. } => {
                self.events.push("request");
                effects.push(Effect::Note(Note::Pivoted { saga: exchange }));
                let write = Write { key: format!("x/{exchange}"), expect: Expect::Absent, value: Some(Vec::new()) };
                effects.push(Effect::Commit { commit: exchange, writes: vec![write] });
                effects.push(Effect::Wake(Some(now + Nanos::secs(1))));
                effects.push(Effect::Note(Note::Ended { saga: exchange }));
            }
            Event::Committed { commit, verdict } => {
                let (word, effect) = match verdict {
                    Verdict::Committed => ("committed", self.call(commit)),
                    Verdict::Conflict => ("conflict", self.call(commit)),
                    Verdict::Unknown => ("unknown", self.call(commit)),
                    Verdict::Full => ("full", Effect::Answer { exchange: commit, response: Response::json(507, "{}") }),
                };
                self.events.push(word);
                effects.push(effect);
            }
            Event::Answer { call, answer } => {
                self.events.push("answer");
                let response = Response::json(Self::said(&answer), "{}");
                effects.push(Effect::Answer { exchange: call, response });
            }
            Event::Rows { rows, .. } => self.events.push(if rows.is_empty() { "no rows" } else { "rows" }),
            Event::Wake => {
                self.events.push("wake");
                if self.toys.restless {
                    effects.push(Effect::Wake(Some(now + Nanos::secs(1))));
                }
            }
            Event::Redrive => {
                self.redriven += 1;
                self.events.push("redrive");
            }
        }
    }

    fn feed(&self, _now: Instant, print: &mut Fingerprint) -> bool {
        print.number(self.events.len() as u64);
        true
    }

    fn fork(&self) -> Option<Self> {
        Some(self.clone())
    }

    fn unfinished(&self) -> Option<(usize, usize)> {
        let parked = usize::from(self.redriven < self.toys.parked);
        Some((parked, parked))
    }

    fn mount<'a>(&mut self, rows: &mut dyn Iterator<Item = (&'a str, u64, &'a [u8])>) {
        self.mounted = rows.map(|(key, ..)| key.to_owned()).collect();
    }
}

/// Clients that ask at these times, in each phase given, and keep what they heard.
#[derive(Debug, Clone, Default)]
pub(super) struct Askers {
    pub(super) work: Vec<Instant>,
    pub(super) touches: Vec<ClientAction>,
    pub(super) inspect: bool,
    pub(super) heard: Vec<(Instant, u32, Answer)>,
}

pub(super) fn ask(at: Instant, operation: u32) -> ClientAction {
    ClientAction::Ask { at, operation, route: Route(0), request: request("/api"), time_out: CLIENT_TIME_OUT }
}

impl Clients for Askers {
    fn on_phase(&mut self, now: Instant, phase: Phase, actions: &mut Vec<ClientAction>) {
        match phase {
            Phase::Work => {
                actions.append(&mut self.touches);
                actions.extend((1..).zip(&self.work).map(|(operation, at)| ask(*at, operation)));
            }
            Phase::Inspect if self.inspect => actions.push(ask(now, 1000)),
            Phase::Heal | Phase::Redrive | Phase::Inspect => {}
        }
    }

    fn on_answer(&mut self, now: Instant, operation: u32, _exchange: u64, answer: &Answer, _: &mut Vec<ClientAction>) {
        self.heard.push((now, operation, answer.clone()));
    }

    fn routes() -> &'static [&'static str] {
        &["ask"]
    }
}

/// Whether a point is one that a test means.
pub(super) type Test = fn(Point) -> bool;

/// Chooses these options at the first points that answer to their tests.
#[derive(Clone, Default)]
pub(super) struct Picks(pub(super) Vec<(Test, u16)>);

impl Choices for Picks {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        let place = self.0.iter().position(|(fits, pick)| fits(point) && menu.options.contains(pick));
        place.map_or(0, |place| self.0.remove(place).1)
    }
}

/// Keeps what it saw: the debug text of each observation, with its time.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept(pub(super) Vec<(Instant, String)>);

impl Observer for Kept {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        self.0.push((now, format!("{observation:?}")));
    }
}

impl Kept {
    /// When observations were made whose text begins so.
    pub(super) fn times(&self, beginning: &str) -> Vec<Instant> {
        self.0.iter().filter(|(_, text)| text.starts_with(beginning)).map(|(at, _)| *at).collect()
    }
}

pub(super) type ToyWorld<C> = World<Toys, Askers, C, Kept>;

/// Settings under which every way takes 40 ms, every commit 1 ms, D is 60 s, and every fate and tie may be chosen.
pub(super) fn settings() -> Settings {
    let mut settings = Settings { latency: [super::Latency::constant(Nanos::millis(40)); 5], ..Settings::default() };
    settings.chaos.rules.push(Rule {
        systems: vec![System::Hub, System::Commerce, System::Support, System::Identity, System::Messaging],
        route: None,
        fates: Fate::ALL.to_vec(),
        odds: Odds::ppm(100_000),
        from: Instant::ZERO,
        until: Instant::NEVER,
        at_most: None,
    });
    settings.chaos.ties = true;
    settings
}

/// A world with one ask at its beginning.
pub(super) fn world<C: Choices>(settings: &Settings, toys: Toys, choices: C) -> ToyWorld<C> {
    let clients = Askers { work: vec![Instant::ZERO], ..Askers::default() };
    World::new(settings, Fleet::new(&crate::fleet::Settings::default()), toys, clients, choices, Kept::default())
}

/// A world in which this fate befalls the first exchange with a system.
pub(super) fn fated(system: Test, fate: Fate) -> ToyWorld<Picks> {
    world(&settings(), Toys::default(), Picks(vec![(system, fate.code())]))
}

pub(super) fn call(point: Point) -> bool {
    matches!(point, Point::Exchange { system: System::Commerce, .. })
}

pub(super) fn exchange(point: Point) -> bool {
    matches!(point, Point::Exchange { system: System::Hub, .. })
}

/// A world's fingerprint.
pub(super) fn print<C: Choices>(world: &ToyWorld<C>) -> u64 {
    let mut print = Fingerprint::default();
    assert!(world.feed(&mut print));
    print.finish()
}
