//! Answers as clients hear them: customers, jobs, problems (RFC 9457), with the correlation id. An answer's status is a
//! promise; the table of what each means stands in the facade's document.

use super::validate::Invalid;
use crate::connector::Profile;
use crate::json::{self, Writer};
use crate::message::{Headers, Response};

/// Seconds after which a client that met a busy customer should ask again.
const BUSY_RETRY_AFTER: &str = "1";

/// Room for the headers of an answer, in bytes.
const HEADERS: usize = 160;

/// A customer's JSON.
#[must_use]
pub fn customer_json(cust_no: &str, profile: &Profile, points: u64) -> String {
    text(|json| {
        let json = json
            .raw(r#"{"cust_no":"#)
            .text(cust_no)
            .raw(r#","email":"#)
            .text(&profile.email)
            .raw(r#","given_name":"#)
            .text(&profile.given_name)
            .raw(r#","family_name":"#)
            .text(&profile.family_name)
            .raw(r#","phone":"#)
            .maybe(profile.phone.as_deref());
        if points > 0 { json.raw(r#","loyalty_points":"#).number(points).raw("}") } else { json.raw("}") }
    })
}

/// A job as clients see it.
#[derive(Debug)]
pub struct JobBody<'a> {
    /// Its id.
    pub job_id: String,
    /// What it does.
    pub operation: &'static str,
    /// `PENDING`, `RUNNING`, `SUCCEEDED` or `FAILED`.
    pub status: &'static str,
    /// Calls made so far.
    pub attempts: u32,
    /// The last error, where there is one.
    pub last_error: Option<&'a str>,
    /// Whether a person must look at it.
    pub attention: bool,
    /// The correlation id.
    pub correlation_id: &'a str,
    /// The answer that a synchronous request would have got, once it is known.
    pub result: Option<JobResult<'a>>,
}

/// The end of a job.
#[derive(Debug)]
pub struct JobResult<'a> {
    /// The status.
    pub status: u16,
    /// The body, as text.
    pub body: &'a str,
}

fn text(parts: impl for<'b> FnOnce(Writer<'b>) -> Writer<'b>) -> String {
    // What is made of texts is a text.
    String::from_utf8(json::body(parts)).unwrap_or_default()
}

/// An answer with this status and body; problems are told apart by their status.
#[must_use]
pub fn answer(status: u16, body: &str, correlation: &str) -> Response {
    let mut headers = Headers(String::with_capacity(HEADERS));
    if !body.is_empty() {
        let kind = if status >= 400 { "application/problem+json" } else { "application/json" };
        headers.push("content-type", kind);
    }
    if !correlation.is_empty() {
        headers.push("x-correlation-id", correlation);
    }
    Response { status, headers, body: body.as_bytes().to_vec() }
}

/// 202 with the job's place.
#[must_use]
pub fn accepted(job: &str, correlation: &str) -> Response {
    let mut response = answer(202, "", correlation);
    response.headers.push_parts("location", &["/api/jobs/", job]);
    response
}

/// 202 with how many customers and owner tags a sweep still has to look at.
#[must_use]
pub fn sweeping(left: usize) -> Response {
    answer(202, &format!(r#"{{"left":{left}}}"#), "")
}

/// A job's state.
#[must_use]
pub fn job(body: &JobBody<'_>) -> Response {
    let JobBody { job_id, operation, status, attempts, last_error, attention, correlation_id, result } = body;
    let body = text(|json| {
        let json = json.raw(r#"{"job_id":"#).text(job_id).raw(r#","operation":"#).text(operation);
        let json = json.raw(r#","status":"#).text(status).raw(r#","attempts":"#).number(u64::from(*attempts));
        let json = json.raw(r#","last_error":"#).maybe(*last_error);
        let json = json.raw(r#","attention":"#).raw(if *attention { "true" } else { "false" });
        let json = json.raw(r#","correlation_id":"#).text(correlation_id).raw(r#","result":"#);
        match result {
            Some(JobResult { status, body }) => {
                json.raw(r#"{"status":"#).number(u64::from(*status)).raw(r#","body":"#).text(body).raw("}}")
            }
            None => json.raw("null}"),
        }
    });
    answer(200, &body, correlation_id)
}

/// A problem's JSON. `outcome` is `refused` or `not-applied`.
#[must_use]
pub fn problem_json(status: u16, outcome: &str, detail: &str) -> String {
    let title = match status {
        400 => "Bad request",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Conflict",
        422 => "Refused",
        503 => "Not applied",
        _ => "Problem",
    };
    text(|json| {
        let json = json.raw(r#"{"type":"about:blank","title":"#).text(title).raw(r#","status":"#);
        let json = json.number(u64::from(status)).raw(r#","detail":"#).text(detail);
        json.raw(r#","outcome":"#).text(outcome).raw("}")
    })
}

/// A problem that is told at once and kept under no key.
#[must_use]
pub fn problem(status: u16, outcome: &str, detail: &str, correlation: &str) -> Response {
    answer(status, &problem_json(status, outcome, detail), correlation)
}

/// 409: a saga holds the customer.
#[must_use]
pub fn busy(correlation: &str) -> Response {
    let mut response = problem(409, "refused", "another operation holds this customer", correlation);
    response.headers.push("retry-after", BUSY_RETRY_AFTER);
    response
}

/// 400: the request is not valid; nothing was invoked.
#[must_use]
pub fn invalid(error: &Invalid, correlation: &str) -> Response {
    match error {
        Invalid::Missing(names) => {
            let body = text(|json| {
                let pieces = ["Missing required request parameters: [", &names.join(", "), "]"];
                json.raw(r#"{"message":"#).joined(&pieces).raw("}")
            });
            let mut response = answer(400, &body, correlation);
            response.headers = Headers::default();
            response.headers.push("content-type", "application/json");
            response
        }
        Invalid::Field(field, why) => problem(400, "refused", &[*field, ": ", *why].concat(), correlation),
        Invalid::Body(why) => problem(400, "refused", &["body: ", why.as_str()].concat(), correlation),
    }
}
