//! The node on one thread, its vendors at hand, and the store on another: as the driver has it, but without sockets.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock, and the store has a thread of its own")]

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant as RealInstant};

use sagaproof::adapter::{Bare, HubProcess};
use sagaproof::version::hub::credentials;
use sagaproof_benches::usage::{busy, here};
use sagaproof_orchestrator as hub;
use sagaproof_orchestrator::connector::connectors;
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::node::Node;
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::store::sqlite::Sqlite;
use sagaproof_orchestrator::store::{Broken, Store};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Fleet, Settings};
use sagaproof_sim::process::{Effect, Event, Expect, Note, Process, Verdict, Write};
use sagaproof_sim::wire::{Headers, Method, Request};

use super::{Round, creation};

/// So many sagas are under way at once.
const WINDOW: u64 = 2_048;
/// So many turns share a transaction at most.
const TURNS: usize = 8;

type Job = (u64, Vec<hub::effect::Write>);

/// So many events make a turn at most, as the driver has it.
const TURN: usize = 256;

/// The node's side.
struct Desk {
    process: HubProcess<Bare>,
    fleet: Fleet,
    began: RealInstant,
    ready: VecDeque<Event>,
    store: Sender<Vec<Job>>,
    /// What this turn wants of the store.
    jobs: Vec<Job>,
    wake: Option<Instant>,
    ended: u64,
    effects: Vec<Effect>,
}

/// Runs so many creates: what it took.
pub(crate) fn round(file: &Path, sagas: u64) -> Result<Round, Box<dyn std::error::Error>> {
    let store = Sqlite::open(file)?;
    let (jobs, waiting) = channel();
    let (told, verdicts) = channel();
    let engine = Engine {
        policy: Policy { concurrency: WINDOW as usize, ..Policy::SHIPPED },
        connectors: connectors(&credentials()),
        definitions: Definitions::SHIPPED,
    };
    let mut desk = Desk {
        process: HubProcess::new(Node::new(engine, false), Bare),
        fleet: Fleet::new(&Settings { limits: false, ..Settings::default() }),
        began: RealInstant::now(),
        ready: VecDeque::new(),
        store: jobs,
        jobs: Vec::new(),
        wake: None,
        ended: 0,
        effects: Vec::new(),
    };
    thread::scope(|scope| {
        let keeper = thread::Builder::new().name("store".to_owned());
        let keeper = keeper.spawn_scoped(scope, move || keep(store, &waiting, &told))?;
        let before = busy();
        let began = RealInstant::now();
        desk.run(sagas, &verdicts)?;
        let took = began.elapsed();
        let used = |name: &str| busy().get(name).unwrap_or(&0) - before.get(name).unwrap_or(&0);
        let (stored, node) = (used("store"), used(&here()));
        drop(desk);
        let (groups, commits) = keeper.join().map_err(|_| "the store panicked")??;
        let parts = vec![("node and vendors", node), ("store", stored)];
        Ok(Round { sagas, took: u64::try_from(took.as_nanos())?, groups, commits, parts })
    })
}

impl Desk {
    fn run(&mut self, sagas: u64, verdicts: &Receiver<Vec<Event>>) -> Result<(), Box<dyn std::error::Error>> {
        self.deliver(Event::Start);
        let mut begun = 0;
        while self.ended < sagas {
            while begun < sagas && begun - self.ended < WINDOW {
                let mut headers = Headers::new();
                headers.push("idempotency-key", &format!("k{begun}"));
                let (target, body) = ("/api/customers".to_owned(), creation(begun).into_bytes());
                let request = Request { method: Method::Post, target, headers, body };
                self.deliver(Event::Request { exchange: begun, request });
                begun += 1;
            }
            let mut turn = 0;
            while let Some(event) = self.ready.pop_front() {
                self.deliver(event);
                turn += 1;
                if turn % TURN == 0 {
                    self.ask();
                }
            }
            self.ask();
            if self.ended == sagas || begun < sagas && begun - self.ended < WINDOW {
                continue;
            }
            let wait = self.wake.map_or(Duration::MAX, |wake| Duration::from_nanos(wake.since(self.now()).0));
            match verdicts.recv_timeout(wait.min(Duration::from_secs(10))) {
                Ok(events) => self.ready.extend(events),
                Err(RecvTimeoutError::Timeout) if self.wake.take().is_some() => self.ready.push_back(Event::Wake),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Asks for what the turn wants. A store that is gone has told so.
    fn ask(&mut self) {
        if !self.jobs.is_empty() {
            let _ = self.store.send(std::mem::take(&mut self.jobs));
        }
    }

    fn now(&self) -> Instant {
        Instant(u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    fn deliver(&mut self, event: Event) {
        let mut effects = std::mem::take(&mut self.effects);
        self.process.on_event(self.now(), event, &mut effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::Call { call, to, request, .. } => {
                    let answer = Ok(self.fleet.handle(to, self.now(), &request));
                    self.ready.push_back(Event::Answer { call, answer });
                }
                Effect::Answer { response, .. } => assert_eq!(response.status, 201),
                Effect::Commit { commit, writes } => {
                    self.jobs.push((commit, writes.into_iter().map(write).collect()));
                }
                // A new store has no rows.
                Effect::Read { read, .. } => self.ready.push_back(Event::Rows { read, rows: Vec::new() }),
                Effect::Wake(at) => self.wake = at,
                Effect::Note(note) => self.ended += u64::from(matches!(note, Note::Ended { .. })),
                Effect::Log(_) => {}
            }
        }
        self.effects = effects;
    }
}

/// Makes durable what has queued up, together, over and over: how many transactions and commits there were.
fn keep(mut store: Sqlite, waiting: &Receiver<Vec<Job>>, told: &Sender<Vec<Event>>) -> Result<(u64, u64), Broken> {
    let (mut groups, mut commits) = (0, 0);
    while let Ok(first) = waiting.recv() {
        let turns = [first].into_iter().chain(waiting.try_iter().take(TURNS - 1));
        let (numbers, group): (Vec<u64>, Vec<_>) = turns.flatten().unzip();
        groups += 1;
        commits += group.len() as u64;
        let verdicts = store.commit(&group)?;
        let events = numbers
            .into_iter()
            .zip(verdicts)
            .map(|(commit, verdict)| Event::Committed { commit, verdict: verdict_of(verdict) });
        // The node may have seen enough.
        let _ = told.send(events.collect());
    }
    Ok((groups, commits))
}

fn verdict_of(verdict: hub::event::Verdict) -> Verdict {
    match verdict {
        hub::event::Verdict::Committed => Verdict::Committed,
        hub::event::Verdict::Conflict => Verdict::Conflict,
        hub::event::Verdict::Unknown => Verdict::Unknown,
        hub::event::Verdict::Full => Verdict::Full,
    }
}

fn write(write: Write) -> hub::effect::Write {
    hub::effect::Write {
        key: write.key,
        expect: match write.expect {
            Expect::Any => hub::effect::Expect::Any,
            Expect::Absent => hub::effect::Expect::Absent,
            Expect::Version(version) => hub::effect::Expect::Version(version),
        },
        value: write.value,
    }
}
