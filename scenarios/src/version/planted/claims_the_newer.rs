//! In a rolling upgrade a process that still runs the old release takes over what the new one began, and goes on by its own
//! definitions: it does not look which version wrote the journal, and takes one step's record for another's.
//! A worker that resumes what other code began: Temporal calls it a non-deterministic workflow. Seam: saga definition.
//! Convicted by `keys-are-stable`.

use sagaproof_orchestrator::customer::definition::Definitions;

use super::{Bug, Mistake};
use crate::check::CheckerName;
use crate::version::next;

pub(super) const BUG: Bug = Bug {
    name: "claims-the-newer",
    summary: "An old release takes over what a newer one began, and finishes it by its own definition.",
    origin: "rolling upgrade, old worker resumes",
    convicted_by: CheckerName::KeysAreStable,
    hunted_in: "hubs-upgraded-in-flight",
    mistake: Mistake::Releases(OLD, next::DEFINITIONS),
};

/// The shipped definitions, which take the next version's records for their own.
const OLD: Definitions = Definitions {
    others: &[Definitions { version: next::DEFINITIONS.version, ..Definitions::SHIPPED }],
    ..Definitions::SHIPPED
};
