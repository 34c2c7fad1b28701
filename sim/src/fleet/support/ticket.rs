//! Tickets of the help desk, as far as users need them: created, listed by requester. All stay open.

use super::super::Fingerprint;
use super::super::body::Body;
use super::super::change::Change;
use super::super::json::{Json, key};
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

/// What a request says about a ticket.
#[derive(Debug, Default)]
struct Fields<'a> {
    subject: Change<'a>,
    /// Whether it says anything, by `comment` or by `description`.
    described: bool,
    requester: Option<u64>,
}

impl<'a> Fields<'a> {
    /// Reads `{"ticket": …}`.
    fn of(body: &'a [u8]) -> Option<Self> {
        Body::read(body, |body| body.under("ticket", Self::read))
    }

    fn read(body: &mut Body<'a>) -> Option<Self> {
        let mut fields = Self::default();
        body.object(|name, body| {
            match name {
                "subject" => fields.subject = body.change()?,
                "comment" | "description" => fields.described |= body.raw()? != "null",
                // A number, or a text of digits.
                "requester_id" => fields.requester = body.raw()?.trim_matches('"').parse().ok(),
                _ => body.skip()?,
            }
            Some(())
        })?;
        Some(fields)
    }
}

/// Who a ticket to be created is for.
pub(super) fn requester(body: &[u8]) -> Option<u64> {
    Fields::of(body)?.requester
}

impl Support {
    /// `POST tickets`
    pub(super) fn create_ticket(&mut self, now: Instant, request: &Request) -> Response {
        let Some(fields) = Fields::of(&request.body) else {
            return answer::bad_request();
        };
        if !fields.described {
            return answer::invalid(&[Fault::blank(key!("base"), "Description")]);
        }
        let Some(row) = fields.requester.and_then(|id| self.active(&id.to_string())) else {
            return answer::invalid(&[Fault::blank(key!("requester_id"), "Requester")]);
        };
        let number = self.add_ticket(now, row, fields.subject.value().unwrap_or_default().to_owned());
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
        self.answer_list(request, key!("tickets"), tickets, |json, &number| self.write_ticket(json, number))
    }

    fn answer_ticket(&self, number: u32) -> Response {
        let mut json = Json::with_capacity(512, self.drift);
        json.open();
        json.open_under(key!("ticket"));
        self.write_ticket(&mut json, number);
        json.close();
        json.open_under(key!("audit"));
        json.number(key!("id"), 2_127_301_143 + u64::from(number));
        json.number(key!("ticket_id"), FIRST_TICKET_ID + u64::from(number));
        json.created_at(self.tickets[number as usize].created);
        json.constant(r#""events":[]"#);
        json.close();
        json.close();
        Response::json(201, json.finish())
    }

    fn write_ticket(&self, json: &mut Json, number: u32) {
        let ticket = &self.tickets[number as usize];
        json.number(key!("id"), FIRST_TICKET_ID + u64::from(number));
        json.text(key!("subject"), &ticket.subject);
        json.constant(r#""status":"open""#);
        json.optional(r#""priority":null,"type":null"#);
        json.number(key!("requester_id"), FIRST_ID + u64::from(ticket.requester));
        json.number(key!("submitter_id"), FIRST_ID + u64::from(ticket.requester));
        json.stamps(ticket.created, ticket.created);
        json.constant(r#""tags":[]"#);
    }
}
