//! The hub that follows the shipped one in a rolling upgrade: it writes records of the next version, by definitions of its
//! own, and finishes what the shipped one began by those of the shipped one. The shipped one knows nothing of it.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::definition::{Act, Definitions, Primary, StepDefinition};
use sagaproof_orchestrator::customer::entry::VERSION;

/// What it runs by: identity, which refuses most, is asked first.
pub(super) const DEFINITIONS: Definitions = Definitions {
    version: VERSION + 1,
    create: CREATE,
    update: UPDATE,
    close: CLOSE,
    others: &[Definitions::SHIPPED],
    ..Definitions::SHIPPED
};

const CREATE: &[StepDefinition] = &[
    StepDefinition::compensatable("identity", Act::Put(Vendor::Identity)),
    StepDefinition::compensatable("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::compensatable("support", Act::Put(Vendor::Support)),
    StepDefinition::plain("primary", Act::Primary(Primary::Active)),
    StepDefinition::plain("welcome", Act::Welcome),
];

const UPDATE: &[StepDefinition] = &[
    StepDefinition::compensatable("identity", Act::Put(Vendor::Identity)),
    StepDefinition::compensatable("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::compensatable("support", Act::Put(Vendor::Support)),
    StepDefinition::plain("primary", Act::Primary(Primary::Active)),
];

const CLOSE: &[StepDefinition] = &[
    StepDefinition::plain("ask-identity", Act::Ask(Vendor::Identity)),
    StepDefinition::plain("ask-commerce", Act::Ask(Vendor::Commerce)),
    StepDefinition::plain("ask-support", Act::Ask(Vendor::Support)),
    StepDefinition::plain("closing", Act::Primary(Primary::Closing)),
    StepDefinition::plain("support", Act::Remove(Vendor::Support)),
    StepDefinition::plain("commerce", Act::Remove(Vendor::Commerce)),
    StepDefinition::plain("identity", Act::Remove(Vendor::Identity)),
    StepDefinition::plain("closed", Act::Primary(Primary::Closed)),
];
