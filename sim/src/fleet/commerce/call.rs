//! Which call a request to the shop is, and whom it is about. What the calls do stands in their own files.

use super::super::subject;
use super::super::target::{Query, decode, split};
use super::super::terms::{self, Language};
use super::Commerce;
use super::graphql::Does;
use crate::chaos::point::{Route, Subject};
use crate::wire::{Method, Request};

/// The routes' names, by number.
pub(super) const NAMES: [&str; 16] = [
    "other",
    "create",
    "read",
    "update",
    "delete",
    "list",
    "search",
    "orders",
    "create-order",
    "read-order",
    "update-order",
    "merge",
    "preview-merge",
    "job",
    "graphql",
    "count",
];

/// A request, understood by its method and path alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call<'a> {
    /// None that the shop knows.
    Other,
    /// `POST customers`
    Create,
    /// `GET customers/{id}`
    Read(&'a str),
    /// `PUT customers/{id}`
    Update(&'a str),
    /// `DELETE customers/{id}`
    Delete(&'a str),
    /// `GET customers`
    List,
    /// `GET customers/search`
    Search,
    /// `GET customers/{id}/orders`
    OrdersOf(&'a str),
    /// `GET orders`
    Orders,
    /// `POST orders`
    CreateOrder,
    /// `GET orders/{id}`
    ReadOrder(&'a str),
    /// `PUT orders/{id}`
    UpdateOrder(&'a str),
    /// `POST graphql`
    Graphql,
    /// `GET customers/count`
    CountCustomers,
    /// `GET orders/count`
    CountOrders,
}

impl<'a> Call<'a> {
    /// Reads `/admin/api/{version}/…`, with or without `.json`. An unknown version is no error.
    pub(super) fn of(request: &'a Request) -> Self {
        let versioned = request.path().strip_prefix("/admin/api/").and_then(|rest| split(rest, b'/').1);
        let Some(resource) = versioned else { return Self::Other };
        let resource = resource.strip_suffix(".json").unwrap_or(resource);
        let (collection, item) = split(resource, b'/');
        match (collection, request.method, item.unwrap_or_default()) {
            ("customers", Method::Post, "") => Self::Create,
            ("customers", Method::Get, "") => Self::List,
            ("customers", Method::Get, "search") => Self::Search,
            ("customers", Method::Get, "count") => Self::CountCustomers,
            ("orders", Method::Get, "count") => Self::CountOrders,
            ("customers", method, id) if !id.is_empty() => Self::of_customer(method, id),
            ("orders", Method::Get, "") => Self::Orders,
            ("orders", Method::Post, "") => Self::CreateOrder,
            ("orders", Method::Get, id) if !id.contains('/') => Self::ReadOrder(id),
            ("orders", Method::Put, id) if !id.is_empty() && !id.contains('/') => Self::UpdateOrder(id),
            ("graphql", Method::Post, "") => Self::Graphql,
            _ => Self::Other,
        }
    }

    fn of_customer(method: Method, item: &'a str) -> Self {
        let (id, of_it) = split(item, b'/');
        match (method, of_it) {
            (Method::Get, None) => Self::Read(id),
            (Method::Put, None) => Self::Update(id),
            (Method::Delete, None) => Self::Delete(id),
            (Method::Get, Some("orders")) => Self::OrdersOf(id),
            _ => Self::Other,
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
            Self::Search => 6,
            Self::OrdersOf(_) | Self::Orders => 7,
            Self::CreateOrder => 8,
            Self::ReadOrder(_) => 9,
            Self::UpdateOrder(_) => 10,
            Self::Graphql => 14,
            Self::CountCustomers | Self::CountOrders => 15,
        })
    }
}

/// The route of what a GraphQL operation does: where REST does the same, it is the same.
pub(super) const fn route_of(does: Does) -> Route {
    Route(match does {
        Does::Create => 1,
        Does::Read => 2,
        Does::Update => 3,
        Does::Delete => 4,
        Does::Search => 6,
        Does::Orders => 7,
        Does::ReadOrder => 9,
        Does::UpdateOrder => 10,
        Does::Merge => 11,
        Does::Preview => 12,
        Does::Job => 13,
        Does::Other => 14,
    })
}

impl Commerce {
    /// Whom a call is about: the e-mail of a customer as it was created, or what is searched for.
    pub(super) fn subject(&self, call: &Call<'_>, request: &Request) -> Subject {
        let query = Query(request.query());
        match *call {
            Call::Other => Subject::NONE,
            Call::Create => subject::of_email(&request.body),
            Call::Read(id) | Call::Update(id) | Call::Delete(id) | Call::OrdersOf(id) => self.subject_of(id),
            Call::CreateOrder => self.subject_of_order(&request.body),
            Call::ReadOrder(id) | Call::UpdateOrder(id) => Subject::of(id.as_bytes()),
            Call::Graphql | Call::CountCustomers | Call::CountOrders => Subject::NONE,
            Call::Orders => query.get("customer_id").map_or(Subject::NONE, |id| self.subject_of(&id)),
            Call::List => query.get("ids").map_or(Subject::NONE, |ids| self.subject_of(&ids)),
            Call::Search => {
                let text = query.get("query").unwrap_or_default();
                terms::subject(Language::Shopify, &text)
            }
        }
    }

    pub(super) fn subject_of(&self, id: &str) -> Subject {
        match self.row_number(&decode(id, false)) {
            Some(row) => self.rows[row].subject,
            None => Subject::of(id.as_bytes()),
        }
    }
}
