//! The mutations of the shop's GraphQL API. What the shop refuses stands in their answers, as `userErrors`.

use serde_json::Value;

use super::super::super::shape::{tidy_email, tidy_phone};
use super::super::Commerce;
use super::super::customer::Customer;
use super::super::write::Invalid;
use super::ask::{id_text, shop};
use super::merging;
use super::node::{Given, Node, bare};
use crate::clock::Instant;

/// What is wrong with one field of what was sent.
pub(super) type Mistake = (&'static [&'static str], String);

impl Commerce {
    /// Carries out the mutation of this name: its answer.
    pub(super) fn mutate(&mut self, now: Instant, field: &str, given: &Given<'_>) -> Node<'static> {
        let text = |name: &str| given.get(name).and_then(id_text).unwrap_or_default();
        let input = given.get("input");
        match field {
            "customerCreate" => self.create_customer(now, input),
            "customerUpdate" => self.update_customer(now, input),
            "customerDelete" => self.delete_customer(now, input),
            "customerSet" => self.set_customer(now, given),
            "tagsAdd" => self.change_tags(now, given, true),
            "tagsRemove" => self.change_tags(now, given, false),
            "customerMerge" => self.merge_customers(now, given),
            "orderCustomerSet" => match self.customer_row(&text("customerId")) {
                Some(row) => self.give_order(now, &text("orderId"), Some(row)),
                None => no_order("customerId", "Customer does not exist"),
            },
            "orderCustomerRemove" => self.give_order(now, &text("orderId"), None),
            _ => Node::Null,
        }
    }

    fn merge_customers(&mut self, now: Instant, given: &Given<'_>) -> Node<'static> {
        let asked = merging::asked(self, given).and_then(|merge| {
            let errors = merging::errors(&self.blockers(&merge));
            if errors.is_empty() { Ok(merge) } else { Err(errors) }
        });
        let merge = match asked {
            Ok(merge) => merge,
            Err(errors) => return Node::Object(vec![("userErrors", errors.as_user_errors())]),
        };
        let survivor = merge.survivor;
        let job = merging::job_id(self.start_merge(now, merge));
        Node::Object(vec![
            ("job", Node::Object(vec![("id", Node::made(job)), ("done", Node::Flag(false))])),
            ("resultingCustomerId", Node::customer_id(survivor)),
            ("userErrors", Node::List(Vec::new())),
        ])
    }

    fn give_order(&mut self, now: Instant, id: &str, to: Option<usize>) -> Node<'static> {
        let Some(number) = bare("Order", id).and_then(|id| self.order_number(id)) else {
            return no_order("orderId", "Order does not exist");
        };
        self.move_order(now, number, to);
        done("order", Node::Order(number))
    }

    fn create_customer(&mut self, now: Instant, input: Option<&Value>) -> Node<'static> {
        let mut customer = Customer::default();
        apply(input, &mut customer);
        let mut invalid = self.check(&customer, None);
        if customer.is_anonymous() {
            invalid.base = Some("A name, phone number, or email address must be present");
        }
        if invalid != Invalid::default() {
            return refused("customer", &mistakes(&invalid));
        }
        let row = self.insert(now, self.index.shown_from(now), customer);
        done("customer", Node::Customer(row))
    }

    fn update_customer(&mut self, now: Instant, input: Option<&Value>) -> Node<'static> {
        let Some(row) = self.customer_of(input) else {
            return refused("customer", &[(&["id"], "Customer does not exist".to_owned())]);
        };
        let mut customer = self.rows[row].customer.clone();
        apply(input, &mut customer);
        let invalid = self.check(&customer, Some(row));
        if invalid != Invalid::default() {
            return refused("customer", &mistakes(&invalid));
        }
        self.replace(now, row, customer);
        done("customer", Node::Customer(row))
    }

    fn delete_customer(&mut self, now: Instant, input: Option<&Value>) -> Node<'static> {
        let Some(row) = self.customer_of(input) else {
            return not_deleted("Customer can't be found");
        };
        if !self.rows[row].orders.is_empty() {
            return not_deleted("Customer can’t be deleted because they have associated orders");
        }
        self.remove(now, row);
        Node::Object(vec![
            ("deletedCustomerId", Node::customer_id(row)),
            ("shop", shop()),
            ("userErrors", Node::List(Vec::new())),
        ])
    }

    fn customer_of(&self, input: Option<&Value>) -> Option<usize> {
        self.customer_row(&input?.get("id").and_then(id_text)?)
    }
}

/// Writes an input's fields into a customer.
pub(super) fn apply(input: Option<&Value>, customer: &mut Customer) {
    let says = |name: &str| input.and_then(|input| input.get(name));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let optional = |value: &Value, tidy: fn(&str) -> String| value.as_str().filter(|text| !text.is_empty()).map(tidy);
    if let Some(email) = says("email") {
        customer.email = optional(email, tidy_email);
    }
    if let Some(phone) = says("phone") {
        customer.phone = optional(phone, tidy_phone);
    }
    if let Some(name) = says("firstName") {
        customer.first_name = text(name);
    }
    if let Some(name) = says("lastName") {
        customer.last_name = text(name);
    }
    if let Some(note) = says("note") {
        customer.note = optional(note, str::to_owned);
    }
    match says("tags") {
        Some(Value::Array(tags)) => {
            let tags: Vec<_> = tags.iter().filter_map(Value::as_str).collect();
            customer.set_tags(&tags.join(","));
        }
        Some(Value::String(tags)) => customer.set_tags(tags),
        Some(_) => customer.set_tags(""),
        None => {}
    }
}

/// What is wrong with a customer, field by field.
pub(super) fn mistakes(invalid: &Invalid) -> Vec<Mistake> {
    let say = |label: &str, message: &str| [label, message].concat();
    let mut mistakes: Vec<Mistake> = Vec::new();
    if let Some(message) = invalid.email {
        mistakes.push((&["email"], say("Email ", message)));
    }
    if let Some(message) = invalid.phone {
        mistakes.push((&["phone"], say("Phone ", message)));
    }
    if let Some(message) = invalid.base {
        mistakes.push((&[], message.to_owned()));
    }
    mistakes
}

fn done(name: &'static str, node: Node<'static>) -> Node<'static> {
    Node::Object(vec![(name, node), ("userErrors", Node::List(Vec::new()))])
}

/// The shop is told of even so.
fn not_deleted(message: &str) -> Node<'static> {
    match refused("deletedCustomerId", &[(&["id"], message.to_owned())]) {
        Node::Object(mut fields) => {
            fields.push(("shop", shop()));
            Node::Object(fields)
        }
        other => other,
    }
}

/// An argument of `orderCustomerSet` or `orderCustomerRemove` names nobody or nothing.
fn no_order(field: &'static str, message: &'static str) -> Node<'static> {
    let error = Node::Object(vec![
        ("field", Node::texts([field].into_iter())),
        ("message", Node::fixed(message)),
        ("code", Node::fixed("NOT_FOUND")),
    ]);
    Node::Object(vec![("order", Node::Null), ("userErrors", Node::List(vec![error]))])
}

fn refused(name: &'static str, mistakes: &[Mistake]) -> Node<'static> {
    let error = |(field, message): &Mistake| {
        let field = if field.is_empty() { Node::Null } else { Node::texts(field.iter().copied()) };
        Node::Object(vec![("field", field), ("message", Node::made(message.clone()))])
    };
    Node::Object(vec![(name, Node::Null), ("userErrors", Node::List(mistakes.iter().map(error).collect()))])
}
