//! A success that cannot be read counts as a refusal. Anomaly: unreadable success.
//! Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "unreadable-is-refused",
    summary: "Takes a success that it cannot read for a refusal.",
    origin: "unreadable success",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "unreadable-success",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(_: &Operation, response: &Response, reading: Reading) -> Reading {
    match reading {
        Reading::Unknown(why) if response.status < 300 => Reading::Refused(why.to_owned()),
        reading => reading,
    }
}
