//! A reader that insists on the fields it knows: a success with one more raises an error, and the error counts as a
//! refusal, though the step is done. Anomaly: schema drift. Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "strict-reader",
    summary: "Takes a success with a field that it does not know for a refusal.",
    origin: "schema drift",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "schema-drift",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

/// What a vendor adds whose schema drifts.
const UNHEARD_OF: &[u8] = br#""schema_revision":"#;

fn answers(_: &Operation, response: &Response, reading: Reading) -> Reading {
    let unheard_of = response.body.windows(UNHEARD_OF.len()).any(|field| field == UNHEARD_OF);
    if response.status < 300 && unheard_of { Reading::Refused("unknown field".to_owned()) } else { reading }
}
