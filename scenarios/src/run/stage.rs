//! One world on its own, for whoever chooses and observes himself: explorations, laws, tests. Sweeps, which reset one
//! world over and over and judge it by all checkers, are `simulated`'s.

use std::sync::Arc;

use sagaproof_sim::chaos::choices::Choices;
use sagaproof_sim::fleet::Fleet;
use sagaproof_sim::observation::Observer;
use sagaproof_sim::world::{Settings, World};

use super::settings;
use super::simulated::seed_fleet;
use crate::operation::Plan;
use crate::scenario::{Scenario, Terms};
use crate::version::Version;
use crate::workload::{Workload, WorkloadClients};

/// The world of a scenario with this seed under one version, before it begins; `logs`: somebody will read what its
/// process logs.
pub fn stage<V: Version + ?Sized, C: Choices, O: Observer>(
    version: &V,
    scenario: &Scenario,
    (seed, logs): (u64, bool),
    choices: C,
    observe: impl FnOnce(&Arc<Plan>) -> O,
) -> World<V::Spawn, WorkloadClients, C, O> {
    let terms = settings::terms(scenario, version);
    let scenario = &*settings::under(scenario, version);
    let workload = Workload::of(scenario, seed);
    let observer = observe(&workload.plan);
    let settings = Settings { seed, ..settings::world(scenario) };
    staged(version, scenario, workload, (&settings, &terms), logs, choices, observer)
}

/// The same for a workload and settings that are known already; the scenario as the version's policy has it.
pub(super) fn staged<V: Version + ?Sized, C: Choices, O: Observer>(
    version: &V,
    scenario: &Scenario,
    workload: Workload,
    (settings, terms): (&Settings, &Terms),
    logs: bool,
    choices: C,
    observer: O,
) -> World<V::Spawn, WorkloadClients, C, O> {
    let mut fleet = Fleet::new(&settings::fleet(scenario));
    let seeded = seed_fleet(&mut fleet, scenario, &workload);
    let spawn = version.spawn(terms, settings.seed, logs);
    let mut world = World::new(settings, fleet, spawn, WorkloadClients::new(workload), choices, observer);
    for row in version.seed_rows(&seeded) {
        world.disk_mut().put(row.key, row.value);
    }
    world
}
