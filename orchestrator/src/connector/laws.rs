//! Laws that every connector keeps: statuses that mean the same everywhere, bytes that never break it, and steps that
//! lead to their goal from every state, on a small model of a record that answers in each dialect's manner.

use proptest::prelude::*;

use super::testing::{ada, all, answer, asked, email, operations, read, unknown};
use super::{Condition, Connector, EmailIdentity, Found, Operation, Profile, Reading, Vendor, learned};
use crate::message::{Headers, Response};
use crate::time::Nanos;

const HTML: &str = "<!doctype html><html><body>Bad gateway</body></html>";

#[test]
fn statuses_that_need_no_body_mean_the_same_everywhere() {
    for (connector, operation) in all().iter().flat_map(|c| operations().into_iter().map(move |o| (c, o))) {
        for body in ["", HTML, "{}", r#"{"error":"x","errors":"x","message":"x"}"#] {
            let read = |status| read(&**connector, &operation, status, body);
            assert_eq!(read(401), Reading::Unauthorized);
            assert_eq!(read(429), Reading::NotDone(None));
            for status in [100, 202, 206, 207, 301, 304, 408, 418, 500, 502, 503, 504, 599, 0, 999] {
                assert!(unknown(&read(status)), "{connector:?} {operation:?} {status} {body}");
            }
        }
    }
}

#[test]
fn a_no_about_records_counts_only_in_the_dialects_own_words() {
    for (connector, operation) in all().iter().flat_map(|c| operations().into_iter().map(move |o| (c, o))) {
        for body in ["", HTML, "{}", "[]", "null", r#"{"errors":"#] {
            for status in [404, 409, 422, 200, 201] {
                let reading = read(&**connector, &operation, status, body);
                let done = matches!(operation, Operation::Push | Operation::Delete(_) | Operation::DropEmail(..));
                let nothing_said = status < 300 && body == "{}" && done;
                let empty_list = status < 300 && body == "[]" && operation == Operation::FindByEmail;
                assert!(unknown(&reading) || nothing_said || empty_list, "{connector:?} {operation:?} {status} {body}");
            }
        }
    }
}

