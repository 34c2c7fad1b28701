//! Support: Zendesk. One name field; the owner tag is the external id. A user has e-mail identities: a written e-mail
//! becomes a secondary one, so changing it takes promoting the new one and dropping the old. Deletion is soft, and
//! refused with open tickets; only purging frees the keys. Finding is by search, which lags. A merge is done at once and
//! for good: the user in the path is deleted, the one in the body stays.

mod reading;
#[cfg(test)]
mod tests;

use super::answer::{self, Class};
use super::credentials::Secret;
use super::fields::{same_email, same_name};
use super::http::{self, Manners, Piece};
use super::{Ask, Condition, Connector, Credentials, EmailIdentity, Found, Operation, Profile, Reading};
use crate::json::{self, Writer};
use crate::message::{Method, Request, Response};

const MANNERS: Manners = Manners { login: "authorization", scheme: "Basic ", key: "idempotency-key" };
const USERS: &str = "/api/v2/users.json";
const USER: &str = "/api/v2/users/";
const TICKET: &str = "/api/v2/tickets/";
/// The tickets that a user asked for, as many as a page may have.
const TICKETS: &str = "/tickets/requested.json?per_page=100";
const TICKETS_LISTED: usize = 100;
const DELETED_USER: &str = "/api/v2/deleted_users/";
const SEARCH: &str = "/api/v2/users/search.json?";
const SHOW_MANY: &str = "/api/v2/users/show_many.json?ids=";

/// Speaks to support.
#[derive(Debug)]
pub(super) struct Support {
    basic: Secret<String>,
}

impl Support {
    /// A connector with these credentials.
    pub(super) fn new(credentials: &Credentials) -> Self {
        let user = [&credentials.support_email, "/token"].concat();
        Self { basic: Secret(http::basic(&user, &credentials.support_token)) }
    }
}

impl Connector for Support {
    fn render(&self, ask: &Ask<'_>) -> Request {
        let one = |base, id| http::target(&[Piece::Plain(base), Piece::Encoded(id), Piece::Plain(".json")]);
        let search = |field, value| http::target(&[Piece::Plain(SEARCH), Piece::Plain(field), Piece::Encoded(value)]);
        let (method, target, body) = match ask.operation {
            Operation::Create => (Method::Post, USERS.to_owned(), create(ask)),
            Operation::Read(id) => (Method::Get, one(USER, id), Vec::new()),
            Operation::ReadDeleted(id) => (Method::Get, one(DELETED_USER, id), Vec::new()),
            Operation::ReadEmails(id) => (Method::Get, identity(id, "/identities", "", ".json"), Vec::new()),
            Operation::FindByOwner => (Method::Get, search("external_id=", ask.owner), Vec::new()),
            Operation::FindByEmail => (Method::Get, search("query=email:", &ask.want.email), Vec::new()),
            Operation::Update(id) => (Method::Put, one(USER, id), update(ask.want)),
            Operation::PromoteEmail(id, email) => {
                (Method::Put, identity(id, "/identities/", email, "/make_primary.json"), Vec::new())
            }
            Operation::DropEmail(id, email) => {
                (Method::Delete, identity(id, "/identities/", email, ".json"), Vec::new())
            }
            Operation::Delete(id) => (Method::Delete, one(USER, id), Vec::new()),
            Operation::Purge(id) => (Method::Delete, one(DELETED_USER, id), Vec::new()),
            Operation::Blank(id) => (Method::Put, one(USER, id), blank()),
            Operation::ReadMerge(stays, goes) => {
                let both = [stays, ",", goes].concat();
                (Method::Get, http::target(&[Piece::Plain(SHOW_MANY), Piece::Encoded(&both)]), Vec::new())
            }
            Operation::Merge(stays, goes) => {
                let target = http::target(&[Piece::Plain(USER), Piece::Encoded(goes), Piece::Plain("/merge.json")]);
                (Method::Put, target, winner(stays))
            }
            Operation::Own(id) => (Method::Put, one(USER, id), own(ask)),
            Operation::ListChildren(id) => (
                Method::Get,
                http::target(&[Piece::Plain(USER), Piece::Encoded(id), Piece::Plain(TICKETS)]),
                Vec::new(),
            ),
            Operation::MoveChild(ticket, to) => (Method::Put, one(TICKET, ticket), asked_by(to)),
            Operation::Token
            | Operation::Push
            | Operation::Unmerge(..)
            | Operation::ReadKept(_)
            | Operation::Restore(..) => return http::unsupported(),
        };
        MANNERS.request(ask, &self.basic.0, method, target, body)
    }

