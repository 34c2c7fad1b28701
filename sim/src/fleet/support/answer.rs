//! What the help desk answers: users and errors in its dialect, and the headers of its limits.

use super::super::json::{Digits, Json, Key, key};
use super::super::limiter::{Window, whole_seconds};
use super::user::User;
use super::write::Fault;
use super::{FIRST_ID, Support};
use crate::clock::Nanos;
use crate::wire::{Headers, Response};

/// About how many bytes a user takes.
pub(super) const USER_BYTES: usize = 512;

impl Support {
    /// One user.
    pub(super) fn answer_user(&self, status: u16, row: usize) -> Response {
        self.answer_one(status, key!("user"), row, &self.rows[row].user)
    }

    /// One deleted user, in this version.
    pub(super) fn answer_deleted(&self, row: usize, user: &User) -> Response {
        self.answer_one(200, key!("deleted_user"), row, user)
    }

    fn answer_one(&self, status: u16, key: Key, row: usize, user: &User) -> Response {
        let mut json = Json::with_capacity(USER_BYTES, self.drift);
        json.open();
        json.open_under(key);
        self.write_user(&mut json, row, user, false);
        json.close();
        json.close();
        Response::json(status, json.finish())
    }

    /// A user's fields; in results of the general search with their type.
    pub(super) fn write_user(&self, json: &mut Json, row: usize, user: &User, result: bool) {
        let email = user.email();
        json.number(key!("id"), FIRST_ID + row as u64);
        json.text(key!("name"), &user.name);
        json.text_or_null(key!("email"), email.map(|login| &*login.value));
        json.stamps(self.rows[row].created, self.rows[row].updated);
        json.text_or_null(key!("phone"), user.phone.as_deref());
        json.text_or_null(key!("external_id"), user.external_id.as_deref());
        json.optional(r#""time_zone":"UTC","locale":"en-US","notes":"","details":"""#);
        json.text(key!("role"), user.role.name());
        json.constant(r#""suspended":false"#);
        json.flag(key!("verified"), email.is_some_and(|login| login.verified));
        json.flag(key!("active"), user.active);
        json.open_list_under(key!("tags"));
        user.tags.iter().for_each(|tag| json.text_item(tag));
        json.close_list();
        if result {
            json.constant(r#""result_type":"user""#);
        }
    }
}

/// 401.
pub(super) fn unauthorized() -> Response {
    Response::json(401, r#"{"error":"Couldn't authenticate you"}"#)
}

/// 400: the body or the query is not what the route takes.
pub(super) fn bad_request() -> Response {
    Response::json(400, r#"{"error":"BadRequest","description":"Invalid or missing parameters"}"#)
}

/// 422: the query of a search is none.
pub(super) fn invalid_search(message: &str) -> Response {
    let mut json = Json::with_capacity(128, false);
    json.open();
    json.text(key!("error"), "invalid");
    json.text(key!("description"), &["Invalid search: ", message].concat());
    json.close();
    Response::json(422, json.finish())
}

/// 404: no such record.
pub(super) fn not_found() -> Response {
    Response::json(404, r#"{"error":"RecordNotFound","description":"Not found"}"#)
}

/// 404: no such route.
pub(super) fn no_such_route() -> Response {
    Response::json(404, r#"{"error":"InvalidEndpoint","description":"Not found"}"#)
}

/// 422: a search was asked for more than it gives.
pub(super) fn too_deep() -> Response {
    let body = r#"{"error":"invalid","description":"Invalid search: Requested response size was greater than Search Response Limits"}"#;
    Response::json(422, body)
}

/// 422, with what is wrong by field.
pub(super) fn invalid(faults: &[Fault]) -> Response {
    let mut json = Json::with_capacity(256, false);
    json.open();
    json.constant(r#""error":"RecordInvalid","description":"Record validation errors""#);
    json.open_under(key!("details"));
    for (place, fault) in faults.iter().enumerate() {
        if faults[..place].iter().any(|earlier| earlier.field == fault.field) {
            continue;
        }
        json.open_list_under(fault.field);
        for fault in faults.iter().filter(|other| other.field == fault.field) {
            json.open();
            json.text(key!("description"), &fault.description);
            json.text(key!("error"), fault.code);
            json.close();
        }
        json.close_list();
    }
    json.close();
    json.close();
    Response::json(422, json.finish())
}

/// 429; `Retry-After` in whole seconds.
pub(super) fn throttled(wait: Nanos) -> Response {
    let body = r#"{"error":"APIRateLimitExceeded","description":"Number of allowed API requests per minute exceeded"}"#;
    let mut response = Response::json(429, body);
    push_header(&mut response.headers, "retry-after", whole_seconds(wait));
    response
}

/// 429: the desk runs no more jobs at once.
pub(super) fn too_many_jobs() -> Response {
    let body = r#"{"error":"TooManyJobs","description":"Job limit exceeded"}"#;
    let mut response = Response::json(429, body);
    push_header(&mut response.headers, "retry-after", 10);
    response
}

/// 200: the agent whom the API token belongs to.
pub(super) fn me() -> Response {
    let body = r#"{"user":{"id":360000000000,"name":"The hub","email":"hub@sagaproof.example","role":"admin","active":true,"verified":true}}"#;
    Response::json(200, body)
}

/// 200: how many there are.
pub(super) fn count(count: usize) -> Response {
    let mut json = Json::with_capacity(64, false);
    json.open();
    json.open_under(key!("count"));
    json.plain_number(key!("value"), count as u64);
    json.null(key!("refreshed_at"));
    json.close();
    json.close();
    Response::json(200, json.finish())
}

/// 204.
pub(super) fn nothing() -> Response {
    Response { status: 204, headers: Headers::new(), body: Vec::new() }
}

/// `X-Rate-Limit` and `-Remaining`; ticketing endpoints tell of the reset too.
pub(super) fn add_limits(headers: &mut Headers, limit: Window, remaining: u32, ticketing: Option<Nanos>) {
    push_header(headers, "x-rate-limit", u64::from(limit.limit));
    push_header(headers, "x-rate-limit-remaining", u64::from(remaining));
    if let Some(resets_in) = ticketing {
        push_header(headers, "ratelimit-limit", u64::from(limit.limit));
        push_header(headers, "ratelimit-remaining", u64::from(remaining));
        push_header(headers, "ratelimit-reset", whole_seconds(resets_in));
    }
}

fn push_header(headers: &mut Headers, name: &str, value: u64) {
    headers.push(name, Digits::of(value).as_str());
}
