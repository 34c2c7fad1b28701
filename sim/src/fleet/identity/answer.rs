//! What the identity provider answers: users and errors in its dialect, and the headers of its limits.

use super::super::json::{Digits, Json, key};
use super::super::limiter::Bucket;
use super::Identity;
use super::find::Hit;
use super::shown::Shown;
use super::user::{Row, User};
use crate::clock::{Instant, Stamp, UNIX_START};
use crate::wire::{Headers, Response};

/// About how many bytes a user takes.
const USER_BYTES: usize = 576;

impl Identity {
    /// One user, whole.
    pub(super) fn answer_user(&self, status: u16, row: usize) -> Response {
        self.answer_part(status, row, Shown::ALL)
    }

    /// One user, or some fields of it.
    pub(super) fn answer_part(&self, status: u16, row: usize, shown: Shown) -> Response {
        let mut json = Json::with_capacity(USER_BYTES, self.drift);
        self.write_user(&mut json, row, &self.rows[row].user, shown);
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
    pub(super) fn answer_users(&self, hits: &[Hit<'_>], shown: Shown) -> Response {
        let mut json = Json::with_capacity(16 + hits.len() * USER_BYTES, self.drift);
        json.open_list();
        self.write_users(&mut json, hits, shown);
        json.close_list();
        Response::json(200, json.finish())
    }

    /// Several users, with where they stand among all.
    pub(super) fn answer_totals(&self, hits: &[Hit<'_>], place: Place, shown: Shown) -> Response {
        let mut json = Json::with_capacity(96 + hits.len() * USER_BYTES, self.drift);
        json.open();
        json.plain_number(key!("start"), place.start);
        json.plain_number(key!("limit"), place.limit);
        json.plain_number(key!("length"), hits.len() as u64);
        json.plain_number(key!("total"), place.total);
        json.open_list_under(key!("users"));
        self.write_users(&mut json, hits, shown);
        json.close_list();
        json.close();
        Response::json(200, json.finish())
    }

    fn write_users(&self, json: &mut Json, hits: &[Hit<'_>], shown: Shown) {
        for &(row, user) in hits {
            self.write_user(json, row, user, shown);
        }
    }

    /// What a user never had, an answer does not mention.
    fn write_user(&self, json: &mut Json, number: usize, user: &User, shown: Shown) {
        let row = &self.rows[number];
        json.open();
        if shown.has(Shown::USER_ID) {
            json.text(key!("user_id"), &row.id);
        }
        write_profile(json, user, shown);
        write_stamps(json, row, shown);
        if shown.has(Shown::IDENTITIES) {
            json.open_list_under(key!("identities"));
            self.write_identities(json, number);
            json.close_list();
        }
        if !user.app_metadata.is_empty() && shown.has(Shown::APP_METADATA) {
            json.value(key!("app_metadata"), |out| user.app_metadata.write(out));
        }
        if !user.user_metadata.is_empty() && shown.has(Shown::USER_METADATA) {
            json.value(key!("user_metadata"), |out| user.user_metadata.write(out));
        }
        if let Some(blocked) = user.blocked.filter(|_| shown.has(Shown::BLOCKED)) {
            json.flag(key!("blocked"), blocked);
        }
        if shown.has(Shown::PICTURE) {
            match &user.picture {
                Some(picture) => json.text(key!("picture"), picture),
                None => json.optional(r#""picture":"https://cdn.example/avatar.png""#),
            }
        }
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

/// Where a page stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) start: u64,
    pub(super) limit: u64,
    /// How many there are on all pages.
    pub(super) total: u64,
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
        write_profile(json, &row.user, Shown::ALL);
        json.close();
    }
    json.close();
}

/// What of a user the profile of a linked identity says, too: first how it can be reached, and what it is called.
fn write_profile(json: &mut Json, user: &User, shown: Shown) {
    if let Some(email) = user.email.as_ref().filter(|_| shown.has(Shown::EMAIL)) {
        json.text(key!("email"), email);
    }
    if shown.has(Shown::EMAIL_VERIFIED) {
        json.flag(key!("email_verified"), user.email_verified);
    }
    for (field, key, value) in [
        (Shown::PHONE_NUMBER, key!("phone_number"), &user.phone_number),
        (Shown::USERNAME, key!("username"), &user.username),
        (Shown::GIVEN_NAME, key!("given_name"), &user.given_name),
        (Shown::FAMILY_NAME, key!("family_name"), &user.family_name),
    ] {
        if let Some(value) = value.as_ref().filter(|_| shown.has(field)) {
            json.text(key, value);
        }
    }
    if user.phone_number.is_some() && shown.has(Shown::PHONE_VERIFIED) {
        json.flag(key!("phone_verified"), user.phone_verified);
    }
    if shown.has(Shown::NAME) {
        json.text(key!("name"), user.shown_name());
    }
    if shown.has(Shown::NICKNAME) {
        json.text(key!("nickname"), user.shown_nickname());
    }
}

/// When a user was created and last updated, to the millisecond, as this vendor writes it.
fn write_stamps(json: &mut Json, row: &Row, shown: Shown) {
    if shown == Shown::ALL && row.created.0 == row.updated.0 {
        // Nearly all are shown whole and before their first update: a copy is cheaper than another conversion.
        json.value(key!("created_at"), |out| {
            let from = out.len();
            write_stamp(out, row.created);
            let until = out.len();
            out.extend_from_slice(b",\"updated_at\":");
            out.extend_from_within(from..until);
        });
        return;
    }
    if shown.has(Shown::CREATED_AT) {
        json.value(key!("created_at"), |out| write_stamp(out, row.created));
    }
    if shown.has(Shown::UPDATED_AT) {
        json.value(key!("updated_at"), |out| write_stamp(out, row.updated));
    }
}

fn write_stamp(out: &mut Vec<u8>, stamp: Stamp) {
    let millis = stamp.0 / 1_000_000 % 1000;
    out.push(b'"');
    stamp.write_rfc3339(out);
    out.pop();
    out.extend_from_slice(&[
        b'.',
        b'0' + (millis / 100) as u8,
        b'0' + (millis / 10 % 10) as u8,
        b'0' + (millis % 10) as u8,
        b'Z',
        b'"',
    ]);
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
