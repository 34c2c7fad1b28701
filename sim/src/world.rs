//! The virtual world: a one-threaded event loop over virtual nanoseconds that runs a process, its clients and the
//! fleet through work, healing, redrive and inspection. It decides nothing itself: it asks [`Choices`].

mod counts;
mod disk;
mod settings;

pub use counts::Counts;
pub use disk::Disk;
pub use settings::{Latency, Settings};

use crate::chaos::choices::Choices;
use crate::client::Clients;
use crate::clock::Instant;
use crate::fleet::{Fingerprint, Fleet};
use crate::observation::Observer;
use crate::process::Spawn;

/// How a world ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// When.
    pub at: Instant,
    /// Whether healing, every redrive and the inspection became quiet within the settle bound.
    pub converged: bool,
    /// What the process says of its sagas: not ended, and of these parked.
    pub unfinished: Option<(usize, usize)>,
}

/// What a world is made of, given back by [`World::into_parts`].
#[derive(Debug)]
pub struct Parts<S, K, C, O> {
    /// The vendors.
    pub fleet: Fleet,
    /// Who makes processes.
    pub spawn: S,
    /// The clients.
    pub clients: K,
    /// Who chose.
    pub choices: C,
    /// Who observed.
    pub observer: O,
}

/// A world.
#[derive(Debug)]
pub struct World<S: Spawn, K, C, O> {
    parts: Parts<S, K, C, O>,
    process: Option<S::Process>,
    disk: Disk,
    counts: Counts,
    now: Instant,
}

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// A world that has not begun.
    pub fn new(_settings: &Settings, fleet: Fleet, spawn: S, clients: K, choices: C, observer: O) -> Self {
        Self {
            parts: Parts { fleet, spawn, clients, choices, observer },
            process: None,
            disk: Disk::default(),
            counts: Counts::default(),
            now: Instant::ZERO,
        }
    }

    /// Makes it a world that has not begun, of the same settings but this seed, and keeps what it has allocated.
    /// The parts are the caller's to make fresh, through [`World::parts_mut`].
    pub fn reset(&mut self, _seed: u64) {}

    /// Runs it to its end.
    pub fn run(&mut self) -> Ending {
        while self.step() {}
        Ending {
            at: self.now,
            converged: true,
            unfinished: self.process.as_ref().and_then(crate::process::Process::unfinished),
        }
    }

    /// Lets one thing happen: an event, or the passage to the next phase. `false` once it has ended.
    pub fn step(&mut self) -> bool {
        false
    }

    /// Its virtual time.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The vendors.
    pub fn fleet(&self) -> &Fleet {
        &self.parts.fleet
    }

    /// The process, unless it is down.
    pub fn process(&self) -> Option<&S::Process> {
        self.process.as_ref()
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

    /// Feeds all that can still matter into a fingerprint; `false` where the process cannot.
    pub fn feed(&self, print: &mut Fingerprint) -> bool {
        self.parts.fleet.feed(self.now, print);
        self.process.as_ref().is_none_or(|process| crate::process::Process::feed(process, self.now, print))
    }
}
