//! Only the status of an answer is looked at: a GraphQL error or a list of user errors comes with 200, so a merge that the
//! shop did not begin counts as done. GraphQL over HTTP answers a request that was carried out in no part with 200; Shopify,
//! `customerMerge`, names refusals in `userErrors`. Anomaly: error in a 200. Seam: connector. Convicted by
//! `serial-equivalent`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "error-in-200-is-done",
    summary: "Takes an answer of 200 for a success, whatever its body says.",
    origin: "Shopify, userErrors",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-barred-past-the-pivot",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(operation: &Operation, response: &Response, shipped: Reading) -> Reading {
    match (operation, shipped) {
        (Operation::Merge(..), Reading::Refused(_) | Reading::NotDone(_)) if response.status == 200 => {
            Reading::Accepted
        }
        (_, shipped) => shipped,
    }
}
