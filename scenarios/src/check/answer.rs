//! Reading the facade's answers: what an exchange says of its operation, as the facade's table has it. Pure; when an
//! answer came and to whom stands in `exchanges`.

use std::borrow::Cow;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::wire::{Answer, CallError, Headers, Response};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::told;

/// What a client's request asks of the facade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// To change something.
    Write,
    /// To show a customer.
    Read,
    /// To show a job.
    Poll,
}

/// What an exchange says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Nothing: no answer, or one that leaves everything open.
    Nothing,
    /// It took effect; a read: here is what it shows; a poll: the job succeeded.
    Done,
    /// This exchange never takes effect; a poll: the job failed.
    No,
    /// As `No`, with the bidding to come again.
    Busy,
    /// It is decided later.
    Pending,
    /// A read or a poll: there is no such thing.
    Absent,
}

/// What an answer says. The fate only saves reading bodies that nothing has befallen.
pub(super) fn word(sort: Sort, fate: Fate, answer: &Answer) -> Word {
    let response = match answer {
        Ok(response) => response,
        Err(CallError::Refused | CallError::NotSent) => return Word::No,
        Err(CallError::Reset | CallError::TimedOut | CallError::Truncated) => return Word::Nothing,
    };
    match sort {
        Sort::Write => written(fate, response),
        Sort::Read => match response.status {
            200 => Word::Done,
            404 => Word::Absent,
            _ => Word::Nothing,
        },
        Sort::Poll => match response.status {
            200 => polled(&response.body),
            404 => Word::Absent,
            _ => Word::Nothing,
        },
    }
}

fn written(fate: Fate, response: &Response) -> Word {
    match response.status {
        204 => Word::Done,
        200 | 201 if readable(fate, &response.body) => Word::Done,
        202 => Word::Pending,
        408 => Word::Nothing,
        409 | 429 if response.headers.get("retry-after").is_some() => Word::Busy,
        400..=499 => Word::No,
        503 if told::not_applied(response) => Word::No,
        _ => Word::Nothing,
    }
}

fn readable(fate: Fate, body: &[u8]) -> bool {
    let harmed = matches!(fate, Fate::Truncated | Fate::Malformed | Fate::Html | Fate::Empty);
    !harmed || serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

fn polled(body: &[u8]) -> Word {
    match told::job_status(body).as_deref() {
        Some("SUCCEEDED") => Word::Done,
        Some("FAILED") => Word::No,
        Some("PENDING" | "RUNNING") => Word::Pending,
        _ => Word::Nothing,
    }
}

/// The job that a 202 points to.
pub(super) fn job(headers: &Headers) -> Option<&str> {
    headers.get("location").and_then(|location| location.rsplit_once("/jobs/")).map(|(_, id)| id)
}

/// Text in an answer, borrowed where it holds no escapes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// A customer, as the facade shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Shown<'a> {
    /// The last looks insist on it; to the law it is whoever was asked for.
    #[serde(borrow, default)]
    pub(super) cust_no: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) email: Text<'a>,
    #[serde(borrow)]
    pub(super) given_name: Text<'a>,
    #[serde(borrow)]
    pub(super) family_name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) phone: Option<Text<'a>>,
    #[serde(default)]
    pub(super) loyalty_points: u64,
}

impl<'a> Shown<'a> {
    /// Reads the body of a 200; `None` where it is no customer.
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        serde_json::from_str(std::str::from_utf8(body).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Ok(Response::json(status, body))
    }

    fn write(status: u16, body: &str) -> Word {
        word(Sort::Write, Fate::Fine, &answer(status, body))
    }

    #[test]
    fn the_table_of_the_facade_is_read_as_it_is_written() {
        for status in [200, 201, 204] {
            assert_eq!(write(status, "{}"), Word::Done, "{status}");
        }
        for status in [400, 401, 403, 404, 409, 422, 429] {
            assert_eq!(write(status, "{}"), Word::No, "{status}");
        }
        for status in [408, 500, 502, 503, 504] {
            assert_eq!(write(status, "{}"), Word::Nothing, "{status}");
        }
        assert_eq!(write(202, "{}"), Word::Pending);
    }

    #[test]
    fn only_a_503_that_says_not_applied_is_a_no() {
        assert_eq!(write(503, r#"{"title":"x","outcome":"not-applied"}"#), Word::No);
        assert_eq!(write(503, r#"{"title":"x","outcome":"indeterminate"}"#), Word::Nothing);
        assert_eq!(write(500, r#"{"title":"x","outcome":"not-applied"}"#), Word::Nothing);
        assert_eq!(write(503, "<html>"), Word::Nothing);
    }

    #[test]
    fn a_busy_409_is_told_by_its_retry_after() {
        let mut response = Response::json(409, "{}");
        response.headers.push("retry-after", "1");
        assert_eq!(word(Sort::Write, Fate::Fine, &Ok(response)), Word::Busy);
    }

    #[test]
    fn a_success_that_nobody_can_read_says_nothing() {
        assert_eq!(word(Sort::Write, Fate::Html, &answer(200, "<html></html>")), Word::Nothing);
        assert_eq!(word(Sort::Write, Fate::Empty, &answer(201, "")), Word::Nothing);
        assert_eq!(word(Sort::Write, Fate::Malformed, &answer(201, "{\"a\":")), Word::Nothing);
        assert_eq!(word(Sort::Write, Fate::Empty, &answer(204, "")), Word::Done);
    }

    #[test]
    fn only_a_connection_that_was_never_made_is_a_no() {
        assert_eq!(word(Sort::Write, Fate::Refused, &Err(CallError::Refused)), Word::No);
        for error in [CallError::Reset, CallError::TimedOut, CallError::Truncated] {
            assert_eq!(word(Sort::Write, Fate::Fine, &Err(error)), Word::Nothing);
        }
    }

    #[test]
    fn jobs_and_reads_are_read() {
        let poll = |status, body: &str| word(Sort::Poll, Fate::Fine, &answer(status, body));
        assert_eq!(poll(200, r#"{"job_id":"a","status":"SUCCEEDED"}"#), Word::Done);
        assert_eq!(poll(200, r#"{"status":"FAILED","attention":true}"#), Word::No);
        assert_eq!(poll(200, r#"{"status":"RUNNING"}"#), Word::Pending);
        assert_eq!(poll(404, "{}"), Word::Absent);
        let body = br#"{"cust_no":"C1","email":"a@x","given_name":"A\u0301","family_name":"B","phone":null,"more":1}"#;
        let shown = Shown::read(body).unwrap();
        assert_eq!((&*shown.email.0, &*shown.given_name.0, shown.phone), ("a@x", "A\u{301}", None));
        let mut headers = Headers::new();
        headers.push("location", "/api/jobs/s17");
        assert_eq!(job(&headers), Some("s17"));
    }
}
