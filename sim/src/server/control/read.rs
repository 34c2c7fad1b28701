//! What requests to the control API say: JSON bodies and query parameters, and what is wrong with them, in words.

use serde::Deserialize;

use crate::clock::Nanos;
use crate::fleet::SeedRecord;
use crate::wire::Request;

/// A request's input.
pub(super) struct Input<'a>(&'a Request);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u64,
}

/// A customer as the facade has it, and how many orders and tickets it has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Customer {
    cust_no: String,
    email: String,
    given_name: String,
    family_name: String,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    children: u32,
}

impl<'a> Input<'a> {
    pub(super) const fn of(request: &'a Request) -> Self {
        Self(request)
    }

    /// A length of time in the query, in milliseconds.
    pub(super) fn optional_millis(&self, name: &str) -> Result<Option<Nanos>, String> {
        let Some(written) = self.parameter(name) else { return Ok(None) };
        let millis = written.parse().map_err(|_| format!("`{name}={written}` is no whole number of milliseconds"))?;
        Ok(Some(Nanos::millis(millis)))
    }

    /// A length of time in the body, in milliseconds.
    pub(super) fn millis(&self, name: &str) -> Result<Nanos, String> {
        let read: Result<Advance, _> = serde_json::from_slice(&self.0.body);
        let read = read.map_err(|error| format!("write {{\"{name}\": 60000}}: {error}"))?;
        Ok(Nanos::millis(read.advance_ms))
    }

    /// A customer in the body.
    pub(super) fn customer(&self) -> Result<SeedRecord, String> {
        let read: Result<Customer, _> = serde_json::from_slice(&self.0.body);
        let Customer { cust_no, email, given_name, family_name, phone, children } = read.map_err(|error| {
            format!("write {{\"cust_no\", \"email\", \"given_name\", \"family_name\"}}, perhaps \"phone\", \"children\": {error}")
        })?;
        if cust_no.is_empty() {
            return Err("`cust_no` is empty".to_owned());
        }
        Ok(SeedRecord { tag: Some(cust_no), email: Some(email), phone, given_name, family_name, children })
    }

    /// A parameter of the query, as written.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        let pairs = self.0.query().split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}
