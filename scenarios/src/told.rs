//! What the facade's answers tell: the few readings that clients and coverage share. What an answer means for the law
//! stands with the checkers.

use std::borrow::Cow;

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::wire::Response;
use serde::Deserialize;

/// Whether it is a 503 that says `"outcome":"not-applied"`: the abort is durable.
#[must_use]
pub fn not_applied(response: &Response) -> bool {
    #[derive(Deserialize)]
    struct Problem<'a> {
        #[serde(borrow)]
        outcome: Cow<'a, str>,
    }
    response.status == 503
        && serde_json::from_slice::<Problem<'_>>(&response.body).is_ok_and(|problem| problem.outcome == "not-applied")
}

/// The status of a job; `None` where the body is no job's.
#[must_use]
pub fn job_status(body: &[u8]) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Job<'a> {
        #[serde(borrow)]
        status: Cow<'a, str>,
    }
    let text = std::str::from_utf8(body).ok()?;
    serde_json::from_str::<Job<'_>>(text).ok().map(|job| job.status)
}

/// Whether a job has ended; `None` where the answer is no job's.
#[must_use]
pub fn job_ended(response: &Response) -> Option<bool> {
    let status = job_status(&response.body).filter(|_| response.status == 200)?;
    Some(matches!(&*status, "SUCCEEDED" | "FAILED"))
}

/// Whether an operator's press took.
#[must_use]
pub fn pressed(response: &Response) -> bool {
    #[derive(Deserialize)]
    struct Told {
        pressed: bool,
    }
    serde_json::from_slice::<Told>(&response.body).is_ok_and(|told| told.pressed)
}

/// `Retry-After` in seconds, whole or decimal; `None` where there is none, or none that can be read.
#[must_use]
pub fn retry_after(response: &Response) -> Option<Nanos> {
    let text = response.headers.get("retry-after")?;
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let mut pause = Nanos::secs(whole.parse().ok()?);
    let mut unit = 100_000_000;
    for digit in rest.bytes().take(9) {
        pause = pause + Nanos(u64::from(digit.is_ascii_digit().then(|| digit - b'0')?) * unit);
        unit /= 10;
    }
    Some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_seconds_whole_or_decimal() {
        let told = |text: &str| {
            let mut response = Response::json(429, "{}");
            response.headers.push("retry-after", text);
            retry_after(&response)
        };
        assert_eq!(told("2"), Some(Nanos::secs(2)));
        assert_eq!(told("2.05"), Some(Nanos::millis(2_050)));
        assert_eq!(told("soon"), None);
        assert_eq!(told("1.x"), None);
        assert_eq!(retry_after(&Response::json(429, "{}")), None);
    }

    #[test]
    fn only_a_503_of_that_outcome_is_not_applied() {
        assert!(not_applied(&Response::json(503, r#"{"outcome":"not-applied"}"#)));
        assert!(!not_applied(&Response::json(503, r#"{"outcome":"indeterminate"}"#)));
        assert!(!not_applied(&Response::json(500, r#"{"outcome":"not-applied"}"#)));
    }
}
