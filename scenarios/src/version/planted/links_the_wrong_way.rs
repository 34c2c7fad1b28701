//! The customer that stays becomes an identity of the one that goes, for the two users change places in the call: the
//! primary's path and the secondary's body. Auth0, "Link User Accounts": the user in the path is the one that remains.
//! Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Ask, Operation};
use sagaproof_orchestrator::message::Request;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "links-the-wrong-way",
    summary: "Links the login of the customer that stays to the one that goes.",
    origin: "Auth0, Link User Accounts",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-one",
    mistake: Mistake::Connector(Misunderstanding::Requests(requests)),
};

const USERS: &str = "/api/v2/users/";
const LINKS: &str = "/identities";
const PROVIDER: &str = "auth0|";

fn requests(ask: &Ask<'_>, mut request: Request) -> Request {
    if let Operation::Merge(stays, goes) = ask.operation
        && request.target.ends_with(LINKS)
    {
        request.target = [USERS, &goes.replace('|', "%7C"), LINKS].concat();
        let user = stays.strip_prefix(PROVIDER).unwrap_or(stays);
        request.body = format!(r#"{{"provider":"auth0","user_id":"{user}"}}"#).into_bytes();
    }
    request
}
