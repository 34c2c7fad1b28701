//! HTTP messages as bytes, as the hub sends and hears them. Parts that move and are never copied; the driver turns
//! them into a client library's types at the socket's edge, the simulation's adapter moves them as they are.

use memchr::memchr;

/// The methods that the hub and its vendors use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// Its name, as in a request's line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A header block: `name: value\r\n` lines, names in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Headers(pub String);

impl Headers {
    /// Appends a header. The name must be in lower case; neither part may hold a line break.
    #[inline]
    pub fn push(&mut self, name: &str, value: &str) {
        self.0.push_str(name);
        self.0.push_str(": ");
        self.0.push_str(value);
        self.0.push_str("\r\n");
    }

    /// Appends a header whose value is these parts, joined.
    pub fn push_parts(&mut self, name: &str, value: &[&str]) {
        self.0.push_str(name);
        self.0.push_str(": ");
        for part in value {
            self.0.push_str(part);
        }
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
}

/// A request: method, target (path and query), headers, body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, origin form.
    pub target: String,
    /// The headers.
    pub headers: Headers,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// A response: status, headers, body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// Why a call has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallError {
    /// The connection was refused: nothing was sent.
    Refused,
    /// The connection was reset after the request had left.
    Reset,
    /// No answer within the time-out.
    TimedOut,
    /// The answer broke off in its body.
    Truncated,
    /// The driver held it back until `not_after` had passed: nothing was sent.
    NotSent,
}

/// What the hub hears of a call.
pub type Answer = Result<Response, CallError>;
