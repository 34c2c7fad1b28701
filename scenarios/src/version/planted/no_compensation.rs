//! A saga that gives up takes nothing back: it reports its failure, and what its earlier steps did stands.
//! Anomaly: lost request, refusal. Seam: saga definition. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::definition::{Act, Definitions, Primary, StepDefinition};

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "no-compensation",
    summary: "A create that fails half way is reported as failed and not taken back.",
    origin: "refusal half way",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "permission-lost",
    mistake: Mistake::Definitions(Definitions { create: STEPS, ..Definitions::SHIPPED }),
};

/// The shipped steps of a create, none of them compensated.
const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::plain("support", Act::Put(Vendor::Support)),
    StepDefinition::plain("identity", Act::Put(Vendor::Identity)),
    StepDefinition::plain("primary", Act::Primary(Primary::Active)),
    StepDefinition::plain("welcome", Act::Welcome),
];
