//! Messaging: LINE. It keeps no records; it takes a push under a retry key and answers a repeat with a conflict, which
//! means that the message is accepted.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::answer::{self, Class, Complaint, UNREADABLE};
use super::credentials::Secret;
use super::http::{self, Manners};
use super::{Ask, Connector, Credentials, Found, Operation, Profile, Reading};
use crate::json::{self, Leaf, Text};
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
        match answer::class(response) {
            Class::Settled(reading) => reading,
            Class::Success(body) if *operation == Operation::Push => success(body),
            Class::Success(_) => UNREADABLE,
            Class::No(body) => {
                let said = Answer::read(body);
                match said.as_ref().and_then(Answer::complaint) {
                    Some(_) if response.status == 409 => Reading::Accepted,
                    complaint => answer::no(operation, response.status, complaint.as_ref()),
                }
            }
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
    json::body(|json| {
        json.raw(r#"{"to":"#)
            .text(ask.cust_no)
            .raw(r#","messages":[{"type":"text","text":"#)
            .joined(&["Welcome, ", &ask.want.given_name, "."])
            .raw("}]}")
    })
}

fn success(body: &str) -> Reading {
    match Answer::read(body) {
        None => UNREADABLE,
        Some(said) => said.complaint().map_or(Reading::Accepted, |complaint| complaint.in_success()),
    }
}

/// Any answer's body. An error is a `message`.
#[derive(Default)]
struct Answer<'a> {
    message: Text<'a>,
    errors: Vec<Leaf<'a>>,
}

impl<'a> Answer<'a> {
    fn read(body: &'a str) -> Option<Self> {
        let mut answer = Self::default();
        let object = json::whole(body, |json| {
            json.object(|key, json| match key {
                b"message" => json.text().map(|message| answer.message = message),
                b"error" | b"errors" => json.leaves(b"", &mut answer.errors),
                _ => json.skip(),
            })
        })?;
        object.then_some(answer)
    }

    fn complaint(&self) -> Option<Complaint<'a>> {
        let leaf = || self.errors.first().map(|leaf| leaf.text.clone());
        let word = self.message.get().map(|message| Cow::Owned(message.to_owned())).or_else(leaf)?;
        Some(Complaint { word, taken: false })
    }
}
