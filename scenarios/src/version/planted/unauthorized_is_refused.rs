//! A token that is not accepted any more counts as a refusal: before the pivot the saga gives up and compensates, after
//! it the saga is parked for a person, where a fresh token would have done. Anomaly: 401 in the middle of a saga.
//! Seam: connector. Convicted by `parked-is-justified`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "unauthorized-is-refused",
    summary: "Takes a token that expired for a refusal.",
    origin: "401 in the middle of a saga",
    convicted_by: CheckerName::ParkedIsJustified,
    hunted_in: "close-one",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(_: &Operation, _: &Response, reading: Reading) -> Reading {
    if reading == Reading::Unauthorized { Reading::Refused("401".to_owned()) } else { reading }
}
