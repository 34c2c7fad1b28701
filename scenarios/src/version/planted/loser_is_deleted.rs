//! The login of the customer that goes is deleted instead of linked to the one that stays: whoever was merged away can no
//! longer log in, and nothing gives the login back. Auth0, "User Account Linking": linking keeps the secondary account as
//! an identity of the primary one, deleting a user is for good. Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Ask, Operation, Reading};
use sagaproof_orchestrator::message::{Method, Request, Response};

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "loser-is-deleted",
    summary: "Deletes the login of the customer that goes instead of linking it.",
    origin: "Auth0, User Account Linking",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-one",
    mistake: Mistake::Connector(Misunderstanding::Talks(requests, answers)),
};

const USERS: &str = "/api/v2/users/";
const LINKS: &str = "/identities";

fn requests(ask: &Ask<'_>, mut request: Request) -> Request {
    if let Operation::Merge(_, goes) = ask.operation
        && request.target.ends_with(LINKS)
    {
        request.method = Method::Delete;
        request.target = [USERS, &goes.replace('|', "%7C")].concat();
        request.body.clear();
    }
    request
}

/// A deletion is answered without a body, as no other merge is.
fn answers(operation: &Operation, response: &Response, shipped: Reading) -> Reading {
    let deleted = response.status == 204 && matches!(operation, Operation::Merge(..));
    if deleted { Reading::Accepted } else { shipped }
}
