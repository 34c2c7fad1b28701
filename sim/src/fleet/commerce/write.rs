//! Creating, updating and deleting customers of the shop, and what it refuses. Reads are absent.

use super::super::shape::{is_email, is_phone};
use super::customer::{Customer, Fields, Row, field};
use super::{Commerce, answer};
use crate::chaos::point::Subject;
use crate::clock::{Instant, Stamp};
use crate::wire::{Request, Response};

/// Why a customer cannot be so, field by field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Invalid {
    pub(super) email: Option<&'static str>,
    pub(super) phone: Option<&'static str>,
    pub(super) base: Option<&'static str>,
}

impl Commerce {
    /// `POST customers`
    pub(super) fn create(&mut self, now: Instant, request: &Request) -> Response {
        let Some(fields) = Fields::of(&request.body) else {
            return answer::bad_request();
        };
        let mut customer = Customer::default();
        fields.apply(&mut customer);
        let mut invalid = self.check(&customer, None);
        if customer.is_anonymous() {
            invalid.base = Some("Customer must have a name, phone number or email address");
        }
        if invalid != Invalid::default() {
            return answer::invalid(&invalid);
        }
        let row = self.insert(now, self.index.shown_from(now), customer);
        self.answer_customer(201, row)
    }

    /// Adds a customer that is known to be valid.
    pub(super) fn insert(&mut self, now: Instant, shown_from: Instant, customer: Customer) -> usize {
        let row = self.rows.len();
        customer.enter(&mut self.keys, row as u32);
        self.rows.push(Row {
            subject: customer.email.as_ref().map_or(Subject::NONE, |email| Subject::of(email.as_bytes())),
            customer,
            orders: Vec::new(),
            created: Stamp::at(now),
            updated: Stamp::at(now),
            shown_from,
            gone: false,
            subscribed: false,
        });
        row
    }

    /// `PUT customers/{id}`
    pub(super) fn update(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(row) = self.present(id) else { return answer::not_found() };
        let Some(fields) = Fields::of(&request.body) else {
            return answer::bad_request();
        };
        let mut customer = self.rows[row].customer.clone();
        fields.apply(&mut customer);
        let invalid = self.check(&customer, Some(row));
        if invalid != Invalid::default() {
            return answer::invalid(&invalid);
        }
        self.replace(now, row, customer);
        self.answer_customer(200, row)
    }

    /// `DELETE customers/{id}`: for good, and refused where there are orders.
    pub(super) fn delete(&mut self, now: Instant, id: &str) -> Response {
        let Some(row) = self.present(id) else { return answer::not_found() };
        if !self.rows[row].orders.is_empty() {
            let base = Some("Customer can't be deleted because they have orders");
            return answer::invalid(&Invalid { base, ..Invalid::default() });
        }
        self.remove(now, row);
        Response::json(200, "{}")
    }

    /// Takes a customer away for good.
    pub(super) fn remove(&mut self, now: Instant, row: usize) {
        self.replace(now, row, Customer::default());
        self.rows[row].gone = true;
    }

    /// Writes a new version of a row.
    pub(super) fn replace(&mut self, now: Instant, number: usize, customer: Customer) {
        let row = &mut self.rows[number];
        row.customer.strike(&mut self.keys, number as u32);
        customer.enter(&mut self.keys, number as u32);
        let was = std::mem::replace(&mut row.customer, customer);
        row.shown_from = self.index.supersede(now, number as u32, row.shown_from, was);
        row.updated = Stamp::at(now);
    }

    /// What is wrong with a customer, new or in place of a row.
    pub(super) fn check(&self, customer: &Customer, row: Option<usize>) -> Invalid {
        let taken = |holder: Option<usize>| (holder.is_some() && holder != row).then_some("has already been taken");
        let wrong = |valid: bool| (!valid).then_some("is invalid");
        Invalid {
            email: customer.email.as_deref().and_then(|email| {
                wrong(is_email(email))
                    .or_else(|| taken(self.holder(field::EMAIL, email, |other| other.email.as_deref())))
            }),
            phone: customer.phone.as_deref().and_then(|phone| {
                wrong(is_phone(phone))
                    .or_else(|| taken(self.holder(field::PHONE, phone, |other| other.phone.as_deref())))
            }),
            base: None,
        }
    }

    /// Who has this value in this field.
    pub(super) fn holder(&self, field: u8, value: &str, held: impl Fn(&Customer) -> Option<&str>) -> Option<usize> {
        self.keys.candidates(field, value).find(|&row| held(&self.rows[row].customer) == Some(value))
    }
}
