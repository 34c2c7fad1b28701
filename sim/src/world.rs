//! The virtual world: a one-threaded event loop over virtual nanoseconds that runs a process or several, their clients and
//! the fleet through work, healing, redrive and inspection. It decides nothing itself: it asks [`Choices`].

mod counts;
mod disk;
mod facade;
mod fingerprint;
mod host;
mod jobs;
#[cfg(test)]
mod laws;
mod network;
mod next;
mod pause;
mod phases;
mod process;
mod queue;
mod release;
mod slab;
#[cfg(test)]
mod toy;
#[cfg(test)]
mod windowed;

pub use crate::exchange::rollout::{Replacement, Rollout, is_among};
pub use crate::exchange::settings::{Latency, Settings};
pub use counts::Counts;
pub use disk::Disk;

use std::sync::Arc;

use facade::Exchanges;
use host::Host;
use network::Call;
use next::Next;
use phases::Stage;
use queue::Queue;
use slab::Slab;

use crate::chaos::choices::Choices;
use crate::chaos::point::mix;
use crate::client::{ClientAction, Clients};
use crate::clock::Instant;
use crate::exchange::allowance::Allowance;
use crate::exchange::plan::Plan;
use crate::exchange::tally::Tally;
use crate::exchange::windows::Windows;
use crate::fleet::{Fleet, System};
use crate::observation::{Observation, Observer};
use crate::process::{Effect, Process, Spawn, Write};
use crate::wire::CallError;

/// How a world ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// When.
    pub at: Instant,
    /// Whether healing, every redrive and the inspection became quiet within the settle bound.
    pub converged: bool,
    /// What the processes say of their sagas: not ended, and of these parked.
    pub unfinished: Option<(usize, usize)>,
}

/// What a world is made of.
#[derive(Debug, Clone)]
pub struct Parts<S, K, C, O> {
    /// The vendors.
    pub fleet: Fleet,
    /// Who makes processes.
    pub spawn: S,
    /// The clients.
    pub clients: K,
    /// Who chooses.
    pub choices: C,
    /// Who observes.
    pub observer: O,
}

/// A world: a pure function of its settings and its choices.
#[derive(Debug)]
pub struct World<S: Spawn, K, C, O> {
    parts: Parts<S, K, C, O>,
    plan: Arc<Plan>,
    latency_key: u64,
    stage: Stage,
    now: Instant,
    converged: bool,
    queue: Queue<Due>,
    calls: Slab<Call>,
    exchanges: Exchanges,
    actions: Slab<ClientAction>,
    hosts: Vec<Host<S::Process>>,
    /// Lives of processes so far.
    lives: u64,
    disk: Disk,
    allowance: Allowance,
    windows: Windows,
    tally: Tally,
    /// Since when processes only keep watch.
    rest_since: Option<Instant>,
    /// When the next of the vendors' jobs ends.
    job: Option<Instant>,
    /// Ties met so far: at each system, then at each process.
    ties: [u32; next::TIES],
    counts: Counts,
    /// Buffers that are used again.
    effects: Vec<Effect>,
    wanted: Vec<ClientAction>,
}

/// What the queue holds.
#[derive(Debug, Clone)]
enum Due {
    /// A call is delivered to its vendor.
    Arrival { call: u32, again: bool },
    /// A process hears of a call.
    Hear { call: u32 },
    /// A process hears that its call was not sent.
    Unsent { process: u8, call: u64, error: CallError },
    /// A client or an outsider acts.
    Action { action: u32 },
    /// A client's request is delivered to the hub.
    HubArrival { exchange: u32, again: bool },
    /// A client hears of its exchange, or gives up.
    Told { exchange: u32 },
    /// A commit reaches the store.
    Landing { process: u8, commit: u64, writes: Vec<Write> },
    /// A read reaches the store.
    Read { process: u8, read: u64, prefix: String },
    /// A process starts again.
    Restart { process: u8 },
    /// A process that had paused goes on.
    Resume { process: u8 },
    /// A process is replaced by one of this release.
    Replace { process: u8, release: u8 },
    /// Processes of release 1 take up nothing more.
    Drain,
}

