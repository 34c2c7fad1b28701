//! Commerce's merges, in GraphQL: a job that nothing takes back, and whose survivor the vendor chooses. How it stands is
//! read from the two customers themselves, so that no job's id needs to be known. Rare, so read by serde.

use serde::{Deserialize, Serialize};

use super::super::answer::UNREADABLE;
use super::super::{Condition, Found, MergeState, Reading};
use super::{CLOSED_TAG, owner};
use crate::json::write;

/// Both customers, and whether they could be merged.
const QUESTION: &str = "query merge($one: ID!, $two: ID!) { \
    goes: customer(id: $one) { ...record } stays: customer(id: $two) { ...record } \
    preview: customerMergePreview(customerOneId: $one, customerTwoId: $two) \
    { customerMergeErrors { errorFields message } } } \
    fragment record on Customer { id email phone firstName lastName tags }";

/// Merges. In a tie the second customer is kept.
const ORDER: &str = "mutation merge($one: ID!, $two: ID!) { \
    customerMerge(customerOneId: $one, customerTwoId: $two) \
    { job { id done } resultingCustomerId userErrors { field message code } } }";

pub(super) const ID: &str = "gid://shopify/Customer/";
const IN_PROGRESS: &str = "MERGE_IN_PROGRESS";
const THROTTLED: &str = "THROTTLED";

#[derive(Serialize)]
struct Variables {
    one: String,
    two: String,
}

/// The body that asks how it stands.
pub(super) fn question(stays: &str, goes: &str) -> Vec<u8> {
    document(QUESTION, &Variables::of(stays, goes))
}

/// The body that merges.
pub(super) fn order(stays: &str, goes: &str) -> Vec<u8> {
    document(ORDER, &Variables::of(stays, goes))
}

impl Variables {
    fn of(stays: &str, goes: &str) -> Self {
        Self { one: [ID, goes].concat(), two: [ID, stays].concat() }
    }
}

/// The body that asks this, with these variables.
pub(super) fn document(query: &str, variables: &impl Serialize) -> Vec<u8> {
    let mut body = Vec::with_capacity(query.len() + 160);
    write(&mut body).raw(r#"{"query":"#).text(query).raw(r#","variables":"#).rare(variables).raw("}");
    body
}

/// Any answer: what was asked for, or what is wrong.
#[derive(Deserialize)]
pub(super) struct Answer<T> {
    data: Option<T>,
    #[serde(default = "Vec::new")]
    errors: Vec<Error>,
}

#[derive(Deserialize)]
struct Error {
    #[serde(default)]
    message: String,
    #[serde(default)]
    extensions: Option<Extensions>,
}

#[derive(Deserialize)]
struct Extensions {
    #[serde(default)]
    code: String,
}

impl<T> Answer<T> {
    /// What was asked for, or what its absence says.
    pub(super) fn told(self, read: impl FnOnce(T) -> Reading) -> Reading {
        let throttled =
            |error: &Error| error.extensions.as_ref().is_some_and(|extensions| extensions.code == THROTTLED);
        match (self.data, self.errors.first()) {
            (_, Some(error)) if throttled(error) => Reading::NotDone(None),
            (_, Some(error)) => Reading::Refused(error.message.clone()),
            (Some(data), None) => read(data),
            (None, None) => UNREADABLE,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ordered {
    customer_merge: Option<Merge>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Merge {
    job: Option<Job>,
    user_errors: Vec<UserError>,
}

#[derive(Deserialize)]
struct Job {
    #[expect(dead_code, reason = "only that there is one counts")]
    id: String,
}

#[derive(Deserialize)]
struct UserError {
    message: String,
    #[serde(default)]
    code: Option<String>,
}

/// What the answer to a merge says: a job has begun, or a definite no.
pub(super) fn ordered(body: &str) -> Reading {
    let Ok(answer) = serde_json::from_str::<Answer<Ordered>>(body) else { return UNREADABLE };
    answer.told(|ordered| match ordered.customer_merge {
        Some(Merge { user_errors, .. }) if !user_errors.is_empty() => {
            let UserError { message, code } = &user_errors[0];
            Reading::Refused(code.as_ref().unwrap_or(message).clone())
        }
        Some(Merge { job: Some(_), .. }) => Reading::Merge(MergeState::Pending),
        _ => UNREADABLE,
    })
}

#[derive(Deserialize)]
struct Two {
    goes: Option<Customer>,
    stays: Option<Customer>,
    preview: Option<Preview>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Preview {
    customer_merge_errors: Option<Vec<Blocker>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Blocker {
    #[serde(default)]
    error_fields: Vec<String>,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Customer {
    id: String,
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// How it stands: who of the two is left, and what the preview says while both are.
pub(super) fn state(body: &str, stays: &str, goes: &str) -> Reading {
    let Ok(answer) = serde_json::from_str::<Answer<Two>>(body) else { return UNREADABLE };
    answer.told(|two| two.state(stays, goes))
}

impl Two {
    fn state(self, stays: &str, goes: &str) -> Reading {
        let of = |customer: Option<Customer>, id: &str| {
            customer.map(Customer::found).map(|found| found.filter(|found| found.id == id))
        };
        let blockers = self.preview.and_then(|preview| preview.customer_merge_errors).unwrap_or_default();
        Reading::Merge(match (of(self.stays, stays), of(self.goes, goes)) {
            (Some(None), _) | (_, Some(None)) => return UNREADABLE,
            (Some(Some(found)), None) | (None, Some(Some(found))) => MergeState::Merged(Box::new(found)),
            (None, None) => MergeState::Blocked("neither customer exists".to_owned()),
            (Some(Some(_)), Some(Some(_))) => match blockers.first() {
                None => MergeState::Apart,
                Some(_) if blockers.iter().any(Blocker::is_under_way) => MergeState::Pending,
                Some(blocker) => MergeState::Blocked(blocker.message.clone()),
            },
        })
    }
}

impl Blocker {
    fn is_under_way(&self) -> bool {
        self.error_fields.iter().any(|field| field == IN_PROGRESS)
    }
}

impl Customer {
    /// The customer in neutral terms; `None` where its id is none of a customer.
    fn found(self) -> Option<Found> {
        let id = self.id.strip_prefix(ID)?.to_owned();
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let (email, phone) = (given(self.email).map(|email| email.to_lowercase()), given(self.phone));
        let (first, last) = (given(self.first_name), given(self.last_name));
        let tags = || self.tags.iter().map(|tag| tag.trim());
        let blank = email.is_none() && phone.is_none() && first.is_none() && last.is_none();
        let closed = blank && tags().any(|tag| tag == CLOSED_TAG);
        Some(Found {
            id,
            owner: owner(tags()),
            email,
            phone,
            given_name: first.unwrap_or_default(),
            family_name: last.unwrap_or_default(),
            emails: None,
            condition: if closed { Condition::Closed } else { Condition::Live },
        })
    }
}
