//! Finding and sorting by GraphQL: what the terms of a query for orders ask for, and what connections are sorted by. What
//! the terms of a query for customers ask for stands in the REST search, which is the same (customers, orders: `query`).

use serde_json::{Value, json};

use super::super::super::terms::{Language, Term, Terms};
use super::super::meets;
use super::super::order::{FIRST_ORDER_ID, order_name};
use super::super::{Commerce, FIRST_ID};
use super::node::Given;

/// The fields that a query for orders may ask for.
const FIELDS: [&str; 10] = [
    "id",
    "name",
    "email",
    "customer_id",
    "tag",
    "status",
    "financial_status",
    "fulfillment_status",
    "created_at",
    "updated_at",
];

/// What a connection is sorted by, where that is not the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Id,
    Updated,
    Name,
}

fn sort_of(given: &Given<'_>) -> Sort {
    match given.get("sortKey").and_then(|key| key.as_str()) {
        Some("UPDATED_AT") => Sort::Updated,
        Some("NAME" | "CUSTOMER_NAME") => Sort::Name,
        _ => Sort::Id,
    }
}

impl Commerce {
    /// The key of a customer by which a connection is sorted: empty where that is the id.
    pub(super) fn customer_sort_key(&self, given: &Given<'_>, row: usize) -> String {
        match sort_of(given) {
            Sort::Id => String::new(),
            Sort::Updated => format!("{:020}", self.rows[row].updated.0),
            Sort::Name => self.sort_name(row),
        }
    }

    /// The same of an order.
    pub(super) fn order_sort_key(&self, given: &Given<'_>, number: usize) -> String {
        match sort_of(given) {
            Sort::Id => String::new(),
            Sort::Updated => format!("{:020}", self.orders[number].updated.0),
            Sort::Name => self.orders[number].row.map_or_else(String::new, |row| self.sort_name(row as usize)),
        }
    }

    fn sort_name(&self, row: usize) -> String {
        let customer = &self.rows[row].customer;
        [&*customer.last_name, ", ", &*customer.first_name].concat().to_lowercase()
    }

    /// The orders that a query finds. A field that orders do not have is looked for in all that they say.
    pub(super) fn orders_found(&self, query: &str) -> Vec<usize> {
        let terms = Terms::of_any(Language::Shopify, query);
        (0..self.orders.len()).filter(|&number| terms.hold(|term| self.order_meets(number, term))).collect()
    }

    fn order_meets(&self, number: usize, term: &Term<'_>) -> bool {
        let order = &self.orders[number];
        let row = order.row.map(|row| row as usize);
        let customer = row.map(|row| &self.rows[row].customer);
        let email = customer.and_then(|customer| customer.email.as_deref());
        let name = order_name(number as u32);
        match term.field {
            Some("id") => term.is_id("Order", FIRST_ORDER_ID + number as u64),
            Some("name") => term.is(&name) || term.is(name.trim_start_matches('#')),
            Some("email") => term.is_some(email),
            Some("customer_id") => row.is_some_and(|row| term.is_id("Customer", FIRST_ID + row as u64)),
            Some("status") => ["any", "open", "not_closed"].into_iter().any(|status| term.is(status)),
            Some("financial_status") => term.is("pending"),
            Some("fulfillment_status") => ["unfulfilled", "unshipped"].into_iter().any(|status| term.is(status)),
            Some("created_at") if term.fits_moment() => term.is_moment(order.created),
            Some("updated_at") if term.fits_moment() => term.is_moment(order.updated),
            _ => {
                let names = customer.into_iter().flat_map(|customer| [&*customer.first_name, &*customer.last_name]);
                names.chain(email).chain([&*name]).any(|text| term.within(text))
            }
        }
    }
}

/// What callers are told of a field's query that asks for what there is not: an item of
/// `extensions.search` (Search syntax: warnings). `name` is the field's in the answer.
pub(super) fn warning(field: &str, name: &str, given: &Given<'_>) -> Option<Value> {
    let is_known = match field {
        "customers" | "customersCount" => meets::is_known,
        "orders" => is_known,
        _ => return None,
    };
    let query = given.get("query")?.as_str()?;
    let terms = Terms::of_any(Language::Shopify, query);
    let unknown = terms.each().into_iter().filter(|term| !is_known(term)).filter_map(|term| term.field);
    let warnings: Vec<_> = unknown
        .map(|field| match field {
            "created_at" | "updated_at" | "customer_date" => {
                json!({"field": field, "message": "Invalid timestamp for this query.", "code": "invalid_value"})
            }
            _ => json!({"field": field, "message": "Invalid search field for this query.", "code": "invalid_field"}),
        })
        .collect();
    (!warnings.is_empty()).then(|| json!({"path": [name], "query": query, "warnings": warnings}))
}

fn is_known(term: &Term<'_>) -> bool {
    match term.field {
        Some("created_at" | "updated_at") => term.fits_moment(),
        Some(field) => FIELDS.contains(&field),
        None => true,
    }
}
