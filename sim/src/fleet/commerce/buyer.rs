//! Whose an order is to be, as a request to create or to change it says: by id, or by e-mail, phone or name, and then
//! whoever is not a customer yet becomes one (Order: `customer`, `email`). What orders are stands in `order`.

use super::super::body::Body;
use super::super::change::Change;
use super::super::shape::tidy_email;
use super::customer::{Customer, Fields, field};
use super::write::Invalid;
use super::{Commerce, answer};
use crate::chaos::point::Subject;
use crate::clock::Instant;
use crate::wire::Response;

/// Whose an order is to be.
#[derive(Debug, Default)]
enum Whose<'a> {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// Nobody's.
    Nobodys,
    /// This customer's.
    Customers(u64),
    /// Theirs of whom this is said.
    Persons(Fields<'a>),
}

/// What a request says about an order.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    whose: Whose<'a>,
    email: Change<'a>,
}

impl<'a> Said<'a> {
    /// Reads `{"order": …}`.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        Body::read(body, |body| body.under("order", Self::read))
    }

    fn read(body: &mut Body<'a>) -> Option<Self> {
        let mut said = Self::default();
        body.object(|name, body| {
            match name {
                "customer" => said.whose = Whose::read(body)?,
                "email" => said.email = body.scalar()?,
                _ => body.skip()?,
            }
            Some(())
        })?;
        Some(said)
    }

    /// The e-mail by which it names a customer, as stored.
    fn email(&self) -> Option<String> {
        let named = match &self.whose {
            Whose::Nobodys | Whose::Customers(_) => return None,
            Whose::Unsaid => None,
            Whose::Persons(person) => person.email(),
        };
        named.or_else(|| self.email.value()).map(tidy_email).filter(|email| !email.is_empty())
    }
}

impl<'a> Whose<'a> {
    fn read(body: &mut Body<'a>) -> Option<Self> {
        if body.null() {
            return Some(Self::Nobodys);
        }
        let (mut id, mut person, mut says_more) = (None, Fields::default(), false);
        body.object(|name, body| match name {
            "id" if body.null() => Some(()),
            // A number, or a text of digits.
            "id" => body.raw()?.trim_matches('"').parse().ok().map(|number| id = Some(number)),
            _ => {
                says_more = true;
                person.take(name, body)
            }
        })?;
        Some(match id {
            Some(id) => Self::Customers(id),
            None if says_more => Self::Persons(person),
            None => Self::Unsaid,
        })
    }
}

impl Commerce {
    /// The row of the customer whose a new order is, who may have to be made; nothing where it is to be nobody's.
    pub(super) fn buyer(&mut self, now: Instant, said: &Said<'_>) -> Result<Option<usize>, Response> {
        let email = said.email();
        let mut customer = Customer::default();
        match &said.whose {
            Whose::Nobodys => return Ok(None),
            Whose::Unsaid if email.is_none() => return Ok(None),
            Whose::Customers(id) => {
                return self.present(&id.to_string()).map(Some).ok_or_else(answer::no_such_customer);
            }
            Whose::Persons(person) => person.apply(&mut customer),
            Whose::Unsaid => {}
        }
        customer.email = email;
        if let Some(row) = self.known(&customer) {
            return Ok(Some(row));
        }
        let invalid = self.check(&customer, None);
        if invalid != Invalid::default() {
            return Err(answer::invalid(&invalid));
        }
        if customer.is_anonymous() {
            return Err(answer::no_such_customer());
        }
        Ok(Some(self.insert(now, self.index.shown_from(now), customer)))
    }

    /// The same for an order that is there: what is not said about its customer stays as it is.
    pub(super) fn other_buyer(&mut self, now: Instant, said: &Said<'_>) -> Result<Option<Option<usize>>, Response> {
        match said.whose {
            Whose::Unsaid => Ok(None),
            Whose::Nobodys | Whose::Customers(_) | Whose::Persons(_) => self.buyer(now, said).map(Some),
        }
    }

    /// Who has this e-mail, else who has this phone number.
    fn known(&self, customer: &Customer) -> Option<usize> {
        let email = customer.email.as_deref();
        let phone = customer.phone.as_deref();
        email
            .and_then(|email| self.holder(field::EMAIL, email, |other| other.email.as_deref()))
            .or_else(|| phone.and_then(|phone| self.holder(field::PHONE, phone, |other| other.phone.as_deref())))
    }

    /// Whom a request to create an order is about.
    pub(super) fn subject_of_order(&self, body: &[u8]) -> Subject {
        let Some(said) = Said::of(body) else { return Subject::NONE };
        if let Whose::Customers(id) = said.whose {
            return self.subject_of(&id.to_string());
        }
        let Some(email) = said.email() else { return Subject::NONE };
        match self.holder(field::EMAIL, &email, |other| other.email.as_deref()) {
            Some(row) => self.rows[row].subject,
            None => Subject::of(email.as_bytes()),
        }
    }
}
