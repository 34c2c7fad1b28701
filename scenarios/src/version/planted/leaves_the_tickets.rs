//! The merge has no step at the help desk: the customer that goes lives on there, and its tickets with it. Zendesk, "Merge
//! End Users": tickets follow the merge and nothing else moves them. Anomaly: partial move of orders, tickets, points.
//! Seam: saga definition. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::definition::{Act, Definitions, Primary, StepDefinition};

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "leaves-the-tickets",
    summary: "Merges customers everywhere but at the help desk.",
    origin: "Zendesk, Merge End Users",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-one",
    mistake: Mistake::Definitions(Definitions { merge: STEPS, ..Definitions::SHIPPED }),
};

const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("ask-commerce", Act::Check(Vendor::Commerce)),
    StepDefinition::plain("ask-identity", Act::Check(Vendor::Identity)),
    StepDefinition::compensatable("identity", Act::Merge(Vendor::Identity)),
    StepDefinition::pivot("commerce", Act::Merge(Vendor::Commerce)),
    StepDefinition::plain("merged", Act::Primary(Primary::Merged)),
];
