//! What the fields of a GraphQL answer are: values, and customers and orders of which only what is asked for is told.

use std::borrow::Cow;

use serde_json::Value;

use super::super::merge::Merge;
use super::super::order::FIRST_ORDER_ID;
use super::super::{Commerce, FIRST_ID};
use crate::clock::Stamp;

/// The value of a field.
#[derive(Debug, Clone)]
pub(super) enum Node<'a> {
    Null,
    Text(Cow<'a, str>),
    Flag(bool),
    Number(u64),
    List(Vec<Node<'a>>),
    /// The customer in this row.
    Customer(usize),
    /// The order with this number.
    Order(u32),
    /// What would become of this merge.
    Preview(Box<Merge>),
    /// The whole of a small object; what is not named is null.
    Object(Vec<(&'static str, Node<'a>)>),
}

/// What a field was given.
pub(super) struct Given<'a>(pub(super) Vec<(&'a str, Cow<'a, Value>)>);

impl Given<'_> {
    /// The value of the argument of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }
}

impl<'a> Node<'a> {
    /// A text, or null.
    pub(super) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(Cow::Borrowed(text)))
    }

    /// A text that never changes.
    pub(super) const fn fixed(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A text that was made for this answer.
    pub(super) const fn made(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }

    /// The item of a list of texts.
    pub(super) fn texts(texts: impl Iterator<Item = &'a str>) -> Self {
        Self::List(texts.map(|text| Self::Text(Cow::Borrowed(text))).collect())
    }

    /// The same, borrowing nothing.
    pub(super) fn into_owned(self) -> Node<'static> {
        match self {
            Self::Null => Node::Null,
            Self::Text(text) => Node::made(text.into_owned()),
            Self::Flag(flag) => Node::Flag(flag),
            Self::Number(number) => Node::Number(number),
            Self::List(items) => Node::List(items.into_iter().map(Self::into_owned).collect()),
            Self::Customer(row) => Node::Customer(row),
            Self::Order(number) => Node::Order(number),
            Self::Preview(merge) => Node::Preview(merge),
            Self::Object(fields) => {
                Node::Object(fields.into_iter().map(|(name, value)| (name, value.into_owned())).collect())
            }
        }
    }

    /// The id of the customer in this row.
    pub(super) fn customer_id(row: usize) -> Self {
        Self::made(customer_id(row))
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

/// The number at the end of a GraphQL id of this kind.
pub(super) fn bare<'a>(kind: &str, id: &'a str) -> Option<&'a str> {
    id.strip_prefix("gid://shopify/")?.strip_prefix(kind)?.strip_prefix('/')
}

impl Commerce {
    /// The value of a field of an object.
    pub(super) fn resolve<'n, 's>(&'s self, node: &'n Node<'s>, field: &str, given: &Given<'_>) -> Cow<'n, Node<'s>> {
        Cow::Owned(match node {
            Node::Customer(row) => self.customer_field(*row, field, given),
            Node::Order(number) => self.order_field(*number, field),
            Node::Preview(merge) => self.preview_field(merge, field),
            Node::Object(fields) => {
                let known = fields.iter().find(|(name, _)| *name == field);
                return known.map_or(Cow::Owned(Node::Null), |(_, value)| Cow::Borrowed(value));
            }
            Node::Null | Node::Text(_) | Node::Flag(_) | Node::Number(_) | Node::List(_) => Node::Null,
        })
    }

    fn customer_field(&self, row: usize, field: &str, given: &Given<'_>) -> Node<'_> {
        let (held, id) = (&self.rows[row], FIRST_ID + row as u64);
        let customer = &held.customer;
        let orders = &held.orders;
        match field {
            "id" => Node::customer_id(row),
            "legacyResourceId" => Node::made(id.to_string()),
            "email" => Node::text(customer.email.as_deref()),
            "phone" => Node::text(customer.phone.as_deref()),
            "firstName" => Node::text(Some(&*customer.first_name).filter(|name| !name.is_empty())),
            "lastName" => Node::text(Some(&*customer.last_name).filter(|name| !name.is_empty())),
            "displayName" => Node::made(customer.display_name()),
            "tags" => Node::texts(customer.tags()),
            "note" => Node::text(customer.note.as_deref()),
            "state" => Node::fixed("DISABLED"),
            "verifiedEmail" => Node::Flag(true),
            "canDelete" => Node::Flag(orders.is_empty()),
            "createdAt" => Node::made(moment(held.created)),
            "updatedAt" => Node::made(moment(held.updated)),
            "numberOfOrders" => Node::made(orders.len().to_string()),
            "amountSpent" => Node::Object(vec![("amount", Node::fixed("0.0")), ("currencyCode", Node::fixed("EUR"))]),
            "defaultEmailAddress" => email_address(customer.email.as_deref()),
            "defaultPhoneNumber" => phone_number(customer.phone.as_deref()),
            "orders" => {
                let query = given.get("query").and_then(|query| query.as_str()).unwrap_or_default();
                let mut found: Vec<_> = orders.iter().map(|&number| number as usize).collect();
                if !query.is_empty() {
                    let asked = self.orders_found(query);
                    found.retain(|number| asked.binary_search(number).is_ok());
                }
                self.orders_page(found, given)
            }
            "lastOrder" => orders.last().map_or(Node::Null, |&number| Node::Order(number)),
            _ => Node::Null,
        }
    }

    fn order_field(&self, number: u32, field: &str) -> Node<'_> {
        let order = &self.orders[number as usize];
        let id = FIRST_ORDER_ID + u64::from(number);
        match field {
            "id" => Node::made(format!("gid://shopify/Order/{id}")),
            "legacyResourceId" => Node::made(id.to_string()),
            "name" => Node::made(super::super::order::order_name(number)),
            "email" => {
                let row = order.row.map(|row| &self.rows[row as usize].customer);
                Node::text(row.and_then(|customer| customer.email.as_deref()))
            }
            "createdAt" => Node::made(moment(order.created)),
            "updatedAt" => Node::made(moment(order.updated)),
            "displayFinancialStatus" => Node::fixed("PENDING"),
            "displayFulfillmentStatus" => Node::fixed("UNFULFILLED"),
            "customer" => order.row.map_or(Node::Null, |row| Node::Customer(row as usize)),
            _ => Node::Null,
        }
    }
}

/// An e-mail as an object, or null.
pub(super) fn email_address(email: Option<&str>) -> Node<'_> {
    let Some(email) = email else { return Node::Null };
    Node::Object(vec![
        ("emailAddress", Node::text(Some(email))),
        ("marketingState", Node::fixed("NOT_SUBSCRIBED")),
        ("validFormat", Node::Flag(true)),
    ])
}

/// A phone number as an object, or null.
pub(super) fn phone_number(phone: Option<&str>) -> Node<'_> {
    let Some(phone) = phone else { return Node::Null };
    Node::Object(vec![("phoneNumber", Node::text(Some(phone))), ("marketingState", Node::fixed("NOT_SUBSCRIBED"))])
}
