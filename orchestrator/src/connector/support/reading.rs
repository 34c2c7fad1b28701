//! Support's answers: their shapes, and what they say.

use std::borrow::Cow;

use serde::Deserialize;

use super::super::answer::{self, Complaint, UNREADABLE};
use super::super::json::{self, Leaves, Text};
use super::super::{Condition, EmailIdentity, Found, Operation, Reading};

/// What a purged user is called, once the vendor has got round to it.
const PURGED_NAME: &str = "Permanently Deleted User";
const CLOSED_TAG: &str = "closed";

/// What a success says.
pub(super) fn success(operation: &Operation, status: u16, body: &str) -> Reading {
    let Some(said) = json::object::<Answer<'_>>(body) else {
        return answer::bodiless(operation, status, body);
    };
    if let Some(complaint) = said.complaint() {
        return complaint.in_success();
    }
    match operation {
        Operation::Read(_) | Operation::Update(_) | Operation::Blank(_) => record(said.user),
        Operation::ReadDeleted(_) => record(said.deleted_user.map(deleted)),
        Operation::Delete(_) => record(said.user.map(deleted)),
        Operation::Create => match said.user.and_then(User::found) {
            Some(found) => Reading::Record(with_first_email(found)),
            None => UNREADABLE,
        },
        Operation::FindByOwner | Operation::FindByEmail => {
            let all = said.users.and_then(|all| all.into_iter().map(User::found).collect());
            all.map_or(UNREADABLE, Reading::Records)
        }
        Operation::ReadEmails(_) | Operation::PromoteEmail(..) => {
            said.identities.and_then(emails).map_or(UNREADABLE, Reading::Emails)
        }
        Operation::Purge(_) if said.deleted_user.is_some() => Reading::Accepted,
        Operation::DropEmail(..) => Reading::Accepted,
        Operation::Purge(_) | Operation::Token | Operation::Push => UNREADABLE,
    }
}

/// What a no says.
pub(super) fn no(operation: &Operation, status: u16, body: &str) -> Reading {
    let said = json::object::<Answer<'_>>(body);
    answer::no(operation, status, said.as_ref().and_then(Answer::complaint).as_ref())
}

/// A user, unless a purge has already emptied it.
fn record(user: Option<User<'_>>) -> Reading {
    match user {
        Some(user) if user.purged() => Reading::Absent,
        user => user.and_then(User::found).map_or(UNREADABLE, Reading::Record),
    }
}

/// A user of whom the operation alone tells that it is deleted.
fn deleted(user: User<'_>) -> User<'_> {
    User { active: Some(false), ..user }
}

/// A record just created has the one e-mail identity that it was created with; its id is not told.
fn with_first_email(mut found: Found) -> Found {
    found.emails = found.email.clone().map(|email| vec![EmailIdentity { id: String::new(), email, primary: true }]);
    found
}

fn emails(identities: Vec<Identity<'_>>) -> Option<Vec<EmailIdentity>> {
    identities.into_iter().filter(|identity| identity.kind.get() == Some("email")).map(Identity::email).collect()
}

/// Any answer's body.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    user: Option<User<'a>>,
    #[serde(borrow, default)]
    users: Option<Vec<User<'a>>>,
    #[serde(borrow, default)]
    deleted_user: Option<User<'a>>,
    #[serde(borrow, default)]
    identities: Option<Vec<Identity<'a>>>,
    #[serde(borrow, default)]
    error: Leaves<'a>,
    #[serde(borrow, default)]
    errors: Leaves<'a>,
    #[serde(borrow, default)]
    details: Leaves<'a>,
}

impl<'a> Answer<'a> {
    fn complaint(&self) -> Option<Complaint<'a>> {
        let leaf = self.error.0.first().or_else(|| self.errors.0.first())?;
        let taken = self.details.0.iter().any(|leaf| leaf.key == "error" && leaf.text == "DuplicateValue");
        Some(Complaint { word: if taken { Cow::Borrowed("DuplicateValue") } else { leaf.text.clone() }, taken })
    }
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    email: Text<'a>,
    #[serde(borrow, default)]
    phone: Text<'a>,
    #[serde(borrow, default)]
    external_id: Text<'a>,
    #[serde(borrow, default)]
    tags: Option<Vec<Text<'a>>>,
    #[serde(default)]
    active: Option<bool>,
}

impl User<'_> {
    fn purged(&self) -> bool {
        self.active == Some(false) && self.email.get().is_none() && self.name.get() == Some(PURGED_NAME)
    }

    /// The user in neutral terms; `None` without an id. It is closed when marked and without e-mail and phone.
    fn found(self) -> Option<Found> {
        let marked = self.tags.iter().flatten().any(|tag| tag.get() == Some(CLOSED_TAG));
        let condition = if self.active == Some(false) {
            Condition::SoftDeleted
        } else if marked && self.email.get().is_none() && self.phone.get().is_none() {
            Condition::Closed
        } else {
            Condition::Live
        };
        Some(Found {
            id: self.id.owned()?,
            owner: self.external_id.owned(),
            email: self.email.lower(),
            phone: self.phone.owned(),
            given_name: self.name.owned().unwrap_or_default(),
            family_name: String::new(),
            emails: None,
            condition,
        })
    }
}

#[derive(Deserialize)]
struct Identity<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    value: Text<'a>,
    #[serde(default)]
    primary: Option<bool>,
}

impl Identity<'_> {
    fn email(self) -> Option<EmailIdentity> {
        let (id, email) = (self.id.owned()?, self.value.lower()?);
        Some(EmailIdentity { id, email, primary: self.primary.unwrap_or(false) })
    }
}
