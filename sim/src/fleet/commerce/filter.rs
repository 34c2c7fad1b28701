//! What a REST list is asked for: by which filters, and in which order (Customer, Order: their lists and counts).
//! A value that makes no sense is refused, for it must not come to mean everything.

use super::super::moment::Span;
use super::super::target::{Query, decode};
use super::order::{FIRST_ORDER_ID, order_name};
use super::{Commerce, FIRST_ID};
use crate::clock::Stamp;

/// The filters of lists and counts of customers.
pub(super) const OF_CUSTOMERS: &[&str] = &[
    "ids",
    "since_id",
    "created_at_min",
    "created_at_max",
    "updated_at_min",
    "updated_at_max",
    "email",
    "phone",
    "order",
];
/// The same of searches.
pub(super) const OF_SEARCH: &[&str] = &["query", "order"];
/// The same of orders.
pub(super) const OF_ORDERS: &[&str] = &[
    "status",
    "customer_id",
    "ids",
    "since_id",
    "name",
    "financial_status",
    "fulfillment_status",
    "created_at_min",
    "created_at_max",
    "updated_at_min",
    "updated_at_max",
    "processed_at_min",
    "processed_at_max",
    "email",
    "order",
];

/// A parameter that is refused, and why.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) name: String,
    pub(super) why: String,
}

impl Refusal {
    /// The parameter's name, and what follows it.
    pub(super) fn of(name: &str, why: &str) -> Self {
        Self { name: name.to_owned(), why: why.to_owned() }
    }
}

/// By what a list is put in order. Whatever was created later has the greater id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Key {
    #[default]
    Id,
    Updated,
    LastOrder,
    OrdersCount,
}

/// The filters that a request names.
#[derive(Debug, Default)]
pub(super) struct Filters {
    pub(super) query: String,
    pub(super) key: Key,
    pub(super) descending: bool,
    pub(super) since: Option<u64>,
    /// Sorted.
    pub(super) ids: Option<Vec<u64>>,
    pub(super) customer: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    name: Option<String>,
    created: Between,
    updated: Between,
    /// Whether a state is asked for that no order is ever in.
    nothing: bool,
}

/// A stretch of time in seconds, both ends of it within; either may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Between {
    from: Option<i64>,
    until: Option<i64>,
}

impl Between {
    /// Whether a stamp lies within, in the seconds that callers are shown.
    fn holds(self, stamp: Stamp) -> bool {
        let at = (stamp.0 / 1_000_000_000) as i64;
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at <= until)
    }
}

impl Filters {
    /// Reads one parameter, which the list knows. An empty one is as good as none.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let value = decode(value, true);
        let invalid = || Refusal::of(name, "Invalid value.");
        let moment = || Span::read(value.trim()).map(|span| Some(span.first_second())).ok_or_else(invalid);
        if value.is_empty() {
            return Ok(());
        }
        match name {
            "query" => self.query = value.into_owned(),
            "order" => self.take_order(&value).ok_or_else(invalid)?,
            "since_id" => self.since = Some(value.parse().map_err(|_| invalid())?),
            "ids" => {
                let mut ids: Vec<_> = value.split(',').filter_map(|id| id.trim().parse().ok()).collect();
                ids.sort_unstable();
                ids.dedup();
                self.ids = Some(ids);
            }
            "customer_id" => self.customer = Some(value.into_owned()),
            "email" => self.email = Some(value.trim().to_ascii_lowercase()),
            "phone" => self.phone = Some(value.into_owned()),
            "name" => self.name = Some(value.into_owned()),
            "created_at_min" | "processed_at_min" => self.created.from = moment()?,
            "created_at_max" | "processed_at_max" => self.created.until = moment()?,
            "updated_at_min" => self.updated.from = moment()?,
            "updated_at_max" => self.updated.until = moment()?,
            _ => self.nothing |= !is_state_of_all(name, &value).ok_or_else(invalid)?,
        }
        Ok(())
    }

    fn take_order(&mut self, value: &str) -> Option<()> {
        let (key, direction) = value.trim().split_once(' ').unwrap_or((value, "asc"));
        self.key = match key {
            "id" | "created_at" | "processed_at" | "order_number" => Key::Id,
            "updated_at" => Key::Updated,
            "last_order_date" => Key::LastOrder,
            "orders_count" => Key::OrdersCount,
            _ => return None,
        };
        self.descending = match direction.trim() {
            down if down.eq_ignore_ascii_case("desc") => true,
            up if up.eq_ignore_ascii_case("asc") => false,
            _ => return None,
        };
        Some(())
    }

    fn is_among(&self, id: u64) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.binary_search(&id).is_ok())
    }
}

