//! A customer of the shop: what one version of it says, the row that carries it, and how checkers see it.

use super::super::body::Body;
use super::super::change::Change;
use super::super::keys::Keys;
use super::super::shape::{tidy_email, tidy_phone};
use super::super::{Condition, Fingerprint, OwnerTag, Record};
use crate::chaos::point::Subject;
use crate::clock::{Instant, Stamp};

/// The fields that [`Keys`] are kept for.
pub(super) mod field {
    /// The e-mail.
    pub(in super::super) const EMAIL: u8 = 0;
    /// The phone number.
    pub(in super::super) const PHONE: u8 = 1;
    /// Each of the tags.
    pub(in super::super) const TAG: u8 = 2;
}

/// What one version of a customer says.
#[derive(Debug, Clone, Default)]
pub(super) struct Customer {
    /// In lower case.
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) first_name: String,
    pub(super) last_name: String,
    /// Joined by `, `.
    pub(super) tags: String,
    pub(super) note: Option<String>,
}

/// A customer's place in the shop. Ids count rows, so a row stays when its customer is gone.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) customer: Customer,
    /// Its orders, by number.
    pub(super) orders: Vec<u32>,
    pub(super) created: Stamp,
    pub(super) updated: Stamp,
    /// From when searches show this version.
    pub(super) shown_from: Instant,
    /// The e-mail that it was created with.
    pub(super) subject: Subject,
    pub(super) gone: bool,
    /// Whether it has a subscription: then it is not merged.
    pub(super) subscribed: bool,
}

/// What a request says about a customer. Fields that only the shop writes are ignored.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    email: Change<'a>,
    phone: Change<'a>,
    first_name: Change<'a>,
    last_name: Change<'a>,
    tags: Change<'a>,
    note: Change<'a>,
}

impl<'a> Fields<'a> {
    /// Reads `{"customer": …}`.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        Body::read(body, |body| body.under("customer", Self::read))
    }

    fn read(body: &mut Body<'a>) -> Option<Self> {
        let mut fields = Self::default();
        body.object(|name, body| fields.take(name, body))?;
        Some(fields)
    }

    /// Reads the value of one field. Whatever is no object is taken for a text.
    pub(super) fn take(&mut self, name: &str, body: &mut Body<'a>) -> Option<()> {
        let field = match name {
            "email" => &mut self.email,
            "phone" => &mut self.phone,
            "first_name" => &mut self.first_name,
            "last_name" => &mut self.last_name,
            "tags" => {
                self.tags = body.joined_change()?;
                return Some(());
            }
            "note" => &mut self.note,
            _ => return body.skip(),
        };
        *field = body.scalar()?;
        Some(())
    }

    /// The e-mail that it says.
    pub(super) fn email(&self) -> Option<&str> {
        self.email.value()
    }

    /// Writes them into a customer.
    pub(super) fn apply(&self, customer: &mut Customer) {
        self.email.apply_optional(&mut customer.email, tidy_email);
        self.phone.apply_optional(&mut customer.phone, tidy_phone);
        self.first_name.apply(&mut customer.first_name);
        self.last_name.apply(&mut customer.last_name);
        self.note.apply_optional(&mut customer.note, str::to_owned);
        match &self.tags {
            Change::Keep => {}
            Change::Clear => customer.tags.clear(),
            Change::Set(tags) => customer.set_tags(tags),
        }
    }
}

fn tidy_tags(tags: &str) -> String {
    if !tags.bytes().any(|byte| byte == b',' || byte.is_ascii_whitespace()) {
        return tags.to_owned();
    }
    let mut out = String::with_capacity(tags.len());
    for tag in tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(tag);
    }
    out
}

impl Customer {
    /// Sets its tags, which commas part.
    pub(super) fn set_tags(&mut self, tags: &str) {
        self.tags = tidy_tags(tags);
    }

    /// What people call it: its names, else how it is reached.
    pub(super) fn display_name(&self) -> String {
        let names = [&*self.first_name, " ", &*self.last_name].concat();
        let reached = self.email.as_deref().or(self.phone.as_deref()).unwrap_or_default();
        Some(names.trim()).filter(|names| !names.is_empty()).unwrap_or(reached).to_owned()
    }

    /// Its tags.
    pub(super) fn tags(&self) -> impl Iterator<Item = &str> {
        self.tags.split(',').map(str::trim_ascii_start).filter(|tag| !tag.is_empty())
    }

    /// Whether it says nothing that identifies anyone.
    pub(super) fn is_anonymous(&self) -> bool {
        self.email.is_none() && self.phone.is_none() && self.first_name.is_empty() && self.last_name.is_empty()
    }

    /// Enters its keys under a row.
    pub(super) fn enter(&self, keys: &mut Keys, row: u32) {
        self.each_key(|field, value| keys.add(field, value, row));
    }

    /// Strikes its keys out.
    pub(super) fn strike(&self, keys: &mut Keys, row: u32) {
        self.each_key(|field, value| keys.remove(field, value, row));
    }

    fn each_key(&self, mut act: impl FnMut(u8, &str)) {
        if let Some(email) = &self.email {
            act(field::EMAIL, email);
        }
        if let Some(phone) = &self.phone {
            act(field::PHONE, phone);
        }
        self.tags().for_each(|tag| act(field::TAG, tag));
    }

    /// The owner tag's text.
    pub(super) fn owner(&self) -> Option<&str> {
        self.tags().find_map(|tag| tag.strip_prefix("owner:"))
    }

    /// Whether one of its owner tags bears this number: a merged customer may have two.
    pub(super) fn is_owned_by(&self, cust_no: &str) -> bool {
        self.tags().filter_map(|tag| tag.strip_prefix("owner:")).any(|tag| tag.split('/').next() == Some(cust_no))
    }

    /// Closed is who identifies nobody and is marked so.
    pub(super) fn condition(&self) -> Condition {
        let closed = self.is_anonymous() && self.tags().any(|tag| tag == "closed");
        if closed { Condition::Closed } else { Condition::Live }
    }

    /// How checkers see it.
    pub(super) fn record(&self, id: u64) -> Record {
        Record {
            id: id.to_string(),
            tag: self.owner().and_then(OwnerTag::parse),
            email: self.email.clone(),
            phone: self.phone.clone(),
            given_name: self.first_name.clone(),
            family_name: self.last_name.clone(),
            other_emails: Vec::new(),
            condition: self.condition(),
        }
    }

    /// Feeds all that it says.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        for text in [&self.email, &self.phone, &self.note] {
            print.number(u64::from(text.is_some()));
            print.bytes(text.as_deref().unwrap_or_default().as_bytes());
        }
        for text in [&self.first_name, &self.last_name, &self.tags] {
            print.bytes(text.as_bytes());
        }
    }
}

impl Row {
    /// Feeds all that can still matter of it.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(u64::from(self.gone) | u64::from(self.subscribed) << 1);
        print.number(self.subject.0);
        print.instant(now, self.shown_from);
        if !self.gone {
            self.customer.feed(print);
            print.number(self.orders.len() as u64);
            self.orders.iter().for_each(|&order| print.number(u64::from(order)));
        }
    }
}
