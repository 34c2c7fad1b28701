//! What the identity provider answers: users and errors in its dialect, and the headers of its limits.

use super::super::json::{Digits, Json, key};
use super::super::limiter::Bucket;
use super::Identity;
use super::find::Hit;
use super::user::{Row, User};
use crate::clock::Instant;
use crate::wire::{Headers, Response};

/// About how many bytes a user takes.
const USER_BYTES: usize = 576;
/// When worlds begin, in Unix seconds: 2026-01-01T00:00:00Z.
const UNIX_START: u64 = 1_767_225_600;

impl Identity {
    /// One user.
    pub(super) fn answer_user(&self, status: u16, row: usize) -> Response {
        let mut json = Json::with_capacity(USER_BYTES, self.drift);
        self.write_user(&mut json, row, &self.rows[row].user);
        Response::json(status, json.finish())
    }

    /// A user's identities, as a bare list.
    pub(super) fn answer_identities(&self, status: u16, row: usize) -> Response {
        let mut json = Json::with_capacity(USER_BYTES, self.drift);
        json.open_list();
        self.write_identities(&mut json, row);
        json.close_list();
        Response::json(status, json.finish())
    }

    /// Several users, as a bare list.
    pub(super) fn answer_users(&self, hits: &[Hit<'_>]) -> Response {
        let mut json = Json::with_capacity(16 + hits.len() * USER_BYTES, self.drift);
        json.open_list();
        self.write_users(&mut json, hits);
        json.close_list();
        Response::json(200, json.finish())
    }

    /// Several users, with where they stand among all.
    pub(super) fn answer_totals(&self, hits: &[Hit<'_>], start: usize, limit: u64, total: usize) -> Response {
        let mut json = Json::with_capacity(96 + hits.len() * USER_BYTES, self.drift);
        json.open();
        json.plain_number(key!("start"), start as u64);
        json.plain_number(key!("limit"), limit);
        json.plain_number(key!("length"), hits.len() as u64);
        json.plain_number(key!("total"), total as u64);
        json.open_list_under(key!("users"));
        self.write_users(&mut json, hits);
        json.close_list();
        json.close();
        Response::json(200, json.finish())
    }

    fn write_users(&self, json: &mut Json, hits: &[Hit<'_>]) {
        for &(row, user) in hits {
            self.write_user(json, row, user);
        }
    }

    fn write_user(&self, json: &mut Json, number: usize, user: &User) {
        let row = &self.rows[number];
        json.open();
        json.text(key!("user_id"), &row.id);
        write_profile(json, user);
        json.stamps(row.created, row.updated);
        json.open_list_under(key!("identities"));
        self.write_identities(json, number);
        json.close_list();
        json.value(key!("app_metadata"), |out| user.app_metadata.write(out));
        json.value(key!("user_metadata"), |out| user.user_metadata.write(out));
        json.flag(key!("blocked"), user.blocked);
        json.optional(r#""picture":"https://cdn.example/avatar.png""#);
        json.number(key!("logins_count"), 0);
        json.close();
    }

    /// The identity that a user is itself, then those that were linked to it.
    fn write_identities(&self, json: &mut Json, number: usize) {
        write_identity(json, &self.rows[number], false);
        for &linked in &self.rows[number].linked {
            write_identity(json, &self.rows[linked as usize], true);
        }
    }
}

fn write_identity(json: &mut Json, row: &Row, linked: bool) {
    let (provider, bare_id) = row.id.split_once('|').unwrap_or(("auth0", &row.id));
    json.open();
    json.text(key!("connection"), &row.connection);
    json.text(key!("user_id"), bare_id);
    json.text(key!("provider"), provider);
    json.flag(key!("isSocial"), false);
    if linked {
        json.open_under(key!("profileData"));
        write_profile(json, &row.user);
        json.close();
    }
    json.close();
}
/// What of a user the profile of a linked identity says, too: first how it can be reached, and what it is called.
fn write_profile(json: &mut Json, user: &User) {
    if let Some(email) = &user.email {
        json.text(key!("email"), email);
    }
    json.flag(key!("email_verified"), user.email_verified);
    for (key, value) in [
        (key!("phone_number"), &user.phone_number),
        (key!("username"), &user.username),
        (key!("given_name"), &user.given_name),
        (key!("family_name"), &user.family_name),
    ] {
        if let Some(value) = value {
            json.text(key, value);
        }
    }
    let email = user.email.as_deref().unwrap_or_default();
    json.text(key!("name"), user.name.as_deref().unwrap_or(email));
    json.text(key!("nickname"), user.nickname.as_deref().unwrap_or(email.split('@').next().unwrap_or_default()));
}

/// An error in the management API's form.
pub(super) fn error(status: u16, error: &str, message: &str, code: &str) -> Response {
    let mut json = Json::with_capacity(160, false);
    json.open();
    json.plain_number(key!("statusCode"), u64::from(status));
    json.text(key!("error"), error);
    json.text(key!("message"), message);
    json.text(key!("errorCode"), code);
    json.close();
    Response::json(status, json.finish())
}

/// 400: the body is not what the route takes.
pub(super) fn invalid_body(message: &str) -> Response {
    error(400, "Bad Request", message, "invalid_body")
}

/// 400: the query is not what the route takes.
pub(super) fn invalid_query(message: &str) -> Response {
    error(400, "Bad Request", message, "invalid_query_string")
}

/// 404: no such user.
pub(super) fn not_found() -> Response {
    error(404, "Not Found", "The user does not exist.", "inexistent_user")
}

/// 409: the id or the e-mail is held.
pub(super) fn conflict() -> Response {
    error(409, "Conflict", "The user already exists.", "auth0_idp_error")
}

/// 409: the user to be linked is linked already, or others are linked to it.
pub(super) fn already_linked() -> Response {
    error(409, "Conflict", "Specified identity already linked to another user.", "identity_conflict")
}

/// 404: the user has no such identity.
pub(super) fn no_such_identity() -> Response {
    error(404, "Not Found", "The identity does not exist.", "inexistent_identity")
}

/// 429. No `Retry-After`: the headers tell when the bucket is full again.
pub(super) fn throttled() -> Response {
    error(429, "Too Many Requests", "Global limit has been reached", "too_many_requests")
}

/// 204.
pub(super) fn nothing() -> Response {
    Response { status: 204, headers: Headers::new(), body: Vec::new() }
}

/// `x-ratelimit-limit`, `-remaining` and `-reset` (Unix seconds).
pub(super) fn add_limits(headers: &mut Headers, now: Instant, bucket: &Bucket) {
    let reset = UNIX_START + bucket.idle_at(now).0.div_ceil(1_000_000_000);
    let remaining = bucket.size() - bucket.used(now);
    for (name, value) in [
        ("x-ratelimit-limit", u64::from(bucket.size())),
        ("x-ratelimit-remaining", u64::from(remaining)),
        ("x-ratelimit-reset", reset),
    ] {
        headers.push(name, Digits::of(value).as_str());
    }
}
