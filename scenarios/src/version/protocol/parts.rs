//! What messages and replies are made of: requests, responses, rows, and bytes that are text or base64. These keep
//! their shape within a version of the protocol, so a field that nobody knows is a mistake.

use std::borrow::Cow;

use sagaproof_sim::process::{self, Expect};
use sagaproof_sim::wire::{self, Headers, Method};
use serde::{Deserialize, Serialize};

use super::base64;

/// What is wrong with a line, in words.
pub(super) type Read<T> = Result<T, String>;

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request<'a> {
    method: Method,
    target: Text<'a>,
    #[serde(default)]
    headers: Vec<(Text<'a>, Text<'a>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_base64: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Response<'a> {
    status: u16,
    #[serde(default)]
    headers: Vec<(Text<'a>, Text<'a>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_base64: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row<'a> {
    key: Text<'a>,
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value_base64: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Write<'a> {
    key: Text<'a>,
    #[serde(default = "anything", skip_serializing_if = "is_anything")]
    expect: Expect,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value_base64: Option<Text<'a>>,
    /// Whether the row is removed; nothing is removed because its value was forgotten.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    remove: bool,
}

const fn anything() -> Expect {
    Expect::Any
}

fn is_anything(expect: &Expect) -> bool {
    *expect == Expect::Any
}

impl<'a> Request<'a> {
    pub(super) fn of(request: &'a wire::Request) -> Self {
        let (body, body_base64) = written(&request.body);
        let headers = headers_of(&request.headers);
        Self { method: request.method, target: Cow::Borrowed(&request.target), headers, body, body_base64 }
    }

    pub(super) fn read(self) -> Read<wire::Request> {
        if !self.target.starts_with('/') || self.target.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(format!("the target {:?} is no path that begins with /", self.target));
        }
        Ok(wire::Request {
            method: self.method,
            target: self.target.into_owned(),
            headers: read_headers(&self.headers)?,
            body: read_body(self.body, self.body_base64)?,
        })
    }
}

impl<'a> Response<'a> {
    pub(super) fn of(response: &'a wire::Response) -> Self {
        let (body, body_base64) = written(&response.body);
        Self { status: response.status, headers: headers_of(&response.headers), body, body_base64 }
    }

    pub(super) fn read(self) -> Read<wire::Response> {
        if !(100..600).contains(&self.status) {
            return Err(format!("{} is no status", self.status));
        }
        Ok(wire::Response {
            status: self.status,
            headers: read_headers(&self.headers)?,
            body: read_body(self.body, self.body_base64)?,
        })
    }
}

impl<'a> Row<'a> {
    pub(super) fn of(key: &'a str, version: u64, bytes: &'a [u8]) -> Self {
        let (value, value_base64) = written(bytes);
        Self { key: Cow::Borrowed(key), version, value, value_base64 }
    }

    pub(super) fn read(self) -> Read<process::Row> {
        let value = read("value", self.value, self.value_base64)?.ok_or("a row has no value")?;
        Ok(process::Row { key: self.key.into_owned(), version: self.version, value })
    }
}

impl<'a> Write<'a> {
    pub(super) fn of(write: &'a process::Write) -> Self {
        let (value, value_base64) = write.value.as_deref().map(written).unwrap_or_default();
        let remove = write.value.is_none();
        Self { key: Cow::Borrowed(&write.key), expect: write.expect, value, value_base64, remove }
    }

    pub(super) fn read(self) -> Read<process::Write> {
        let value = read("value", self.value, self.value_base64)?;
        if value.is_some() == self.remove {
            let key = self.key;
            return Err(format!("the write to {key:?} needs either a `value` or `\"remove\":true`"));
        }
        Ok(process::Write { key: self.key.into_owned(), expect: self.expect, value })
    }
}

/// Bytes as text where they are text, else as base64.
fn written(bytes: &[u8]) -> (Option<Text<'_>>, Option<Text<'_>>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Some(Cow::Borrowed(text)), None),
        Err(_) => (None, Some(Cow::Owned(base64::encode(bytes)))),
    }
}

fn read_body(text: Option<Text<'_>>, base64: Option<Text<'_>>) -> Read<Vec<u8>> {
    read("body", text, base64).map(Option::unwrap_or_default)
}

fn read(name: &str, text: Option<Text<'_>>, base64: Option<Text<'_>>) -> Read<Option<Vec<u8>>> {
    match (text, base64) {
        (None, None) => Ok(None),
        (Some(text), None) => Ok(Some(text.into_owned().into_bytes())),
        (None, Some(base64)) => {
            base64::decode(&base64).map(Some).ok_or_else(|| format!("`{name}_base64` is no base64 with padding"))
        }
        (Some(_), Some(_)) => Err(format!("`{name}` and `{name}_base64` exclude each other")),
    }
}

fn headers_of(headers: &Headers) -> Vec<(Text<'_>, Text<'_>)> {
    headers.iter().map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value))).collect()
}

fn read_headers(pairs: &[(Text<'_>, Text<'_>)]) -> Read<Headers> {
    let mut headers = Headers::new();
    for (name, value) in pairs {
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(is_token) || value.contains(char::is_control) {
            return Err(format!("{name:?}: {value:?} is no header"));
        }
        headers.push(&name.to_ascii_lowercase(), value);
    }
    Ok(headers)
}
