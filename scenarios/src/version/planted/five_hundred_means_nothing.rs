//! A server error is taken to mean that nothing happened. Anomaly: 5xx before or after the effect.
//! Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "500-means-nothing",
    summary: "Takes a server error to mean that nothing happened.",
    origin: "5xx after the effect",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "errors-either-side",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(_: &Operation, response: &Response, reading: Reading) -> Reading {
    if response.status >= 500 { Reading::NotDone(None) } else { reading }
}
