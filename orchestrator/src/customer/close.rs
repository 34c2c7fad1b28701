//! Close: ask what could be refused → pivot: primary *closing* → vendors delete, or blank and mark → primary *closed*
//! → answer.

use super::definition::{Act, Primary, StepDefinition};
use crate::connector::Vendor;

/// The steps.
pub const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("ask-commerce", Act::Ask(Vendor::Commerce)),
    StepDefinition::plain("ask-support", Act::Ask(Vendor::Support)),
    StepDefinition::plain("ask-identity", Act::Ask(Vendor::Identity)),
    StepDefinition::plain("closing", Act::Primary(Primary::Closing)),
    StepDefinition::plain("identity", Act::Remove(Vendor::Identity)),
    StepDefinition::plain("support", Act::Remove(Vendor::Support)),
    StepDefinition::plain("commerce", Act::Remove(Vendor::Commerce)),
    StepDefinition::plain("closed", Act::Primary(Primary::Closed)),
];
