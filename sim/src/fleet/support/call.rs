//! Which call a request to the help desk is, and whom it is about. What the calls do stands in their own files.

use super::super::subject;
use super::super::target::{Query, decode, split};
use super::super::terms::{self, Language};
use super::bulk::Many;
use super::{Support, bulk, ticket};
use crate::chaos::point::{Route, Subject};
use crate::wire::{Method, Request};

/// The routes' names, by number.
pub(super) const NAMES: [&str; 32] = [
    "other",
    "create",
    "read",
    "update",
    "delete",
    "list",
    "show-many",
    "search-users",
    "search",
    "create-or-update",
    "list-identities",
    "add-identity",
    "make-primary",
    "remove-identity",
    "tickets",
    "create-ticket",
    "list-deleted",
    "read-deleted",
    "purge",
    "merge",
    "read-ticket",
    "update-ticket",
    "update-tickets",
    "job-status",
    "bulk-users",
    "read-identity",
    "update-identity",
    "verify-identity",
    "list-tickets",
    "list-jobs",
    "count",
    "me",
];

/// A request, understood by its method and path alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call<'a> {
    /// None that the desk knows.
    Other,
    /// `POST users`
    Create,
    /// `GET users/{id}`
    Read(&'a str),
    /// `PUT users/{id}`
    Update(&'a str),
    /// `DELETE users/{id}`
    Delete(&'a str),
    /// `GET users`
    List,
    /// `GET users/show_many`
    ShowMany,
    /// `GET users/search`
    SearchUsers,
    /// `GET search`
    Search,
    /// `GET search/export`
    Export,
    /// `POST users/create_or_update`
    CreateOrUpdate,
    /// `GET users/{id}/identities`
    Logins(&'a str),
    /// `POST users/{id}/identities`
    AddLogin(&'a str),
    /// `PUT users/{id}/identities/{login}/make_primary`
    MakePrimary(&'a str, &'a str),
    /// `DELETE users/{id}/identities/{login}`
    RemoveLogin(&'a str, &'a str),
    /// `GET users/{id}/tickets/requested`
    TicketsOf(&'a str),
    /// `POST tickets`
    CreateTicket,
    /// `GET deleted_users`
    ListDeleted,
    /// `GET deleted_users/{id}`
    ReadDeleted(&'a str),
    /// `DELETE deleted_users/{id}`
    Purge(&'a str),
    /// `PUT users/{id}/merge`
    Merge(&'a str),
    /// `GET tickets/{id}`
    ReadTicket(&'a str),
    /// `PUT tickets/{id}`
    UpdateTicket(&'a str),
    /// `PUT tickets/update_many`, `POST users/create_many` and the like
    Many(Many),
    /// `GET tickets`
    Tickets,
    /// `GET tickets/show_many`
    ShowTickets,
    /// `GET tickets/count`
    CountTickets,
    /// `GET users/count`
    CountUsers,
    /// `GET users/me`
    Me,
    /// `GET users/{id}/identities/{login}`
    ReadLogin(&'a str, &'a str),
    /// `PUT users/{id}/identities/{login}`
    UpdateLogin(&'a str, &'a str),
    /// `PUT users/{id}/identities/{login}/verify`
    VerifyLogin(&'a str, &'a str),
    /// `PUT users/{id}/identities/{login}/request_verification`
    AskToVerify(&'a str, &'a str),
    /// `GET job_statuses`, `GET job_statuses/show_many`
    Jobs,
    /// `GET job_statuses/{id}`
    JobStatus(&'a str),
}

impl<'a> Call<'a> {
    /// Reads `/api/v2/…`, with or without `.json` or a slash at the end.
    pub(super) fn of(request: &'a Request) -> Self {
        let Some(resource) = request.path().strip_prefix("/api/v2/") else { return Self::Other };
        let resource = resource.strip_suffix('/').unwrap_or(resource);
        let resource = resource.strip_suffix(".json").unwrap_or(resource);
        let (collection, item) = split(resource, b'/');
        match (collection, item.unwrap_or_default(), request.method) {
            ("users", "", Method::Post) => Self::Create,
            ("users", "", Method::Get) => Self::List,
            ("users", item, method) => Self::of_users(item, method),
            ("search", "", Method::Get) => Self::Search,
            ("search", "export", Method::Get) => Self::Export,
            ("tickets", "", Method::Post) => Self::CreateTicket,
            ("tickets", "", Method::Get) => Self::Tickets,
            ("tickets", "show_many", Method::Get) => Self::ShowTickets,
            ("tickets", "count", Method::Get) => Self::CountTickets,
            ("tickets", "update_many", Method::Put) => Self::Many(Many::UpdateTickets),
            ("job_statuses", "" | "show_many", Method::Get) => Self::Jobs,
            ("tickets", id, Method::Get) if is_one(id) => Self::ReadTicket(id),
            ("tickets", id, Method::Put) if is_one(id) => Self::UpdateTicket(id),
            ("job_statuses", id, Method::Get) if is_one(id) => Self::JobStatus(id),
            ("deleted_users", "", Method::Get) => Self::ListDeleted,
            ("deleted_users", id, Method::Get) => Self::ReadDeleted(id),
            ("deleted_users", id, Method::Delete) if !id.is_empty() => Self::Purge(id),
            _ => Self::Other,
        }
    }

    fn of_users(item: &'a str, method: Method) -> Self {
        match (item, method) {
            ("show_many", Method::Get) => Self::ShowMany,
            ("search", Method::Get) => Self::SearchUsers,
            ("create_or_update", Method::Post) => Self::CreateOrUpdate,
            ("create_many", Method::Post) => Self::Many(Many::CreateUsers),
            ("create_or_update_many", Method::Post) => Self::Many(Many::CreateOrUpdateUsers),
            ("update_many", Method::Put) => Self::Many(Many::UpdateUsers),
            ("destroy_many", Method::Delete) => Self::Many(Many::DeleteUsers),
            ("count", Method::Get) => Self::CountUsers,
            ("me", Method::Get) => Self::Me,
            _ => match (split(item, b'/'), method) {
                ((id, None), Method::Get) => Self::Read(id),
                ((id, None), Method::Put) => Self::Update(id),
                ((id, None), Method::Delete) => Self::Delete(id),
                ((id, Some(rest)), _) => Self::of_user(id, rest, method),
                _ => Self::Other,
            },
        }
    }

    fn of_user(id: &'a str, rest: &'a str, method: Method) -> Self {
        match (rest, method) {
            ("identities", Method::Get) => Self::Logins(id),
            ("identities", Method::Post) => Self::AddLogin(id),
            ("tickets/requested", Method::Get) => Self::TicketsOf(id),
            ("merge", Method::Put) => Self::Merge(id),
            _ => match (
                rest.strip_prefix("identities/").map(|login| login.split_once('/').unwrap_or((login, ""))),
                method,
            ) {
                (Some((login, "make_primary")), Method::Put) => Self::MakePrimary(id, login),
                (Some((login, "")), Method::Delete) => Self::RemoveLogin(id, login),
                (Some((login, "")), Method::Get) => Self::ReadLogin(id, login),
                (Some((login, "")), Method::Put) => Self::UpdateLogin(id, login),
                (Some((login, "verify")), Method::Put) => Self::VerifyLogin(id, login),
                (Some((login, "request_verification")), Method::Put) => Self::AskToVerify(id, login),
                _ => Self::Other,
            },
        }
    }

    /// Its route's number.
    pub(super) const fn route(&self) -> Route {
        Route(match self {
            Self::Other => 0,
            Self::Create => 1,
            Self::Read(_) => 2,
            Self::Update(_) => 3,
            Self::Delete(_) => 4,
            Self::List => 5,
            Self::ShowMany => 6,
            Self::SearchUsers => 7,
            Self::Search | Self::Export => 8,
            Self::CreateOrUpdate => 9,
            Self::Logins(_) => 10,
            Self::AddLogin(_) => 11,
            Self::MakePrimary(..) => 12,
            Self::RemoveLogin(..) => 13,
            Self::TicketsOf(_) => 14,
            Self::CreateTicket => 15,
            Self::ListDeleted => 16,
            Self::ReadDeleted(_) => 17,
            Self::Purge(_) => 18,
            Self::Merge(_) => 19,
            Self::ReadTicket(_) => 20,
            Self::UpdateTicket(_) => 21,
            Self::Many(Many::UpdateTickets) => 22,
            Self::JobStatus(_) => 23,
            Self::Many(_) => 24,
            Self::ReadLogin(..) => 25,
            Self::UpdateLogin(..) => 26,
            Self::VerifyLogin(..) | Self::AskToVerify(..) => 27,
            Self::Tickets | Self::ShowTickets => 28,
            Self::Jobs => 29,
            Self::CountTickets | Self::CountUsers => 30,
            Self::Me => 31,
        })
    }

    /// Whether its answers carry the ticketing endpoints' further limit headers.
    pub(super) const fn is_ticketing(&self) -> bool {
        matches!(
            self,
            Self::TicketsOf(_)
                | Self::CreateTicket
                | Self::ReadTicket(_)
                | Self::UpdateTicket(_)
                | Self::Tickets
                | Self::ShowTickets
                | Self::Many(Many::UpdateTickets)
        )
    }
}

/// Whether the rest of a path names one item.
fn is_one(item: &str) -> bool {
    !item.is_empty() && !item.contains('/')
}

impl Support {
    /// Whom a call is about: the e-mail of a user as it was created, or what is searched for.
    pub(super) fn subject(&self, call: &Call<'_>, request: &Request) -> Subject {
        let query = Query(request.query());
        match *call {
            Call::Other | Call::List | Call::ListDeleted | Call::Tickets | Call::Jobs => Subject::NONE,
            Call::ShowTickets | Call::CountTickets | Call::CountUsers | Call::Me => Subject::NONE,
            Call::Create | Call::CreateOrUpdate => subject::of_email(&request.body),
            Call::Read(id) | Call::Update(id) | Call::Delete(id) | Call::Logins(id) | Call::AddLogin(id) => {
                self.subject_of(id)
            }
            Call::MakePrimary(id, _) | Call::RemoveLogin(id, _) | Call::TicketsOf(id) => self.subject_of(id),
            Call::ReadLogin(id, _) | Call::UpdateLogin(id, _) => self.subject_of(id),
            Call::VerifyLogin(id, _) | Call::AskToVerify(id, _) => self.subject_of(id),
            // The loser names a merge: the winner may take in others.
            Call::ReadDeleted(id) | Call::Purge(id) | Call::Merge(id) => self.subject_of(id),
            Call::ReadTicket(id) | Call::UpdateTicket(id) => Subject::of(id.as_bytes()),
            Call::Many(does) => {
                bulk::first_id(does, request).map_or(Subject::NONE, |id| Subject::of(id.to_string().as_bytes()))
            }
            Call::JobStatus(id) => Subject::of(id.as_bytes()),
            Call::CreateTicket => match ticket::requester(&request.body) {
                Some(id) => self.subject_of(&id.to_string()),
                None => subject::of_email(&request.body),
            },
            Call::ShowMany => match (query.get("ids"), query.get("external_ids")) {
                (Some(ids), _) => self.subject_of(&ids),
                (None, Some(ids)) => Subject::of(ids.as_bytes()),
                (None, None) => Subject::NONE,
            },
            Call::SearchUsers | Call::Search | Call::Export => {
                if let Some(id) = query.get("external_id") {
                    return Subject::of(id.as_bytes());
                }
                let text = query.get("query").unwrap_or_default();
                terms::subject(Language::Zendesk, &text)
            }
        }
    }

    fn subject_of(&self, id: &str) -> Subject {
        match self.row_number(&decode(id, false)) {
            Some(row) => self.rows[row].subject,
            None => Subject::of(id.as_bytes()),
        }
    }
}
