//! Which call a request to messaging is, and whom it is about.

use std::borrow::Cow;

use super::super::subject;
use super::super::target::decode;
use crate::chaos::point::{Route, Subject};
use crate::wire::{Method, Request};

/// The routes' names, by number.
pub(super) const NAMES: [&str; 3] = ["other", "push", "profile"];

/// A request, understood by its method and path alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call<'a> {
    /// None that messaging knows.
    Other,
    /// `POST message/push`
    Push,
    /// `GET profile/{userId}`
    Profile(Cow<'a, str>),
}

impl<'a> Call<'a> {
    /// Reads `/v2/bot/…`.
    pub(super) fn of(request: &'a Request) -> Self {
        match (request.method, request.path().strip_prefix("/v2/bot/")) {
            (Method::Post, Some("message/push")) => Self::Push,
            (Method::Get, Some(path)) => match path.strip_prefix("profile/") {
                Some(user) if !user.is_empty() => Self::Profile(decode(user, false)),
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// Its route's number.
    pub(super) const fn route(&self) -> Route {
        Route(match self {
            Self::Other => 0,
            Self::Push => 1,
            Self::Profile(_) => 2,
        })
    }

    /// Whom it is about: the recipient, or whose profile it is.
    pub(super) fn subject(&self, request: &Request) -> Subject {
        match self {
            Self::Other => Subject::NONE,
            Self::Push => subject::of_recipient(&request.body),
            Self::Profile(user) => Subject::of(user.as_bytes()),
        }
    }
}

/// Reads a UUID in its usual form.
pub(super) fn retry_key(text: &str) -> Option<u128> {
    let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let mut key = 0;
    for (place, &byte) in text.iter().enumerate() {
        match (place, byte) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            _ => key = key << 4 | u128::from(char::from(byte).to_digit(16)?),
        }
    }
    Some(key)
}
