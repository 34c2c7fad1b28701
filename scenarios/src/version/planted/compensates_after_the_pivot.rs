//! The shop's merge is not marked as the pivot: when the help desk refuses its part, the saga takes back what can be taken
//! back, and tells its client that nothing happened, while the shop has made the customers one for good. Shopify,
//! `customerMerge`: a merge cannot be reversed. Anomaly: irreversible merge.
//! Seam: saga definition. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::definition::{Act, Definitions, Primary, StepDefinition};

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "compensates-after-the-pivot",
    summary: "Takes a merge back after the call that nothing takes back.",
    origin: "Shopify, customerMerge",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-one",
    mistake: Mistake::Definitions(Definitions { merge: STEPS, ..Definitions::SHIPPED }),
};

const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("ask-commerce", Act::Check(Vendor::Commerce)),
    StepDefinition::plain("ask-support", Act::Check(Vendor::Support)),
    StepDefinition::plain("ask-identity", Act::Check(Vendor::Identity)),
    StepDefinition::compensatable("identity", Act::Merge(Vendor::Identity)),
    StepDefinition::plain("commerce", Act::Merge(Vendor::Commerce)),
    StepDefinition::plain("support", Act::Merge(Vendor::Support)),
    StepDefinition::plain("merged", Act::Primary(Primary::Merged)),
];
