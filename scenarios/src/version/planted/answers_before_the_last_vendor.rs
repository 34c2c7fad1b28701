//! An update is answered, and the customer let go, before its last vendor is written: that write runs beside the next
//! update, which it overtakes or overwrites, and beside a close, which it undoes. Anomaly: reordering, update during
//! close. Seam: saga definition. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::definition::{Act, Definitions, Primary, StepDefinition};

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "answers-before-the-last-vendor",
    summary: "Lets the customer go while an update is still to be written to one vendor.",
    origin: "reordering",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "two-at-once",
    mistake: Mistake::Definitions(Definitions { update: STEPS, ..Definitions::SHIPPED }),
};

/// The shipped steps of an update, the last two of them exchanged.
const STEPS: &[StepDefinition] = &[
    StepDefinition::compensatable("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::compensatable("support", Act::Put(Vendor::Support)),
    StepDefinition::plain("primary", Act::Primary(Primary::Active)),
    StepDefinition::plain("identity", Act::Put(Vendor::Identity)),
];
