//! Linking users of the identity provider, and undoing it. A link loses the secondary's metadata for good: undoing it
//! brings the user back under its old id, but not what it knew.

use std::borrow::Cow;

use super::super::body::Body;
use super::metadata::Metadata;
use super::user::User;
use super::{Identity, answer};
use crate::clock::{Instant, Stamp};
use crate::wire::{Request, Response};

/// What a request says about the user that is to be linked.
#[derive(Debug, Default)]
struct Fields<'a> {
    provider: Cow<'a, str>,
    /// Without the provider.
    user_id: Cow<'a, str>,
}

impl<'a> Fields<'a> {
    fn of(body: &'a [u8]) -> Option<Self> {
        Body::read(body, |body| {
            let mut fields = Self::default();
            body.object(|name, body| match name {
                "provider" => body.text().map(|provider| fields.provider = provider),
                // A text, or a number.
                "user_id" => body.raw().map(|id| fields.user_id = id.trim_matches('"').into()),
                _ => body.skip(),
            })?;
            Some(fields)
        })
    }

    fn id(&self) -> String {
        [&*self.provider, "|", &*self.user_id].concat()
    }
}

/// The whole id of the user that a request wants to link.
pub(super) fn secondary(body: &[u8]) -> Option<String> {
    Fields::of(body).map(|fields| fields.id())
}

impl Identity {
    /// `POST users/{id}/identities`: the user keeps its id, its profile and its metadata.
    pub(super) fn link(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(primary) = self.present(id) else { return answer::not_found() };
        let Some(fields) = Fields::of(&request.body) else {
            return answer::invalid_body("Payload validation error: 'Invalid JSON'.");
        };
        if fields.provider.is_empty() || fields.user_id.is_empty() {
            return answer::invalid_body("Payload validation error: 'Missing required property: user_id'.");
        }
        let Some(secondary) = self.taken(&fields.id()) else { return answer::not_found() };
        if secondary == primary {
            return answer::invalid_body("Main account and linked account cannot be the same.");
        }
        if !self.rows[secondary].is_user() || !self.rows[secondary].linked.is_empty() {
            return answer::already_linked();
        }
        let user = User {
            app_metadata: Metadata::default(),
            user_metadata: Metadata::default(),
            linked_to: Some(primary as u32),
            ..self.rows[secondary].user.clone()
        };
        self.replace(now, secondary, user);
        self.rows[primary].linked.push(secondary as u32);
        self.rows[primary].updated = Stamp::at(now);
        self.answer_identities(201, primary)
    }

    /// `DELETE users/{id}/identities/{provider}/{bare id}`: the identity becomes a user again, new but for its id.
    pub(super) fn unlink(&mut self, now: Instant, id: &str, identity: &str) -> Response {
        let Some(primary) = self.present(id) else { return answer::not_found() };
        if self.rows[primary].id == identity {
            return answer::invalid_body("The primary identity cannot be unlinked.");
        }
        let place = self.rows[primary].linked.iter().position(|&row| self.rows[row as usize].id == identity);
        let Some(place) = place else { return answer::no_such_identity() };
        self.part(now, primary, place);
        self.answer_identities(200, primary)
    }

    /// The identity at this place among those that are linked to the user becomes a user again.
    pub(super) fn part(&mut self, now: Instant, primary: usize, place: usize) {
        let row = self.rows[primary].linked.remove(place) as usize;
        let user = User { linked_to: None, ..self.rows[row].user.clone() };
        self.replace(now, row, user);
        self.rows[row].created = Stamp::at(now);
        self.rows[primary].updated = Stamp::at(now);
    }
}
