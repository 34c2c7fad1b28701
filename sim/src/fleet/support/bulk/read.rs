//! Reading requests that concern many records: by `ids` or `external_ids` with one record's fields, or as a list of
//! records.

use std::borrow::Cow;

use super::super::super::body::Body;
use super::super::super::change::Change;
use super::super::super::target::Query;
use super::super::ticket;
use super::{Many, Task};
use crate::wire::Request;

/// The tasks that a request asks for; nothing where it cannot be read.
pub(super) fn tasks(does: Many, request: &Request) -> Option<Vec<Task>> {
    let query = Query(request.query());
    let named = Named { ids: query.get("ids"), external_ids: query.get("external_ids") };
    match does {
        Many::UpdateTickets => match &named.ids {
            Some(_) => {
                let ticket = under("ticket", &request.body)?;
                ticket::Fields::of_ticket(ticket)?;
                named.tasks(false, ticket)
            }
            None => listed(&request.body, "tickets", |body| {
                let ticket = body.raw()?;
                Some(Task::of(Some(ticket::Fields::of_ticket(ticket)?.id?), None, ticket))
            }),
        },
        Many::UpdateUsers if named.any() => named.tasks(true, under("user", &request.body)?),
        Many::DeleteUsers => named.tasks(true, ""),
        Many::UpdateUsers => listed(&request.body, "users", |body| {
            let user = body.raw()?;
            let (id, external_id) = names_of(user)?;
            Some(Task::of(id, external_id, user))
        }),
        Many::CreateUsers | Many::CreateOrUpdateUsers => {
            listed(&request.body, "users", |body| body.raw().map(|user| Task::of(None, None, user)))
        }
    }
}

/// The records that a query names.
struct Named<'a> {
    ids: Option<Cow<'a, str>>,
    external_ids: Option<Cow<'a, str>>,
}

impl Named<'_> {
    const fn any(&self) -> bool {
        self.ids.is_some() || self.external_ids.is_some()
    }

    /// A task for each, which says the same.
    fn tasks(&self, by_external_ids: bool, says: &str) -> Option<Vec<Task>> {
        match (&self.ids, &self.external_ids) {
            (Some(ids), _) => {
                ids.split(',').map(|id| Some(Task::of(Some(id.trim().parse().ok()?), None, says))).collect()
            }
            (None, Some(ids)) if by_external_ids => {
                Some(ids.split(',').map(|id| Task::of(None, Some(id.trim().to_owned()), says)).collect())
            }
            (None, _) => None,
        }
    }
}

impl Task {
    fn of(id: Option<u64>, external_id: Option<String>, says: &str) -> Self {
        Self { id, external_id, says: says.to_owned(), outcome: None }
    }
}

fn under<'a>(name: &str, body: &'a [u8]) -> Option<&'a str> {
    Body::read(body, |body| body.under(name, Body::raw))
}

/// The tasks of a list under this name, which must be there.
fn listed<'a>(body: &'a [u8], name: &str, task: impl Fn(&mut Body<'a>) -> Option<Task>) -> Option<Vec<Task>> {
    Body::read(body, |body| {
        body.under(name, |body| {
            let mut tasks = Vec::new();
            body.list(|body| task(body).map(|task| tasks.push(task)))?;
            Some(tasks)
        })
    })
}

/// The id in a user's JSON, or else its external id.
fn names_of(user: &str) -> Option<(Option<u64>, Option<String>)> {
    Body::read(user.as_bytes(), |body| {
        let (mut id, mut external_id) = (None, Change::Keep);
        body.object(|name, body| {
            match name {
                "id" => id = body.id()?,
                "external_id" => external_id = body.scalar()?,
                _ => body.skip()?,
            }
            Some(())
        })?;
        match (id, external_id.value()) {
            (Some(id), _) => Some((Some(id), None)),
            (None, Some(external_id)) => Some((None, Some(external_id.to_owned()))),
            (None, None) => None,
        }
    })
}
