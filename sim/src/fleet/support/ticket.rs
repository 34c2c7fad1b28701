//! Tickets of the help desk, as far as users need them: created, read, listed by requester, given to another one. All
//! stay open.

use super::super::body::Body;
use super::super::change::Change;
use super::super::json::{Json, key};
use super::super::target::Query;
use super::super::{Child, ChildKind, Fingerprint, MadeFor};
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
    updated: Stamp,
    /// For whom it was created.
    made_for: MadeFor,
}

impl Ticket {
    /// Feeds all that can still matter of it.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        print.number(u64::from(self.requester));
        print.bytes(self.subject.as_bytes());
        self.made_for.feed(print);
    }

    /// How checkers see it.
    pub(super) fn child(&self, number: usize) -> Child {
        Child {
            kind: ChildKind::Ticket,
            id: (FIRST_TICKET_ID + number as u64).to_string(),
            holder: Some((FIRST_ID + u64::from(self.requester)).to_string()),
            made_for: self.made_for.clone(),
        }
    }
}

/// What a request says about a ticket.
#[derive(Debug, Default)]
struct Fields<'a> {
    /// In a list of several.
    id: Option<u64>,
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
                "id" => fields.id = body.raw()?.trim_matches('"').parse().ok(),
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

/// Whose the tickets of a bulk call are to be, where that is said; nothing where the body is no ticket.
pub(super) fn requester_of(body: &[u8]) -> Option<Option<u64>> {
    Fields::of(body).map(|fields| fields.requester)
}

/// The id of one ticket in a list, and whose it is to be.
pub(super) fn read_item(body: &mut Body<'_>) -> Option<(Option<u64>, Option<u64>)> {
    Fields::read(body).map(|fields| (fields.id, fields.requester))
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
        self.answer_ticket(201, number)
    }

    /// `GET tickets/{id}`
    pub(super) fn read_ticket(&self, id: &str) -> Response {
        let Some(number) = self.ticket_number(id.parse().ok()) else { return answer::not_found() };
        let mut json = Json::with_capacity(512, self.drift);
        json.open();
        json.open_under(key!("ticket"));
        self.write_ticket(&mut json, number);
        json.close();
        json.close();
        Response::json(200, json.finish())
    }

    /// `GET tickets` and `GET tickets/show_many`: all, or those with these `ids`.
    pub(super) fn list_tickets(&self, request: &Request) -> Response {
        let mut numbers: Vec<_> = match Query(request.query()).get("ids") {
            Some(ids) => ids.split(',').filter_map(|id| self.ticket_number(id.trim().parse().ok())).collect(),
            None => (0..self.tickets.len() as u32).collect(),
        };
        numbers.sort_unstable();
        numbers.dedup();
        let tickets = numbers.into_iter().map(|number| (number as usize, number)).collect();
        self.answer_list(request, key!("tickets"), tickets, |json, &number| self.write_ticket(json, number))
    }

    /// `PUT tickets/{id}`: of what it may say, only the requester changes anything here.
    pub(super) fn update_ticket(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let id = id.parse().ok();
        let Some(number) = self.ticket_number(id) else { return answer::not_found() };
        let Some(fields) = Fields::of(&request.body) else { return answer::bad_request() };
        if !self.move_ticket(now, id.unwrap_or_default(), fields.requester) {
            return answer::invalid(&[Fault::blank(key!("requester_id"), "Requester")]);
        }
        self.answer_ticket(200, number)
    }

    /// Gives a ticket to another requester, where one is named. Whether there are both of them.
    pub(super) fn move_ticket(&mut self, now: Instant, id: u64, requester: Option<u64>) -> bool {
        let Some(number) = self.ticket_number(Some(id)) else { return false };
        if let Some(requester) = requester {
            let Some(row) = self.active(&requester.to_string()) else { return false };
            let held = self.tickets[number as usize].requester as usize;
            self.rows[held].tickets.retain(|&ticket| ticket != number);
            self.rows[row].tickets.push(number);
            self.rows[row].tickets.sort_unstable();
            self.tickets[number as usize].requester = row as u32;
        }
        self.tickets[number as usize].updated = Stamp::at(now);
        true
    }

    fn ticket_number(&self, id: Option<u64>) -> Option<u32> {
        let number = u32::try_from(id?.checked_sub(FIRST_TICKET_ID)?).ok()?;
        ((number as usize) < self.tickets.len()).then_some(number)
    }

    /// Adds a ticket to a user.
    pub(super) fn add_ticket(&mut self, now: Instant, row: usize, subject: String) -> u32 {
        let number = self.tickets.len() as u32;
        let tag = self.rows[row].user.external_id.as_deref();
        let made_for = MadeFor::of(tag, || (FIRST_ID + row as u64).to_string());
        let created = Stamp::at(now);
        self.tickets.push(Ticket { requester: row as u32, subject, created, updated: created, made_for });
        self.rows[row].tickets.push(number);
        number
    }

    /// `GET users/{id}/tickets/requested`
    pub(super) fn tickets_of(&self, id: &str, request: &Request) -> Response {
        let Some(row) = self.present(id) else { return answer::not_found() };
        let tickets = self.rows[row].tickets.iter().map(|&number| (number as usize, number)).collect();
        self.answer_list(request, key!("tickets"), tickets, |json, &number| self.write_ticket(json, number))
    }

    fn answer_ticket(&self, status: u16, number: u32) -> Response {
        let mut json = Json::with_capacity(512, self.drift);
        json.open();
        json.open_under(key!("ticket"));
        self.write_ticket(&mut json, number);
        json.close();
        json.open_under(key!("audit"));
        json.number(key!("id"), 2_127_301_143 + u64::from(number));
        json.number(key!("ticket_id"), FIRST_TICKET_ID + u64::from(number));
        json.created_at(self.tickets[number as usize].updated);
        json.constant(r#""events":[]"#);
        json.close();
        json.close();
        Response::json(status, json.finish())
    }

    fn write_ticket(&self, json: &mut Json, number: u32) {
        let ticket = &self.tickets[number as usize];
        json.number(key!("id"), FIRST_TICKET_ID + u64::from(number));
        json.text(key!("subject"), &ticket.subject);
        json.constant(r#""status":"open""#);
        json.optional(r#""priority":null,"type":null"#);
        json.number(key!("requester_id"), FIRST_ID + u64::from(ticket.requester));
        json.number(key!("submitter_id"), FIRST_ID + u64::from(ticket.requester));
        json.stamps(ticket.created, ticket.updated);
        json.constant(r#""tags":[]"#);
    }
}
