//! Versions that are the hub node: the same engine with other settings, at five seams and nowhere else: policy, saga
//! definitions, connectors' reading, the store as the node sees it, and events and effects on their way.

use std::sync::Arc;

use sagaproof_orchestrator::connector::{Connector, Credentials, Profile, connectors};
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::row::{CustomerRow, Standing, customer_key};
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::event::Row;
use sagaproof_orchestrator::node::Node;
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time::Nanos;
use sagaproof_sim::fleet::auth;
use sagaproof_sim::process::{Row as DiskRow, Spawn};

use super::{SeededCustomer, Version, next};
use crate::adapter::{Bare, HubProcess, Wrapper, row_to_world};
use crate::scenario::{PolicyOverrides, Terms};

/// A version of the hub: what its nodes are made of.
#[derive(Debug, Clone)]
pub struct Hub<W> {
    /// Its policy, made from the shipped one as the scenario overrides it.
    pub policy: fn(Policy) -> Policy,
    /// Its definitions.
    pub definitions: Definitions,
    /// Those of the release that follows it in a rolling upgrade.
    pub next: Definitions,
    /// Its connectors, by vendor.
    pub connectors: [Arc<dyn Connector>; 4],
    /// What wraps the node of each life.
    pub wrapper: fn() -> W,
}

impl Hub<Bare> {
    /// The hub as it ships.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            policy: |shipped| shipped,
            definitions: Definitions::SHIPPED,
            next: next::DEFINITIONS,
            connectors: connectors(&credentials()),
            wrapper: || Bare,
        }
    }
}

/// What the hub identifies itself with at the simulated vendors.
#[must_use]
pub fn credentials() -> Credentials {
    let fleet = auth::Credentials::SIMULATION;
    Credentials {
        commerce_token: fleet.commerce_token.to_owned(),
        support_email: fleet.support_email.to_owned(),
        support_token: fleet.support_token.to_owned(),
        identity_client_id: fleet.identity_client_id.to_owned(),
        identity_client_secret: fleet.identity_client_secret.to_owned(),
        identity_audience: fleet.identity_audience.to_owned(),
        messaging_token: fleet.messaging_token.to_owned(),
    }
}

/// What the lives of one release are made of.
#[derive(Debug, Clone)]
pub struct Lives<W> {
    engine: Engine,
    wrapper: fn() -> W,
}

/// Makes the lives of one hub, or of two releases over one store.
#[derive(Debug, Clone)]
pub struct HubSpawn<W> {
    first: Lives<W>,
    second: Option<Box<Lives<W>>>,
    logs: bool,
}

impl<W> HubSpawn<W> {
    /// Makes lives of the first, and of the second where a world asks for release 1.
    pub(super) fn new(first: Lives<W>, second: Option<Lives<W>>, logs: bool) -> Self {
        Self { first, second: second.map(Box::new), logs }
    }
}

impl<W: Wrapper + Clone> Spawn for HubSpawn<W> {
    type Process = HubProcess<W>;

    fn spawn(&self, life: u64) -> HubProcess<W> {
        self.spawn_release(life, 0)
    }

    fn spawn_release(&self, _life: u64, release: u8) -> HubProcess<W> {
        let Lives { engine, wrapper } = self.second.as_deref().filter(|_| release == 1).unwrap_or(&self.first);
        HubProcess::new(Node::new(engine.clone(), self.logs), wrapper())
    }
}

impl<W> Hub<W> {
    /// What its nodes run on, on these terms.
    #[must_use]
    pub fn engine(&self, terms: &Terms) -> Engine {
        let shipped = Policy {
            horizon: Nanos(terms.horizon.0),
            index_lag: Nanos(terms.index_lag.0),
            job_time: Nanos(terms.job_time.0),
            clocks_differ: terms.clocks || terms.hub.lease.0 > 0,
            ..overridden(Policy::SHIPPED, &terms.policy)
        };
        let shipped = shipped.leased(Nanos(terms.hub.lease.0));
        Engine { policy: (self.policy)(shipped), connectors: self.connectors.clone(), definitions: self.definitions }
    }

    /// What its lives are made of, on these terms.
    pub(super) fn lives(&self, terms: &Terms) -> Lives<W> {
        Lives { engine: self.engine(terms), wrapper: self.wrapper }
    }
}

impl<W: Wrapper + Clone> Version for Hub<W> {
    type Spawn = HubSpawn<W>;

    fn spawn(&self, terms: &Terms, _seed: u64, logs: bool) -> HubSpawn<W> {
        let first = self.lives(terms);
        let second = terms.hub.upgrade.map(|_| Lives {
            engine: Engine { definitions: self.next, ..first.engine.clone() },
            wrapper: self.wrapper,
        });
        HubSpawn::new(first, second, logs)
    }

    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<DiskRow> {
        customers.iter().map(seeded_row).map(row_to_world).collect()
    }

    fn desk(&self, terms: &Terms) -> Option<Engine> {
        Some(self.engine(terms))
    }
}

/// A policy as it is, but for these settings.
#[must_use]
pub fn overridden(policy: Policy, overrides: &PolicyOverrides) -> Policy {
    let nanos = |value: Option<sagaproof_sim::clock::Nanos>, shipped| value.map_or(shipped, |nanos| Nanos(nanos.0));
    Policy {
        time_out: nanos(overrides.time_out, policy.time_out),
        forward_attempts: overrides.attempts.unwrap_or(policy.forward_attempts),
        compensate_attempts: overrides.compensation_attempts.unwrap_or(policy.compensate_attempts),
        settle_attempts: overrides.compensation_attempts.unwrap_or(policy.settle_attempts),
        backoff_base: nanos(overrides.backoff_base, policy.backoff_base),
        backoff_cap: nanos(overrides.backoff_cap, policy.backoff_cap),
        sync_wait: nanos(overrides.sync_wait, policy.sync_wait),
        ..policy
    }
}

/// What the owner tag of a seeded record says after the customer's number: it was made before the world began.
const SEED_SAGA: &str = "/seed";

/// The primary's row of a customer who stands everywhere before the world begins.
fn seeded_row(seeded: &SeededCustomer) -> Row {
    let customer = &seeded.customer;
    let row = CustomerRow {
        standing: Standing::Active,
        profile: Profile {
            email: customer.email.clone(),
            given_name: customer.given_name.clone(),
            family_name: customer.family_name.clone(),
            phone: customer.phone.clone(),
        },
        owner: [&customer.cust_no, SEED_SAGA].concat(),
        ids: [Some(seeded.commerce.clone()), Some(seeded.support.clone()), Some(seeded.identity.clone())],
        points: seeded.points,
        saga: None,
    };
    // Writing plain data into memory cannot fail.
    Row { key: customer_key(&customer.cust_no), version: 1, value: serde_json::to_vec(&row).unwrap_or_default() }
}
