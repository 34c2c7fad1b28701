//! Tickets of the help desk, as far as users need them: created, listed by requester. All stay open.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::super::Fingerprint;
use super::super::json::Json;
use super::write::Fault;
use super::{FIRST_ID, Support, answer};
use crate::clock::{Instant, Stamp};
use crate::wire::{Request, Response};

/// The id of the first ticket; later ones count upwards.
pub(super) const FIRST_TICKET_ID: u64 = 35_436_001;

/// A ticket.
#[derive(Debug, Clone)]
pub(super) struct Ticket {
    /// The row of whoever asked.
    pub(super) requester: u32,
    pub(super) subject: String,
    pub(super) created: Stamp,
}

impl Ticket {
    /// Feeds all that can still matter of it.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        print.number(u64::from(self.requester));
        print.bytes(self.subject.as_bytes());
    }
}

#[derive(serde::Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    ticket: Fields<'a>,
}

#[derive(serde::Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    subject: Option<Cow<'a, str>>,
    comment: Option<IgnoredAny>,
    description: Option<IgnoredAny>,
    #[serde(borrow)]
    requester_id: Option<&'a RawValue>,
}

impl Fields<'_> {
    /// Who asks: an id, sent as a number or as a text of digits.
    fn requester(&self) -> Option<u64> {
        self.requester_id?.get().trim_matches('"').parse().ok()
    }
}

/// Who a ticket to be created is for.
pub(super) fn requester(body: &[u8]) -> Option<u64> {
    serde_json::from_slice::<Envelope<'_>>(body).ok()?.ticket.requester()
}

impl Support {
    /// `POST tickets`
    pub(super) fn create_ticket(&mut self, now: Instant, request: &Request) -> Response {
        let Ok(Envelope { ticket: fields }) = serde_json::from_slice(&request.body) else {
            return answer::bad_request();
        };
        if fields.comment.is_none() && fields.description.is_none() {
            return answer::invalid(&[Fault::blank("base", "Description")]);
        }
        let Some(row) = fields.requester().and_then(|id| self.active(&id.to_string())) else {
            return answer::invalid(&[Fault::blank("requester_id", "Requester")]);
        };
        let number = self.add_ticket(now, row, fields.subject.unwrap_or_default().into_owned());
        self.answer_ticket(number)
    }

    /// Adds a ticket to a user.
    pub(super) fn add_ticket(&mut self, now: Instant, row: usize, subject: String) -> u32 {
        let number = self.tickets.len() as u32;
        self.tickets.push(Ticket { requester: row as u32, subject, created: Stamp::at(now) });
        self.rows[row].tickets.push(number);
        number
    }

    /// `GET users/{id}/tickets/requested`
    pub(super) fn tickets_of(&self, id: &str, request: &Request) -> Response {
        let Some(row) = self.present(id) else { return answer::not_found() };
        let tickets = self.rows[row].tickets.iter().map(|&number| (number as usize, number)).collect();
        self.answer_list(request, "tickets", tickets, |json, &number| self.write_ticket(json, number))
    }

    fn answer_ticket(&self, number: u32) -> Response {
        let mut json = Json::with_capacity(512, self.drift);
        json.open();
        json.open_under("ticket");
        self.write_ticket(&mut json, number);
        json.close();
        json.open_under("audit");
        json.number("id", 2_127_301_143 + u64::from(number));
        json.number("ticket_id", FIRST_TICKET_ID + u64::from(number));
        json.stamp("created_at", self.tickets[number as usize].created);
        json.constant(r#""events":[]"#);
        json.close();
        json.close();
        Response::json(201, json.finish())
    }

    fn write_ticket(&self, json: &mut Json, number: u32) {
        let ticket = &self.tickets[number as usize];
        json.number("id", FIRST_TICKET_ID + u64::from(number));
        json.text("subject", &ticket.subject);
        json.constant(r#""status":"open""#);
        json.optional(r#""priority":null,"type":null"#);
        json.number("requester_id", FIRST_ID + u64::from(ticket.requester));
        json.number("submitter_id", FIRST_ID + u64::from(ticket.requester));
        json.stamp("created_at", ticket.created);
        json.stamp("updated_at", ticket.created);
        json.constant(r#""tags":[]"#);
    }
}
