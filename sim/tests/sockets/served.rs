//! A fleet that runs beside the test, on a thread of its own, until the test ends.

use std::sync::Arc;
use std::time::Duration;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::rule::{Chaos, Odds, Rule};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::System;
use sagaproof_sim::server::{Fleet, Limits, Options, World, WorldSettings};
use tokio::runtime::{self, Runtime};

use crate::caller::Caller;

/// A fleet that is served.
pub(crate) struct Served {
    pub(crate) fleet: Fleet,
    runtime: Runtime,
}

/// A rule that strikes every exchange with messaging, or none.
pub(crate) fn rule(fates: &[Fate], odds: Odds) -> Rule {
    Rule {
        systems: vec![System::Messaging],
        route: None,
        fates: fates.to_vec(),
        odds,
        from: Instant::ZERO,
        until: Instant::NEVER,
        at_most: None,
    }
}

/// Worlds whose every exchange with messaging has this fate. Whoever is to hear nothing does so for a short while; what
/// is late lands before that.
pub(crate) fn fated(fate: Fate) -> Options {
    let chaos = Chaos { rules: vec![rule(&[fate], Odds::ALWAYS)], ..Chaos::default() };
    let (horizon, time_out) = (Nanos::millis(120), Nanos::millis(40));
    let limits = Limits { silence: Duration::from_millis(400), ..Limits::default() };
    Options {
        world: WorldSettings { chaos, horizon, time_out, ..WorldSettings::default() },
        limits,
        ..Options::default()
    }
}

impl Served {
    /// Starts it.
    pub(crate) fn start(options: Options) -> Self {
        let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fleet = runtime.block_on(Fleet::start(options)).unwrap();
        Self { fleet, runtime }
    }

    /// A new connection to a vendor.
    pub(crate) fn call(&self, system: System) -> Caller {
        Caller::to(self.fleet.url(system).strip_prefix("http://").unwrap())
    }

    /// A new connection to the control API.
    pub(crate) fn control(&self) -> Caller {
        Caller::to(self.fleet.control_url().strip_prefix("http://").unwrap())
    }

    /// The world that is meant where none is named.
    pub(crate) fn world(&self) -> Arc<World> {
        self.fleet.world("").unwrap()
    }

    /// How many pushes messaging has accepted.
    pub(crate) fn pushes(&self) -> usize {
        self.world().side_effects().len()
    }

    /// Stops it in order.
    pub(crate) fn stop(self) {
        self.runtime.block_on(self.fleet.stop());
    }
}
