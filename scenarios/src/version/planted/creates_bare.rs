//! A record is created without its e-mail and phone, which are filled in afterwards, so that the vendor has no key by
//! which to tell a request that the network delivered twice from another customer's. Anomaly: duplicate delivery.
//! Seam: connector. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Ask, Operation};
use sagaproof_orchestrator::message::Request;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "creates-bare",
    summary: "Creates records without a unique key, and fills that in afterwards.",
    origin: "duplicate delivery",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "create-one",
    mistake: Mistake::Connector(Misunderstanding::Requests(requests)),
};

/// The path of a create at commerce ends so.
const CUSTOMERS: &str = "/customers.json";

fn requests(ask: &Ask<'_>, mut request: Request) -> Request {
    if *ask.operation == Operation::Create
        && request.target.ends_with(CUSTOMERS)
        && let Ok(body) = std::str::from_utf8(&request.body)
    {
        let phone = ask.want.phone.as_deref().unwrap_or_default();
        let bare = without(&without(body, "email", &ask.want.email), "phone", phone);
        request.body = bare.into_bytes();
    }
    request
}

/// The body with null for this field's value.
fn without(body: &str, field: &str, value: &str) -> String {
    body.replacen(&format!(r#""{field}":"{value}""#), &format!(r#""{field}":null"#), 1)
}
