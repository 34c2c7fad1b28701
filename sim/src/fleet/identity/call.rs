//! Which call a request to the identity provider is, and whom it is about. What the calls do stands in their files.

use std::borrow::Cow;

use super::super::subject;
use super::super::target::{Query, decode, split};
use super::super::terms::{self, Language};
use super::{Identity, link};
use crate::chaos::point::{Route, Subject};
use crate::wire::{Method, Request};

/// The routes' names, by number.
pub(super) const NAMES: [&str; 10] =
    ["other", "token", "create", "read", "update", "delete", "by-email", "search", "link", "unlink"];

/// A request, understood by its method and path alone. Ids are whole (`provider|x`) and decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call<'a> {
    /// None that the provider knows.
    Other,
    /// `POST /oauth/token`
    Token,
    /// `POST users`
    Create,
    /// `GET users/{id}`
    Read(Cow<'a, str>),
    /// `PATCH users/{id}`
    Update(Cow<'a, str>),
    /// `DELETE users/{id}`
    Delete(Cow<'a, str>),
    /// `GET users-by-email`
    ByEmail,
    /// `GET users`
    Search,
    /// `POST users/{id}/identities`
    Link(Cow<'a, str>),
    /// `DELETE users/{id}/identities/{provider}/{bare id}`: the user's id, and the identity's whole one.
    Unlink(Cow<'a, str>, String),
}

impl<'a> Call<'a> {
    /// Reads `/oauth/token` and `/api/v2/…`.
    pub(super) fn of(request: &'a Request) -> Self {
        let path = request.path();
        if path == "/oauth/token" && request.method == Method::Post {
            return Self::Token;
        }
        let Some(resource) = path.strip_prefix("/api/v2/") else { return Self::Other };
        match (resource, request.method) {
            ("users", Method::Post) => Self::Create,
            ("users", Method::Get) => Self::Search,
            ("users-by-email", Method::Get) => Self::ByEmail,
            _ => match resource.strip_prefix("users/") {
                Some(item) => Self::of_item(request.method, item),
                None => Self::Other,
            },
        }
    }

    fn of_item(method: Method, item: &'a str) -> Self {
        let (id, rest) = split(item, b'/');
        if id.is_empty() {
            return Self::Other;
        }
        let id = decode(id, false);
        match (rest, method) {
            (None, method) => Self::of_user(method, id),
            (Some("identities"), Method::Post) => Self::Link(id),
            (Some(rest), Method::Delete) => {
                match rest.strip_prefix("identities/").and_then(|rest| rest.split_once('/')) {
                    Some((provider, bare)) if !bare.contains('/') => {
                        Self::Unlink(id, [&*decode(provider, false), "|", &*decode(bare, false)].concat())
                    }
                    _ => Self::Other,
                }
            }
            _ => Self::Other,
        }
    }

    fn of_user(method: Method, id: Cow<'a, str>) -> Self {
        match method {
            Method::Get => Self::Read(id),
            Method::Patch => Self::Update(id),
            Method::Delete => Self::Delete(id),
            Method::Post | Method::Put => Self::Other,
        }
    }

    /// Its route's number.
    pub(super) const fn route(&self) -> Route {
        Route(match self {
            Self::Other => 0,
            Self::Token => 1,
            Self::Create => 2,
            Self::Read(_) => 3,
            Self::Update(_) => 4,
            Self::Delete(_) => 5,
            Self::ByEmail => 6,
            Self::Search => 7,
            Self::Link(_) => 8,
            Self::Unlink(..) => 9,
        })
    }
}

impl Identity {
    /// Whom a call is about: the e-mail of a user as it was created, or what is searched for.
    pub(super) fn subject(&self, call: &Call<'_>, request: &Request) -> Subject {
        let searched = |name: &str| Query(request.query()).get(name).unwrap_or_default();
        match call {
            Call::Other | Call::Token => Subject::NONE,
            Call::Create => subject::of_email(&request.body),
            Call::Read(id) | Call::Update(id) | Call::Delete(id) => self.subject_of(id),
            // A link and its undoing are about whom they take in and set free.
            Call::Link(_) => link::secondary(&request.body).map_or(Subject::NONE, |id| self.subject_of(&id)),
            Call::Unlink(_, identity) => self.subject_of(identity),
            Call::ByEmail => Subject::of(searched("email").as_bytes()),
            Call::Search => terms::subject(Language::Auth0, &searched("q")),
        }
    }

    fn subject_of(&self, id: &str) -> Subject {
        match self.row_number(id) {
            Some(row) => self.rows[row].subject,
            None => Subject::of(id.as_bytes()),
        }
    }
}
