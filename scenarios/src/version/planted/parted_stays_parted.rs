//! Reconciliation compares customers and forgets who was merged into them: what somebody unlinked by hand at the identity
//! provider stays a login of its own. Auth0's documentation, "Unlink User Accounts": the unlinked account is an independent
//! user again, without its metadata, so no search for an owner tag shows it. Anomaly: half merges. Seam: saga definition.
//! Convicted by `repaired`.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::definition::{Act, Definitions, StepDefinition};

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "parted-stays-parted",
    summary: "Does not look whether those who were merged are still one at identity.",
    origin: "Auth0 documentation, Unlink User Accounts",
    convicted_by: CheckerName::Repaired,
    hunted_in: "beyond-merge-parted",
    mistake: Mistake::Definitions(Definitions { rejoin: STEPS, ..Definitions::SHIPPED }),
};

const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("commerce", Act::Merge(Vendor::Commerce)),
    StepDefinition::plain("support", Act::Merge(Vendor::Support)),
];
