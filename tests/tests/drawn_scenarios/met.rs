//! What a sweep of drawn scenarios must have met, or the generator has gone dull.

use std::collections::BTreeSet;

use sagaproof::scenario::{Level, Mark, Scenario};
use sagaproof::workload::{Workload, is_fair};
use sagaproof_sim::chaos::fate::Fate;

use crate::sweep::Swept;

/// What no drawn scenario can reach.
const ELSEWHERE: [Mark; 3] = [
    // The shipped hub looks before it takes back, and takes back only what was there.
    Mark::CompensationEmpty,
    // Reconciliation has nothing to mend where no assumption is broken.
    Mark::Reconciled,
    Mark::Rejoined,
];

/// The shop shows so many orders on a page, and the help desk so many tickets.
const ORDERS: u32 = 250;
const TICKETS: u32 = 100;

/// What was not met.
pub(crate) fn unmet(swept: &[Swept]) -> Vec<String> {
    let mut unmet = Vec::new();
    let mut must = |what: &str, met: &dyn Fn(&Swept) -> bool| {
        if !swept.iter().any(met) {
            unmet.push(what.to_owned());
        }
    };
    for mark in Mark::ALL.iter().filter(|mark| !ELSEWHERE.contains(mark)) {
        must(mark.name(), &|swept| swept.tally.marks.has(*mark));
    }
    for fate in Fate::ALL {
        must(fate.name(), &|swept| swept.tally.heard.of_fate(fate) > 0);
    }
    for kind in ["create", "update", "close", "merge", "read"] {
        must(kind, &|swept| asked(&swept.scenario, swept.tally.worlds).contains(kind));
    }
    for state in ["outage", "brownout", "flapping", "quota-exhausted", "tokens-revoked", "index-lag", "schema-drift"] {
        must(state, &|swept| {
            let windows = &swept.scenario.chaos.windows;
            !windows.is_empty() && windows.iter().all(|window| window.kind.name() == state) && changed(swept)
        });
    }
    for level in [Level::Basic, Level::Strict] {
        must(level.name(), &|swept| swept.scenario.level == level && swept.tally.sagas > 0);
    }
    must("fair weather", &|swept| is_fair(&swept.scenario.chaos) && swept.tally.sagas > 0);
    must("what a crash leaves of many processes", &|swept| swept.scenario.hub.processes > 3 && swept.tally.crashes > 0);
    must("clients without keys", &|swept| !swept.scenario.workload.resend.keyed && swept.tally.sagas > 0);
    must("a third page", &|swept| {
        let fleet = &swept.scenario.fleet;
        let many = fleet.orders_each > 2 * ORDERS || fleet.tickets_each > 2 * TICKETS;
        many && swept.tally.marks.has(Mark::MovedSingly)
    });
    unmet
}

/// The kinds of operations that the clients of these worlds ask for.
fn asked(scenario: &Scenario, worlds: u64) -> BTreeSet<&'static str> {
    let plans = (0..worlds).map(|seed| Workload::of(scenario, seed).plan);
    plans.flat_map(|plan| plan.operations.iter().map(|operation| operation.kind.name()).collect::<Vec<_>>()).collect()
}

/// Whether a vendor's state changed, and nothing but a window can have changed it.
fn changed(swept: &Swept) -> bool {
    let Scenario { workload, .. } = &swept.scenario;
    workload.strangers + workload.blockers == 0 && swept.tally.marks.has(Mark::VendorStateChanged)
}
