//! The shop has taken the merge on as a job, and that counts as done: a job that fails later leaves two customers behind,
//! part of the orders moved. Shopify, `customerMerge`: the mutation returns a job, whose end is to be asked for. Anomaly:
//! asynchronous job. Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{MergeState, Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "accepted-is-merged",
    summary: "Takes a merge that the shop has accepted as a job for done.",
    origin: "Shopify, customerMerge",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-job-stalls",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(operation: &Operation, _: &Response, shipped: Reading) -> Reading {
    match (operation, shipped) {
        (Operation::Merge(..), Reading::Merge(MergeState::Pending)) => Reading::Accepted,
        (_, shipped) => shipped,
    }
}
