//! Merge: ask what could be refused, keep what a link would lose → identity's link, which can be undone → pivot: the
//! shop's merge, from its sending → the help desk's merge → the primary's commit → answer. On each vendor's record that
//! survives, tag and fields are set to the surviving customer's as part of its step.

use super::definition::{Act, Primary, StepDefinition};
use crate::connector::Vendor;

/// The steps.
pub const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("ask-commerce", Act::Check(Vendor::Commerce)),
    StepDefinition::plain("ask-support", Act::Check(Vendor::Support)),
    StepDefinition::plain("ask-identity", Act::Check(Vendor::Identity)),
    StepDefinition::compensatable("identity", Act::Merge(Vendor::Identity)),
    StepDefinition::pivot("commerce", Act::Merge(Vendor::Commerce)),
    StepDefinition::plain("support", Act::Merge(Vendor::Support)),
    StepDefinition::plain("merged", Act::Primary(Primary::Merged)),
];
