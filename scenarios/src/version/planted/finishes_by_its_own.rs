//! In a rolling upgrade the new release finishes what the old one began by its own definition, in which the steps stand in
//! another order: what was done at one vendor counts as done at another. Workflow engines without versioned definitions.
//! Seam: saga definition. Convicted by `keys-are-stable`.

use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::entry::VERSION;

use super::{Bug, Mistake};
use crate::check::CheckerName;
use crate::version::next;

pub(super) const BUG: Bug = Bug {
    name: "finishes-by-its-own",
    summary: "A new release finishes what an old one began by its own definition.",
    origin: "rolling upgrade, changed definition",
    convicted_by: CheckerName::KeysAreStable,
    hunted_in: "hubs-upgraded-in-flight",
    mistake: Mistake::Releases(Definitions::SHIPPED, NEW),
};

/// The next release's definitions, which take the shipped version's records for their own.
const NEW: Definitions =
    Definitions { others: &[Definitions { version: VERSION, others: &[], ..next::DEFINITIONS }], ..next::DEFINITIONS };
