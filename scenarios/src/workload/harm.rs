//! What breaks an assumption from outside: records that a vendor loses, that a stranger renames, or parts again. Each is
//! about a customer of the population, at any time while clients work.

use sagaproof_sim::client::ClientAction;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Control, System};

use super::draw::{Draw, Topic};
use super::generate::KEEPERS;
use super::{Workload, people};
use crate::scenario::{Harm, Scenario};

/// The harm that this draw does.
pub(super) fn actions(scenario: &Scenario, draw: Draw) -> Vec<ClientAction> {
    let Harm { losses, renames, partings, .. } = scenario.harm;
    let keeper = |nth: u32| KEEPERS[draw.below(Topic::HarmWhere, nth, 3) as usize];
    let action = |nth: u32| {
        let cust_no = people::cust_no(draw.below(Topic::HarmTo, nth, scenario.workload.population));
        ClientAction::Touch {
            at: Instant::ZERO + draw.within(Topic::HarmWhen, nth, Workload::span(scenario)),
            // Only identity can part what was one.
            system: if nth < losses + renames { keeper(nth) } else { System::Identity },
            control: match nth {
                _ if nth < losses => Control::Lose(cust_no),
                _ if nth < losses + renames => Control::Rename(cust_no),
                _ => Control::Part(cust_no),
            },
        }
    };
    (0..losses + renames + partings).map(action).collect()
}
