//! A compensation that cannot succeed is retried for ever: a vendor refuses to delete a customer who has ordered since,
//! and instead of blanking the record the saga asks again and again. apache/incubator-seata#5077. Anomaly: undeletable.
//! Seam: connector. Convicted by `converged`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "undeletable-is-retried",
    summary: "Tries again for ever to delete what the vendor will not delete.",
    origin: "apache/incubator-seata#5077",
    convicted_by: CheckerName::Converged,
    hunted_in: "ordered-meanwhile",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(_: &Operation, _: &Response, reading: Reading) -> Reading {
    if reading == Reading::Undeletable { Reading::NotDone(None) } else { reading }
}
