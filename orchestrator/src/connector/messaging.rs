//! Messaging: LINE. It keeps no records; it takes a push under a retry key and answers a repeat with a conflict, which
//! means that the message is accepted.

use std::borrow::Cow;

use serde::Deserialize;

use super::answer::{self, Class, Complaint, UNREADABLE};
use super::credentials::Secret;
use super::http::{self, Manners};
use super::json::{self, Leaves, Part, Text};
use super::{Ask, Connector, Credentials, Found, Operation, Profile, Reading};
use crate::message::{Method, Request, Response};

const MANNERS: Manners = Manners { login: "authorization", scheme: "Bearer ", key: "x-line-retry-key" };
const PUSH: &str = "/v2/bot/message/push";

/// Speaks to messaging.
#[derive(Debug)]
pub(super) struct Messaging {
    token: Secret<String>,
}

impl Messaging {
    /// A connector with these credentials.
    pub(super) fn new(credentials: &Credentials) -> Self {
        Self { token: Secret(credentials.messaging_token.clone()) }
    }
}

impl Connector for Messaging {
    fn render(&self, ask: &Ask<'_>) -> Request {
        match ask.operation {
            Operation::Push => MANNERS.request(ask, &self.token.0, Method::Post, PUSH.to_owned(), push(ask)),
            _ => http::unsupported(),
        }
    }

    fn read(&self, operation: &Operation, response: &Response) -> Reading {
        let (status, class) = (response.status, answer::class(response));
        match (operation, class) {
            (_, Class::Settled(reading)) => reading,
            (Operation::Push, Class::Success(body)) => success(body),
            (Operation::Push, Class::No(body)) => {
                let said = json::object::<Answer<'_>>(body);
                match said.as_ref().and_then(Answer::complaint) {
                    Some(_) if status == 409 => Reading::Accepted,
                    complaint => answer::no(operation, status, complaint.as_ref()),
                }
            }
            _ => UNREADABLE,
        }
    }

    fn mend(&self, _want: &Profile, _have: &Found) -> Option<Operation> {
        None
    }

    fn remove(&self, _have: &Found) -> Option<Operation> {
        None
    }

    fn blank(&self, _have: &Found) -> Option<Operation> {
        None
    }
}

fn push(ask: &Ask<'_>) -> Vec<u8> {
    json::body(&[
        Part::Raw(r#"{"to":"#),
        Part::Text(ask.cust_no),
        Part::Raw(r#","messages":[{"type":"text","text":"#),
        Part::Joined(&["Welcome, ", &ask.want.given_name, "."]),
        Part::Raw("}]}"),
    ])
}

fn success(body: &str) -> Reading {
    match json::object::<Answer<'_>>(body) {
        None => UNREADABLE,
        Some(said) => said.complaint().map_or(Reading::Accepted, |complaint| complaint.in_success()),
    }
}

/// Any answer's body. An error is a `message`.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    message: Text<'a>,
    #[serde(borrow, default)]
    error: Leaves<'a>,
    #[serde(borrow, default)]
    errors: Leaves<'a>,
}

impl<'a> Answer<'a> {
    fn complaint(&self) -> Option<Complaint<'a>> {
        let leaf = || self.error.0.first().or_else(|| self.errors.0.first()).map(|leaf| leaf.text.clone());
        let word = self.message.get().map(|message| Cow::Owned(message.to_owned())).or_else(leaf)?;
        Some(Complaint { word, taken: false })
    }
}
