//! Update: vendors, the old values kept from under the lock → pivot: the primary's commit → answer.

use super::definition::{Act, Primary, StepDefinition};
use crate::connector::Vendor;

/// The steps.
pub const STEPS: &[StepDefinition] = &[
    StepDefinition::compensatable("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::compensatable("support", Act::Put(Vendor::Support)),
    StepDefinition::compensatable("identity", Act::Put(Vendor::Identity)),
    StepDefinition::plain("primary", Act::Primary(Primary::Active)),
];
