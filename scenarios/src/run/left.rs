//! What a world leaves to an operator whom nobody calls: it works and heals, and nothing is redriven. For whoever tells
//! what that operator would have been given.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::event::Row;
use sagaproof_orchestrator::message;
use sagaproof_orchestrator::operations::Vendors;
use sagaproof_sim::chaos::choices::{Random, Recording, Replay};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::fleet::{Fleet, System};
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::wire::{self, Headers};
use sagaproof_sim::world::Settings;
use serde::Deserialize;

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
    /// These vendors, at this moment.
    pub(super) const fn new(fleet: Fleet, now: Instant) -> Self {
        Self { fleet, now }
    }

    /// The vendors.
    #[must_use]
    pub const fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// Time goes on; what vendors are still about is done meanwhile.
    pub fn later(&mut self, nanos: Nanos) {
        self.now = self.now + nanos;
        for system in System::VENDORS {
            while self.fleet.end_job(system, self.now).is_some() {}
        }
    }

    /// A request of the hub's with a token that holds, where its vendor wants one.
    pub(super) fn authorised(&mut self, to: System, mut request: wire::Request) -> wire::Request {
        if to == System::Identity {
            request.headers = Headers::default();
            request.headers.push("authorization", &["Bearer ", &self.token()].concat());
            if !request.body.is_empty() {
                request.headers.push("content-type", "application/json");
            }
        }
        request
    }

    /// A token of identity's, as whoever has the hub's credentials is given.
    pub fn token(&mut self) -> String {
        #[derive(Deserialize)]
        struct Given {
            access_token: String,
        }
        let own = Credentials::SIMULATION;
        let body = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&audience={}",
            own.identity_client_id, own.identity_client_secret, own.identity_audience
        );
        let mut headers = Headers::default();
        headers.push("content-type", "application/x-www-form-urlencoded");
        let method = wire::Method::Post;
        let request = wire::Request { method, target: "/oauth/token".to_owned(), headers, body: body.into() };
        let answer = self.send(System::Identity, &request);
        serde_json::from_slice(&answer.body).map_or_else(|_| String::new(), |given: Given| given.access_token)
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
