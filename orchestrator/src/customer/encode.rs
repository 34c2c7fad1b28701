//! The journal's and the primary's rows as JSON, written straight into bytes, for they are on the path of every commit.
//! What they say is `entry`'s and `row`'s; tests hold this to what serde writes and reads back.

use super::entry::{Entry, Grant, Heard, Intent};
use super::row::{CustomerRow, JobRow, KeyRow, Standing};
use crate::connector::{Operation, Profile};
use crate::effect::Direction;
use crate::json::Part::{Maybe, Number, Raw, Text};
use crate::json::write;

/// A journal's row with these entries.
#[must_use]
pub fn entries(entries: &[Entry]) -> Vec<u8> {
    let mut row = Vec::with_capacity(512);
    for (place, entry) in entries.iter().enumerate() {
        row.push(if place == 0 { b'[' } else { b',' });
        match entry {
            Entry::Granted(grant) => granted(&mut row, grant),
            Entry::Intent(intent) => intended(&mut row, intent),
            Entry::Heard(Heard::AsWanted(id)) => {
                write(&mut row, &[Raw(r#"{"heard":{"as-wanted":"#), Text(id), Raw("}}")])
            }
            Entry::Heard(Heard::Accepted) => write(&mut row, &[Raw(r#"{"heard":"accepted"}"#)]),
            Entry::Primary(step) => write(&mut row, &[Raw(r#"{"primary":"#), Number(u64::from(*step)), Raw("}")]),
            Entry::Released => write(&mut row, &[Raw(r#""released""#)]),
            // The rest is rare. Writing plain data into memory cannot fail.
            rare => drop(serde_json::to_writer(&mut row, rare)),
        }
    }
    row.extend_from_slice(if entries.is_empty() { b"[]" } else { b"]" });
    row
}

fn granted(row: &mut Vec<u8>, grant: &Grant) {
    write(row, &[Raw(r#"{"granted":{"#)]);
    if let Some(before) = &grant.before {
        write(row, &[Raw(r#""before":"#)]);
        profile(row, before);
        write(row, &[Raw(",")]);
    }
    write(row, &[Raw(r#""owner":"#), Text(&grant.owner), Raw(",")]);
    ids(row, &grant.ids);
    write(row, &[Raw("}}")]);
}

fn intended(row: &mut Vec<u8>, intent: &Intent) {
    let direction = match intent.direction {
        Direction::Forward => "forward",
        Direction::Compensate => "compensate",
        Direction::Settle => "settle",
    };
    write(
        row,
        &[
            Raw(r#"{"intent":{"step":"#),
            Number(u64::from(intent.step)),
            Raw(r#","direction":""#),
            Raw(direction),
            Raw(r#"","operation":"#),
        ],
    );
    match &intent.operation {
        Operation::Create => write(row, &[Raw(r#""create""#)]),
        Operation::Push => write(row, &[Raw(r#""push""#)]),
        Operation::Update(id) => write(row, &[Raw(r#"{"update":"#), Text(id), Raw("}")]),
        Operation::Delete(id) => write(row, &[Raw(r#"{"delete":"#), Text(id), Raw("}")]),
        // Writing plain data into memory cannot fail.
        rare => drop(serde_json::to_writer(&mut *row, rare)),
    }
    write(row, &[Raw(r#","attempt":"#), Number(u64::from(intent.attempt))]);
    if intent.look > 0 {
        write(row, &[Raw(r#","look":"#), Number(u64::from(intent.look))]);
    }
    write(row, &[Raw("}}")]);
}

/// A customer's row.
#[must_use]
pub fn customer(customer: &CustomerRow) -> Vec<u8> {
    let standing = match customer.standing {
        Standing::Pending => "pending",
        Standing::Active => "active",
        Standing::Closing => "closing",
        Standing::Closed => "closed",
    };
    let mut row = Vec::with_capacity(320);
    write(&mut row, &[Raw(r#"{"standing":""#), Raw(standing), Raw(r#"","profile":"#)]);
    profile(&mut row, &customer.profile);
    write(&mut row, &[Raw(r#","owner":"#), Text(&customer.owner), Raw(",")]);
    ids(&mut row, &customer.ids);
    if let Some(saga) = customer.saga {
        write(&mut row, &[Raw(r#","saga":"#), Number(saga.0)]);
    }
    row.push(b'}');
    row
}

/// A job's row.
#[must_use]
pub fn job(job: &JobRow) -> Vec<u8> {
    let mut row = Vec::with_capacity(384);
    write(
        &mut row,
        &[
            Raw(r#"{"kind":""#),
            Raw(job.kind.name()),
            Raw(r#"","cust_no":"#),
            Text(&job.cust_no),
            Raw(r#","correlation":"#),
            Text(&job.correlation),
            Raw(r#","status":"#),
            Number(u64::from(job.status)),
            Raw(r#","body":"#),
            Text(&job.body),
            Raw(r#","attempts":"#),
            Number(u64::from(job.attempts)),
            Raw(r#","last_error":"#),
            Text(&job.last_error),
            Raw("}"),
        ],
    );
    row
}

/// The row of a client's key.
#[must_use]
pub fn key(key: &KeyRow) -> Vec<u8> {
    let mut row = Vec::with_capacity(64);
    write(&mut row, &[Raw(r#"{"hash":"#), Number(key.hash)]);
    if let Some(saga) = key.saga {
        write(&mut row, &[Raw(r#","saga":"#), Number(saga.0)]);
    }
    if let Some((status, body)) = &key.answer {
        write(&mut row, &[Raw(r#","answer":["#), Number(u64::from(*status)), Raw(","), Text(body), Raw("]")]);
    }
    row.push(b'}');
    row
}

fn profile(row: &mut Vec<u8>, profile: &Profile) {
    write(
        row,
        &[
            Raw(r#"{"email":"#),
            Text(&profile.email),
            Raw(r#","given_name":"#),
            Text(&profile.given_name),
            Raw(r#","family_name":"#),
            Text(&profile.family_name),
        ],
    );
    if let Some(phone) = &profile.phone {
        write(row, &[Raw(r#","phone":"#), Text(phone)]);
    }
    row.push(b'}');
}

fn ids(row: &mut Vec<u8>, ids: &[Option<String>; 3]) {
    let [commerce, support, identity] = ids.each_ref().map(|id| Maybe(id.as_deref()));
    write(row, &[Raw(r#""ids":["#), commerce, Raw(","), support, Raw(","), identity, Raw("]")]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::customer::definition::Kind;
    use crate::customer::entry::Reason;
    use crate::saga::SagaId;

    fn arbitrary_profile() -> impl Strategy<Value = Profile> {
        ("[a-z]{1,8}@x\\.test", "[ -~é]{1,9}", "[ -~]{0,9}", prop::option::of("\\+[1-9][0-9]{6,9}"))
            .prop_map(|(email, given_name, family_name, phone)| Profile { email, given_name, family_name, phone })
    }

    fn arbitrary_ids() -> impl Strategy<Value = [Option<String>; 3]> {
        [prop::option::of("[ -~]{1,9}"), prop::option::of("[0-9]{1,9}"), prop::option::of("[a-z|]{1,9}")]
    }

    fn arbitrary_entry() -> impl Strategy<Value = Entry> {
        let operation = prop_oneof![
            Just(Operation::Create),
            Just(Operation::Push),
            "[ -~]{1,9}".prop_map(Operation::Update),
            "[0-9]{1,9}".prop_map(Operation::Delete),
            "[0-9]{1,9}".prop_map(Operation::Purge),
            ("[0-9]{1,9}", "[0-9]{1,9}").prop_map(|(id, email)| Operation::PromoteEmail(id, email)),
        ];
        let direction = prop_oneof![Just(Direction::Forward), Just(Direction::Compensate), Just(Direction::Settle)];
        prop_oneof![
            (0_u8..9, direction, operation, 1_u32..9, 0_u32..3).prop_map(
                |(step, direction, operation, attempt, look)| {
                    Entry::Intent(Intent { step, direction, operation, attempt, look })
                }
            ),
            (prop::option::of(arbitrary_profile()), "[ -~]{1,9}", arbitrary_ids())
                .prop_map(|(before, owner, ids)| Entry::Granted(Box::new(Grant { before, after: None, owner, ids }))),
            "[ -~]{1,9}".prop_map(|id| Entry::Heard(Heard::AsWanted(id))),
            prop_oneof![Just(Heard::Accepted), Just(Heard::Unknown), Just(Heard::Conflict)].prop_map(Entry::Heard),
            (0_u8..9).prop_map(Entry::Primary),
            "[ -~]{0,9}".prop_map(|code| Entry::Aborted(Reason::Refused(code))),
            Just(Entry::Released),
            Just(Entry::Redriven),
        ]
    }

    proptest! {
        #[test]
        fn entries_are_written_as_serde_writes_them(list in prop::collection::vec(arbitrary_entry(), 0..6)) {
            let row = entries(&list);
            prop_assert_eq!(String::from_utf8_lossy(&row), serde_json::to_string(&list).unwrap());
            prop_assert_eq!(serde_json::from_slice::<Vec<Entry>>(&row).unwrap(), list);
        }

        #[test]
        fn rows_are_written_as_serde_writes_them(
            profile in arbitrary_profile(),
            owner in "[ -~]{1,9}",
            ids in arbitrary_ids(),
            saga in prop::option::of(any::<u64>().prop_map(SagaId)),
            answer in prop::option::of((100_u16..600, "[ -~]{0,20}")),
            status in 100_u16..600,
        ) {
            let row = CustomerRow { standing: Standing::Closing, profile, owner: owner.clone(), ids, saga };
            prop_assert_eq!(String::from_utf8(customer(&row)).unwrap(), serde_json::to_string(&row).unwrap());
            let row = KeyRow { hash: u64::from(status), saga, answer };
            prop_assert_eq!(String::from_utf8(key(&row)).unwrap(), serde_json::to_string(&row).unwrap());
            let row = JobRow {
                kind: Kind::Update,
                cust_no: owner.clone(),
                correlation: owner.clone(),
                status,
                body: owner.clone(),
                attempts: 3,
                last_error: owner,
            };
            prop_assert_eq!(String::from_utf8(job(&row)).unwrap(), serde_json::to_string(&row).unwrap());
        }
    }
}
