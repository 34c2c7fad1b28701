//! Which call a request to messaging is, whom it is about, and what a push says.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};

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
            Self::Push => subject::of_body(&request.body, b"\"to\""),
            Self::Profile(user) => Subject::of(user.as_bytes()),
        }
    }
}

/// The body of a push. What its messages say is nobody's business here.
#[derive(serde::Deserialize)]
pub(super) struct Push<'a> {
    #[serde(borrow)]
    pub(super) to: Cow<'a, str>,
    pub(super) messages: Count,
}

/// How many items a list has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Count(pub(super) usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Count;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Count, A::Error> {
                let mut count = 0;
                while items.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Count(count))
            }
        }
        deserializer.deserialize_seq(Items)
    }
}

/// Reads a UUID in its usual form.
pub(super) fn retry_key(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    let hyphens = [8, 13, 18, 23];
    if bytes.len() != 36 || hyphens.iter().any(|&at| bytes[at] != b'-') {
        return None;
    }
    let digits = bytes.iter().enumerate().filter(|(at, _)| !hyphens.contains(at));
    digits.map(|(_, &byte)| char::from(byte).to_digit(16)).try_fold(0, |key, digit| Some(key << 4 | u128::from(digit?)))
}
