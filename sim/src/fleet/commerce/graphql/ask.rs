//! The queries of the shop's GraphQL API: by id they are fresh, by e-mail, phone or query they lag as searches do.

use serde_json::Value;

use super::super::super::job::State;
use super::super::super::terms::{Language, Terms};
use super::super::Commerce;
use super::super::customer::Customer;
use super::super::merge::{Blocker, Merge};
use super::merging;
use super::node::{Given, Node, bare, email_address, phone_number};
use super::page::Page;
use crate::clock::Instant;

impl Commerce {
    /// The value of a field of the query's root.
    pub(super) fn ask(&self, now: Instant, field: &str, given: &Given<'_>) -> Node<'_> {
        let text = |name: &str| given.get(name).and_then(id_text).unwrap_or_default();
        match field {
            "customer" => self.customer_row(&text("id")).map_or(Node::Null, Node::Customer),
            "customers" => {
                let query = text("query");
                let found = self.found(now, &Terms::of_any(Language::Shopify, &query));
                let rows = found.into_iter().map(|hit| hit.0).filter(|&row| !self.rows[row].gone).collect();
                Page::of(given).connection(rows, |row| self.customer_sort_key(given, row), Node::Customer)
            }
            "customerByIdentifier" => self.by_identifier(now, given.get("identifier")),
            "customerMergePreview" => match merging::asked(self, given) {
                Ok(merge) => Node::Preview(Box::new(merge)),
                Err(errors) => Node::Object(vec![("customerMergeErrors", errors.as_merge_errors())]),
            },
            "customerMergeJobStatus" => self.merge_status(&text("jobId")),
            "job" => self.job(&text("id")),
            "order" => bare("Order", &text("id")).and_then(|id| self.order_number(id)).map_or(Node::Null, Node::Order),
            "node" => self.node_of(&text("id")),
            "nodes" => match given.get("ids") {
                Some(Value::Array(ids)) => {
                    Node::List(ids.iter().map(|id| self.node_of(id.as_str().unwrap_or_default())).collect())
                }
                _ => Node::List(vec![self.node_of(&text("ids"))]),
            },
            "customersCount" => {
                let query = text("query");
                let found = self.found(now, &Terms::of_any(Language::Shopify, &query));
                let count = found.into_iter().filter(|hit| !self.rows[hit.0].gone).count();
                Node::Object(vec![("count", Node::Number(count as u64)), ("precision", Node::fixed("EXACT"))])
            }
            "orders" => self.orders_page(self.orders_found(&text("query")), given),
            "shop" => shop(),
            _ => Node::Null,
        }
    }

    /// The asked-for page of orders.
    pub(super) fn orders_page(&self, orders: Vec<usize>, given: &Given<'_>) -> Node<'static> {
        let key = |number: usize| self.order_sort_key(given, number);
        Page::of(given).connection(orders, key, |number| Node::Order(number as u32))
    }

    /// The row of the customer with this GraphQL id.
    pub(super) fn customer_row(&self, id: &str) -> Option<usize> {
        self.present(bare("Customer", id)?)
    }

    /// The customer or the order with this GraphQL id.
    fn node_of(&self, id: &str) -> Node<'static> {
        let order = || self.order_number(bare("Order", id)?).map(Node::Order);
        self.customer_row(id).map(Node::Customer).or_else(order).unwrap_or(Node::Null)
    }

    fn by_identifier(&self, now: Instant, identifier: Option<&Value>) -> Node<'static> {
        let says = |name: &str| identifier.and_then(|identifier| identifier.get(name)).and_then(id_text);
        let row = match (says("id"), says("emailAddress"), says("phoneNumber")) {
            (Some(id), ..) => self.customer_row(&id),
            (None, Some(email), _) => self.shown(now, &["email:\"", &email, "\""].concat()),
            (None, None, Some(phone)) => self.shown(now, &["phone:\"", &phone, "\""].concat()),
            (None, None, None) => None,
        };
        row.map_or(Node::Null, Node::Customer)
    }

    fn shown(&self, now: Instant, query: &str) -> Option<usize> {
        let terms = Terms::of_any(Language::Shopify, query);
        self.found(now, &terms).into_iter().map(|hit| hit.0).find(|&row| !self.rows[row].gone)
    }

    /// A field of what would become of a merge.
    pub(super) fn preview_field(&self, merge: &Merge, field: &str) -> Node<'_> {
        let blockers = self.blockers(merge);
        match field {
            "alternateFields" => preview_fields(&self.rows[merge.loser].customer),
            "blockingFields" => {
                let merged = self.merged(merge);
                let blocking = |blocker, text| if blockers.contains(&blocker) { text } else { Node::Null };
                let note = blocking(Blocker::Note, Node::text(merged.note.as_deref()));
                let tags = blocking(Blocker::Tags, Node::texts(merged.tags()));
                Node::Object(vec![("note", note), ("tags", tags)]).into_owned()
            }
            "customerMergeErrors" => merging::errors(&blockers).as_merge_errors(),
            "defaultFields" => preview_fields(&self.merged(merge)).into_owned(),
            "resultingCustomerId" if blockers.is_empty() => Node::customer_id(merge.survivor),
            _ => Node::Null,
        }
    }

    fn merge_status(&self, id: &str) -> Node<'static> {
        let Some(job) = merging::job_number(id).and_then(|number| self.jobs.get(number)) else { return Node::Null };
        let status = match job.state {
            State::Running => "IN_PROGRESS",
            State::Completed => "COMPLETED",
            State::Failed => "FAILED",
        };
        let failed = Node::Object(vec![
            ("errorFields", Node::List(Vec::new())),
            ("message", Node::fixed("The customers could not be merged.")),
        ]);
        Node::Object(vec![
            ("jobId", Node::made(id.to_owned())),
            ("status", Node::fixed(status)),
            ("resultingCustomerId", Node::customer_id(job.what.survivor)),
            ("customerMergeErrors", Node::List(if job.state == State::Failed { vec![failed] } else { Vec::new() })),
        ])
    }

    fn job(&self, id: &str) -> Node<'static> {
        match merging::job_number(id).and_then(|number| self.jobs.get(number)) {
            Some(job) => {
                Node::Object(vec![("id", Node::made(id.to_owned())), ("done", Node::Flag(job.state != State::Running))])
            }
            None => Node::Null,
        }
    }
}

/// An id or another text.
pub(super) fn id_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The shop itself.
pub(super) fn shop() -> Node<'static> {
    Node::Object(vec![
        ("id", Node::fixed("gid://shopify/Shop/1")),
        ("name", Node::fixed("The shop")),
        ("currencyCode", Node::fixed("EUR")),
    ])
}

fn preview_fields(customer: &Customer) -> Node<'_> {
    Node::Object(vec![
        ("firstName", Node::text(Some(&customer.first_name))),
        ("lastName", Node::text(Some(&customer.last_name))),
        ("displayName", Node::made(customer.display_name())),
        ("email", email_address(customer.email.as_deref())),
        ("phoneNumber", phone_number(customer.phone.as_deref())),
        ("note", Node::text(customer.note.as_deref())),
        ("tags", Node::texts(customer.tags())),
    ])
}
