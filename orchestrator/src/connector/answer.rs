//! What an answer's status says in every dialect, and how an error body that the dialect has understood is judged.
//! Whatever is not surely understood is unknown.

use std::borrow::Cow;

use super::retry_after::retry_after;
use super::{Operation, Reading};
use crate::message::Response;

/// The longest word of a vendor that is passed on, in bytes.
const LONGEST_WORD: usize = 80;

/// An answer by its status alone.
#[derive(Debug)]
pub(super) enum Class<'a> {
    /// A success, with its body; whether it is one, the body tells.
    Success(&'a str),
    /// An honest no, with its body; empty where that is no text.
    No(&'a str),
    /// Nothing that the body could add to.
    Settled(Reading),
}

/// The class of an answer. 202, 206 and 207 are no success: the rest is still to come, or failed.
pub(super) fn class(response: &Response) -> Class<'_> {
    let body = std::str::from_utf8(&response.body);
    match response.status {
        200 | 201 | 204 => body.map_or(Class::Settled(Reading::Unknown("success that is no text")), Class::Success),
        401 => Class::Settled(Reading::Unauthorized),
        429 => Class::Settled(Reading::NotDone(retry_after(&response.headers))),
        400 | 402 | 403 | 404 | 406 | 409 | 422 | 423 | 430 => Class::No(body.unwrap_or_default()),
        408 => Class::Settled(Reading::Unknown("time-out on the way")),
        202 | 206 | 207 => Class::Settled(Reading::Unknown("success in part")),
        500..=599 => Class::Settled(Reading::Unknown("server error")),
        _ => Class::Settled(Reading::Unknown("unexpected status")),
    }
}

/// A success whose body is not of the shape that its operation has.
pub(super) const UNREADABLE: Reading = Reading::Unknown("unreadable success");

/// What a success says whose body is no object: done, where nothing was to be said.
pub(super) fn bodiless(operation: &Operation, status: u16, body: &str) -> Reading {
    match operation {
        Operation::Delete(_) | Operation::DropEmail(..) if status == 204 && body.is_empty() => Reading::Accepted,
        _ => UNREADABLE,
    }
}

/// An error body, as its dialect has understood it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Complaint<'a> {
    /// The vendor's code or words, for people.
    pub(super) word: Cow<'a, str>,
    /// Whether it says that somebody holds a unique key.
    pub(super) taken: bool,
}

impl Complaint<'_> {
    /// What it says inside of a success: no success.
    pub(super) fn in_success(&self) -> Reading {
        if self.taken { Reading::Conflict } else { refused(200, &self.word) }
    }
}

/// What a no says, with its body as understood; `None` where that is no error of the dialect, so that a no which
/// speaks of records comes from something in between.
pub(super) fn no(operation: &Operation, status: u16, complaint: Option<&Complaint<'_>>) -> Reading {
    match (status, complaint) {
        (404 | 409 | 422, None) => Reading::Unknown("unreadable no"),
        (404, Some(_)) if names_record(operation) => Reading::Absent,
        (409, Some(_)) => Reading::Unknown("undocumented conflict"),
        (422, Some(complaint)) if complaint.taken => Reading::Conflict,
        (422, Some(_)) if matches!(operation, Operation::Delete(_)) => Reading::Undeletable,
        (_, complaint) => refused(status, complaint.map_or("", |complaint| &complaint.word)),
    }
}

/// Whether the operation is on one record, so that a 404 speaks of that record.
const fn names_record(operation: &Operation) -> bool {
    !matches!(
        operation,
        Operation::Token | Operation::Create | Operation::FindByOwner | Operation::FindByEmail | Operation::Push
    )
}

/// A business no, with status and the beginning of the vendor's words.
fn refused(status: u16, word: &str) -> Reading {
    let end = (0..=word.len().min(LONGEST_WORD)).rev().find(|end| word.is_char_boundary(*end)).unwrap_or(0);
    let status = status.to_string();
    Reading::Refused(if end == 0 { status } else { [&status, " ", &word[..end]].concat() })
}
