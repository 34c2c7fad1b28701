//! A customer as the naive orchestrator's primary database keeps it, and what a client asked to become of it.
//! Rows are JSON under `customer/CUST_NO`. How vendors and clients see a customer stands elsewhere.

use std::borrow::Cow;

use sagaproof_sim::process::Row;
use serde::{Deserialize, Deserializer, Serialize};

use crate::version::SeededCustomer;

/// What the keys of all customers' rows begin with.
pub(in crate::version) const PREFIX: &str = "customer/";

/// A row of the primary database.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::version) struct Customer {
    /// The customer number.
    pub(in crate::version) cust_no: String,
    /// The e-mail, in lower case.
    pub(in crate::version) email: String,
    /// The given name.
    pub(in crate::version) given_name: String,
    /// The family name.
    pub(in crate::version) family_name: String,
    /// The phone number.
    pub(in crate::version) phone: Option<String>,
    /// The ids of its records at the vendors.
    pub(in crate::version) ids: Ids,
}

/// Where a customer's records are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::version) struct Ids {
    /// At commerce.
    pub(in crate::version) commerce: String,
    /// At support.
    pub(in crate::version) support: String,
    /// At identity: the full id.
    pub(in crate::version) identity: String,
}

/// The fields that a client sent; those of an update may be absent.
#[derive(Debug, Default, Deserialize)]
pub(in crate::version) struct Wish<'a> {
    /// The customer number; updates name it in the path.
    #[serde(borrow, default)]
    pub(in crate::version) cust_no: Option<Cow<'a, str>>,
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
    pub(in crate::version) fn is_whole(&self) -> bool {
        self.email.is_some() && self.given_name.is_some() && self.family_name.is_some()
    }

    /// Writes what was sent into a customer.
    pub(in crate::version) fn apply(&self, customer: &mut Customer) {
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
    pub(in crate::version) fn standing(seeded: &SeededCustomer) -> Self {
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
    pub(in crate::version) fn row(&self) -> Row {
        Row { key: self.key(), version: 1, value: self.value() }
    }

    /// The key of its row.
    pub(in crate::version) fn key(&self) -> String {
        [PREFIX, &self.cust_no].concat()
    }

    /// Its row's value.
    pub(in crate::version) fn value(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a row back; `None` where it is no customer.
    pub(in crate::version) fn of_row(row: &Row) -> Option<Self> {
        row.key.starts_with(PREFIX).then(|| serde_json::from_slice(&row.value).ok()).flatten()
    }
}
