//! The link at the identity provider counts as a step that needs no taking back: a merge that is refused afterwards leaves
//! two customers with one login between them. Auth0, "Unlink User Accounts": an unlinked account is one of its own again
//! only where somebody unlinks it. Seam: saga definition. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::definition::{Act, Definitions, Primary, StepDefinition};

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "unlink-is-skipped",
    summary: "Does not part the logins again where the merge is refused.",
    origin: "Auth0, Unlink User Accounts",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-taken-back",
    mistake: Mistake::Definitions(Definitions { merge: STEPS, ..Definitions::SHIPPED }),
};

const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("ask-commerce", Act::Check(Vendor::Commerce)),
    StepDefinition::plain("ask-support", Act::Check(Vendor::Support)),
    StepDefinition::plain("ask-identity", Act::Check(Vendor::Identity)),
    StepDefinition::plain("identity", Act::Merge(Vendor::Identity)),
    StepDefinition::pivot("commerce", Act::Merge(Vendor::Commerce)),
    StepDefinition::plain("support", Act::Merge(Vendor::Support)),
    StepDefinition::plain("merged", Act::Primary(Primary::Merged)),
];
