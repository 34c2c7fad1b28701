//! What a world leaves to an operator whom nobody calls: it works and heals, and nothing is redriven. For whoever tells
//! what that operator would have been given.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::event::Row;
use sagaproof_orchestrator::message;
use sagaproof_orchestrator::operations::Vendors;
use sagaproof_sim::chaos::choices::{Random, Recording, Replay};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Fleet, System};
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::wire;
use sagaproof_sim::world::Settings;

use super::chooser::Chooser;
use super::stage::staged;
use super::{Plot, settings};
use crate::adapter::{answer_to_hub, request_to_world, system};
use crate::scenario::Scenario;
use crate::version::hub::Hub;
use crate::workload::Workload;

/// What a world left.
#[derive(Debug, Clone)]
pub struct Left {
    /// The hub's store.
    pub rows: Vec<Row>,
    /// The vendors, who can be asked.
    pub asked: Asked,
    /// What reads the store and speaks to the vendors.
    pub engine: Engine,
}

/// Vendors as they stand at the end of a world.
#[derive(Debug, Clone)]
pub struct Asked {
    fleet: Fleet,
    now: Instant,
}

struct Nobody;

impl Observer for Nobody {
    fn see(&mut self, _now: Instant, _observation: &Observation<'_>) {}
}

/// Runs the world of this seed, or the one that the plot says, under the shipped hub without an operator.
#[must_use]
pub fn left(scenario: &Scenario, seed: u64, plot: Option<Plot<'_>>) -> Left {
    let hub = Hub::shipped();
    let mut workload = Workload::of(scenario, seed);
    workload.leave_out(plot.map_or(&[], |plot| plot.without));
    let choices = match plot {
        Some(plot) => Chooser::Schedule(Recording::new(Replay::new(plot.deviations))),
        None => Chooser::Seed(Random::new(seed)),
    };
    let settings = Settings { seed, redrive_rounds: 0, ..settings::world(scenario) };
    let mut world = staged(&hub, scenario, workload, (&settings, &scenario.terms()), false, choices, Nobody);
    if plot.is_some() {
        world.offer_everything();
    }
    // By the time a person comes, searches show everything.
    let now = world.run().at + scenario.fleet.index_lag;
    let rows = world.disk().rows();
    let rows = rows.map(|(key, version, value)| Row { key: key.to_owned(), version, value: value.to_vec() }).collect();
    Left { rows, asked: Asked { fleet: world.fleet().clone(), now }, engine: hub.engine(&scenario.terms()) }
}

impl Asked {
    /// The vendors.
    #[must_use]
    pub const fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// Time goes on; what vendors are still about is done meanwhile.
    pub fn later(&mut self, nanos: sagaproof_sim::clock::Nanos) {
        self.now = self.now + nanos;
        for system in System::VENDORS {
            while self.fleet.end_job(system, self.now).is_some() {}
        }
    }

    /// Sends this request, as whoever has the hub's credentials may.
    pub fn send(&mut self, to: System, request: &wire::Request) -> wire::Response {
        self.fleet.handle(to, self.now, request)
    }
}

impl Vendors for Asked {
    fn ask(&mut self, vendor: Vendor, request: &message::Request) -> Option<message::Response> {
        let response = self.send(system(vendor), &request_to_world(request.clone()));
        Some(answer_to_hub(response))
    }
}
