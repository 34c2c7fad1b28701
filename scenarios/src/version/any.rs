//! Any version as one type, so that worlds, searches and sweeps are compiled once and not once a version. The shipped hub
//! stands in it as it is, for it is what runs a million times; whoever else runs is reached through a pointer.

use std::rc::Rc;

use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::process::{Effect, Event, Process, Row, Spawn};

use super::hub::HubSpawn;
use super::{SeededCustomer, Version};
use crate::adapter::{Bare, HubProcess};
use crate::scenario::{Deployment, PolicyOverrides, Terms};

/// A version, whoever wrote it.
pub type AnyVersion = Rc<dyn Version<Spawn = AnySpawn>>;

/// What makes the processes of some version.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "the large one is what nearly every world runs")]
pub enum AnySpawn {
    /// The hub as it ships, perhaps with another policy.
    Hub(HubSpawn<Bare>),
    /// Somebody else.
    Other(Rc<dyn Fn(u64, u8) -> Box<dyn AnyLife>>),
}

impl AnySpawn {
    /// These processes, reached through a pointer.
    pub fn other<S: Spawn + 'static>(spawn: S) -> Self {
        Self::Other(Rc::new(move |life, release| Box::new(spawn.spawn_release(life, release))))
    }
}

impl Spawn for AnySpawn {
    type Process = AnyProcess;

    fn spawn(&self, life: u64) -> AnyProcess {
        self.spawn_release(life, 0)
    }

    fn spawn_release(&self, life: u64, release: u8) -> AnyProcess {
        match self {
            Self::Hub(hub) => AnyProcess::Hub(hub.spawn_release(life, release)),
            Self::Other(spawn) => AnyProcess::Other(spawn(life, release)),
        }
    }
}

/// A process of some version.
#[expect(clippy::large_enum_variant, reason = "the large one is what nearly every world runs")]
pub enum AnyProcess {
    /// The hub as it ships.
    Hub(HubProcess<Bare>),
    /// Somebody else.
    Other(Box<dyn AnyLife>),
}

impl Process for AnyProcess {
    fn on_event(&mut self, now: Instant, event: Event, effects: &mut Vec<Effect>) {
        match self {
            Self::Hub(hub) => hub.on_event(now, event, effects),
            Self::Other(other) => other.on_event(now, event, effects),
        }
    }

    fn feed(&self, now: Instant, print: &mut Fingerprint) -> bool {
        match self {
            Self::Hub(hub) => hub.feed(now, print),
            Self::Other(other) => other.feed(now, print),
        }
    }

    fn fork(&self) -> Option<Self> {
        match self {
            Self::Hub(hub) => hub.fork().map(Self::Hub),
            Self::Other(other) => other.forked().map(Self::Other),
        }
    }

    fn unfinished(&self) -> Option<(usize, usize)> {
        match self {
            Self::Hub(hub) => hub.unfinished(),
            Self::Other(other) => other.unfinished(),
        }
    }

    fn at_rest(&self) -> Option<Nanos> {
        match self {
            Self::Hub(hub) => hub.at_rest(),
            Self::Other(other) => other.at_rest(),
        }
    }

    fn drain(&mut self) {
        match self {
            Self::Hub(hub) => hub.drain(),
            Self::Other(other) => other.drain(),
        }
    }

    fn mount<'a>(&mut self, rows: &mut dyn Iterator<Item = (&'a str, u64, &'a [u8])>) {
        match self {
            Self::Hub(hub) => hub.mount(rows),
            Self::Other(other) => other.mount(rows),
        }
    }

    fn crash(self) {
        match self {
            Self::Hub(hub) => hub.crash(),
            Self::Other(other) => other.crashed(),
        }
    }
}

/// A process behind a pointer: what [`Process`] asks by value is asked by box here.
pub trait AnyLife: Process {
    /// [`Process::fork`].
    fn forked(&self) -> Option<Box<dyn AnyLife>>;

    /// [`Process::crash`].
    fn crashed(self: Box<Self>);
}

impl<P: Process + 'static> AnyLife for P {
    fn forked(&self) -> Option<Box<dyn AnyLife>> {
        Some(Box::new(self.fork()?))
    }

    fn crashed(self: Box<Self>) {
        self.crash();
    }
}

/// A version whose processes are reached through pointers.
struct Erased<S>(Rc<dyn Version<Spawn = S>>);

/// This version, as any.
pub fn any<S: Spawn + 'static>(version: Rc<dyn Version<Spawn = S>>) -> AnyVersion {
    Rc::new(Erased(version))
}

impl<S: Spawn + 'static> Version for Erased<S> {
    type Spawn = AnySpawn;

    fn spawn(&self, terms: &Terms, seed: u64, logs: bool) -> AnySpawn {
        AnySpawn::other(self.0.spawn(terms, seed, logs))
    }

    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<Row> {
        self.0.seed_rows(customers)
    }

    fn policy(&self, asked: PolicyOverrides) -> PolicyOverrides {
        self.0.policy(asked)
    }

    fn deployment(&self, asked: Deployment) -> Deployment {
        self.0.deployment(asked)
    }

    fn desk(&self, terms: &Terms) -> Option<Engine> {
        self.0.desk(terms)
    }

    fn broken(&self) -> Option<String> {
        self.0.broken()
    }
}
