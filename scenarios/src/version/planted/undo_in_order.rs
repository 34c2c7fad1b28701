//! Steps come back without their order, so that they are taken back first to last. hoangdaochuz/booking#23.
//! Seam: saga definition. Convicted by `compensation-order`.

use sagaproof_orchestrator::customer::definition::Definitions;

use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "undo-in-order",
    summary: "Takes steps back in the order in which they were made.",
    origin: "hoangdaochuz/booking#23",
    convicted_by: CheckerName::CompensationOrder,
    hunted_in: "permission-lost",
    mistake: Mistake::Definitions(Definitions { undo_backwards: false, ..Definitions::SHIPPED }),
};
