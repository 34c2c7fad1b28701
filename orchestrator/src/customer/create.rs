//! Create: primary row *pending* (with the claim) → vendors → pivot: primary *active* → answer → the welcome message.

use super::definition::{Act, Primary, StepDefinition};
use crate::connector::Vendor;

/// The steps.
pub const STEPS: &[StepDefinition] = &[
    StepDefinition::compensatable("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::compensatable("support", Act::Put(Vendor::Support)),
    StepDefinition::compensatable("identity", Act::Put(Vendor::Identity)),
    StepDefinition::plain("primary", Act::Primary(Primary::Active)),
    StepDefinition::plain("welcome", Act::Welcome),
];