#[test]
fn refusals_count_whatever_their_body_and_their_words_are_cut_short() {
    for connector in all().iter() {
        for status in [400, 402, 403, 406, 423, 430] {
            assert_eq!(read(&**connector, &Operation::Create, status, HTML), Reading::Refused(status.to_string()));
        }
    }
    let long = format!(r#"{{"errors":"{}"}}"#, "é".repeat(100));
    let refused = read(&*all()[Vendor::Commerce as usize], &Operation::Create, 403, &long);
    assert_eq!(refused, Reading::Refused(format!("403 {}", "é".repeat(40))));
}

#[test]
fn a_throttled_call_waits_as_told() {
    let mut headers = Headers::default();
    headers.push("retry-after", "2.0");
    let throttled = Response { status: 429, headers, body: Vec::new() };
    for connector in all() {
        assert_eq!(connector.read(&Operation::Create, &throttled), Reading::NotDone(Some(Nanos::secs(2))));
    }
}

#[test]
fn only_mutating_calls_bear_a_key_and_all_bear_the_saga() {
    for (connector, operation) in all().iter().flat_map(|c| operations().into_iter().map(move |o| (c, o))) {
        let request = asked(&**connector, &operation);
        if request.target == "/" {
            continue;
        }
        let key = request.headers.get("idempotency-key").or(request.headers.get("x-line-retry-key"));
        assert_eq!(key.is_some(), operation.mutating(), "{operation:?}");
        assert_eq!(request.headers.get("x-correlation-id"), Some("corr-9"));
        assert_eq!(request.headers.get("traceparent"), Some("00-11-22-01"));
        assert_eq!(request.headers.get("content-type").is_some(), !request.body.is_empty());
    }
}

#[test]
fn no_secret_shows_in_debug_output() {
    let shown = format!("{:?} {:?}", all(), super::testing::credentials());
    for secret in ["shpat_1", "zt", "s3cr", "lt\"", "YWdl"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

/// A record at a vendor: what the hub cannot see at once is here too.
#[derive(Debug, Clone)]
struct Record {
    found: Found,
    emails: Vec<EmailIdentity>,
    gone: bool,
    undeletable: bool,
}

impl Record {
    /// The vendor's answer to an operation, in neutral terms; support's way with identities and deletion, others' without.
    fn apply(&mut self, vendor: Vendor, want: &Profile, operation: &Operation) -> Reading {
        let support = vendor == Vendor::Support;
        let soft = self.found.condition == Condition::SoftDeleted;
        match operation {
            Operation::Purge(_) if soft && !self.gone => {
                self.gone = true;
                Reading::Accepted
            }
            _ if self.gone || soft => Reading::Absent,
            Operation::Delete(_) if self.undeletable => Reading::Undeletable,
            Operation::Delete(_) if support => {
                self.found.condition = Condition::SoftDeleted;
                self.shown()
            }
            Operation::Delete(_) => {
                self.gone = true;
                Reading::Accepted
            }
            Operation::ReadEmails(_) => Reading::Emails(self.emails.clone()),
            Operation::Update(_) => self.update(support, want),
            Operation::PromoteEmail(_, id) => {
                for email in &mut self.emails {
                    email.primary = email.id == *id;
                }
                Reading::Emails(self.emails.clone())
            }
            Operation::DropEmail(_, id) => {
                self.emails.retain(|email| email.id != *id);
                Reading::Accepted
            }
            Operation::Blank(_) => self.blank(support),
            other => panic!("{other:?} is no step"),
        }
    }

    fn update(&mut self, support: bool, want: &Profile) -> Reading {
        self.found.given_name = [want.given_name.as_str(), " ", &want.family_name].concat();
        self.found.family_name.clear();
        self.found.phone.clone_from(&want.phone);
        if !support {
            self.found.email = Some(want.email.clone());
        } else if self.emails.iter().all(|email| email.email != want.email) {
            let primary = self.emails.is_empty();
            self.emails.push(email("new", &want.email, primary));
        }
        self.shown()
    }

    fn blank(&mut self, support: bool) -> Reading {
        self.found.phone = None;
        if !support {
            self.found.email = None;
        }
        if self.emails.is_empty() {
            self.found.condition = Condition::Closed;
        }
        self.shown()
    }

    /// The record as an answer shows it: without its identities.
    fn shown(&self) -> Reading {
        let primary = self.emails.iter().find(|email| email.primary).map(|email| email.email.clone());
        Reading::Record(Found { email: primary.or(self.found.email.clone()), emails: None, ..self.found.clone() })
    }
}

/// Walks until no step is proposed: at most six, each answered by the record.
fn walk(
    vendor: Vendor,
    record: &mut Record,
    known: Found,
    next: impl Fn(&dyn Connector, &Found, bool) -> Option<Operation>,
) -> Option<Found> {
    let connectors = all();
    let connector = &*connectors[vendor as usize];
    let (mut have, mut refused) = (Some(known), false);
    for _ in 0..=6 {
        let Some(step) = have.as_ref().and_then(|have| next(connector, have, refused)) else {
            return have;
        };
        let reading = record.apply(vendor, &ada(), &step);
        refused |= reading == Reading::Undeletable;
        have = have.and_then(|have| learned(connector, &ada(), &have, &step, &reading));
    }
    panic!("more than six steps: {record:?}")
}

fn identities() -> impl Strategy<Value = Vec<EmailIdentity>> {
    let addresses = prop::sample::subsequence(vec!["ada+1@x.example", "old@x", "older@x"], 0..=3).prop_shuffle();
    (addresses, any::<prop::sample::Index>()).prop_map(|(addresses, primary)| {
        let primary = if addresses.is_empty() { 0 } else { primary.index(addresses.len()) };
        let all = addresses.iter().enumerate();
        all.map(|(i, address)| email(&i.to_string(), address, i == primary)).collect()
    })
}

fn records() -> impl Strategy<Value = (Vendor, Record, Found)> {
    let vendor = prop::sample::select(vec![Vendor::Commerce, Vendor::Support, Vendor::Identity]);
    let found = (any::<bool>(), any::<bool>(), any::<bool>());
    (vendor, identities(), found, any::<bool>(), any::<bool>()).prop_map(
        |(vendor, emails, (name, phone, known), soft, undeletable)| {
            let support = vendor == Vendor::Support;
            let emails = if support { emails } else { Vec::new() };
            let primary = emails.iter().find(|email| email.primary).map(|email| email.email.clone());
            let found = Found {
                id: "7".to_owned(),
                owner: Some("C001/s17".to_owned()),
                email: if support { primary } else { Some("old@x".to_owned()).filter(|_| name) },
                phone: ada().phone.filter(|_| phone && vendor != Vendor::Identity),
                given_name: if name { "Ada Lovelace  \"Countess\"".to_owned() } else { String::new() },
                family_name: String::new(),
                emails: None,
                condition: if soft && support { Condition::SoftDeleted } else { Condition::Live },
            };
            let emails_known = Some(emails.clone()).filter(|_| known && support);
            let seen = Found { emails: emails_known, ..found.clone() };
            let undeletable = undeletable && vendor != Vendor::Identity;
            (vendor, Record { found, emails, gone: false, undeletable }, seen)
        },
    )
}

proptest! {
    #[test]
    fn mending_ends_with_the_wanted_record((vendor, mut record, seen) in records()) {
        let end = walk(vendor, &mut record, seen, |connector, have, _| connector.mend(&ada(), have));
        let end = end.expect("a mended record stays");
        if record.found.condition != Condition::Live {
            return Ok(());
        }
        prop_assert_eq!(end.email, Some(ada().email));
        if vendor == Vendor::Support {
            prop_assert_eq!(record.emails.iter().map(|email| email.email.clone()).collect::<Vec<_>>(), [ada().email]);
            prop_assert!(record.emails[0].primary);
        }
        if vendor != Vendor::Identity {
            prop_assert_eq!(record.found.phone, ada().phone);
        }
    }

    #[test]
    fn removing_ends_with_the_record_gone_or_closed((vendor, mut record, seen) in records()) {
        let undeletable = record.undeletable && record.found.condition == Condition::Live;
        let end = walk(vendor, &mut record, seen, |connector, have, refused| {
            if refused { connector.blank(have) } else { connector.remove(have) }
        });
        if undeletable {
            prop_assert_eq!(end.map(|end| end.condition), Some(Condition::Closed));
            prop_assert!(record.emails.is_empty() && record.found.phone.is_none());
        } else {
            prop_assert!(end.is_none() && record.gone);
        }
    }

    #[test]
    fn removing_a_record_that_is_gone_ends_too((vendor, mut record, seen) in records()) {
        record.gone = true;
        let end = walk(vendor, &mut record, seen, |connector, have, _| connector.remove(have));
        prop_assert!(end.is_none());
    }

    #[test]
    fn no_bytes_break_the_reading(status in 0_u16..1000, body in prop::collection::vec(any::<u8>(), 0..200)) {
        for (connector, operation) in all().iter().flat_map(|c| operations().into_iter().map(move |o| (c, o))) {
            let headers = Headers(String::from_utf8_lossy(&body).into_owned());
            let _ = connector.read(&operation, &Response { status, headers, body: body.clone() });
        }
    }

    #[test]
    fn no_json_breaks_the_reading(
        status in prop::sample::select(vec![200_u16, 201, 204, 400, 404, 409, 422]),
        body in r#"\{("(user|customers?|users|identities|errors?|details|message|access_token|expires_in|user_id)":(null|1|"x"|\[\]|\[\{\}\]|\{"id":1\}|\{"email":\["x"\]\}|-1\.5|true),?){0,4}\}"#,
    ) {
        for (connector, operation) in all().iter().flat_map(|c| operations().into_iter().map(move |o| (c, o))) {
            let _ = connector.read(&operation, &answer(status, &body));
        }
    }

    #[test]
    fn a_cut_success_is_unknown(cut in 0_usize..80) {
        let whole = r#"{"customer":{"id":7,"email":"a@x","tags":"owner:C001/s17"},"user":{"id":7},"user_id":"7"}"#;
        for connector in all().iter().take(3) {
            prop_assert!(!unknown(&read(&**connector, &Operation::Create, 201, whole)));
            prop_assert!(unknown(&read(&**connector, &Operation::Create, 201, &whole[..cut])));
        }
    }

    #[test]
    fn any_text_is_rendered_as_readable_json(texts in prop::collection::vec(any::<String>(), 5)) {
        let [email, given_name, family_name, phone, id] = texts.try_into().expect("five texts");
        let want = Profile { email, given_name, family_name, phone: Some(phone) };
        for (connector, operation) in all().iter().flat_map(|c| operations().into_iter().map(move |o| (c, o))) {
            let operation = match operation {
                Operation::Update(_) => Operation::Update(id.clone()),
                Operation::Blank(_) => Operation::Blank(id.clone()),
                other => other,
            };
            let request = super::testing::asked_for(&**connector, &operation, &want);
            prop_assert!(request.target.bytes().all(|byte| byte.is_ascii_graphic()));
            if request.headers.get("content-type") == Some("application/json") {
                let body: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(&request.body);
                prop_assert!(body.is_ok(), "{:?}", String::from_utf8_lossy(&request.body));
            }
        }
    }
}
