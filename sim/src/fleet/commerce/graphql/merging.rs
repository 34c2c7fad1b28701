//! How callers ask the shop to merge customers, and what is wrong with what they ask. Who survives, and what the job
//! does, stands in `merge`.

use serde_json::Value;

use super::super::Commerce;
use super::super::merge::{Blocker, Merge, Overrides};
use super::ask::id_text;
use super::node::{Given, Node, customer_id};

/// What every job's id begins with.
pub(super) const JOB: &str = "gid://shopify/Job/";
/// The first part of every job's UUID; the rest counts.
const UUID: &str = "6f0a1c3e-0000-4000-8000-";

/// The id of the job with this number.
pub(super) fn job_id(number: usize) -> String {
    format!("{JOB}{UUID}{number:012}")
}

/// The number of the job with this id.
pub(super) fn job_number(id: &str) -> Option<usize> {
    id.strip_prefix(JOB)?.strip_prefix(UUID)?.parse().ok()
}

/// What is wrong with a merge as it was asked for.
#[derive(Debug, Default)]
pub(super) struct Errors(Vec<Error>);

#[derive(Debug)]
struct Error {
    field: Option<&'static str>,
    code: &'static str,
    /// As a preview and a job's status call it.
    kind: &'static str,
    message: String,
}

impl Errors {
    fn push(&mut self, field: Option<&'static str>, code: &'static str, kind: &'static str, message: String) {
        self.0.push(Error { field, code, kind, message });
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As `userErrors` of a mutation.
    pub(super) fn as_user_errors(&self) -> Node<'static> {
        let error = |error: &Error| {
            Node::Object(vec![
                ("field", error.field.map_or(Node::Null, |field| Node::texts([field].into_iter()))),
                ("message", Node::made(error.message.clone())),
                ("code", Node::fixed(error.code)),
            ])
        };
        Node::List(self.0.iter().map(error).collect())
    }

    /// As a preview's errors.
    pub(super) fn as_merge_errors(&self) -> Node<'static> {
        let error = |error: &Error| {
            Node::Object(vec![
                ("errorFields", Node::texts([error.kind].into_iter())),
                ("message", Node::made(error.message.clone())),
            ])
        };
        Node::List(self.0.iter().map(error).collect())
    }
}

/// The merge that is asked for, or what is wrong with its arguments.
pub(super) fn asked(shop: &Commerce, given: &Given<'_>) -> Result<Merge, Errors> {
    let mut errors = Errors::default();
    let mut row = |name: &'static str| {
        let id = given.get(name).and_then(id_text).unwrap_or_default();
        let row = shop.customer_row(&id);
        if row.is_none() {
            let message = "Customer does not exist.".to_owned();
            errors.push(Some(name), "INVALID_CUSTOMER_ID", "DELETED_AT", message);
        }
        row
    };
    let (Some(one), Some(two)) = (row("customerOneId"), row("customerTwoId")) else { return Err(errors) };
    if one == two {
        let message = "Customers IDs should be different.".to_owned();
        errors.push(Some("customerTwoId"), "INVALID_CUSTOMER", "DELETED_AT", message);
        return Err(errors);
    }
    let overrides = overrides(shop, given.get("overrideFields"), [one, two]).map_err(|field| {
        let message = "The override attribute does not belong to either customer.".to_owned();
        errors.push(Some(field), "OVERRIDE_ATTRIBUTE_INVALID", "OVERRIDE_FIELDS", message);
        errors
    })?;
    Ok(shop.merge_of(one, two, overrides))
}

/// What forbids a merge, as callers are told.
pub(super) fn errors(blockers: &[Blocker]) -> Errors {
    let mut errors = Errors::default();
    for blocker in blockers {
        match blocker {
            Blocker::InProgress(row) => {
                let message = format!("{} is currently being merged.", customer_id(*row));
                errors.push(None, "INVALID_CUSTOMER", "MERGE_IN_PROGRESS", message);
            }
            Blocker::Subscription(row) => {
                let message = format!("{} has subscriptions and cannot be merged.", customer_id(*row));
                errors.push(None, "INVALID_CUSTOMER", "SUBSCRIPTIONS", message);
            }
            Blocker::Note => {
                let message = "The merged note exceeds the 5000 character limit.".to_owned();
                errors.push(None, "MISSING_OVERRIDE_ATTRIBUTE", "NOTE", message);
            }
            Blocker::Tags => {
                let message = "The merged tags exceed the limit of 250 tags.".to_owned();
                errors.push(None, "MISSING_OVERRIDE_ATTRIBUTE", "TAGS", message);
            }
        }
    }
    errors
}

/// Reads the overrides. Whoever is to keep a value must be one of the two, and have it.
fn overrides(shop: &Commerce, given: Option<&Value>, both: [usize; 2]) -> Result<Overrides, &'static str> {
    let says = |name: &str| given.and_then(|given| given.get(name)).filter(|value| !value.is_null());
    let keep = |name: &'static str, has: &dyn Fn(usize) -> bool| match says(name) {
        None => Ok(None),
        Some(id) => {
            let row = id_text(id).and_then(|id| shop.customer_row(&id));
            row.filter(|row| both.contains(row) && has(*row)).map(Some).ok_or(name)
        }
    };
    let customer = |row: usize| &shop.rows[row].customer;
    let tags = says("tags").and_then(Value::as_array);
    Ok(Overrides {
        email: keep("customerIdOfEmailToKeep", &|row| customer(row).email.is_some())?,
        phone: keep("customerIdOfPhoneNumberToKeep", &|row| customer(row).phone.is_some())?,
        first_name: keep("customerIdOfFirstNameToKeep", &|row| !customer(row).first_name.is_empty())?,
        last_name: keep("customerIdOfLastNameToKeep", &|row| !customer(row).last_name.is_empty())?,
        note: says("note").and_then(Value::as_str).map(str::to_owned),
        tags: tags.map(|tags| tags.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
    })
}