/// Whether all orders are in a state, for all are open and unpaid; nothing where there is no such state.
fn is_state_of_all(name: &str, value: &str) -> Option<bool> {
    let (all, others): (&[&str], &[&str]) = match name {
        "status" => (&["any", "open"], &["closed", "cancelled"]),
        "financial_status" => (
            &["any", "pending"],
            &["authorized", "paid", "partially_paid", "refunded", "voided", "partially_refunded", "unpaid"],
        ),
        "fulfillment_status" => (&["any", "unfulfilled", "unshipped"], &["shipped", "partial"]),
        _ => return None,
    };
    if all.contains(&value) { Some(true) } else { others.contains(&value).then_some(false) }
}

impl Commerce {
    /// The key of a customer by which a list is put in order.
    pub(super) fn customer_key(&self, key: Key, row: usize) -> u64 {
        let row = &self.rows[row];
        match key {
            Key::Id => 0,
            Key::Updated => row.updated.0,
            Key::LastOrder => row.orders.last().map_or(0, |&order| u64::from(order) + 1),
            Key::OrdersCount => row.orders.len() as u64,
        }
    }

    /// The same of an order.
    pub(super) fn order_key(&self, key: Key, order: usize) -> u64 {
        match key {
            Key::Updated => self.orders[order].updated.0,
            Key::Id | Key::LastOrder | Key::OrdersCount => 0,
        }
    }

    /// Whether a customer is there and what is asked for, its place aside.
    pub(super) fn is_asked_customer(&self, filters: &Filters, row: usize) -> bool {
        let held = &self.rows[row];
        let is = |wanted: &Option<String>, has: &Option<String>| wanted.is_none() || wanted == has;
        !held.gone
            && filters.is_among(FIRST_ID + row as u64)
            && is(&filters.email, &held.customer.email)
            && is(&filters.phone, &held.customer.phone)
            && filters.created.holds(held.created)
            && filters.updated.holds(held.updated)
    }

    /// The same of an order.
    pub(super) fn is_asked_order(&self, filters: &Filters, number: u32) -> bool {
        let order = &self.orders[number as usize];
        let email = || order.row.and_then(|row| self.rows[row as usize].customer.email.as_deref());
        let named = |name: &String| order_name(number).trim_start_matches('#') == name.trim_start_matches('#');
        !filters.nothing
            && filters.is_among(FIRST_ORDER_ID + u64::from(number))
            && filters.name.as_ref().is_none_or(named)
            && filters.email.as_deref().is_none_or(|wanted| email() == Some(wanted))
            && filters.created.holds(order.created)
            && filters.updated.holds(order.updated)
    }
}

/// Whether a parameter belongs in a cursor: what a list is filtered by does, where it stands does not, and to ask for
/// the only state there is says nothing.
fn is_carried((name, value): (&str, &str)) -> bool {
    let place = ["limit", "page_info", "fields"].contains(&name);
    !place && (name, value) != ("status", "any") && (name, value) != ("status", "open")
}

/// The parameters of a query that a cursor carries on, as they were sent.
pub(super) fn carried(query: Query<'_>) -> String {
    let mut out = String::new();
    for (name, value) in query.pairs().filter(|&pair| is_carried(pair)) {
        let parts = [if out.is_empty() { "" } else { "&" }, name, "=", value];
        parts.into_iter().for_each(|part| out.push_str(part));
    }
    out
}
