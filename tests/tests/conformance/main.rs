//! One body of cases, a fate and a saga each, through the simulation and through the live driver against a fleet on real
//! sockets: both leave the same journals, tell their clients the same, and leave the vendors alike.

#![expect(clippy::unwrap_used, reason = "an arm that cannot be run fails the test")]

mod altered;
mod cases;
mod journal;
mod served;
mod simulated;

use tokio::runtime;
use tokio::task::JoinSet;

use crate::altered::{ALTERATIONS, Alteration, STRAIGHT};
use crate::cases::{Case, cases};

/// What differs between the arms, by case; each side begins with the first line that the other has not.
fn differences(cases: Vec<Case>, alteration: Alteration) -> Vec<String> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut served = JoinSet::new();
        for case in cases {
            served.spawn(async move { (case, served::told(case, alteration).await) });
        }
        let told = served.join_all().await.into_iter().filter_map(|(case, served)| {
            let simulated = simulated::told(case);
            let first = simulated.iter().zip(&served).take_while(|(a, b)| a == b).count();
            let rest =
                |told: &[String]| told[first..].iter().take(4).map(|line| format!("\n    {line}")).collect::<String>();
            (simulated != served)
                .then(|| format!("{case}\n  simulated:{}\n  served:{}", rest(&simulated), rest(&served)))
        });
        told.collect()
    })
}

#[test]
fn every_fate_in_every_saga_leaves_the_same_journal_in_simulation_and_over_sockets() {
    let different = differences(cases(), STRAIGHT);
    assert!(different.is_empty(), "{} cases differ\n{}", different.len(), different.join("\n"));
}

#[test]
fn a_driver_that_is_altered_on_purpose_is_told_apart() {
    for alteration in ALTERATIONS {
        let shown = cases().into_iter().filter(|case| (alteration.shows)(case.befalls)).collect();
        assert!(!differences(shown, *alteration).is_empty(), "{}", alteration.name);
    }
}
