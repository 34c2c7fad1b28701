//! What the connectors' tests share: credentials, a customer, requests and answers as text.

use super::{Ask, Condition, Connector, Credentials, EmailIdentity, Found, Operation, Profile, Reading, connectors};
use crate::message::{Headers, Request, Response};
use std::sync::Arc;

pub(super) const KEY: &str = "0b0d9d4e-6d5c-4a3b-8f21-1c2d3e4f5a6b";

pub(super) fn credentials() -> Credentials {
    Credentials {
        commerce_token: "shpat_1".to_owned(),
        support_email: "agent@hub.example".to_owned(),
        support_token: "zt".to_owned(),
        identity_client_id: "cid".to_owned(),
        identity_client_secret: "s3cr&t".to_owned(),
        identity_audience: "https://tenant.example/api/v2/".to_owned(),
        messaging_token: "lt".to_owned(),
    }
}

pub(crate) fn all() -> [Arc<dyn Connector>; 4] {
    connectors(&credentials())
}

/// Ada, with a phone.
pub(super) fn ada() -> Profile {
    Profile {
        email: "ada+1@x.example".to_owned(),
        given_name: "Ada".to_owned(),
        family_name: "Lovelace \"Countess\"".to_owned(),
        phone: Some("+4420".to_owned()),
    }
}

/// Ada's record as it should stand at a vendor that keeps both names.
pub(super) fn record(id: &str) -> Found {
    let want = ada();
    Found {
        id: id.to_owned(),
        owner: Some("C001/s17".to_owned()),
        email: Some(want.email),
        phone: want.phone,
        given_name: want.given_name,
        family_name: want.family_name,
        emails: None,
        condition: Condition::Live,
    }
}

pub(super) fn email(id: &str, email: &str, primary: bool) -> EmailIdentity {
    EmailIdentity { id: id.to_owned(), email: email.to_owned(), primary }
}

/// The request for an operation on Ada.
pub(super) fn asked(connector: &dyn Connector, operation: &Operation) -> Request {
    asked_for(connector, operation, &ada())
}

pub(super) fn asked_for(connector: &dyn Connector, operation: &Operation, want: &Profile) -> Request {
    connector.render(&Ask {
        operation,
        want,
        cust_no: "C001",
        owner: "C001/s17",
        token: "at.1",
        key: if operation.mutating() { KEY } else { "" },
        correlation: "corr-9",
        traceparent: "00-11-22-01",
    })
}

/// A request as one text: the line, the headers, the body.
pub(super) fn text(request: &Request) -> String {
    let method = request.method.name();
    let headers = request.headers.0.replace("\r\n", "\n");
    format!("{method} {}\n{headers}\n{}", request.target, String::from_utf8_lossy(&request.body))
}

/// The request's line and body, without the headers.
pub(super) fn line(request: &Request) -> String {
    let whole = text(&Request { headers: Headers::default(), ..request.clone() });
    whole.replacen("\n\n", " ", 1).trim_end().to_owned()
}

pub(super) fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: Headers::default(), body: body.as_bytes().to_vec() }
}

pub(super) fn read(connector: &dyn Connector, operation: &Operation, status: u16, body: &str) -> Reading {
    connector.read(operation, &answer(status, body))
}

/// Whether the answer says nothing for sure.
pub(super) fn unknown(reading: &Reading) -> bool {
    matches!(reading, Reading::Unknown(_))
}

/// An operation of each kind.
pub(super) fn operations() -> Vec<Operation> {
    let id = || "7".to_owned();
    vec![
        Operation::Token,
        Operation::Create,
        Operation::Read(id()),
        Operation::ReadDeleted(id()),
        Operation::ReadEmails(id()),
        Operation::FindByOwner,
        Operation::FindByEmail,
        Operation::Update(id()),
        Operation::PromoteEmail(id(), id()),
        Operation::DropEmail(id(), id()),
        Operation::Delete(id()),
        Operation::Purge(id()),
        Operation::Blank(id()),
        Operation::Push,
        Operation::ListChildren(id()),
        Operation::ListOn(id(), id()),
        Operation::MoveChild(id(), id()),
    ]
}
