//! The help desk is told to keep the customer that goes and to delete the one that stays. Zendesk, "Merge End Users": the
//! user in the path is merged into the one in the body, and any answer of 200 looks like success.
//! Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Ask, Operation, Reading};
use sagaproof_orchestrator::message::{Request, Response};

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "merges-the-wrong-way",
    summary: "Tells the help desk to merge the customer that stays into the one that goes.",
    origin: "Zendesk, Merge End Users",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-one",
    mistake: Mistake::Connector(Misunderstanding::Talks(requests, answers)),
};

const USERS: &str = "/api/v2/users/";
const MERGE: &str = "/merge.json";
/// How the help desk's answer to a merge begins.
const USER: &[u8] = br#"{"user":"#;

fn requests(ask: &Ask<'_>, mut request: Request) -> Request {
    if let Operation::Merge(stays, goes) = ask.operation
        && request.target.ends_with(MERGE)
    {
        request.target = [USERS, stays, MERGE].concat();
        request.body = format!(r#"{{"user":{{"id":{goes}}}}}"#).into_bytes();
    }
    request
}

fn answers(operation: &Operation, response: &Response, shipped: Reading) -> Reading {
    let merged = response.status == 200 && response.body.starts_with(USER);
    if merged && matches!(operation, Operation::Merge(..)) { Reading::Accepted } else { shipped }
}
