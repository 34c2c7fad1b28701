//! Support's answers: their shapes, and what they say.

use std::borrow::Cow;

use super::super::answer::{self, Complaint, UNREADABLE};
use super::super::fields::{ids, text_under};
use super::super::{Condition, EmailIdentity, Found, MergeState, Operation, Reading};
use crate::json::{self, Leaf, Scanner, Text};

/// What a purged user is called, once the vendor has got round to it.
const PURGED_NAME: &str = "Permanently Deleted User";
const CLOSED_TAG: &str = "closed";
/// The role of those who are merged; agents and admins are not.
const END_USER: &str = "end-user";

/// What a success says.
pub(super) fn success(operation: &Operation, status: u16, body: &str) -> Reading {
    let Some(said) = Answer::read(body) else {
        return answer::bodiless(operation, status, body);
    };
    if let Some(complaint) = said.complaint() {
        return complaint.in_success();
    }
    match operation {
        Operation::Read(_) | Operation::Update(_) | Operation::Blank(_) | Operation::Own(_) => record(said.user),
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
        Operation::ReadMerge(stays, goes) => said.users.map_or(UNREADABLE, |users| merge_state(users, stays, goes)),
        Operation::Merge(stays, _) => match said.user.and_then(User::found) {
            Some(found) if found.id == *stays => Reading::Merge(MergeState::Merged(Box::new(found))),
            _ => UNREADABLE,
        },
        Operation::ListChildren(_) | Operation::ListOn(..) => {
            said.tickets.map_or(UNREADABLE, |tickets| page(tickets, said.next_page.get()))
        }
        Operation::MoveChild(_, to) => match said.requester {
            Some(requester) if requester.get() == Some(to) => Reading::Accepted,
            _ => UNREADABLE,
        },
        Operation::Purge(_)
        | Operation::Token
        | Operation::Push
        | Operation::Unmerge(..)
        | Operation::ReadKept(_)
        | Operation::Restore(..) => UNREADABLE,
    }
}

/// How it stands with a merge, from those of the two users that are shown: whoever was merged away is deleted.
fn merge_state(users: Vec<User<'_>>, stays: &str, goes: &str) -> Reading {
    let agent = users.iter().any(|user| user.role.get().is_some_and(|role| role != END_USER));
    let live: Option<Vec<Found>> =
        users.into_iter().filter(|user| user.active != Some(false)).map(User::found).collect();
    let Some(mut live) = live else { return UNREADABLE };
    live.retain(|found| found.id == stays || found.id == goes);
    Reading::Merge(match (live.iter().position(|found| found.id == stays), live.len()) {
        (Some(_), 2) if agent => MergeState::Blocked("an agent or admin is not merged".to_owned()),
        (Some(_), 2) => MergeState::Apart,
        (Some(at), _) => MergeState::Merged(Box::new(live.swap_remove(at))),
        (None, _) => MergeState::Blocked("the user that stays is gone".to_owned()),
    })
}

/// What a no says.
pub(super) fn no(operation: &Operation, status: u16, body: &str) -> Reading {
    let said = Answer::read(body);
    answer::no(operation, status, said.as_ref().and_then(Answer::complaint).as_ref())
}

/// A page of tickets, with the number of the next one.
fn page(tickets: Vec<String>, next: Option<&str>) -> Reading {
    let Some(next) = next else { return Reading::Children(tickets, None) };
    let number = next.split(['?', '&']).find_map(|part| part.strip_prefix("page="));
    let number = number.filter(|number| number.parse::<u32>().is_ok());
    number.map_or(UNREADABLE, |number| Reading::Children(tickets, Some(number.to_owned())))
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
#[derive(Default)]
struct Answer<'a> {
    user: Option<User<'a>>,
    users: Option<Vec<User<'a>>>,
    deleted_user: Option<User<'a>>,
    identities: Option<Vec<Identity<'a>>>,
    tickets: Option<Vec<String>>,
    next_page: Text<'a>,
    /// Of the one ticket.
    requester: Option<Text<'a>>,
    errors: Vec<Leaf<'a>>,
    details: Vec<Leaf<'a>>,
}

