//! What the help desk answers: users and errors in its dialect, and the headers of its limits.

use super::super::auth::Credentials;
use super::super::json::{Digits, Json, Key, key, write_part};
use super::super::limiter::{Window, whole_seconds};
use super::super::origin::write_origin;
use super::profile::Profile;
use super::user::User;
use super::write::Fault;
use super::{AGENT_ID, FIRST_ID, Support};
use crate::clock::Nanos;
use crate::wire::{Headers, Request, Response};

/// About how many bytes a user takes.
pub(super) const USER_BYTES: usize = 640;
/// Which host a caller reached who names none.
pub(super) const HOST: &str = "desk.example";

impl Support {
    /// One user.
    pub(super) fn answer_user(&self, request: &Request, status: u16, row: usize) -> Response {
        self.answer_one(request, status, key!("user"), row, &self.rows[row].user)
    }

    /// One deleted user, in this version.
    pub(super) fn answer_deleted(&self, request: &Request, row: usize, user: &User) -> Response {
        self.answer_one(request, 200, key!("deleted_user"), row, user)
    }

    fn answer_one(&self, request: &Request, status: u16, key: Key, row: usize, user: &User) -> Response {
        let mut json = Json::with_capacity(USER_BYTES, self.drift);
        json.open();
        json.open_under(key);
        self.write_user(&mut json, request, row, user, false);
        json.close();
        json.close();
        Response::json(status, json.finish())
    }

    /// A user's fields; in results of the general search with their type.
    pub(super) fn write_user(&self, json: &mut Json, request: &Request, row: usize, user: &User, result: bool) {
        let email = user.email();
        let id = FIRST_ID + row as u64;
        json.number(key!("id"), id);
        write_url(json, request, "/api/v2/users/", Digits::of(id).as_str());
        json.text(key!("name"), &user.name);
        json.text_or_null(key!("email"), email.map(|login| &*login.value));
        json.stamps(self.rows[row].created, self.rows[row].updated);
        json.text_or_null(key!("phone"), user.phone.as_deref());
        json.text_or_null(key!("external_id"), user.external_id.as_deref());
        Profile::write(user.profile.as_deref(), json);
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

/// Where a record is found by its id.
pub(super) fn write_url(json: &mut Json, request: &Request, collection: &str, id: &str) {
    json.value(key!("url"), |out| {
        out.push(b'"');
        write_origin(request, HOST, |part| write_part(out, part));
        for part in [collection, id, r#".json""#] {
            out.extend_from_slice(part.as_bytes());
        }
    });
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

/// 400: the query asks for something that the desk does not know.
pub(super) fn bad_query(description: &str) -> Response {
    let mut json = Json::with_capacity(128, false);
    json.open();
    json.constant(r#""error":"BadRequest""#);
    json.text(key!("description"), description);
    json.close();
    Response::json(400, json.finish())
}

/// 400: a page by cursor was asked for with a cursor that is none.
pub(super) fn bad_cursor() -> Response {
    let code = r#"{"errors":[{"code":"InvalidPaginationParameter","title":"Invalid pagination parameter","#;
    Response::json(400, [code, r#""detail":"The cursor is not valid"}]}"#].concat())
}

/// 400: another request came under the same key before (page "Tickets", Idempotency).
pub(super) fn other_request() -> Response {
    let why = r#""description":"Request parameters don't match the given idempotency key"}"#;
    Response::json(400, [r#"{"error":"IdempotentRequestError","#, why].concat())
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
pub(super) fn me(request: &Request) -> Response {
    let mut json = Json::with_capacity(256, false);
    json.open();
    json.open_under(key!("user"));
    json.plain_number(key!("id"), AGENT_ID);
    write_url(&mut json, request, "/api/v2/users/", Digits::of(AGENT_ID).as_str());
    json.text(key!("email"), Credentials::SIMULATION.support_email);
    json.constant(r#""name":"The hub","role":"admin","active":true,"verified":true"#);
    json.close();
    json.close();
    Response::json(200, json.finish())
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

/// How much is left of the limit of lists of tickets.
pub(super) fn add_ticket_lists(headers: &mut Headers, limit: Window, remaining: u32, resets_in: Nanos) {
    let resets = whole_seconds(resets_in);
    let value = format!("total={}; remaining={remaining}; resets={resets}", limit.limit);
    headers.push("zendesk-ratelimit-tickets-index", &value);
}

fn push_header(headers: &mut Headers, name: &str, value: u64) {
    headers.push(name, Digits::of(value).as_str());
}
