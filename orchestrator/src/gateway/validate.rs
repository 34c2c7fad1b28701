//! Validation: a request's parts into a wish, or a clear no before anything is invoked.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use crate::customer::definition::Kind;
use crate::customer::entry::{Patch, Wish};
use crate::json::whole;
use crate::message::Request;
use crate::saga::retry::mix;

/// Bodies longer than this, in bytes, are refused.
const LONGEST_BODY: usize = 64 * 1024;

/// Why a request is not valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// Required parameters are missing.
    Missing(Vec<&'static str>),
    /// This field's value will not do; why.
    Field(&'static str, &'static str),
    /// The body is not a JSON object of the expected shape.
    Body(String),
}

#[derive(Debug, Default, PartialEq, Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    cust_no: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    email: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    given_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    family_name: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "present")]
    phone: Option<Option<String>>,
    #[serde(borrow, default)]
    from: Option<Cow<'a, str>>,
}

impl<'a> Document<'a> {
    fn read(body: &'a [u8]) -> Result<Self, Invalid> {
        Self::usual(body)
            .map_or_else(|| serde_json::from_slice(body), Ok)
            .map_err(|error| Invalid::Body(error.to_string()))
    }

    /// The usual body, read in one pass: nothing but our fields, each once and a text. Serde decides about the others.
    fn usual(body: &'a [u8]) -> Option<Self> {
        let mut document = Self::default();
        let object = whole(std::str::from_utf8(body).ok()?, |json| {
            json.object(|key, json| {
                let field = match key {
                    b"cust_no" => &mut document.cust_no,
                    b"email" => &mut document.email,
                    b"given_name" => &mut document.given_name,
                    b"family_name" => &mut document.family_name,
                    b"phone" => {
                        let phone = json.string_or_null()?.map(Cow::into_owned);
                        return document.phone.replace(phone).is_none().then_some(());
                    }
                    _ => return None,
                };
                field.replace(json.string_or_null()??).is_none().then_some(())
            })
        })?;
        object.then_some(document)
    }
}

fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

/// The wish that this request expresses.
///
/// # Errors
/// What is missing or wrong with it.
pub fn wish(kind: Kind, cust_no: Option<&str>, request: &Request) -> Result<Wish, Invalid> {
    if kind == Kind::Close {
        let cust_no = customer_number(cust_no.unwrap_or_default())?;
        return Ok(Wish { kind, cust_no, patch: Patch::default(), from: None, tag: None });
    }
    if request.body.len() > LONGEST_BODY {
        return Err(Invalid::Body("the body is longer than 64 KiB".to_owned()));
    }
    let document = Document::read(&request.body)?;
    if kind == Kind::Merge {
        return merge(cust_no.unwrap_or_default(), &document);
    }
    if kind == Kind::Create {
        let missing: Vec<_> = [
            ("cust_no", document.cust_no.is_none()),
            ("email", document.email.is_none()),
            ("given_name", document.given_name.is_none()),
            ("family_name", document.family_name.is_none()),
        ]
        .into_iter()
        .filter_map(|(name, missing)| missing.then_some(name))
        .collect();
        if !missing.is_empty() {
            return Err(Invalid::Missing(missing));
        }
    }
    let cust_no = match (kind, cust_no, &document.cust_no) {
        (Kind::Update, Some(path), Some(body)) if path != body => {
            return Err(Invalid::Field("cust_no", "it cannot be changed"));
        }
        (_, Some(path), _) => path,
        (_, None, Some(body)) => body,
        (_, None, None) => return Err(Invalid::Missing(vec!["cust_no"])),
    };
    let cust_no = customer_number(cust_no)?;
    let patch = Patch {
        email: document.email.map(|email| email_address(&email)).transpose()?,
        given_name: document.given_name.map(|name| person_name("given_name", &name)).transpose()?,
        family_name: document.family_name.map(|name| person_name("family_name", &name)).transpose()?,
        phone: document.phone.map(|phone| phone.map(phone_number).transpose()).transpose()?,
    };
    if kind == Kind::Update && patch == Patch::default() {
        return Err(Invalid::Body("nothing to change".to_owned()));
    }
    Ok(Wish { kind, cust_no, patch, from: None, tag: None })
}

/// A merge names the customer that goes; nothing else of its body counts.
fn merge(cust_no: &str, document: &Document<'_>) -> Result<Wish, Invalid> {
    let cust_no = customer_number(cust_no)?;
    let Some(from) = &document.from else { return Err(Invalid::Missing(vec!["from"])) };
    let from = customer_number(from).map_err(|_| Invalid::Field("from", "1 to 64 letters, digits, '-' or '_'"))?;
    if from == cust_no {
        return Err(Invalid::Field("from", "a customer cannot be merged with itself"));
    }
    Ok(Wish { kind: Kind::Merge, cust_no, patch: Patch::default(), from: Some(from), tag: None })
}