    fn read(&self, operation: &Operation, response: &Response) -> Reading {
        match answer::class(response) {
            Class::Settled(reading) => reading,
            Class::Success(body) => reading::success(operation, response.status, body),
            Class::No(body) => reading::no(operation, response.status, body),
        }
    }

    /// Fields first, as the same write brings the wanted e-mail; then the identities as they were read.
    fn mend(&self, want: &Profile, have: &Found) -> Option<Operation> {
        if have.condition != Condition::Live {
            return None;
        }
        if have.phone != want.phone || !same_name(want, have) {
            return Some(Operation::Update(have.id.clone()));
        }
        let Some(emails) = &have.emails else {
            return Some(Operation::ReadEmails(have.id.clone()));
        };
        match emails.iter().find(|email| same_email(want, &email.email)) {
            None => Some(Operation::Update(have.id.clone())),
            Some(wanted) if !wanted.primary => Some(on_identity(have, wanted, Operation::PromoteEmail)),
            Some(_) => {
                let other = emails.iter().find(|email| !same_email(want, &email.email))?;
                Some(on_identity(have, other, Operation::DropEmail))
            }
        }
    }

    fn remove(&self, have: &Found) -> Option<Operation> {
        match have.condition {
            Condition::Live => Some(Operation::Delete(have.id.clone())),
            Condition::SoftDeleted => Some(Operation::Purge(have.id.clone())),
            Condition::Closed => None,
        }
    }

    /// The identities go first, secondary ones before the primary, and the mark is set last: so the answer to the
    /// last write shows the record closed, and a record that is only half blank still looks live.
    fn blank(&self, have: &Found) -> Option<Operation> {
        if have.condition != Condition::Live {
            return self.remove(have);
        }
        let Some(emails) = &have.emails else {
            return Some(Operation::ReadEmails(have.id.clone()));
        };
        Some(match emails.iter().find(|email| !email.primary).or_else(|| emails.first()) {
            Some(email) => on_identity(have, email, Operation::DropEmail),
            None => Operation::Blank(have.id.clone()),
        })
    }

    fn keeps_deleted(&self) -> bool {
        true
    }

    fn moves_children(&self) -> bool {
        true
    }

    fn children_listed(&self) -> usize {
        TICKETS_LISTED
    }
}

/// The operation on an identity of the record, or the reading of its identities where the id is not known, as after
/// a create.
fn on_identity(have: &Found, email: &EmailIdentity, operation: fn(String, String) -> Operation) -> Operation {
    if email.id.is_empty() {
        Operation::ReadEmails(have.id.clone())
    } else {
        operation(have.id.clone(), email.id.clone())
    }
}

fn identity(user: &str, before: &str, email: &str, after: &str) -> String {
    http::target(&[
        Piece::Plain(USER),
        Piece::Encoded(user),
        Piece::Plain(before),
        Piece::Encoded(email),
        Piece::Plain(after),
    ])
}

fn create(ask: &Ask<'_>) -> Vec<u8> {
    json::body(|json| owned(json, ask).raw(r#","skip_verify_email":true}}"#))
}

fn update(want: &Profile) -> Vec<u8> {
    json::body(|json| fields(json, want).raw("}}"))
}

/// The fields, and whose the record is.
fn own(ask: &Ask<'_>) -> Vec<u8> {
    json::body(|json| owned(json, ask).raw("}}"))
}

fn owned<'b>(json: Writer<'b>, ask: &Ask<'_>) -> Writer<'b> {
    fields(json, ask.want).raw(r#","external_id":"#).text(ask.owner)
}

fn fields<'b>(json: Writer<'b>, want: &Profile) -> Writer<'b> {
    json.raw(r#"{"user":{"name":"#)
        .name(&want.given_name, &want.family_name)
        .raw(r#","email":"#)
        .text(&want.email)
        .raw(r#","phone":"#)
        .maybe(want.phone.as_deref())
}

/// The user that a merge leaves.
fn winner(id: &str) -> Vec<u8> {
    json::body(|json| json.raw(r#"{"user":{"id":"#).id(id).raw("}}"))
}

/// Whose a ticket is to be.
fn asked_by(id: &str) -> Vec<u8> {
    json::body(|json| json.raw(r#"{"ticket":{"requester_id":"#).id(id).raw("}}"))
}

fn blank() -> Vec<u8> {
    br#"{"user":{"name":"closed","phone":null,"tags":["closed"]}}"#.to_vec()
}
