//! The difference report: system by system and field by field, what a saga intends and what stands there, read afresh.
//! What follows from a difference is the outlook's.

use serde::Serialize;

use super::{Case, Reader, Vendors};
use crate::connector::{Condition, Found, MergeState, Operation, Profile, Reading, Vendor};
use crate::customer::definition::Act;
use crate::customer::state::{Engine, Saga};
use crate::effect::Direction;

/// What one system holds of a saga's customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct System {
    /// The system.
    pub system: &'static str,
    /// The saga's step there.
    pub step: &'static str,
    /// Its fields; the first tells whether the record, or the two records of a merge, stand as intended.
    pub fields: Vec<Field>,
    /// Why it could not be read, where it could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name.
    pub field: &'static str,
    /// As the saga intends it.
    pub intended: String,
    /// As it stands.
    pub actual: String,
}

impl Field {
    /// Whether it stands as intended.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.intended == self.actual
    }
}

impl System {
    /// Whether all was read and stands as intended.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.unreadable.is_none() && self.fields.iter().all(Field::agrees)
    }
}

/// The report on one saga, read afresh.
#[must_use]
pub fn report(case: &Case, engine: &Engine, vendors: &mut dyn Vendors) -> Vec<System> {
    let saga = &case.saga;
    let mut reader = Reader::new(engine, vendors);
    let mut systems: Vec<System> = Vec::new();
    for (index, definition) in saga.definition.iter().enumerate() {
        let (vendor, merges) = match definition.act {
            Act::Put(vendor) | Act::Remove(vendor) => (vendor, false),
            Act::Merge(vendor) => (vendor, true),
            Act::Ask(_) | Act::Check(_) | Act::Primary(_) | Act::Welcome => continue,
        };
        let there = if merges { saga.aborted.is_none() } else { intended(saga, definition.act).is_some() };
        let mut system = System { system: vendor.name(), step: definition.name, fields: Vec::new(), unreadable: None };
        let (state, found) = match look(saga, index, vendor, merges, &mut reader) {
            Ok(seen) => seen,
            Err(why) => {
                system.unreadable = Some(why);
                systems.push(system);
                continue;
            }
        };
        let wanted = match (merges, there) {
            (true, true) => "one",
            (true, false) => "two",
            (false, true) => "there",
            (false, false) => "gone",
        };
        system.fields.push(Field {
            field: if merges { "records" } else { "record" },
            intended: wanted.to_owned(),
            actual: state,
        });
        if let (Some(found), Some(profile)) = (found, intended(saga, definition.act)) {
            fields(&mut system.fields, saga, profile, &found, vendor, merges && saga.aborted.is_some());
        }
        systems.push(system);
    }
    systems
}

/// What shall stand at the end of this saga; nothing where the customer shall be gone.
fn intended(saga: &Saga, act: Act) -> Option<&Profile> {
    match act {
        Act::Remove(_) => None,
        _ if saga.aborted.is_some() => saga.wanted(Direction::Compensate),
        _ => saga.wanted(Direction::Forward),
    }
}

fn fields(into: &mut Vec<Field>, saga: &Saga, profile: &Profile, found: &Found, vendor: Vendor, parted: bool) {
    let owner = saga.grant.as_ref().map_or("", |grant| grant.owner.as_str());
    let name = |given: &str, family: &str| {
        let words: Vec<_> = given.split_whitespace().chain(family.split_whitespace()).collect();
        words.join(" ")
    };
    let text = |text: Option<&str>| text.unwrap_or("none").to_owned();
    let mut add = |field, intended, actual| into.push(Field { field, intended, actual });
    add("owner", owner.to_owned(), text(found.owner.as_deref()));
    add("e-mail", profile.email.to_lowercase(), text(found.email.as_deref()));
    add("name", name(&profile.given_name, &profile.family_name), name(&found.given_name, &found.family_name));
    if vendor != Vendor::Identity {
        add("phone", text(profile.phone.as_deref()), text(found.phone.as_deref()));
    }
    if let (Some(emails), false) = (&found.emails, parted) {
        let others = emails.iter().filter(|email| !email.primary).map(|email| email.email.as_str());
        let others: Vec<_> = others.collect();
        add(
            "further e-mails",
            "none".to_owned(),
            if others.is_empty() { "none".to_owned() } else { others.join(", ") },
        );
    }
}

