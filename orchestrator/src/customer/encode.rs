//! The journal's and the primary's rows as JSON, written straight into bytes, for they are on the path of every commit.
//! What they say is `entry`'s and `row`'s; tests hold this to what serde writes and reads back.

use super::entry::{Began, Entry, Grant, Heard, Intent, Patch};
use super::row::{CustomerView, JobRow, KeyRow, Standing};
use crate::connector::{Operation, Profile};
use crate::effect::Direction;
use crate::json::{Writer, write};

/// A journal's row with these entries.
#[must_use]
pub fn entries(entries: &[Entry]) -> Vec<u8> {
    let mut row = Vec::with_capacity(512);
    for (place, each) in entries.iter().enumerate() {
        row.push(if place == 0 { b'[' } else { b',' });
        entry(write(&mut row), each);
    }
    row.extend_from_slice(if entries.is_empty() { b"[]" } else { b"]" });
    row
}

fn entry<'b>(row: Writer<'b>, entry: &Entry) -> Writer<'b> {
    match entry {
        Entry::Began(began) if began.wish.from.is_none() && began.wish.tag.is_none() => begun(row, began),
        Entry::Granted(grant) if grant.from.is_none() && grant.points == 0 => granted(row, grant),
        Entry::Intent(intent) => intended(row, intent),
        Entry::Heard(Heard::AsWanted(id)) => row.raw(r#"{"heard":{"as-wanted":"#).text(id).raw("}}"),
        Entry::Heard(Heard::Accepted) => row.raw(r#"{"heard":"accepted"}"#),
        Entry::Primary(step) => row.raw(r#"{"primary":"#).number(u64::from(*step)).raw("}"),
        Entry::Released => row.raw(r#""released""#),
        rare => row.rare(rare),
    }
}

fn begun<'b>(row: Writer<'b>, began: &Began) -> Writer<'b> {
    let wish = &began.wish;
    let row = row.raw(r#"{"began":{"version":"#).number(u64::from(began.version));
    let row = row.raw(r#","wish":{"kind":""#).raw(wish.kind.name()).raw(r#"","cust_no":"#).text(&wish.cust_no);
    let row = patch(row.raw(r#","patch":{"#), &wish.patch);
    let mut row = row.raw(r#"}},"correlation":"#).text(&began.correlation);
    if let Some(key) = &began.client_key {
        row = row.raw(r#","client_key":"#).text(key);
    }
    let row = row.raw(r#","hash":"#).number(began.hash);
    row.raw(r#","asynchronous":"#).raw(if began.asynchronous { "true" } else { "false" }).raw("}}")
}

fn patch<'b>(mut row: Writer<'b>, patch: &Patch) -> Writer<'b> {
    let names = [r#""email":"#, r#""given_name":"#, r#""family_name":"#];
    let mut comma = "";
    for (name, text) in names.into_iter().zip([&patch.email, &patch.given_name, &patch.family_name]) {
        if let Some(text) = text {
            row = row.raw(comma).raw(name).text(text);
            comma = ",";
        }
    }
    match &patch.phone {
        Some(phone) => row.raw(comma).raw(r#""phone":"#).maybe(phone.as_deref()),
        None => row,
    }
}

fn granted<'b>(row: Writer<'b>, grant: &Grant) -> Writer<'b> {
    let mut row = row.raw(r#"{"granted":{"#);
    if let Some(before) = &grant.before {
        row = profile(row.raw(r#""before":"#), before).raw(",");
    }
    let row = row.raw(r#""owner":"#).text(&grant.owner).raw(",");
    ids(row, grant.ids.each_ref().map(Option::as_deref)).raw("}}")
}

fn intended<'b>(row: Writer<'b>, intent: &Intent) -> Writer<'b> {
    let direction = match intent.direction {
        Direction::Forward => "forward",
        Direction::Compensate => "compensate",
        Direction::Settle => "settle",
    };
    let row = row.raw(r#"{"intent":{"step":"#).number(u64::from(intent.step));
    let row = row.raw(r#","direction":""#).raw(direction).raw(r#"","operation":"#);
    let row = match &intent.operation {
        Operation::Create => row.raw(r#""create""#),
        Operation::Push => row.raw(r#""push""#),
        Operation::Update(id) => row.raw(r#"{"update":"#).text(id).raw("}"),
        Operation::Delete(id) => row.raw(r#"{"delete":"#).text(id).raw("}"),
        rare => row.rare(rare),
    };
    let mut row = row.raw(r#","attempt":"#).number(u64::from(intent.attempt));
    if intent.look > 0 {
        row = row.raw(r#","look":"#).number(u64::from(intent.look));
    }
    row.raw("}}")
}

/// A customer's row.
#[must_use]
pub fn customer(customer: &CustomerView<'_>) -> Vec<u8> {
    let standing = match customer.standing {
        Standing::Pending => "pending",
        Standing::Active => "active",
        Standing::Closing => "closing",
        Standing::Closed => "closed",
    };
    let mut bytes = Vec::with_capacity(320);
    let row = write(&mut bytes).raw(r#"{"standing":""#).raw(standing).raw(r#"","profile":"#);
    let row = profile(row, customer.profile).raw(r#","owner":"#).text(customer.owner).raw(",");
    let mut row = ids(row, customer.ids);
    if customer.points > 0 {
        row = row.raw(r#","points":"#).number(customer.points);
    }
    if let Some(saga) = customer.saga {
        row = row.raw(r#","saga":"#).number(saga.0);
    }
    row.raw("}");
    bytes
}

/// A job's row.
#[must_use]
pub fn job(job: &JobRow<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(384);
    let mut row = write(&mut bytes)
        .raw(r#"{"kind":""#)
        .raw(job.kind.name())
        .raw(r#"","cust_no":"#)
        .text(&job.cust_no)
        .raw(r#","correlation":"#)
        .text(&job.correlation)
        .raw(r#","status":"#)
        .number(u64::from(job.status))
        .raw(r#","body":"#)
        .text(&job.body)
        .raw(r#","attempts":"#)
        .number(u64::from(job.attempts))
        .raw(r#","last_error":"#)
        .text(&job.last_error);
    if job.attention {
        row = row.raw(r#","attention":true"#);
    }
    if let Some(goner) = &job.goner {
        row = row.raw(r#","goner":"#).text(goner);
    }
    if let Some(heir) = &job.heir {
        row = row.raw(r#","heir":"#).text(heir);
    }
    row.raw("}");
    bytes
}

/// The row of a client's key.
#[must_use]
pub fn key(key: &KeyRow) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    let mut row = write(&mut bytes).raw(r#"{"hash":"#).number(key.hash);
    if let Some(saga) = key.saga {
        row = row.raw(r#","saga":"#).number(saga.0);
    }
    if let Some((status, body)) = &key.answer {
        row = row.raw(r#","answer":["#).number(u64::from(*status)).raw(",").text(body).raw("]");
    }
    row.raw("}");
    bytes
}

fn profile<'b>(row: Writer<'b>, profile: &Profile) -> Writer<'b> {
    let row = row.raw(r#"{"email":"#).text(&profile.email);
    let row = row.raw(r#","given_name":"#).text(&profile.given_name);
    let mut row = row.raw(r#","family_name":"#).text(&profile.family_name);
    if let Some(phone) = &profile.phone {
        row = row.raw(r#","phone":"#).text(phone);
    }
    row.raw("}")
}

fn ids<'b>(row: Writer<'b>, [commerce, support, identity]: [Option<&str>; 3]) -> Writer<'b> {
    row.raw(r#""ids":["#).maybe(commerce).raw(",").maybe(support).raw(",").maybe(identity).raw("]")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::customer::definition::Kind;
    use crate::customer::entry::{Reason, VERSION, Wish};
    use crate::customer::row::CustomerRow;
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
        let text = || prop::option::of("[ -~]{0,9}");
        let patch = (text(), text(), text(), prop::option::of(text()))
            .prop_map(|(email, given_name, family_name, phone)| Patch { email, given_name, family_name, phone });
        let began = (patch, "[ -~]{0,9}", text(), any::<u64>(), any::<bool>()).prop_map(
            |(patch, correlation, client_key, hash, asynchronous)| {
                let wish = Wish { kind: Kind::Update, cust_no: correlation.clone(), patch, from: None, tag: None };
                Entry::Began(Box::new(Began { version: VERSION, wish, correlation, client_key, hash, asynchronous }))
            },
        );
        prop_oneof![
            began,
            (0_u8..9, direction, operation, 1_u32..9, 0_u32..3).prop_map(
                |(step, direction, operation, attempt, look)| {
                    Entry::Intent(Intent { step, direction, operation, attempt, look })
                }
            ),
            (prop::option::of(arbitrary_profile()), "[ -~]{1,9}", arbitrary_ids()).prop_map(|(before, owner, ids)| {
                Entry::Granted(Box::new(Grant { before, after: None, owner, ids, points: 0, from: None }))
            }),
            "[ -~]{1,9}".prop_map(|id| Entry::Heard(Heard::AsWanted(id))),
            prop_oneof![Just(Heard::Accepted), Just(Heard::Unknown), Just(Heard::Conflict)].prop_map(Entry::Heard),
            (0_u8..9).prop_map(Entry::Primary),
            "[ -~]{0,9}".prop_map(|code| Entry::Aborted(Reason::Refused(code))),
            Just(Entry::Released),
            Just(Entry::Redriven),
            any::<u64>().prop_map(Entry::TakenOver),
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
            let row = CustomerRow { standing: Standing::Closing, profile, owner: owner.clone(), ids, points: u64::from(status % 3), saga };
            prop_assert_eq!(String::from_utf8(customer(&row.view())).unwrap(), serde_json::to_string(&row).unwrap());
            let row = KeyRow { hash: u64::from(status), saga, answer };
            prop_assert_eq!(String::from_utf8(key(&row)).unwrap(), serde_json::to_string(&row).unwrap());
            let row = JobRow {
                kind: Kind::Update,
                cust_no: owner.as_str().into(),
                correlation: owner.as_str().into(),
                status,
                body: owner.as_str().into(),
                attempts: 3,
                last_error: owner.as_str().into(),
                attention: saga.is_some(),
                goner: saga.map(|_| owner.as_str().into()),
                heir: (status % 2 == 0).then(|| owner.as_str().into()),
            };
            prop_assert_eq!(String::from_utf8(job(&row)).unwrap(), serde_json::to_string(&row).unwrap());
        }
    }
}
