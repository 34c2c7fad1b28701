//! A record that is not there counts as a failure, also when it is to be taken back: a compensation that reaches a
//! vendor where its step never happened never ends. Anomaly: empty compensation.
//! Seam: connector. Convicted by `converged`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "gone-is-failure",
    summary: "Takes a 404 for a failure where what is gone is what is wanted.",
    origin: "empty compensation",
    convicted_by: CheckerName::Converged,
    hunted_in: "nothing-to-undo",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(_: &Operation, _: &Response, reading: Reading) -> Reading {
    if reading == Reading::Absent { Reading::Refused("404".to_owned()) } else { reading }
}
