//! Tickets of the help desk, as far as users need them: created, changed, given to another requester. What requests
//! say, whom tickets are for, what is replayed and how tickets are shown stands beside this. Comments after the first
//! are absent.

mod read;
mod replay;
mod requester;
mod show;

pub(super) use self::read::Fields;
pub(super) use self::replay::Replays;
use self::requester::{Requester, id_of};

use super::super::json::key;
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
    /// Whoever asked.
    pub(super) requester: Requester,
    pub(super) subject: String,
    /// Whether an agent submitted it, and not the requester.
    by_agent: bool,
    created: Stamp,
    updated: Stamp,
    /// For whom it was created.
    made_for: MadeFor,
    /// Nothing where it came from outside and no agent has touched it: then it is open.
    details: Option<Box<Details>>,
}

/// What agents work with.
#[derive(Debug, Clone, Default)]
struct Details {
    description: String,
    /// Empty stands for open.
    status: String,
    priority: Option<String>,
    kind: Option<String>,
    external_id: Option<String>,
    tags: Vec<String>,
    assignee: Option<u64>,
}

impl Ticket {
    /// Feeds all that can still matter of it.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        print.number(self.requester.map_or(u64::MAX, u64::from));
        print.bytes(self.subject.as_bytes());
        self.made_for.feed(print);
        if let Some(details) = &self.details {
            details.feed(print);
        }
    }

    /// How checkers see it. What an agent asked for itself is nobody's: no customer's record may miss it.
    pub(super) fn child(&self, number: usize) -> Child {
        Child {
            kind: ChildKind::Ticket,
            id: (FIRST_TICKET_ID + number as u64).to_string(),
            holder: self.requester.map(|row| (FIRST_ID + u64::from(row)).to_string()),
            made_for: self.made_for.clone(),
        }
    }

    /// Whether it is closed: then nobody changes it any more, and its requester may be deleted.
    pub(super) fn is_closed(&self) -> bool {
        self.status() == "closed"
    }

    fn status(&self) -> &str {
        self.details.as_deref().map(|details| &*details.status).filter(|status| !status.is_empty()).unwrap_or("open")
    }

    fn has_external_id(&self, id: &str) -> bool {
        self.details.as_deref().is_some_and(|details| details.external_id.as_deref() == Some(id))
    }

    /// Writes what a request says, the requester aside.
    fn apply(&mut self, fields: &Fields<'_>) {
        fields.subject.apply(&mut self.subject);
        let Some(more) = &fields.more else { return };
        let details = self.details.get_or_insert_default();
        if more.status.value().is_some_and(|status| !status.is_empty()) {
            more.status.apply(&mut details.status);
        }
        more.priority.apply_optional(&mut details.priority, str::to_owned);
        more.kind.apply_optional(&mut details.kind, str::to_owned);
        more.external_id.apply_optional(&mut details.external_id, str::to_owned);
        if let Some(tags) = &more.tags {
            details.tags.clone_from(tags);
        }
        details.assignee = more.assignee.unwrap_or(details.assignee);
    }
}

impl Details {
    fn feed(&self, print: &mut Fingerprint) {
        let Self { description, status, priority, kind, external_id, tags, assignee } = self;
        for text in [Some(description), Some(status), priority.as_ref(), kind.as_ref(), external_id.as_ref()] {
            print.bytes(text.map_or("", |text| text).as_bytes());
        }
        print.number(tags.len() as u64);
        tags.iter().for_each(|tag| print.bytes(tag.as_bytes()));
        print.number(assignee.unwrap_or_default());
    }
}

/// Who a ticket to be created is for, where that is said by id.
pub(super) fn requester(body: &[u8]) -> Option<u64> {
    Fields::of(body)?.requester
}

impl Support {
    fn create_anew(&mut self, now: Instant, request: &Request) -> Response {
        let Some(fields) = Fields::of(&request.body) else {
            return answer::bad_request();
        };
        let mut faults = fields.faults();
        let description = fields.text.value().unwrap_or_default();
        if description.trim().is_empty() {
            faults.push(Fault::blank(key!("base"), "Description"));
        }
        if !faults.is_empty() {
            return answer::invalid(&faults);
        }
        let requester = match self.requester(now, &fields) {
            Ok(requester) => requester.flatten(),
            Err(refusal) => return refusal,
        };
        let number = self.add_ticket(now, requester, String::new());
        let ticket = &mut self.tickets[number as usize];
        ticket.by_agent = true;
        ticket.details.get_or_insert_default().description.push_str(description);
        ticket.apply(&fields);
        if let Some(details) = &mut ticket.details
            && details.status.is_empty()
        {
            let status = if details.assignee.is_some() { "open" } else { "new" };
            details.status.push_str(status);
        }
        self.answer_ticket(request, 201, number)
    }

    /// `PUT tickets/{id}`
    pub(super) fn update_ticket(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(number) = self.ticket_number(id.parse().ok()) else { return answer::not_found() };
        let Some(fields) = Fields::of(&request.body) else { return answer::bad_request() };
        match self.change_ticket(now, number, &fields) {
            Ok(()) => self.answer_ticket(request, 200, number),
            Err(refusal) => refusal,
        }
    }

    /// Writes what a request says into a ticket, or refuses it as a whole.
    pub(super) fn change_ticket(&mut self, now: Instant, number: u32, fields: &Fields<'_>) -> Result<(), Response> {
        let mut faults = fields.faults();
        if self.tickets[number as usize].is_closed() {
            let description = "Status: closed prevents ticket update".to_owned();
            faults.push(Fault { field: key!("status"), description, code: "InvalidValue" });
        }
        if !faults.is_empty() {
            return Err(answer::invalid(&faults));
        }
        if let Some(requester) = self.requester(now, fields)? {
            self.give_ticket(number, requester);
        }
        let ticket = &mut self.tickets[number as usize];
        ticket.apply(fields);
        ticket.updated = Stamp::at(now);
        Ok(())
    }

    /// The number of the ticket with this id.
    pub(super) fn ticket_number(&self, id: Option<u64>) -> Option<u32> {
        let number = u32::try_from(id?.checked_sub(FIRST_TICKET_ID)?).ok()?;
        ((number as usize) < self.tickets.len()).then_some(number)
    }

    /// Adds a ticket.
    pub(super) fn add_ticket(&mut self, now: Instant, requester: Requester, subject: String) -> u32 {
        let number = self.tickets.len() as u32;
        let made_for = match requester {
            Some(row) => {
                let row = &mut self.rows[row as usize];
                row.tickets.push(number);
                MadeFor::of(row.user.external_id.as_deref(), || id_of(requester).to_string())
            }
            None => MadeFor::Nobody,
        };
        let created = Stamp::at(now);
        let (by_agent, details) = (false, None);
        self.tickets.push(Ticket { requester, subject, by_agent, created, updated: created, made_for, details });
        number
    }
}
