//! What an answer of a vendor bears on the wire only, for clients and libraries that look at it: nothing that a model
//! decides, and nothing of the server's own errors.

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};

use super::body::AnswerBody;
use crate::clock::{Instant, UNIX_START};
use crate::fleet::System;

/// Until when a limit holds, in Unix time: identity's.
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Dresses an answer; `now` is its world's time.
pub(super) fn dress(system: System, now: impl FnOnce() -> Instant, answer: &mut hyper::Response<AnswerBody>) {
    let refused = answer.status() == StatusCode::UNAUTHORIZED;
    let headers = answer.headers_mut();
    if headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    if refused {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge(system)));
    }
    if headers.contains_key(RESET) {
        // Libraries compare it with their own clock.
        move_reset(headers, now(), wall());
    }
}

/// How a caller of whom nothing is known may make itself known: without it there is no 401 (RFC 9110, 15.5.2).
const fn challenge(system: System) -> &'static str {
    match system {
        System::Support => "Basic realm=\"support\"",
        System::Commerce => "Bearer realm=\"commerce\"",
        System::Identity => "Bearer realm=\"identity\"",
        System::Messaging => "Bearer realm=\"messaging\"",
        System::Hub => "Bearer realm=\"hub\"",
    }
}

/// Moves a moment of a world, whose time began long ago, to where it lies on the wall clock.
fn move_reset(headers: &mut HeaderMap, now: Instant, wall: u64) {
    let told = headers.get(RESET).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let ahead = told.map(|told| told.saturating_sub(UNIX_START + now.0 / 1_000_000_000));
    if let Some(ahead) = ahead {
        headers.insert(RESET, HeaderValue::from(wall + ahead));
    }
}

#[expect(clippy::disallowed_types, reason = "shown to clients on sockets, and nothing is decided by it")]
fn wall() -> u64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_lies_as_far_ahead_on_the_wall_clock_as_in_the_world() {
        let mut headers = HeaderMap::new();
        headers.insert(RESET, HeaderValue::from(UNIX_START + 100));
        move_reset(&mut headers, Instant(40_500_000_000), 2_000_000_000);
        assert_eq!(headers[RESET], "2000000060");
    }

    #[test]
    fn a_refused_caller_is_told_how_to_make_itself_known() {
        let mut answer = hyper::Response::new(AnswerBody::Whole(Vec::new().into()));
        *answer.status_mut() = StatusCode::UNAUTHORIZED;
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        dress(System::Support, || Instant::ZERO, &mut answer);
        assert_eq!(answer.headers()[WWW_AUTHENTICATE], "Basic realm=\"support\"");
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/json; charset=utf-8");
    }
}
