//! The id that the hub chooses names the customer and not the saga, so that a customer who is created again bears the
//! id of the record that an earlier saga took back: that compensation, come again, deletes the living. Anomaly:
//! late and doubled deletions. Seam: connector. Convicted by `compensation-idempotent`.

use sagaproof_orchestrator::connector::{Ask, Operation};
use sagaproof_orchestrator::message::Request;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "ids-without-incarnation",
    summary: "Chooses the same id for a customer who is created again.",
    origin: "deletion delivered again",
    convicted_by: CheckerName::CompensationIdempotent,
    hunted_in: "created-again",
    mistake: Mistake::Connector(Misunderstanding::Ids(id, requests)),
};

/// `auth0|C001.s1-7` becomes `auth0|C001`.
fn id(shipped: String) -> String {
    shipped.rsplit_once('.').map_or_else(|| shipped.clone(), |(customer, _)| customer.to_owned())
}

fn requests(ask: &Ask<'_>, mut request: Request) -> Request {
    let field = |id: &str| [r#""user_id":""#, id, "\""].concat();
    let chosen = ask.owner.replace('/', ".");
    if *ask.operation == Operation::Create
        && let Ok(body) = std::str::from_utf8(&request.body)
    {
        request.body = body.replacen(&field(&chosen), &field(ask.cust_no), 1).into_bytes();
    }
    request
}