/// A valid customer number: 1–64 letters, digits, `-` or `_`.
///
/// # Errors
/// Where it is not one.
pub fn customer_number(text: &str) -> Result<String, Invalid> {
    let valid =
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if valid { Ok(text.to_owned()) } else { Err(Invalid::Field("cust_no", "1 to 64 letters, digits, '-' or '_'")) }
}

fn email_address(text: &str) -> Result<String, Invalid> {
    let valid = text.len() <= 254
        && text
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@'))
        && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>(),;:\\".contains(&b));
    if valid { Ok(text.to_ascii_lowercase()) } else { Err(Invalid::Field("email", "not an e-mail address")) }
}

fn person_name(field: &'static str, text: &str) -> Result<String, Invalid> {
    let trimmed = text.trim();
    let valid = !trimmed.is_empty() && trimmed.chars().count() <= 100 && !trimmed.chars().any(char::is_control);
    if valid { Ok(trimmed.to_owned()) } else { Err(Invalid::Field(field, "1 to 100 characters, none of control")) }
}

fn phone_number(text: String) -> Result<String, Invalid> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let valid =
        (6..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    if valid { Ok(text) } else { Err(Invalid::Field("phone", "not an E.164 number, such as +819012345678")) }
}

/// The client's Idempotency-Key, where it sent a usable one: 1–255 visible ASCII characters.
///
/// # Errors
/// Where the header is there but unusable.
pub fn client_key(request: &Request) -> Result<Option<&str>, Invalid> {
    match request.headers.get("idempotency-key") {
        None => Ok(None),
        Some(key) if (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic() && b != b';') => {
            Ok(Some(key))
        }
        Some(_) => Err(Invalid::Field("Idempotency-Key", "1 to 255 visible characters, no ';'")),
    }
}

/// The client's correlation id, where it sent a usable one: 1–128 letters, digits, `-`, `_` or `.`.
#[must_use]
pub fn correlation(request: &Request) -> Option<&str> {
    request.headers.get("x-correlation-id").filter(|id| {
        (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    })
}

/// A hash of method, target and body: whether two requests under one key are the same. The synchronous and the
/// asynchronous form of a request differ.
#[must_use]
pub fn request_hash(request: &Request) -> u64 {
    let mut hash = mix(request.method as u64);
    for part in [request.target.as_bytes(), &request.body] {
        for chunk in part.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            hash = mix(hash ^ u64::from_le_bytes(word));
        }
        hash = mix(hash ^ part.len() as u64);
    }
    hash
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::message::{Headers, Method};

    proptest! {
        #[test]
        fn what_is_read_in_one_pass_is_what_serde_reads(
            members in prop::collection::vec(
                (
                    prop::sample::select(vec!["cust_no", "email", "given_name", "phone", "email\\u005f", "cust\\u005fno", "x"]),
                    prop::sample::select(vec![r#""C1""#, r#""\u00e9\n""#, "null", "1", "[1]", r#""\ud800""#]),
                ),
                0..4,
            ),
            end in "[} x]{0,2}",
        ) {
            let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
            let body = format!("{{{}{end}", members.join(" ,"));
            if let Some(document) = Document::usual(body.as_bytes()) {
                prop_assert_eq!(serde_json::from_str(&body).ok(), Some(document), "{}", body);
            }
        }
    }

    fn request(body: &str) -> Request {
        Request {
            method: Method::Post,
            target: "/api/customers".into(),
            headers: Headers::default(),
            body: body.into(),
        }
    }

    #[test]
    fn a_create_without_a_number_names_what_is_missing() {
        let body = r#"{"email":"a@b.test","given_name":"A","family_name":"B"}"#;
        assert_eq!(wish(Kind::Create, None, &request(body)), Err(Invalid::Missing(vec!["cust_no"])));
    }

    #[test]
    fn a_phone_of_null_is_removed_and_an_absent_one_left() {
        let wish_of = |body| wish(Kind::Update, Some("C1"), &request(body)).map(|wish| wish.patch.phone);
        assert_eq!(wish_of(r#"{"phone":null}"#), Ok(Some(None)));
        assert_eq!(wish_of(r#"{"given_name":"A"}"#), Ok(None));
        assert_eq!(wish_of(r#"{"phone":"+8190000001"}"#), Ok(Some(Some("+8190000001".into()))));
    }

    #[test]
    fn values_that_will_not_do_are_named() {
        for (body, field) in [
            (r#"{"email":"nobody"}"#, "email"),
            (r#"{"phone":"090"}"#, "phone"),
            (r#"{"given_name":" "}"#, "given_name"),
            (r#"{"cust_no":"C2","given_name":"A"}"#, "cust_no"),
        ] {
            match wish(Kind::Update, Some("C1"), &request(body)) {
                Err(Invalid::Field(name, _)) => assert_eq!(name, field),
                other => panic!("{body}: {other:?}"),
            }
        }
    }
}
