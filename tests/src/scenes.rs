//! Scenes: the built-in scenarios by name, and arbitrary small ones.

use std::fmt;
use std::ops::Deref;

use proptest::prelude::*;
use sagaproof::scenario::{Mix, Resend, Scenario, built_in};
use sagaproof_sim::chaos::rule::Odds;
use sagaproof_sim::clock::Nanos;

/// The scenarios of one customer each, in which any fate, crash and commit may happen.
pub const ONES: [&str; 3] = ["create-one", "update-one", "close-one"];

/// A built-in scenario.
///
/// # Panics
/// Where there is none of this name.
#[must_use]
pub fn scene(name: &str) -> Scenario {
    let mut all = built_in().unwrap_or_else(|problem| panic!("{problem}"));
    let place = all.iter().position(|scenario| scenario.name == name);
    all.swap_remove(place.unwrap_or_else(|| panic!("no scenario is named {name}")))
}

/// A built-in scenario whose worlds may do all that it allows, not a subset drawn by their seeds.
#[must_use]
pub fn whole(name: &str) -> Scenario {
    let mut scenario = scene(name);
    scenario.chaos.swarm = false;
    scenario
}

/// The same scenario, in which whatever cannot go on is parked at its first failure.
#[must_use]
pub fn impatient(mut scenario: Scenario) -> Scenario {
    scenario.policy.attempts = Some(1);
    scenario.policy.compensation_attempts = Some(1);
    scenario
}

/// An arbitrary scenario. Told by what differs from one to another.
#[derive(Clone)]
pub struct Scene(Scenario);

impl Deref for Scene {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        &self.0
    }
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scenario { fleet, workload, horizon, .. } = &self.0;
        write!(f, "{fleet:?}\n{workload:?}\nhorizon: {horizon:?}\n")
    }
}

/// Arbitrary small scenarios in which anything may happen to anybody.
pub fn any_scene() -> impl Strategy<Value = Scene> {
    (any_fleet(), any_work(), any_clients(), any_times()).prop_map(|(fleet, work, clients, times)| {
        let mut scenario = whole("create-one");
        let (customers, orders, strangers, drift) = fleet;
        scenario.fleet.customers = customers;
        scenario.fleet.orders = orders;
        scenario.fleet.strangers = strangers;
        scenario.fleet.drift = drift;
        let (population, operations, mix, contention) = work;
        scenario.workload.population = customers.max(population);
        scenario.workload.operations = operations;
        scenario.workload.mix = mix;
        scenario.workload.contention = contention;
        let (asynchronous, clashes, duplicates, resend) = clients;
        scenario.workload.asynchronous = asynchronous;
        scenario.workload.clashes = clashes;
        scenario.workload.duplicates = duplicates;
        scenario.workload.resend = resend;
        let (spacing, horizon, lag) = times;
        scenario.workload.spacing = spacing;
        scenario.horizon = horizon;
        scenario.fleet.index_lag = lag;
        Scene(scenario)
    })
}

/// Arbitrary small scenarios of merges, in which anything may happen to anybody: what belongs to customers, merges among
/// other operations at any pace, orders and tickets that come meanwhile.
pub fn any_merges() -> impl Strategy<Value = Scene> {
    let belongings = (0..4_u32, 1..3_u32, 0..4_u32, prop_oneof![Just(0_u32), Just(100)]);
    let work = (2..4_u32, 1..4_u32, any_mix(), 1..4_u32, 0..4_u32, 0..3_u32);
    (belongings, work, any_clients(), any_times()).prop_map(|(belongings, work, clients, times)| {
        let mut scenario = whole("merge-one");
        let (orders, orders_each, tickets, points) = belongings;
        let (population, operations, others, contention, children, blockers) = work;
        scenario.fleet.customers = population;
        scenario.fleet.orders = orders.min(population);
        scenario.fleet.orders_each = orders_each;
        scenario.fleet.tickets = tickets.min(population);
        scenario.fleet.points = points;
        scenario.workload.population = population;
        scenario.workload.operations = operations;
        // At least half of them merge.
        let half = |share: u32| share / 2;
        let Mix { create, update, close, .. } = others;
        let (create, update, close) = (half(create), half(update), half(close));
        scenario.workload.mix = Mix { create, update, close, merge: 100 - create - update - close, read: 0 };
        scenario.workload.contention = contention;
        scenario.workload.children = children;
        scenario.workload.blockers = blockers;
        let (asynchronous, _, duplicates, resend) = clients;
        scenario.workload.asynchronous = asynchronous;
        scenario.workload.duplicates = duplicates;
        scenario.workload.resend = resend;
        let (spacing, horizon, lag) = times;
        scenario.workload.spacing = spacing;
        scenario.horizon = horizon;
        scenario.fleet.index_lag = lag;
        Scene(scenario)
    })
}

/// Customers, those with orders, strangers in the way, and whether answers drift from their schema.
fn any_fleet() -> impl Strategy<Value = (u32, u32, u32, bool)> {
    (0..3_u32, 0..2_u32, 0..2_u32, any::<bool>())
}

/// Population, operations, their mix, and how many in a row are about the same customer.
fn any_work() -> impl Strategy<Value = (u32, u32, Mix, u32)> {
    (1..4_u32, 1..5_u32, any_mix(), 1..5_u32)
}

fn any_mix() -> impl Strategy<Value = Mix> {
    (0..=100_u32, 0..=100_u32, 0..=100_u32).prop_map(|(create, update, close)| {
        let create = create.min(100);
        let update = update.min(100 - create);
        let close = close.min(100 - create - update);
        Mix { create, update, close, merge: 0, read: 100 - create - update - close }
    })
}

fn any_clients() -> impl Strategy<Value = (Odds, Odds, Odds, Resend)> {
    let odds = || prop_oneof![Just(Odds::NEVER), Just(Odds::ppm(500_000)), Just(Odds::ALWAYS)];
    let resend =
        (1..4_u32, any::<bool>()).prop_map(|(sendings, keyed)| Resend { sendings, keyed, ..Resend::default() });
    (odds(), odds(), odds(), resend)
}

/// Spacing, delivery horizon, and lag of the index.
fn any_times() -> impl Strategy<Value = (Nanos, Nanos, Nanos)> {
    let spacing = prop_oneof![Just(Nanos::ZERO), Just(Nanos::millis(50)), Just(Nanos::secs(2)), Just(Nanos::secs(20))];
    let horizon = prop_oneof![Just(Nanos::secs(2)), Just(Nanos::secs(5)), Just(Nanos::secs(30))];
    let lag = prop_oneof![Just(Nanos::ZERO), Just(Nanos::secs(2)), Just(Nanos::secs(10))];
    (spacing, horizon, lag)
}