impl<'a> Answer<'a> {
    fn read(body: &'a str) -> Option<Self> {
        let mut answer = Self::default();
        let object = json::whole(body, |json| {
            json.object(|key, json| {
                match key {
                    b"user" => answer.user = User::read(json)?,
                    b"deleted_user" => answer.deleted_user = User::read(json)?,
                    b"users" => answer.users = all(json, User::read)?,
                    b"tickets" => answer.tickets = ids(json)?,
                    b"next_page" => answer.next_page = json.text()?,
                    b"ticket" => answer.requester = text_under(json, b"requester_id")?,
                    b"identities" => answer.identities = all(json, Identity::read)?,
                    b"error" | b"errors" => json.leaves(b"", &mut answer.errors)?,
                    b"details" => json.leaves(b"", &mut answer.details)?,
                    _ => json.skip()?,
                }
                Some(())
            })
        })?;
        object.then_some(answer)
    }

    fn complaint(&self) -> Option<Complaint<'a>> {
        let leaf = self.errors.first()?;
        let taken = self.details.iter().any(|leaf| leaf.key == b"error" && leaf.text == "DuplicateValue");
        Some(Complaint { word: if taken { Cow::Borrowed("DuplicateValue") } else { leaf.text.clone() }, taken })
    }
}

/// A list of objects; `None` inside where there is none.
fn all<'a, T>(json: &mut Scanner<'a>, one: impl Fn(&mut Scanner<'a>) -> Option<Option<T>>) -> Option<Option<Vec<T>>> {
    let mut all = Vec::new();
    let there = json.list(|json| one(json)?.map(|one| all.push(one)))?;
    Some(there.then_some(all))
}

#[derive(Default)]
struct User<'a> {
    id: Text<'a>,
    name: Text<'a>,
    email: Text<'a>,
    phone: Text<'a>,
    external_id: Text<'a>,
    role: Text<'a>,
    closed: bool,
    active: Option<bool>,
}

impl<'a> User<'a> {
    fn read(json: &mut Scanner<'a>) -> Option<Option<Self>> {
        let mut user = Self::default();
        let there = json.object(|key, json| {
            let field = match key {
                b"id" => &mut user.id,
                b"name" => &mut user.name,
                b"email" => &mut user.email,
                b"phone" => &mut user.phone,
                b"external_id" => &mut user.external_id,
                b"role" => &mut user.role,
                b"active" => {
                    user.active = json.truth()?;
                    return Some(());
                }
                b"tags" => {
                    let closed = &mut user.closed;
                    return json
                        .list(|json| json.text().map(|tag| *closed |= tag.get() == Some(CLOSED_TAG)))
                        .map(|_| ());
                }
                _ => return json.skip(),
            };
            *field = json.text()?;
            Some(())
        })?;
        Some(there.then_some(user))
    }

    fn purged(&self) -> bool {
        self.active == Some(false) && self.email.get().is_none() && self.name.get() == Some(PURGED_NAME)
    }

    /// The user in neutral terms; `None` without an id. It is closed when marked and without e-mail and phone.
    fn found(self) -> Option<Found> {
        let condition = if self.active == Some(false) {
            Condition::SoftDeleted
        } else if self.closed && self.email.get().is_none() && self.phone.get().is_none() {
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

#[derive(Default)]
struct Identity<'a> {
    id: Text<'a>,
    kind: Text<'a>,
    value: Text<'a>,
    primary: Option<bool>,
}

impl<'a> Identity<'a> {
    fn read(json: &mut Scanner<'a>) -> Option<Option<Self>> {
        let mut identity = Self::default();
        let there = json.object(|key, json| {
            match key {
                b"id" => identity.id = json.text()?,
                b"type" => identity.kind = json.text()?,
                b"value" => identity.value = json.text()?,
                b"primary" => identity.primary = json.truth()?,
                _ => json.skip()?,
            }
            Some(())
        })?;
        Some(there.then_some(identity))
    }

    fn email(self) -> Option<EmailIdentity> {
        let (id, email) = (self.id.owned()?, self.value.lower()?);
        Some(EmailIdentity { id, email, primary: self.primary.unwrap_or(false) })
    }
}
