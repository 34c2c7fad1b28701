//! Requests and responses as bytes: what crosses between client, hub and vendors, the same in simulation and live.
//! Small owned parts that move and are never copied; `http` types appear only at a socket's edge.

use memchr::memchr;
use serde::{Deserialize, Serialize};

/// The methods that any dialect here uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads; changes nothing.
    Get,
    /// Creates, or acts.
    Post,
    /// Replaces or updates.
    Put,
    /// Updates in part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// As written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request with this method may change records.
    #[must_use]
    pub const fn may_write(self) -> bool {
        !matches!(self, Self::Get)
    }
}

/// A header block: `name: value\r\n` lines, names in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Headers(pub String);

impl Headers {
    /// An empty block.
    #[must_use]
    pub const fn new() -> Self {
        Self(String::new())
    }

    /// Appends a header. The name must be in lower case; neither part may hold a line break.
    pub fn push(&mut self, name: &str, value: &str) {
        self.0.reserve(name.len() + value.len() + 4);
        self.0.push_str(name);
        self.0.push_str(": ");
        self.0.push_str(value);
        self.0.push_str("\r\n");
    }

    /// The first value under this lower-case name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut rest = self.0.as_str();
        while let Some(end) = memchr(b'\r', rest.as_bytes()) {
            let (line, after) = rest.split_at(end);
            if let Some(value) = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")) {
                return Some(value);
            }
            rest = after.get(2..).unwrap_or_default();
        }
        None
    }

    /// All headers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut rest = self.0.as_str();
        std::iter::from_fn(move || {
            let (line, after) = rest.split_at(memchr(b'\r', rest.as_bytes())?);
            let (name, value) = line.split_at(memchr(b':', line.as_bytes())?);
            rest = after.get(2..).unwrap_or_default();
            Some((name, value.get(2..).unwrap_or_default()))
        })
    }
}

/// A request: method, target (path and query as sent, percent-encoding kept), headers, body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, origin form, as sent.
    pub target: String,
    /// The headers.
    pub headers: Headers,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Request {
    /// The target without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.target[..self.question_mark().unwrap_or(self.target.len())]
    }

    /// The raw query, without the question mark; empty where there is none.
    #[must_use]
    pub fn query(&self) -> &str {
        self.question_mark().map_or("", |at| &self.target[at + 1..])
    }

    fn question_mark(&self) -> Option<usize> {
        memchr(b'?', self.target.as_bytes())
    }
}

/// A response: status, headers, body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// A response with this status and JSON body.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        // Room for the few headers that a vendor adds, so that it grows no more.
        let mut headers = Headers(String::with_capacity(160));
        headers.0.push_str("content-type: application/json\r\n");
        Self { status, headers, body: body.into() }
    }
}

/// Why a caller has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallError {
    /// The connection was refused: nothing was sent.
    Refused,
    /// The connection was reset after the request had left.
    Reset,
    /// No answer within the caller's time-out.
    TimedOut,
    /// The answer broke off in its body.
    Truncated,
    /// The caller's own process held the call back until `not_after` had passed: nothing was sent.
    NotSent,
}

/// What a caller hears.
pub type Answer = Result<Response, CallError>;
