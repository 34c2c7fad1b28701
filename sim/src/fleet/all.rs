//! The whole fleet: the four vendors as one value, addressed by system. What each vendor does stands in its dialect.

use super::commerce::Commerce;
use super::identity::Identity;
use super::messaging::Messaging;
use super::support::Support;
use super::{Control, Fingerprint, Model, Record, SideEffect, System};
use crate::chaos::point::{Route, Subject};
use crate::clock::{Instant, Nanos};
use crate::wire::{Request, Response};

/// How the vendors of one world are set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long a write stays invisible to searches.
    pub index_lag: Nanos,
    /// Whether the vendors' rate limits are on (with the figures of their largest plans).
    pub limits: bool,
    /// How long an identity access token lives.
    pub token_life: Nanos,
    /// How long messaging honours a retry key.
    pub retry_key_life: Nanos,
}

impl Default for Settings {
    fn default() -> Self {
        let day = Nanos::secs(86_400);
        Self { index_lag: Nanos::secs(2), limits: true, token_life: day, retry_key_life: day }
    }
}

/// The four vendors.
#[derive(Debug, Clone)]
pub struct Fleet {
    commerce: Commerce,
    support: Support,
    identity: Identity,
    messaging: Messaging,
}

impl Fleet {
    /// Vendors without records.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            commerce: Commerce::new(settings),
            support: Support::new(settings),
            identity: Identity::new(settings),
            messaging: Messaging::new(settings),
        }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub fn reset(&mut self, settings: &Settings) {
        self.commerce.reset(settings);
        self.support.reset(settings);
        self.identity.reset(settings);
        self.messaging.reset(settings);
    }

    /// Lets a vendor handle a request. The hub is none: it has nothing here (404).
    pub fn handle(&mut self, to: System, now: Instant, request: &Request) -> Response {
        match to {
            System::Commerce => self.commerce.handle(now, request),
            System::Support => self.support.handle(now, request),
            System::Identity => self.identity.handle(now, request),
            System::Messaging => self.messaging.handle(now, request),
            System::Hub => Response::json(404, "{}"),
        }
    }

    /// Which route of its vendor a request takes, and whom it is about.
    #[must_use]
    pub fn route(&self, to: System, request: &Request) -> (Route, Subject) {
        match to {
            System::Commerce => self.commerce.route(request),
            System::Support => self.support.route(request),
            System::Identity => self.identity.route(request),
            System::Messaging => self.messaging.route(request),
            System::Hub => (Route(0), Subject::NONE),
        }
    }

    /// The names of a vendor's routes, by number.
    #[must_use]
    pub fn route_names(system: System) -> &'static [&'static str] {
        match system {
            System::Commerce => Commerce::routes(),
            System::Support => Support::routes(),
            System::Identity => Identity::routes(),
            System::Messaging => Messaging::routes(),
            System::Hub => &[],
        }
    }

    /// Does something to a vendor from outside. Answers with the id of a record that this added.
    pub fn control(&mut self, to: System, now: Instant, control: &Control) -> Option<String> {
        match to {
            System::Commerce => self.commerce.control(now, control),
            System::Support => self.support.control(now, control),
            System::Identity => self.identity.control(now, control),
            System::Messaging => self.messaging.control(now, control),
            System::Hub => None,
        }
    }

    /// A vendor's records, in order of creation.
    #[must_use]
    pub fn records(&self, system: System) -> Vec<Record> {
        match system {
            System::Commerce => self.commerce.records(),
            System::Support => self.support.records(),
            System::Identity => self.identity.records(),
            System::Messaging => self.messaging.records(),
            System::Hub => Vec::new(),
        }
    }

    /// What happened at any vendor that nothing takes back, vendor by vendor, in order.
    pub fn side_effects(&self) -> impl Iterator<Item = &SideEffect> {
        let commerce = self.commerce.side_effects().iter();
        let support = self.support.side_effects().iter();
        let identity = self.identity.side_effects().iter();
        commerce.chain(support).chain(identity).chain(self.messaging.side_effects())
    }

    /// Feeds all that can still matter into a fingerprint.
    pub fn feed(&self, now: Instant, print: &mut Fingerprint) {
        self.commerce.feed(now, print);
        self.support.feed(now, print);
        self.identity.feed(now, print);
        self.messaging.feed(now, print);
    }
}
