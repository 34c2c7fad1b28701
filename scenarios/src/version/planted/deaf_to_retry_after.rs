//! A vendor says when to come back, and nobody listens. Anomaly: 429 with Retry-After.
//! Seam: connector. Convicted by `polite`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "deaf-to-retry-after",
    summary: "Comes back sooner than the vendor asked for.",
    origin: "429 with Retry-After",
    convicted_by: CheckerName::Polite,
    hunted_in: "quota-spent",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(_: &Operation, _: &Response, reading: Reading) -> Reading {
    if matches!(reading, Reading::NotDone(_)) { Reading::NotDone(None) } else { reading }
}
