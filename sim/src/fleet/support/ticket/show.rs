//! How tickets are shown: singly, with their audit where they were written, and in lists.

use super::super::super::json::{Digits, Json, key};
use super::super::super::target::Query;
use super::super::{AGENT_ID, Support, answer};
use super::{FIRST_TICKET_ID, id_of};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// About how many bytes a ticket takes.
const TICKET_BYTES: usize = 640;

impl Support {
    /// `GET tickets/{id}`
    pub(in super::super) fn read_ticket(&self, id: &str, request: &Request) -> Response {
        let Some(number) = self.ticket_number(id.parse().ok()) else { return answer::not_found() };
        let mut json = Json::with_capacity(TICKET_BYTES, self.drift);
        json.open();
        json.open_under(key!("ticket"));
        self.write_ticket(&mut json, request, number);
        json.close();
        json.close();
        Response::json(200, json.finish())
    }

    /// `GET tickets`: all, or those with this `external_id`. It has a limit of its own, of which its answers tell.
    pub(in super::super) fn list_tickets(&mut self, now: Instant, request: &Request) -> Response {
        let limit = self.ticket_list_limit();
        let taken = limit.take(&mut self.ticket_lists, now);
        let mut response = match taken {
            Ok(()) => {
                let external_id = Query(request.query()).get("external_id");
                let named = |ticket: &super::Ticket| external_id.as_deref().is_none_or(|id| ticket.has_external_id(id));
                let numbers = (0_u32..).zip(&self.tickets).filter(|(_, ticket)| named(ticket));
                self.answer_tickets(request, numbers.map(|(number, _)| number))
            }
            Err(wait) => answer::throttled(wait),
        };
        let remaining = limit.remaining(&self.ticket_lists, now);
        answer::add_ticket_lists(&mut response.headers, limit, remaining, limit.resets_in(&self.ticket_lists, now));
        response
    }

    /// `GET tickets/show_many`: those with these `ids`.
    pub(in super::super) fn show_tickets(&self, request: &Request) -> Response {
        let Some(ids) = Query(request.query()).get("ids") else { return answer::bad_request() };
        let mut numbers: Vec<_> = ids.split(',').filter_map(|id| self.ticket_number(id.trim().parse().ok())).collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.answer_tickets(request, numbers.into_iter())
    }

    /// `GET users/{id}/tickets/requested`
    pub(in super::super) fn tickets_of(&self, id: &str, request: &Request) -> Response {
        match self.present(id) {
            Some(row) => self.answer_tickets(request, self.rows[row].tickets.iter().copied()),
            None if id.parse() == Ok(AGENT_ID) => {
                let own = (0_u32..).zip(&self.tickets).filter(|(_, ticket)| ticket.requester.is_none());
                self.answer_tickets(request, own.map(|(number, _)| number))
            }
            None => answer::not_found(),
        }
    }

    fn answer_tickets(&self, request: &Request, numbers: impl Iterator<Item = u32>) -> Response {
        let tickets = numbers.map(|number| (number as usize, number)).collect();
        self.answer_list(request, key!("tickets"), tickets, |json, &number| self.write_ticket(json, request, number))
    }

    /// A ticket that was written just now, with the audit of it.
    pub(super) fn answer_ticket(&self, request: &Request, status: u16, number: u32) -> Response {
        let mut json = Json::with_capacity(TICKET_BYTES, self.drift);
        json.open();
        json.open_under(key!("ticket"));
        self.write_ticket(&mut json, request, number);
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

    fn write_ticket(&self, json: &mut Json, request: &Request, number: u32) {
        let ticket = &self.tickets[number as usize];
        let id = FIRST_TICKET_ID + u64::from(number);
        json.number(key!("id"), id);
        answer::write_url(json, request, "/api/v2/tickets/", Digits::of(id).as_str());
        json.text(key!("subject"), &ticket.subject);
        json.text(key!("status"), ticket.status());
        match &ticket.details {
            Some(details) => json.optional_by(|json| {
                json.text(key!("description"), &details.description);
                json.text_or_null(key!("priority"), details.priority.as_deref());
                json.text_or_null(key!("type"), details.kind.as_deref());
                json.text_or_null(key!("external_id"), details.external_id.as_deref());
                match details.assignee {
                    Some(id) => json.plain_number(key!("assignee_id"), id),
                    None => json.null(key!("assignee_id")),
                }
            }),
            None => {
                json.optional(r#""description":"","priority":null,"type":null,"external_id":null,"assignee_id":null"#)
            }
        }
        let requester = id_of(ticket.requester);
        json.number(key!("requester_id"), requester);
        json.number(key!("submitter_id"), if ticket.by_agent { AGENT_ID } else { requester });
        json.stamps(ticket.created, ticket.updated);
        json.open_list_under(key!("tags"));
        ticket.details.iter().flat_map(|details| &details.tags).for_each(|tag| json.text_item(tag));
        json.close_list();
    }
}
