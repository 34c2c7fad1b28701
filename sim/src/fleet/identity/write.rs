//! Creating, updating and deleting users of the identity provider, and what it refuses. Reads are absent.

use super::super::MadeFor;
use super::super::change::Change;
use super::super::shape::is_email;
use super::payload::{self, Verb};
use super::user::{Fields, Row, User, field};
use super::{Identity, answer};
use crate::chaos::point::Subject;
use crate::clock::{Instant, Stamp};
use crate::wire::{Request, Response};

/// The connection that every tenant begins with: a database, whose users log in with a password.
pub(super) const DATABASE: &str = "Username-Password-Authentication";

impl Identity {
    /// `POST users`
    pub(super) fn create(&mut self, now: Instant, request: &Request) -> Response {
        let fields = match Fields::of(&request.body) {
            Some(fields) if !fields.odd && fields.client_id == Change::Keep => fields,
            _ => return payload::refusal(&request.body, Verb::Create),
        };
        let Some(connection) = fields.connection.value().filter(|connection| !connection.is_empty()) else {
            return answer::invalid_body("Payload validation error: 'Missing required property: connection'.");
        };
        let mut user = User::default();
        fields.apply(&mut user);
        if user.email.is_none() && user.username.is_none() && user.phone_number.is_none() {
            return answer::invalid_body("Payload validation error: 'Missing required property: email'.");
        }
        if let Some(refusal) = wrong_email(&user) {
            return refusal;
        }
        if connection == DATABASE && fields.password.value().is_none_or(str::is_empty) {
            return answer::invalid_body("Payload validation error: 'Missing required property: password'.");
        }
        let id = self.id_for(connection, fields.user_id.value());
        if self.taken(&id).is_some() || self.is_held(&user, connection, None) {
            return answer::conflict();
        }
        let row = self.insert(now, self.index.shown_from(now), id, connection, user);
        self.answer_user(201, row)
    }

    /// The whole id of a user to be: the chosen part, or a made one, after the connection's provider.
    pub(super) fn id_for(&self, connection: &str, chosen: Option<&str>) -> String {
        let provider = if matches!(connection, "email" | "sms") { connection } else { "auth0" };
        match chosen {
            Some(chosen) => [provider, "|", chosen].concat(),
            None => format!("{provider}|6955b9{:018x}", self.rows.len() + 1),
        }
    }

    /// Adds a user that is known to be valid.
    pub(super) fn insert(
        &mut self,
        now: Instant,
        shown_from: Instant,
        id: String,
        connection: &str,
        user: User,
    ) -> usize {
        let row = self.rows.len();
        let made_for = MadeFor::of(user.app_metadata.text("owner").as_deref(), || id.clone());
        self.keys.add(field::ID, &id, row as u32);
        user.enter(&mut self.keys, row as u32);
        self.rows.push(Row {
            subject: user.email.as_ref().map_or(Subject::NONE, |email| Subject::of(email.as_bytes())),
            id,
            connection: connection.to_owned(),
            user,
            created: Stamp::at(now),
            updated: Stamp::at(now),
            shown_from,
            gone: false,
            linked: Vec::new(),
            made_for,
        });
        row
    }

    /// `PATCH users/{id}`
    pub(super) fn update(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(row) = self.present(id) else { return answer::not_found() };
        let fields = match Fields::of(&request.body) {
            Some(fields) if !fields.odd || payload::is_sound(&request.body, Verb::Update) => fields,
            _ => return payload::refusal(&request.body, Verb::Update),
        };
        if let Some((one, other)) = fields.clash() {
            return answer::invalid_body(&format!("Cannot update {one} and {other} simultaneously"));
        }
        let mut user = self.rows[row].user.clone();
        fields.apply(&mut user);
        if let Some(refusal) = wrong_email(&user) {
            return refusal;
        }
        if self.is_held(&user, &self.rows[row].connection, Some(row)) {
            return answer::conflict();
        }
        self.replace(now, row, user);
        self.answer_user(200, row)
    }

    /// `DELETE users/{id}`: for good, with all that was linked to it; 204 also where there is no such user.
    pub(super) fn delete(&mut self, now: Instant, id: &str) -> Response {
        if let Some(row) = self.present(id) {
            self.delete_row(now, row);
        }
        answer::nothing()
    }

    /// Takes a user away for good, and all who are linked to it.
    pub(super) fn delete_row(&mut self, now: Instant, row: usize) {
        for linked in std::mem::take(&mut self.rows[row].linked) {
            self.remove(now, linked as usize);
        }
        self.remove(now, row);
    }

    fn remove(&mut self, now: Instant, row: usize) {
        self.replace(now, row, User::default());
        self.rows[row].gone = true;
    }

    pub(super) fn replace(&mut self, now: Instant, number: usize, user: User) {
        let row = &mut self.rows[number];
        row.user.strike(&mut self.keys, number as u32);
        user.enter(&mut self.keys, number as u32);
        let was = std::mem::replace(&mut row.user, user);
        row.shown_from = self.index.supersede(now, number as u32, row.shown_from, was);
        row.updated = Stamp::at(now);
    }

    /// Whether another user of this connection than `row` holds the user's e-mail, its name to log in with, or, where
    /// phone numbers are what one logs in with, its number.
    pub(super) fn is_held(&self, user: &User, connection: &str, row: Option<usize>) -> bool {
        let by = |field: u8, of: fn(&User) -> Option<&String>| {
            let Some(wanted) = of(user) else { return false };
            self.keys.candidates(field, wanted).any(|other| {
                let held = &self.rows[other];
                let same = of(&held.user).is_some_and(|value| value.eq_ignore_ascii_case(wanted));
                Some(other) != row && same && held.connection == connection
            })
        };
        by(field::EMAIL, |user| user.email.as_ref())
            || by(field::USERNAME, |user| user.username.as_ref())
            || (connection == "sms" && by(field::PHONE, |user| user.phone_number.as_ref()))
    }
}

fn wrong_email(user: &User) -> Option<Response> {
    let wrong = user.email.as_deref().is_some_and(|email| !is_email(email));
    wrong.then(|| answer::invalid_body("Payload validation error: 'Object didn't pass validation for format email'."))
}
