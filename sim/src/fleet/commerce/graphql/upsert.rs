//! The mutations of the shop's GraphQL API that need not know what is there: `customerSet`, which creates or updates by a
//! key, and `tagsAdd` and `tagsRemove`.

use serde_json::Value;

use super::super::super::shape::{tidy_email, tidy_phone};
use super::super::Commerce;
use super::super::customer::{Customer, field};
use super::super::write::Invalid;
use super::ask::id_text;
use super::mutate::{apply, mistakes};
use super::node::{Given, Node, bare};
use crate::clock::Instant;

/// Whom a `customerSet` is about.
enum Whom {
    /// Somebody new, who gets these keys.
    New(Customer),
    /// The customer in this row.
    Row(usize),
}

/// What is wrong, in which field, under which code.
struct Mistake(&'static [&'static str], String, &'static str);

impl Mistake {
    fn node(self) -> Node<'static> {
        let Self(field, message, code) = self;
        let field = if field.is_empty() { Node::Null } else { Node::texts(field.iter().copied()) };
        Node::Object(vec![("field", field), ("message", Node::made(message)), ("code", Node::fixed(code))])
    }
}

impl Commerce {
    /// `customerSet`: without an identifier it creates, by an id it updates, by an e-mail or a phone number it does either.
    pub(super) fn set_customer(&mut self, now: Instant, given: &Given<'_>) -> Node<'static> {
        let input = given.get("input");
        let identifier = given.get("identifier").filter(|identifier| !identifier.is_null());
        match self.whom(identifier, input).and_then(|whom| self.set(now, whom, input)) {
            Ok(row) => Node::Object(vec![("customer", Node::Customer(row)), ("userErrors", Node::List(Vec::new()))]),
            Err(wrong) => {
                let errors = wrong.into_iter().map(Mistake::node).collect();
                Node::Object(vec![("customer", Node::Null), ("userErrors", Node::List(errors))])
            }
        }
    }

    fn whom(&self, identifier: Option<&Value>, input: Option<&Value>) -> Result<Whom, Vec<Mistake>> {
        let mut new = Customer::default();
        let Some(identifier) = identifier else { return Ok(Whom::New(new)) };
        let key = |name: &str| identifier.get(name).and_then(Value::as_str);
        let also = |name: &str| input.and_then(|input| input.get(name)).and_then(Value::as_str);
        let wrong = |field, message: &str, code| Err(vec![Mistake(field, message.to_owned(), code)]);
        let differs = "The identifier value does not match the value of the corresponding field in the input.";
        let row = match (key("id"), key("email"), key("phone")) {
            (Some(id), None, None) => match self.customer_row(id) {
                Some(row) => Some(row),
                None => return wrong(&["identifier"], "Customer does not exist", "NOT_FOUND"),
            },
            (None, Some(email), None) => {
                let email = tidy_email(email);
                if also("email").is_some_and(|also| tidy_email(also) != email) {
                    return wrong(&["input", "email"], differs, "INVALID");
                }
                let row = self.holder(field::EMAIL, &email, |other| other.email.as_deref());
                new.email = Some(email);
                row
            }
            (None, None, Some(phone)) => {
                let phone = tidy_phone(phone);
                if also("phone").is_some_and(|also| tidy_phone(also) != phone) {
                    return wrong(&["input", "phone"], differs, "INVALID");
                }
                let row = self.holder(field::PHONE, &phone, |other| other.phone.as_deref());
                new.phone = Some(phone);
                row
            }
            _ => return wrong(&["identifier"], "Exactly one of id, email and phone must be given", "INVALID"),
        };
        Ok(row.map_or(Whom::New(new), Whom::Row))
    }

    fn set(&mut self, now: Instant, whom: Whom, input: Option<&Value>) -> Result<usize, Vec<Mistake>> {
        let (mut customer, row) = match whom {
            Whom::New(customer) => (customer, None),
            Whom::Row(row) => (self.rows[row].customer.clone(), Some(row)),
        };
        apply(input, &mut customer);
        let mut invalid = self.check(&customer, row);
        if row.is_none() && customer.is_anonymous() {
            invalid.base = Some("A name, phone number, or email address must be present");
        }
        if invalid != Invalid::default() {
            let mistake = |(field, message): (&'static [&'static str], String)| {
                let code = if message.ends_with("taken") { "TAKEN" } else { "INVALID" };
                let field: &[&str] = match field {
                    ["email"] => &["input", "email"],
                    ["phone"] => &["input", "phone"],
                    _ => field,
                };
                Mistake(field, message, code)
            };
            return Err(mistakes(&invalid).into_iter().map(mistake).collect());
        }
        match row {
            Some(row) => {
                self.replace(now, row, customer);
                Ok(row)
            }
            None => Ok(self.insert(now, self.index.shown_from(now), customer)),
        }
    }

    /// `tagsAdd` and `tagsRemove`; orders have no tags here.
    pub(super) fn change_tags(&mut self, now: Instant, given: &Given<'_>, add: bool) -> Node<'static> {
        let id = given.get("id").and_then(id_text).unwrap_or_default();
        let refused = |message: &'static str| {
            let error =
                Node::Object(vec![("field", Node::texts(["id"].into_iter())), ("message", Node::fixed(message))]);
            Node::Object(vec![("node", Node::Null), ("userErrors", Node::List(vec![error]))])
        };
        let Some(row) = self.customer_row(&id) else {
            let is_order = bare("Order", &id).and_then(|order| self.order_number(order)).is_some();
            return refused(if is_order { "This shop keeps no tags of orders" } else { "Node does not exist" });
        };
        let mut customer = self.rows[row].customer.clone();
        let named: Vec<&str> = match given.get("tags") {
            Some(Value::Array(tags)) => tags.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(tags)) => vec![tags],
            _ => Vec::new(),
        };
        let named: Vec<&str> = named.into_iter().flat_map(|tags| tags.split(',')).map(str::trim).collect();
        let is_named = |tag: &&str| named.iter().any(|named| named.eq_ignore_ascii_case(tag));
        let mut tags: Vec<&str> = self.rows[row].customer.tags().filter(|tag| add || !is_named(tag)).collect();
        for tag in named.iter().filter(|_| add) {
            if !tags.iter().any(|known| known.eq_ignore_ascii_case(tag)) {
                tags.push(tag);
            }
        }
        customer.set_tags(&tags.join(","));
        self.replace(now, row, customer);
        Node::Object(vec![("node", Node::Customer(row)), ("userErrors", Node::List(Vec::new()))])
    }
}
