//! Reading requests that concern many records: by `ids` with one record's fields, or as a list of records.

use super::super::super::body::Body;
use super::super::super::target::Query;
use super::super::ticket;
use super::{Many, Task};
use crate::wire::Request;

/// The tasks that a request asks for; nothing where it cannot be read.
pub(super) fn tasks(does: Many, request: &Request) -> Option<Vec<Task>> {
    let ids = Query(request.query()).get("ids");
    match (does, ids) {
        (Many::UpdateTickets, Some(ids)) => {
            let requester = ticket::requester_of(&request.body)?;
            of_ids(&ids, |id| Task { id: Some(id), user: String::new(), requester, outcome: None })
        }
        (Many::UpdateTickets, None) => listed(&request.body, "tickets", |body| {
            let (id, requester) = ticket::read_item(body)?;
            Some(Task { id: Some(id?), user: String::new(), requester, outcome: None })
        }),
        (Many::UpdateUsers, Some(ids)) => {
            let user = Body::read(&request.body, |body| body.under("user", Body::raw))?;
            of_ids(&ids, |id| of_user(Some(id), user))
        }
        (Many::DeleteUsers, ids) => of_ids(&ids?, |id| of_user(Some(id), "")),
        (Many::UpdateUsers, None) => listed(&request.body, "users", |body| {
            let user = body.raw()?;
            Some(of_user(Some(id_of(user)?), user))
        }),
        (Many::CreateUsers | Many::CreateOrUpdateUsers, _) => {
            listed(&request.body, "users", |body| body.raw().map(|user| of_user(None, user)))
        }
    }
}

fn of_user(id: Option<u64>, user: &str) -> Task {
    Task { id, user: user.to_owned(), requester: None, outcome: None }
}

fn of_ids(ids: &str, task: impl Fn(u64) -> Task) -> Option<Vec<Task>> {
    ids.split(',').map(|id| id.trim().parse().ok().map(&task)).collect()
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

/// The id in a user's JSON: a number, or a text of digits.
fn id_of(user: &str) -> Option<u64> {
    Body::read(user.as_bytes(), |body| body.under("id", Body::raw))?.trim_matches('"').parse().ok()
}
