//! Whom a ticket is for: named by id or by e-mail, where the desk adds whoever it does not know, or else the agent who
//! calls. And how tickets go from one to another.

use super::super::super::json::{Key, key};
use super::super::super::shape::tidy_email;
use super::super::user::EMAIL;
use super::super::write::{Fault, Fields as UserFields};
use super::super::{AGENT_ID, FIRST_ID, Support, answer};
use super::read::{Asker, Fields};
use crate::clock::Instant;
use crate::fleet::auth::Credentials;
use crate::wire::Response;

/// A requester: a user's row, or nothing for the agent whom the API token belongs to.
pub(in super::super) type Requester = Option<u32>;

/// The id that a requester is shown with.
pub(super) const fn id_of(requester: Requester) -> u64 {
    match requester {
        Some(row) => FIRST_ID + row as u64,
        None => AGENT_ID,
    }
}

impl Support {
    /// Whom a request names as the requester, if it names anybody.
    pub(super) fn requester(&mut self, now: Instant, fields: &Fields<'_>) -> Result<Option<Requester>, Response> {
        match (fields.requester, &fields.asker) {
            (Some(AGENT_ID), _) => Ok(Some(None)),
            (Some(id), _) => match self.active(&id.to_string()) {
                Some(row) => Ok(Some(Some(row as u32))),
                None => Err(answer::invalid(&[Fault::blank(key!("requester_id"), "Requester")])),
            },
            (None, Some(asker)) => self.known_or_new(now, asker).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn known_or_new(&mut self, now: Instant, asker: &Asker<'_>) -> Result<Requester, Response> {
        let refuse = |description: &str| {
            let field: Key = key!("requester");
            Err(answer::invalid(&[Fault { field, description: description.to_owned(), code: "InvalidValue" }]))
        };
        let email = tidy_email(asker.email.value().unwrap_or_default());
        if email.is_empty() {
            return refuse("Requester: Email: cannot be blank");
        }
        if email == Credentials::SIMULATION.support_email {
            return Ok(None);
        }
        if let Some(row) = self.holder_of_login(EMAIL, &email) {
            return if self.rows[row].user.active {
                Ok(Some(row as u32))
            } else {
                refuse("Requester: User is deleted")
            };
        }
        let name = asker.name.value().unwrap_or_default();
        if name.trim().is_empty() {
            return refuse("Requester: Name: is too short (minimum one character)");
        }
        self.create_from(now, &UserFields::named(name, &email)).map(|row| Some(row as u32))
    }

    /// Gives a ticket to another requester.
    pub(super) fn give_ticket(&mut self, number: u32, to: Requester) {
        let held = std::mem::replace(&mut self.tickets[number as usize].requester, to);
        if let Some(row) = held {
            self.rows[row as usize].tickets.retain(|&ticket| ticket != number);
        }
        if let Some(row) = to {
            let tickets = &mut self.rows[row as usize].tickets;
            tickets.push(number);
            tickets.sort_unstable();
        }
    }
}
