//! Updates of many tickets at once, which the help desk carries out as a job, and how such a job stands.

use super::super::Fingerprint;
use super::super::body::Body;
use super::super::job::State;
use super::super::json::{Json, key};
use super::super::target::Query;
use super::ticket::Fields;
use super::{Support, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// At most so many tickets in one request.
const MOST: usize = 100;
/// The first half of every job's id; the other half counts.
const FIRST_HALF: &str = "8b726e606741012f";

/// What a job is to do: each item a ticket's id and its new requester's, and whether that was done.
#[derive(Debug, Clone)]
pub(super) struct Bulk(Vec<Item>);

#[derive(Debug, Clone)]
struct Item {
    ticket: u64,
    requester: Option<u64>,
    done: bool,
}

impl Bulk {
    /// Reads `?ids=1,2` with one `ticket`, or `{"tickets": [{"id": …}, …]}`.
    fn of(request: &Request) -> Option<Self> {
        let Some(ids) = Query(request.query()).get("ids") else {
            let mut items = Vec::new();
            Body::read(&request.body, |body| {
                body.object(|name, body| match name {
                    "tickets" => body.list(|body| {
                        let fields = Fields::read(body)?;
                        items.push(Item { ticket: fields.id?, requester: fields.requester, done: false });
                        Some(())
                    }),
                    _ => body.skip(),
                })
            })?;
            return Some(Self(items));
        };
        let requester = Fields::of(&request.body)?.requester;
        let item = |id: &str| Some(Item { ticket: id.trim().parse().ok()?, requester, done: false });
        ids.split(',').map(item).collect::<Option<_>>().map(Self)
    }

    /// Feeds all that it says.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        print.number(self.0.len() as u64);
        for Item { ticket, requester, done } in &self.0 {
            print.number(*ticket);
            print.number(requester.map_or(0, |id| id + 1));
            print.number(u64::from(*done));
        }
    }
}

/// The first ticket that a request is about.
pub(super) fn first_ticket(request: &Request) -> Option<u64> {
    Bulk::of(request)?.0.first().map(|item| item.ticket)
}

impl Support {
    /// `PUT tickets/update_many`: the answer tells of a job.
    pub(super) fn update_tickets(&mut self, now: Instant, request: &Request) -> Response {
        match Bulk::of(request).filter(|bulk| (1..=MOST).contains(&bulk.0.len())) {
            Some(bulk) => {
                let number = self.jobs.start(now, bulk);
                self.answer_job(number)
            }
            None => answer::bad_request(),
        }
    }

    /// `GET job_statuses/{id}`
    pub(super) fn job_status(&self, id: &str) -> Response {
        let number = id.strip_prefix(FIRST_HALF).and_then(|half| usize::from_str_radix(half, 16).ok());
        match number.filter(|&number| self.jobs.get(number).is_some()) {
            Some(number) => self.answer_job(number),
            None => answer::not_found(),
        }
    }

    /// Carries out one job whose time has come.
    pub(super) fn finish_job(&mut self, now: Instant) -> Option<&'static str> {
        let number = self.jobs.due(now)?;
        let job = self.jobs.get_mut(number)?;
        let mut items = std::mem::take(&mut job.what.0);
        let last = if job.fails_half { items.len() / 2 } else { items.len() };
        for item in &mut items[..last] {
            item.done = self.move_ticket(now, item.ticket, item.requester);
        }
        let job = self.jobs.get_mut(number)?;
        job.what.0 = items;
        job.state = if job.fails_half { State::Failed } else { State::Completed };
        Some(if job.fails_half { "a job fails when half of it is done" } else { "a job is done" })
    }

    fn answer_job(&self, number: usize) -> Response {
        let Some(job) = self.jobs.get(number) else { return answer::not_found() };
        let Bulk(items) = &job.what;
        let (status, done) = match job.state {
            State::Running => ("working", 0),
            State::Completed => ("completed", items.len()),
            State::Failed => ("failed", items.len() / 2),
        };
        let mut json = Json::with_capacity(256 + items.len() * 96, self.drift);
        json.open();
        json.open_under(key!("job_status"));
        json.text(key!("id"), &[FIRST_HALF, &format!("{number:016x}")].concat());
        json.constant(r#""job_type":"Bulk Update Ticket""#);
        json.plain_number(key!("total"), items.len() as u64);
        json.plain_number(key!("progress"), done as u64);
        json.text(key!("status"), status);
        json.null(key!("message"));
        if job.state == State::Running {
            json.null(key!("results"));
        } else {
            json.open_list_under(key!("results"));
            (0_u64..).zip(&items[..done]).for_each(|(index, item)| write_result(&mut json, index, item));
            json.close_list();
        }
        json.close();
        json.close();
        Response::json(200, json.finish())
    }
}

fn write_result(json: &mut Json, index: u64, item: &Item) {
    json.open();
    json.plain_number(key!("index"), index);
    json.number(key!("id"), item.ticket);
    json.constant(r#""action":"update""#);
    json.flag(key!("success"), item.done);
    json.text(key!("status"), if item.done { "Updated" } else { "Failed" });
    if !item.done {
        json.constant(r#""error":"TicketUpdateFailed""#);
    }
    json.close();
}
