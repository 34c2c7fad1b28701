//! What breaks an assumption from outside: records that a vendor loses, records that a stranger renames. Each is about a
//! customer of the population, at any time while clients work.

use sagaproof_sim::client::ClientAction;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::Control;

use super::draw::{Draw, Topic};
use super::generate::KEEPERS;
use super::{Workload, people};
use crate::scenario::{Harm, Scenario};

/// The harm that this draw does.
pub(super) fn actions(scenario: &Scenario, draw: Draw) -> Vec<ClientAction> {
    let Harm { losses, renames, .. } = scenario.harm;
    let action = |nth: u32| {
        let cust_no = people::cust_no(draw.below(Topic::HarmTo, nth, scenario.workload.population));
        ClientAction::Touch {
            at: Instant::ZERO + draw.within(Topic::HarmWhen, nth, Workload::span(scenario)),
            system: KEEPERS[draw.below(Topic::HarmWhere, nth, 3) as usize],
            control: if nth < losses { Control::Lose(cust_no) } else { Control::Rename(cust_no) },
        }
    };
    (0..losses + renames).map(action).collect()
}
