//! What the fields of a GraphQL answer are: values, and customers and orders of which only what is asked for is told.

use serde_json::{Map, Value};

use super::super::order::FIRST_ORDER_ID;
use super::super::{Commerce, FIRST_ID};
use super::page::Page;
use crate::clock::Stamp;

/// The value of a field.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Null,
    Text(String),
    Flag(bool),
    List(Vec<Node>),
    /// The customer in this row.
    Customer(usize),
    /// The order with this number.
    Order(u32),
    /// The whole of a small object; what is not named is null.
    Object(Vec<(&'static str, Node)>),
}

/// What a field was given.
pub(super) type Given = Map<String, Value>;

impl Node {
    /// A text, or null.
    pub(super) fn text(text: Option<&str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.to_owned()))
    }

    /// The item of a list of texts.
    pub(super) fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        Self::List(texts.map(|text| Self::Text(text.to_owned())).collect())
    }

    /// The id of the customer in this row.
    pub(super) fn customer_id(row: usize) -> Self {
        Self::Text(customer_id(row))
    }
}

/// The GraphQL id of the customer in this row.
pub(super) fn customer_id(row: usize) -> String {
    format!("gid://shopify/Customer/{}", FIRST_ID + row as u64)
}

/// A moment in RFC 3339.
fn moment(stamp: Stamp) -> String {
    let mut out = Vec::with_capacity(24);
    stamp.write_rfc3339(&mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// The number at the end of a GraphQL id of this kind; the bare number will do.
pub(super) fn bare<'a>(kind: &str, id: &'a str) -> Option<&'a str> {
    match id.strip_prefix("gid://shopify/") {
        Some(rest) => rest.strip_prefix(kind)?.strip_prefix('/'),
        None => Some(id),
    }
}

impl Commerce {
    /// The value of a field of an object.
    pub(super) fn resolve(&self, node: &Node, field: &str, given: &Given) -> Node {
        match node {
            Node::Customer(row) => self.customer_field(*row, field, given),
            Node::Order(number) => self.order_field(*number, field),
            Node::Object(fields) => {
                fields.iter().find(|(name, _)| *name == field).map_or(Node::Null, |(_, value)| value.clone())
            }
            Node::Null | Node::Text(_) | Node::Flag(_) | Node::List(_) => Node::Null,
        }
    }

    fn customer_field(&self, row: usize, field: &str, given: &Given) -> Node {
        let (held, id) = (&self.rows[row], FIRST_ID + row as u64);
        let customer = &held.customer;
        let orders = &held.orders;
        match field {
            "id" => Node::customer_id(row),
            "legacyResourceId" => Node::Text(id.to_string()),
            "email" => Node::text(customer.email.as_deref()),
            "phone" => Node::text(customer.phone.as_deref()),
            "firstName" => Node::text(Some(&*customer.first_name).filter(|name| !name.is_empty())),
            "lastName" => Node::text(Some(&*customer.last_name).filter(|name| !name.is_empty())),
            "displayName" => Node::Text(customer.display_name()),
            "tags" => Node::texts(customer.tags()),
            "note" => Node::text(customer.note.as_deref()),
            "state" => Node::Text("DISABLED".to_owned()),
            "verifiedEmail" => Node::Flag(true),
            "canDelete" => Node::Flag(orders.is_empty()),
            "createdAt" => Node::Text(moment(held.created)),
            "updatedAt" => Node::Text(moment(held.updated)),
            "numberOfOrders" => Node::Text(orders.len().to_string()),
            "amountSpent" => Node::Object(vec![
                ("amount", Node::Text("0.0".to_owned())),
                ("currencyCode", Node::Text("EUR".to_owned())),
            ]),
            "defaultEmailAddress" => email_address(customer.email.as_deref()),
            "defaultPhoneNumber" => phone_number(customer.phone.as_deref()),
            "orders" => {
                let all = orders.iter().map(|&number| number as usize).collect();
                Page::of(given).connection(all, |number| Node::Order(number as u32))
            }
            "lastOrder" => orders.last().map_or(Node::Null, |&number| Node::Order(number)),
            _ => Node::Null,
        }
    }

    fn order_field(&self, number: u32, field: &str) -> Node {
        let order = &self.orders[number as usize];
        let id = FIRST_ORDER_ID + u64::from(number);
        match field {
            "id" => Node::Text(format!("gid://shopify/Order/{id}")),
            "legacyResourceId" => Node::Text(id.to_string()),
            "name" => Node::Text(super::super::order::order_name(number)),
            "email" => {
                let row = order.row.map(|row| &self.rows[row as usize].customer);
                Node::text(row.and_then(|customer| customer.email.as_deref()))
            }
            "createdAt" => Node::Text(moment(order.created)),
            "updatedAt" => Node::Text(moment(order.updated)),
            "displayFinancialStatus" => Node::Text("PENDING".to_owned()),
            "displayFulfillmentStatus" => Node::Text("UNFULFILLED".to_owned()),
            "customer" => order.row.map_or(Node::Null, |row| Node::Customer(row as usize)),
            _ => Node::Null,
        }
    }
}

/// An e-mail as an object, or null.
pub(super) fn email_address(email: Option<&str>) -> Node {
    let Some(email) = email else { return Node::Null };
    Node::Object(vec![
        ("emailAddress", Node::Text(email.to_owned())),
        ("marketingState", Node::Text("NOT_SUBSCRIBED".to_owned())),
        ("validFormat", Node::Flag(true)),
    ])
}

/// A phone number as an object, or null.
pub(super) fn phone_number(phone: Option<&str>) -> Node {
    let Some(phone) = phone else { return Node::Null };
    Node::Object(vec![
        ("phoneNumber", Node::Text(phone.to_owned())),
        ("marketingState", Node::Text("NOT_SUBSCRIBED".to_owned())),
    ])
}
