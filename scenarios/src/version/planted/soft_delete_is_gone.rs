//! A record that was deleted softly counts as gone, yet it still holds its e-mail: whoever is created with that e-mail
//! next is refused for ever. Anomaly: soft delete. Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Condition, Found, Operation};

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "soft-delete-is-gone",
    summary: "Never purges what the vendor only deletes softly.",
    origin: "soft delete",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "close-and-return",
    mistake: Mistake::Connector(Misunderstanding::Removal(removal)),
};

fn removal(have: &Found, shipped: Option<Operation>) -> Option<Operation> {
    if have.condition == Condition::SoftDeleted { None } else { shipped }
}
