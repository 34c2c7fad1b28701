//! A customer as the naive orchestrator's primary database keeps it, and what a client asked to become of it.
//! Rows are JSON under `customer/CUST_NO`. How vendors and clients see a customer stands elsewhere.

use std::borrow::Cow;

use sagaproof_sim::process::Row;
use serde::{Deserialize, Deserializer, Serialize};

use crate::version::SeededCustomer;

/// What the keys of all customers' rows begin with.
pub(super) const PREFIX: &str = "customer/";

/// A row of the primary database.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Customer {
    /// The customer number.
    pub(super) cust_no: String,
    /// The e-mail, in lower case.
    pub(super) email: String,
    /// The given name.
    pub(super) given_name: String,
    /// The family name.
    pub(super) family_name: String,
    /// The phone number.
    pub(super) phone: Option<String>,
    /// The ids of its records at the vendors.
    pub(super) ids: Ids,
}

/// Where a customer's records are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Ids {
    /// At commerce.
    pub(super) commerce: String,
    /// At support.
    pub(super) support: String,
    /// At identity: the full id.
    pub(super) identity: String,
}

/// The fields that a client sent; those of an update may be absent.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wish<'a> {
    /// The customer number; updates name it in the path.
    #[serde(borrow, default)]
    pub(super) cust_no: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    email: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    given_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    family_name: Option<Cow<'a, str>>,
    /// `Some(None)` takes the phone away.
    #[serde(borrow, default, deserialize_with = "given")]
    phone: Option<Option<Cow<'a, str>>>,
}

/// A field that is there, if only as null.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<Cow<'de, str>>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    Ok(Some(Option::<Text<'_>>::deserialize(from)?.map(|text| text.0)))
}

impl Wish<'_> {
    /// Whether everything that a new customer needs is there.
    pub(super) fn is_whole(&self) -> bool {
        self.email.is_some() && self.given_name.is_some() && self.family_name.is_some()
    }

    /// Writes what was sent into a customer.
    pub(super) fn apply(&self, customer: &mut Customer) {
        if let Some(email) = &self.email {
            customer.email = email.to_lowercase();
        }
        if let Some(name) = &self.given_name {
            customer.given_name = name.to_string();
        }
        if let Some(name) = &self.family_name {
            customer.family_name = name.to_string();
        }
        if let Some(phone) = &self.phone {
            customer.phone = phone.as_deref().map(str::to_owned);
        }
    }
}

impl Customer {
    /// One who stands everywhere before the world begins.
    pub(super) fn standing(seeded: &SeededCustomer) -> Self {
        let customer = seeded.customer.clone();
        Self {
            cust_no: customer.cust_no,
            email: customer.email,
            given_name: customer.given_name,
            family_name: customer.family_name,
            phone: customer.phone,
            ids: Ids {
                commerce: seeded.commerce.clone(),
                support: seeded.support.clone(),
                identity: seeded.identity.clone(),
            },
        }
    }

    /// Its row, as first written.
    pub(super) fn row(&self) -> Row {
        Row { key: self.key(), version: 1, value: self.value() }
    }

    /// The key of its row.
    pub(super) fn key(&self) -> String {
        [PREFIX, &self.cust_no].concat()
    }

    /// Its row's value.
    pub(super) fn value(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a row back; `None` where it is no customer.
    pub(super) fn of_row(row: &Row) -> Option<Self> {
        row.key.starts_with(PREFIX).then(|| serde_json::from_slice(&row.value).ok()).flatten()
    }
}
