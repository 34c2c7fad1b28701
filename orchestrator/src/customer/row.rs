//! The primary database: a customer's row, a job's row, a client key's row, and the keys that a saga claims.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::definition::Kind;
use crate::connector::Profile;
use crate::saga::SagaId;

/// What the primary database says of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Being created: not shown.
    Pending,
    /// There.
    Active,
    /// Being closed: shown until it is closed.
    Closing,
    /// Closed, its saga not yet quiet: not shown.
    Closed,
}

/// A customer's row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CustomerRow {
    /// Its standing.
    pub standing: Standing,
    /// Its fields.
    pub profile: Profile,
    /// The owner tag that its vendor records bear, `cust_no/saga`.
    pub owner: String,
    /// Its ids at commerce, support and identity.
    pub ids: [Option<String>; 3],
    /// Its loyalty points.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub points: u64,
    /// The saga that holds it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saga: Option<SagaId>,
}

/// A customer's row as it is written: borrowed from whoever says it.
#[derive(Debug, Clone, Copy)]
pub struct CustomerView<'a> {
    /// Its standing.
    pub standing: Standing,
    /// Its fields.
    pub profile: &'a Profile,
    /// The owner tag that its vendor records bear.
    pub owner: &'a str,
    /// Its ids at commerce, support and identity.
    pub ids: [Option<&'a str>; 3],
    /// Its loyalty points.
    pub points: u64,
    /// The saga that holds it, if any.
    pub saga: Option<SagaId>,
}

/// Whether a number need not be written.
pub(super) fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

impl CustomerRow {
    /// The row, to be written.
    #[must_use]
    pub fn view(&self) -> CustomerView<'_> {
        let Self { standing, profile, owner, ids, points, saga } = self;
        let ids = ids.each_ref().map(Option::as_deref);
        CustomerView { standing: *standing, profile, owner, ids, points: *points, saga: *saga }
    }
}

/// What remains of a saga once its client's answer is durable: the job as clients see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow<'a> {
    /// What it did.
    pub kind: Kind,
    /// The customer.
    pub cust_no: Cow<'a, str>,
    /// The correlation id.
    pub correlation: Cow<'a, str>,
    /// The answer's status.
    pub status: u16,
    /// The answer's body.
    pub body: Cow<'a, str>,
    /// Calls that the saga had made by then.
    pub attempts: u32,
    /// Why it was refused or not applied; empty on success.
    pub last_error: Cow<'a, str>,
    /// Whether it was let go although something was left to do, so that a person must look at it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attention: bool,
    /// Of a merge the owner tag of the customer that it let go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goner: Option<Cow<'a, str>>,
    /// Of a merge the owner tag of the customer that stayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heir: Option<Cow<'a, str>>,
}

/// What a client's Idempotency-Key stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// A hash of method, path and body.
    pub hash: u64,
    /// The saga that the key began, where one began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saga: Option<SagaId>,
    /// The answer, where none began: a status and a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<(u16, String)>,
}

/// What the keys of customers' rows begin with.
pub const CUSTOMERS: &str = "c/";

/// What the keys of jobs' rows begin with.
pub const JOBS: &str = "j/";

/// The key of a customer's row; also the key that a claim takes first.
#[must_use]
pub fn customer_key(cust_no: &str) -> String {
    join(CUSTOMERS, cust_no)
}

/// The key that is claimed for an owner tag that no customer has. No row stands under it.
#[must_use]
pub fn tag_key(tag: &str) -> String {
    join("t/", tag)
}

/// The key of the mark that the customer with this owner tag is gone. Such a row tells nothing else.
#[must_use]
pub fn gone_key(owner: &str) -> String {
    join("g/", owner)
}

/// The customer's number in the key of its row.
#[must_use]
pub fn customer_number(key: &str) -> &str {
    key.trim_start_matches(CUSTOMERS).trim_end_matches(';')
}

/// The saga's id in the key of its job's row.
#[must_use]
pub fn job_number(key: &str) -> &str {
    key.trim_start_matches(JOBS).trim_end_matches(';')
}

/// The key of a job's row.
#[must_use]
pub fn job_key(saga: SagaId) -> String {
    let mut key = String::with_capacity(24);
    key.push_str(JOBS);
    saga.write(&mut key);
    key.push(';');
    key
}

/// The key of a client key's row.
#[must_use]
pub fn client_key(key: &str) -> String {
    join("i/", key)
}

/// The key by which an e-mail is claimed.
#[must_use]
pub fn email_key(email: &str) -> String {
    join("l/email/", email)
}

/// The key by which a phone number is claimed.
#[must_use]
pub fn phone_key(phone: &str) -> String {
    join("l/phone/", phone)
}

/// Keys end in a mark that no part holds, so that reading one by prefix reads no longer one.
fn join(prefix: &str, rest: &str) -> String {
    let mut key = String::with_capacity(prefix.len() + rest.len() + 1);
    key.push_str(prefix);
    key.push_str(rest);
    key.push(';');
    key
}

/// The e-mail and phone keys of these profiles, each once: what a saga claims beside the customers' rows.
#[must_use]
pub fn claim_keys<'p>(profiles: impl Iterator<Item = &'p Profile>) -> Vec<String> {
    let mut keys = Vec::with_capacity(4);
    for profile in profiles {
        keys.push(email_key(&profile.email));
        if let Some(phone) = &profile.phone {
            keys.push(phone_key(phone));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_e_mail_claims_the_old_and_the_new() {
        let old = Profile { email: "a@x".into(), phone: Some("+81".into()), ..Profile::default() };
        let new = Profile { email: "b@x".into(), phone: Some("+81".into()), ..Profile::default() };
        assert_eq!(claim_keys([&old, &new].into_iter()), ["l/email/a@x;", "l/email/b@x;", "l/phone/+81;"]);
    }

    #[test]
    fn no_key_is_a_prefix_of_another() {
        assert!(!customer_key("C10").starts_with(&customer_key("C1")));
    }
}
