//! Reconciliation leaves the help desk out: it was connected after the nightly job had been written. DeCandia et al.,
//! "Dynamo: Amazon's Highly Available Key-value Store" (SOSP 2007), section 4.7: only what is compared converges. Anomaly:
//! acknowledged, then lost. Seam: saga definition. Convicted by `repaired`.

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::customer::definition::{Act, Definitions, StepDefinition};

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "reconciles-by-half",
    summary: "Compares all systems with the primary but the help desk.",
    origin: "DeCandia et al., Dynamo (SOSP 2007), section 4.7",
    convicted_by: CheckerName::Repaired,
    hunted_in: "beyond-lost",
    mistake: Mistake::Definitions(Definitions { reconcile: STEPS, ..Definitions::SHIPPED }),
};

const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::plain("identity", Act::Put(Vendor::Identity)),
];
