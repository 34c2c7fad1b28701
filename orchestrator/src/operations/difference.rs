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

/// The report on one saga, read afresh. Of one that has let its customers go it says nothing: others change them since.
#[must_use]
pub fn report(case: &Case, engine: &Engine, vendors: &mut dyn Vendors) -> Vec<System> {
    let saga = &case.saga;
    if saga.released {
        return Vec::new();
    }
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
        let taken_back = merges && saga.aborted.is_some();
        let two = taken_back && state == "two";
        let goes_on = merges && there && state != UNDER_WAY;
        system.fields.push(Field {
            field: if merges { "records" } else { "record" },
            intended: wanted.to_owned(),
            actual: state,
        });
        let found = found.filter(|found| found.condition == Condition::Live);
        if let (Some(found), Some(profile)) = (found, intended(saga, definition.act)) {
            let owner = saga.grant.as_ref().map_or("", |grant| grant.owner.as_str());
            fields(&mut system.fields, OWN, (owner, profile), &found, vendor);
            further_emails(&mut system.fields, &found, taken_back);
        }
        if goes_on && let Err(why) = left_with_the_other(&mut system.fields, saga, vendor, &mut reader) {
            system.unreadable = Some(why);
        }
        if two && let Err(why) = other(&mut system.fields, saga, vendor, &mut reader) {
            system.unreadable = Some(why);
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

/// How the fields of a customer's record are called, and those of the record that a merge would have let go.
type Names = [&'static str; 4];
const OWN: Names = ["owner", "e-mail", "name", "phone"];
const OTHER: Names = ["other's owner", "other's e-mail", "other's name", "other's phone"];

/// A record's fields, beside what is intended for it.
fn fields(into: &mut Vec<Field>, names: Names, (owner, profile): (&str, &Profile), found: &Found, vendor: Vendor) {
    let name = |given: &str, family: &str| {
        let words: Vec<_> = given.split_whitespace().chain(family.split_whitespace()).collect();
        words.join(" ")
    };
    let text = |text: Option<&str>| text.unwrap_or("none").to_owned();
    let intended = [
        owner.to_owned(),
        profile.email.to_lowercase(),
        name(&profile.given_name, &profile.family_name),
        text(profile.phone.as_deref()),
    ];
    let actual = [
        // Where a vendor joins two records it joins their tags, too.
        found.owner.as_deref().unwrap_or("none, or several").to_owned(),
        text(found.email.as_deref()),
        name(&found.given_name, &found.family_name),
        text(found.phone.as_deref()),
    ];
    let kept = if vendor == Vendor::Identity { 3 } else { 4 };
    let rows = names.into_iter().zip(intended).zip(actual).take(kept);
    into.extend(rows.map(|((field, intended), actual)| Field { field, intended, actual }));
}

/// E-mails that a record should not have beside its own, where the vendor keeps several.
fn further_emails(into: &mut Vec<Field>, found: &Found, taken_back: bool) {
    let (Some(emails), false) = (&found.emails, taken_back) else { return };
    let others = emails.iter().filter(|email| !email.primary).map(|email| email.email.as_str());
    let others: Vec<_> = others.collect();
    let actual = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
    into.push(Field { field: "further e-mails", intended: "none".to_owned(), actual });
}

/// The record that a merge would have let go, and that stands again: what a link has lost of it shows there.
fn other(into: &mut Vec<Field>, saga: &Saga, vendor: Vendor, reader: &mut Reader<'_>) -> Result<(), String> {
    let Some(goner) = saga.grant.as_ref().and_then(|grant| grant.from.as_deref()) else { return Ok(()) };
    let Some((_, goes)) = saga.pair(vendor) else { return Ok(()) };
    match reader.read(saga, vendor, &Operation::Read(goes), Direction::Settle) {
        Reading::Record(found) => {
            fields(into, OTHER, (&goner.owner, &goner.profile), &found, vendor);
            Ok(())
        }
        other => Err(why(other)),
    }
}

/// How a merge is told that the vendor has not ended.
const UNDER_WAY: &str = "a merge is under way";

/// Said after a list that is full.
const MORE: &str = ", and perhaps more";

/// What still belongs to the record that goes, while it stands: it must be moved before that may be blanked. One list is
/// enough to see that something is left, and who has thousands of orders is not asked for all of them.
fn left_with_the_other(
    into: &mut Vec<Field>,
    saga: &Saga,
    vendor: Vendor,
    reader: &mut Reader<'_>,
) -> Result<(), String> {
    let connector = reader.engine.connector(vendor);
    let Some((_, goes)) = saga.pair(vendor).filter(|_| connector.moves_children()) else {
        return Ok(());
    };
    match reader.read(saga, vendor, &Operation::ListChildren(goes), Direction::Settle) {
        Reading::Children(children) if children.is_empty() => Ok(()),
        Reading::Children(children) => {
            let more = if children.len() < connector.children_listed() { "" } else { MORE };
            let actual = children.join(", ") + more;
            into.push(Field { field: "left with the other", intended: "none".to_owned(), actual });
            Ok(())
        }
        Reading::Absent => Ok(()),
        other => Err(why(other)),
    }
}

/// What stands, in words, and the record, where there is one.
type Seen = (String, Option<Found>);

fn gone() -> Seen {
    ("gone".to_owned(), None)
}

/// What stands at this step's vendor.
pub(super) fn look(
    saga: &Saga,
    index: usize,
    vendor: Vendor,
    merges: bool,
    reader: &mut Reader<'_>,
) -> Result<Seen, String> {
    if merges {
        return look_at_two(saga, vendor, reader);
    }
    let step = &saga.steps[index];
    let known = step.have.as_ref().map(|have| have.id.as_str());
    let stands = match known {
        Some(id) => match reader.read(saga, vendor, &Operation::Read(id.to_owned()), Direction::Settle) {
            Reading::Record(found) => shown(saga, vendor, found, reader)?,
            Reading::Absent => gone(),
            other => return Err(why(other)),
        },
        None => gone(),
    };
    let live = stands.1.as_ref().is_some_and(|found| found.condition == Condition::Live);
    // What was created may stand under an id that nobody heard of.
    if live || (known.is_some() && !step.created) {
        return Ok(stands);
    }
    Ok(find(saga, vendor, known, reader)?.unwrap_or(stands))
}

/// Looks for a record of ours under another id than this. A search may show what is gone or another's by now, so each hit is
/// read.
fn find(saga: &Saga, vendor: Vendor, known: Option<&str>, reader: &mut Reader<'_>) -> Result<Option<Seen>, String> {
    if vendor == Vendor::Messaging {
        return Ok(None);
    }
    let hits = match reader.read(saga, vendor, &Operation::FindByOwner, Direction::Settle) {
        Reading::Records(records) => records,
        other => return Err(why(other)),
    };
    for hit in hits.into_iter().filter(|hit| Some(&*hit.id) != known) {
        match reader.read(saga, vendor, &Operation::Read(hit.id), Direction::Settle) {
            Reading::Record(found) if saga.seeks(&found, vendor, reader.engine) => {
                let seen = shown(saga, vendor, found, reader)?;
                if seen.1.is_some() {
                    return Ok(Some(seen));
                }
            }
            Reading::Record(_) | Reading::Absent => {}
            other => return Err(why(other)),
        }
    }
    Ok(None)
}

fn look_at_two(saga: &Saga, vendor: Vendor, reader: &mut Reader<'_>) -> Result<Seen, String> {
    let Some((stays, goes)) = saga.pair(vendor) else { return Ok(("one".to_owned(), None)) };
    let operation = Operation::ReadMerge(stays.clone(), goes.clone());
    match reader.read(saga, vendor, &operation, Direction::Settle) {
        Reading::Merge(MergeState::Merged(found)) => {
            let (_, found) = shown(saga, vendor, *found, reader)?;
            Ok(("one".to_owned(), found))
        }
        Reading::Merge(MergeState::Pending) => Ok((UNDER_WAY.to_owned(), None)),
        Reading::Merge(MergeState::Apart | MergeState::Blocked(_)) => {
            // Blanked and marked it is as good as gone: so a merge ends that the vendor refused.
            let other = reader.read(saga, vendor, &Operation::Read(goes), Direction::Settle);
            let closed = matches!(&other, Reading::Record(found) if found.condition == Condition::Closed);
            let state = if closed && saga.aborted.is_none() { "one" } else { "two" };
            match reader.read(saga, vendor, &Operation::Read(stays), Direction::Settle) {
                Reading::Record(found) => Ok((state.to_owned(), shown(saga, vendor, found, reader)?.1)),
                other => Err(why(other)),
            }
        }
        other => Err(why(other)),
    }
}

/// A record that was read, with its e-mails where the vendor keeps several.
fn shown(saga: &Saga, vendor: Vendor, mut found: Found, reader: &mut Reader<'_>) -> Result<Seen, String> {
    match found.condition {
        // It can be restored, and holds its keys until it is purged.
        Condition::SoftDeleted => return Ok(("gone, but not for good".to_owned(), Some(found))),
        // Where deletion is refused, a blanked and marked record is as good as gone.
        Condition::Closed => return Ok(gone()),
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
