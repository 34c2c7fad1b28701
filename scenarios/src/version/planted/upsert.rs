//! The help desk is asked to create or update, so that a stranger who holds the e-mail is taken for our customer,
//! overwritten, and deleted when the saga is taken back. Anomaly: conflict with a stranger.
//! Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Ask, Operation};
use sagaproof_orchestrator::message::Request;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "upsert",
    summary: "Creates or updates by e-mail, and so takes over what a stranger holds.",
    origin: "conflict with a stranger",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "strangers",
    mistake: Mistake::Connector(Misunderstanding::Requests(requests)),
};

const CREATE: &str = "/api/v2/users.json";
const CREATE_OR_UPDATE: &str = "/api/v2/users/create_or_update.json";

fn requests(ask: &Ask<'_>, mut request: Request) -> Request {
    if *ask.operation == Operation::Create && request.target == CREATE {
        CREATE_OR_UPDATE.clone_into(&mut request.target);
    }
    request
}
