//! A change that takes several calls counts as made after the first. The help desk takes a new e-mail in beside the old
//! one, where it must still be made the primary one and the old one dropped. Anomaly: partial success.
//! Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::Operation;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "half-is-whole",
    summary: "Takes a change that needs several calls for made after the first.",
    origin: "partial success",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "update-one",
    mistake: Mistake::Connector(Misunderstanding::Mending(mend)),
};

fn mend(shipped: Option<Operation>) -> Option<Operation> {
    shipped.filter(|operation| matches!(operation, Operation::Update(_)))
}