/// Sets a seed's latencies apart from its other draws.
const LATENCY: u64 = 0x6c61_7465_6e63_7901;

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// A world that has not begun.
    pub fn new(settings: &Settings, fleet: Fleet, spawn: S, clients: K, choices: C, observer: O) -> Self {
        let mut world = Self {
            parts: Parts { fleet, spawn, clients, choices, observer },
            plan: Arc::new(Plan::new(settings, K::routes())),
            latency_key: 0,
            stage: Stage::Ahead,
            now: Instant::ZERO,
            converged: true,
            queue: Queue::default(),
            calls: Slab::default(),
            exchanges: Exchanges::default(),
            actions: Slab::default(),
            hosts: Vec::new(),
            lives: 0,
            disk: Disk::default(),
            allowance: Allowance::default(),
            windows: Windows::default(),
            tally: Tally::default(),
            rest_since: None,
            job: None,
            ties: [0; next::TIES],
            counts: Counts::default(),
            effects: Vec::new(),
            wanted: Vec::new(),
        };
        world.draw(settings.seed);
        world
    }

    /// Makes it a world that has not begun, with the same settings but this seed, and keeps what it has allocated.
    /// The parts are the caller's to make fresh, through [`World::parts_mut`].
    pub fn reset(&mut self, seed: u64) {
        self.stage = Stage::Ahead;
        self.now = Instant::ZERO;
        self.converged = true;
        self.queue.clear();
        self.calls.clear();
        self.exchanges.clear();
        self.actions.clear();
        self.disk.clear();
        self.tally.clear();
        self.rest_since = None;
        self.job = None;
        self.ties = [0; next::TIES];
        self.counts = Counts::default();
        self.draw(seed);
    }

    /// Where it has exactly one fault: lets it fall among the first so many exchanges that it may befall; 0: on none.
    /// Before a reset.
    pub fn strike_within(&mut self, exchanges: u32) {
        let settings = Settings { exactly_one_within: exchanges, ..self.plan.settings.clone() };
        self.plan = Arc::new(Plan::new(&settings, K::routes()));
    }

    /// Where it had exactly one fault, which fell on none: how many exchanges it could have befallen.
    pub fn could_strike(&self) -> u32 {
        self.allowance.could_strike()
    }

    /// Offers at every point all that the scenario allows, not only the kinds that the seed's subset keeps: for whoever
    /// chooses by a schedule or tries everything. Windows stay as the seed drew them. Between a reset and a run.
    pub fn offer_everything(&mut self) {
        self.allowance.offer_everything(&self.plan.settings.chaos.disk);
    }

    /// Whether chaos may still strike: only then is anything to be chosen.
    pub const fn is_working(&self) -> bool {
        matches!(self.stage, Stage::Ahead | Stage::Work)
    }

    /// Whether the store's business comes next: the moments at which searches compare states. What befell an answer has
    /// been taken in then, and what a crash left has not been touched yet.
    pub fn at_the_store(&mut self) -> bool {
        match self.next() {
            Some((_, Next::Item(key))) => {
                matches!(self.queue.get(key), Some(Due::Landing { .. } | Due::Read { .. }))
            }
            _ => false,
        }
    }

    /// Runs it to its end.
    pub fn run(&mut self) -> Ending {
        while self.step() {}
        self.ending()
    }

    /// How it has ended, or would if it ended now.
    pub fn ending(&self) -> Ending {
        let said = self.hosts.iter().filter_map(|host| host.process.as_ref()).map(Process::unfinished);
        let sum = |(sagas, parked), (more, of_them)| (sagas + more, parked + of_them);
        let unfinished = said.reduce(|sum_so_far, said| Some(sum(sum_so_far?, said?))).flatten();
        Ending { at: self.now, converged: self.converged, unfinished }
    }

    /// Its virtual time.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The vendors.
    pub fn fleet(&self) -> &Fleet {
        &self.parts.fleet
    }

    /// The first process, unless it is down.
    pub fn process(&self) -> Option<&S::Process> {
        self.hosts.first()?.process.as_ref()
    }

    /// Copies of the processes that run, where they can be copied, each with what it takes for the time: for whoever asks
    /// them something of which the world shall know nothing.
    pub fn copies(&self) -> impl Iterator<Item = (S::Process, Instant)> {
        let running = self.hosts.iter().filter_map(|host| Some((host.running()?, host.clock.shows(self.now))));
        running.filter_map(|(process, now)| Some((process.fork()?, now)))
    }

    /// The store.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The store, to put rows there between a reset and a run.
    pub fn disk_mut(&mut self) -> &mut Disk {
        &mut self.disk
    }

    /// What happened so far, in numbers.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What it is made of, to look at.
    pub fn parts(&self) -> &Parts<S, K, C, O> {
        &self.parts
    }

    /// What it is made of, to make fresh between a reset and a run.
    pub fn parts_mut(&mut self) -> &mut Parts<S, K, C, O> {
        &mut self.parts
    }

    /// What it is made of.
    pub fn into_parts(self) -> Parts<S, K, C, O> {
        self.parts
    }

    /// The names of all routes by system and number, the clients' at the hub first: what schedules speak.
    pub fn route_names() -> [&'static [&'static str]; 5] {
        let [commerce, support, identity, messaging] = System::VENDORS.map(Fleet::route_names);
        [K::routes(), commerce, support, identity, messaging]
    }

    /// What this seed draws.
    fn draw(&mut self, seed: u64) {
        self.latency_key = mix(mix(seed) ^ LATENCY);
        self.make_hosts(seed);
        self.allowance.draw(&self.plan, seed);
        self.windows.draw(&self.plan.settings, seed, &self.allowance);
    }

    /// Lets what is due happen.
    fn happen(&mut self, next: Next) {
        let due = match next {
            Next::Edge => {
                if let Some(turn) = self.windows.pass(&self.plan.settings) {
                    self.turn(&turn);
                }
                return;
            }
            Next::Job => return self.end_jobs(),
            Next::Wake(process) => return self.wake(process),
            Next::Item(key) => self.queue.take(key),
        };
        match due {
            Some(Due::Arrival { call, again }) => self.arrive(call, again),
            Some(Due::Hear { call }) => self.hear(call),
            Some(Due::Unsent { process, call, error }) => self.hear_unsent(process, call, error),
            Some(Due::Action { action }) => self.act(action),
            Some(Due::HubArrival { exchange, again }) => self.arrive_at_hub(exchange, again),
            Some(Due::Told { exchange }) => self.tell(exchange),
            Some(Due::Landing { process, commit, writes }) => self.land(process, commit, writes),
            Some(Due::Read { process, read, prefix }) => self.read(process, read, &prefix),
            Some(Due::Restart { process }) => self.restart(process),
            Some(Due::Resume { process }) => self.resume(process),
            Some(Due::Replace { process, release }) => self.replace(process, release),
            Some(Due::Drain) => self.drain(),
            None => {}
        }
    }

    fn see(&mut self, observation: &Observation<'_>) {
        self.parts.observer.see(self.now, observation);
    }
}

impl<S: Spawn, K: Clone, C: Clone, O: Clone> World<S, K, C, O> {
    /// A copy that goes on alike, where the processes can be copied.
    pub fn fork(&self) -> Option<Self> {
        let mut hosts = Vec::with_capacity(self.hosts.len());
        for host in &self.hosts {
            let process = match &host.process {
                Some(process) => Some(process.fork()?),
                None => None,
            };
            hosts.push(Host { process, pause: host.pause.clone(), ..*host });
        }
        Some(Self {
            parts: self.parts.clone(),
            plan: Arc::clone(&self.plan),
            queue: self.queue.clone(),
            calls: self.calls.clone(),
            exchanges: self.exchanges.clone(),
            actions: self.actions.clone(),
            hosts,
            disk: self.disk.clone(),
            allowance: self.allowance.clone(),
            windows: self.windows.clone(),
            tally: self.tally.clone(),
            effects: Vec::new(),
            wanted: Vec::new(),
            ..*self
        })
    }
}
