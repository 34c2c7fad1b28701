//! A link is taken back, but what it threw away is not given back: the login that stands on its own again bears no owner's
//! tag, and nobody knows whose it is. Auth0, "User Account Linking": the metadata of the secondary account are discarded
//! and must be merged or kept by the caller. Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Ask, Operation};
use sagaproof_orchestrator::message::Request;
use serde_json::Value;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "link-forgets-metadata",
    summary: "Parts a linked login again without giving back the metadata that the link threw away.",
    origin: "Auth0, User Account Linking",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-taken-back",
    mistake: Mistake::Connector(Misunderstanding::Requests(requests)),
};

const METADATA: [&str; 2] = ["app_metadata", "user_metadata"];

fn requests(ask: &Ask<'_>, mut request: Request) -> Request {
    if let Operation::Restore(..) = ask.operation
        && let Ok(Value::Object(mut fields)) = serde_json::from_slice(&request.body)
    {
        fields.retain(|field, _| !METADATA.contains(&field.as_str()));
        request.body = Value::Object(fields).to_string().into_bytes();
    }
    request
}
