//! Laws of generated workloads, over scenarios and seeds.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::scenario::built_in;

/// The built-in scenario that has most in it, with another workload.
fn scenario(operations: u32, population: u32, contention: u32, mix: Mix) -> Scenario {
    static EVERYTHING: OnceLock<Scenario> = OnceLock::new();
    let named = |scenario: &Scenario| scenario.name == "everything";
    let mut scenario = EVERYTHING.get_or_init(|| built_in().unwrap().into_iter().find(named).unwrap()).clone();
    scenario.workload.operations = operations;
    scenario.workload.population = population;
    scenario.workload.contention = contention;
    scenario.workload.mix = mix;
    scenario.workload.clashes = Odds::ppm(300_000);
    scenario.workload.children = 3;
    scenario.fleet.customers = population / 2;
    scenario.fleet.strangers = 3;
    scenario
}

const MIX: Mix = Mix { create: 40, update: 30, close: 20, merge: 0, read: 10 };

proptest! {
    #[test]
    fn a_workload_is_a_function_of_scenario_and_seed(seed: u64, operations in 0_u32..40, population in 1_u32..12) {
        let scenario = scenario(operations, population, 1, MIX);
        let (one, two) = (workload(&scenario, seed), workload(&scenario, seed));
        prop_assert_eq!(&one.plan.operations, &two.plan.operations);
        prop_assert_eq!(one.sendings, two.sendings);
        prop_assert_eq!(one.children, two.children);
    }

    #[test]
    fn ids_are_fixed_and_names_their_own(seed: u64, operations in 1_u32..40, population in 1_u32..12) {
        let workload = workload(&scenario(operations, population, 1, MIX), seed);
        let ids = workload.plan.operations.iter().map(|operation| operation.id);
        prop_assert!(ids.eq(0..operations));
        let keys: BTreeSet<_> = workload.plan.operations.iter().map(|operation| operation.correlation.clone()).collect();
        prop_assert_eq!(keys.len(), operations as usize);
        prop_assert_eq!(workload.sendings.len(), operations as usize);
    }

    #[test]
    fn an_operation_more_moves_none_before_it(seed: u64, operations in 1_u32..30) {
        let fewer = workload(&scenario(operations, 6, 2, MIX), seed);
        let more = workload(&scenario(operations + 1, 6, 2, MIX), seed);
        let common = operations as usize;
        prop_assert_eq!(&fewer.plan.operations[..], &more.plan.operations[..common]);
        prop_assert_eq!(&fewer.sendings[..], &more.sendings[..common]);
    }

    #[test]
    fn strangers_hold_what_is_asked_for_and_nothing_that_a_customer_holds(seed: u64, population in 1_u32..12) {
        let plan = workload(&scenario(12, population, 1, MIX), seed).plan;
        for stranger in plan.strangers.iter().filter(|stranger| stranger.comes == Instant::ZERO) {
            let email = stranger.record.email.as_deref().unwrap();
            prop_assert!(plan.operations.iter().any(|operation| wanted_email(operation) == Some(email)));
            prop_assert!(plan.customers.iter().all(|customer| customer.email != email));
        }
    }

    #[test]
    fn operations_in_a_row_speak_of_one_customer(seed: u64, contention in 1_u32..6) {
        let plan = workload(&scenario(30, 8, contention, MIX), seed).plan;
        for row in plan.operations.chunks(contention as usize) {
            prop_assert!(row.iter().all(|operation| operation.kind.cust_no() == row[0].kind.cust_no()));
        }
    }

    #[test]
    fn an_update_changes_something(seed: u64) {
        let mix = Mix { create: 0, update: 100, close: 0, merge: 0, read: 0 };
        let plan = workload(&scenario(30, 8, 1, mix), seed).plan;
        for operation in &plan.operations {
            let Kind::Update { changes, .. } = &operation.kind else { panic!("{operation:?}") };
            prop_assert_ne!(changes, &Patch::default());
        }
    }
}
