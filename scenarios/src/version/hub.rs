//! Versions that are the hub node: the same engine with other settings, at five seams and nowhere else: policy, saga
//! definitions, connectors' reading, the store as the node sees it, and events and effects on their way.

use std::sync::Arc;

use sagaproof_orchestrator::connector::{Connector, Credentials, Profile, connectors};
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::row::{CustomerRow, Standing, customer_key};
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::{Event, Row};
use sagaproof_orchestrator::node::Node;
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::time::{Instant, Nanos};
use sagaproof_sim::fleet::auth;
use sagaproof_sim::process::{Row as DiskRow, Spawn};

use super::{SeededCustomer, Version};
use crate::adapter::{HubProcess, row_to_world};
use crate::scenario::{PolicyOverrides, Scenario};

/// What a version of the hub does otherwise than the shipped one. A fresh value serves each life of a process.
pub trait Variant: Default + Clone + 'static {
    /// Its name.
    const NAME: &'static str;
    /// What it is, in one sentence.
    const SUMMARY: &'static str;

    /// Its policy.
    #[must_use]
    fn policy(shipped: Policy) -> Policy {
        shipped
    }

    /// Its definitions.
    #[must_use]
    fn definitions() -> Definitions {
        Definitions::SHIPPED
    }

    /// Its connectors.
    #[must_use]
    fn connectors(shipped: [Arc<dyn Connector>; 4]) -> [Arc<dyn Connector>; 4] {
        shipped
    }

    /// An event on its way to the node: as it is, changed, or kept from it. Rows are what the store hands back.
    fn on_event(&mut self, _now: Instant, event: Event) -> Option<Event> {
        Some(event)
    }

    /// Effects on their way from the node. Commits are what the store takes.
    fn on_effects(&mut self, _now: Instant, _effects: &mut Vec<Effect>) {}
}

/// A version of the hub.
#[derive(Debug, Clone)]
pub struct Hub<V> {
    connectors: [Arc<dyn Connector>; 4],
    variant: std::marker::PhantomData<V>,
}

impl<V: Variant> Default for Hub<V> {
    fn default() -> Self {
        let fleet = auth::Credentials::SIMULATION;
        let credentials = Credentials {
            commerce_token: fleet.commerce_token.to_owned(),
            support_email: fleet.support_email.to_owned(),
            support_token: fleet.support_token.to_owned(),
            identity_client_id: fleet.identity_client_id.to_owned(),
            identity_client_secret: fleet.identity_client_secret.to_owned(),
            identity_audience: fleet.identity_audience.to_owned(),
            messaging_token: fleet.messaging_token.to_owned(),
        };
        Self { connectors: V::connectors(connectors(&credentials)), variant: std::marker::PhantomData }
    }
}

/// Makes the lives of one hub.
#[derive(Debug, Clone)]
pub struct HubSpawn<V> {
    engine: Engine,
    logs: bool,
    variant: std::marker::PhantomData<V>,
}

impl<V: Variant> Spawn for HubSpawn<V> {
    type Process = HubProcess<V>;

    fn spawn(&self, _life: u64) -> HubProcess<V> {
        HubProcess::new(Node::new(self.engine.clone(), self.logs), V::default())
    }
}

impl<V: Variant> Version for Hub<V> {
    type Spawn = HubSpawn<V>;

    const NAME: &'static str = V::NAME;
    const SUMMARY: &'static str = V::SUMMARY;

    fn spawn(&self, scenario: &Scenario, _seed: u64, logs: bool) -> HubSpawn<V> {
        let shipped = Policy {
            horizon: Nanos(scenario.horizon.0),
            index_lag: Nanos(scenario.fleet.index_lag.0),
            ..overridden(Policy::SHIPPED, &scenario.policy)
        };
        let engine =
            Engine { policy: V::policy(shipped), connectors: self.connectors.clone(), definitions: V::definitions() };
        HubSpawn { engine, logs, variant: std::marker::PhantomData }
    }

    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<DiskRow> {
        customers.iter().map(seeded_row).map(row_to_world).collect()
    }
}

fn overridden(policy: Policy, overrides: &PolicyOverrides) -> Policy {
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
        saga: None,
    };
    // Writing plain data into memory cannot fail.
    Row { key: customer_key(&customer.cust_no), version: 1, value: serde_json::to_vec(&row).unwrap_or_default() }
}