/// What stands at this step's vendor: in words, and the record, where there is one.
pub(super) fn look(
    saga: &Saga,
    index: usize,
    vendor: Vendor,
    merges: bool,
    reader: &mut Reader<'_>,
) -> Result<(String, Option<Found>), String> {
    if merges {
        return look_at_two(saga, vendor, reader);
    }
    let Some(id) = saga.steps[index].have.as_ref().map(|have| have.id.clone()) else {
        return find(saga, vendor, reader);
    };
    let found = match reader.read(saga, vendor, &Operation::Read(id.clone()), Direction::Settle) {
        Reading::Record(found) => found,
        Reading::Absent => return Ok(("gone".to_owned(), None)),
        other => return Err(why(other)),
    };
    shown(saga, vendor, found, reader)
}

/// Looks for a record of ours whose id is not known.
fn find(saga: &Saga, vendor: Vendor, reader: &mut Reader<'_>) -> Result<(String, Option<Found>), String> {
    if vendor == Vendor::Messaging {
        return Ok(("gone".to_owned(), None));
    }
    match reader.read(saga, vendor, &Operation::FindByOwner, Direction::Settle) {
        Reading::Records(mut records) => match records.pop() {
            Some(found) => shown(saga, vendor, found, reader),
            None => Ok(("gone".to_owned(), None)),
        },
        other => Err(why(other)),
    }
}

fn look_at_two(saga: &Saga, vendor: Vendor, reader: &mut Reader<'_>) -> Result<(String, Option<Found>), String> {
    let Some((stays, goes)) = saga.pair(vendor) else { return Ok(("one".to_owned(), None)) };
    let operation = Operation::ReadMerge(stays.clone(), goes);
    match reader.read(saga, vendor, &operation, Direction::Settle) {
        Reading::Merge(MergeState::Merged(found)) => {
            let (_, found) = shown(saga, vendor, *found, reader)?;
            Ok(("one".to_owned(), found))
        }
        Reading::Merge(MergeState::Pending) => Ok(("a merge is under way".to_owned(), None)),
        Reading::Merge(MergeState::Apart | MergeState::Blocked(_)) => {
            match reader.read(saga, vendor, &Operation::Read(stays), Direction::Settle) {
                Reading::Record(found) => Ok(("two".to_owned(), shown(saga, vendor, found, reader)?.1)),
                other => Err(why(other)),
            }
        }
        other => Err(why(other)),
    }
}

/// A record that was read, with its e-mails where the vendor keeps several.
fn shown(
    saga: &Saga,
    vendor: Vendor,
    mut found: Found,
    reader: &mut Reader<'_>,
) -> Result<(String, Option<Found>), String> {
    match found.condition {
        Condition::SoftDeleted => return Ok(("gone".to_owned(), None)),
        // Where deletion is refused, a blanked and marked record is as good as gone.
        Condition::Closed => return Ok(("gone".to_owned(), None)),
        Condition::Live => {}
    }
    if vendor == Vendor::Support && found.emails.is_none() {
        match reader.read(saga, vendor, &Operation::ReadEmails(found.id.clone()), Direction::Settle) {
            Reading::Emails(emails) => found.emails = Some(emails),
            other => return Err(why(other)),
        }
    }
    Ok(("there".to_owned(), Some(found)))
}

fn why(reading: Reading) -> String {
    match reading {
        Reading::Refused(code) => code,
        Reading::Unknown(why) => why.to_owned(),
        Reading::NotDone(_) => "the vendor bids to come again".to_owned(),
        Reading::Unauthorized => "the vendor does not accept the credentials".to_owned(),
        _ => "an answer that was not expected".to_owned(),
    }
}
