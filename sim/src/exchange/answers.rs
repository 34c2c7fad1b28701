//! What the network says in the place of an answer: the errors of gateways, and answers that suffered on their way.
//! It speaks no vendor's dialect; 404, 409 and 422 are never said here.

use crate::chaos::fate::Fate;
use crate::wire::{Answer, CallError, Headers, Response};

/// What a caller hears whose exchange was answered before or beside its effect; `None` for a fate without such words.
pub(crate) fn instead(fate: Fate) -> Option<Answer> {
    let response = match fate {
        Fate::Refused => return Some(Err(CallError::Refused)),
        Fate::Before400 => error(400, "Bad Request"),
        Fate::Before401 => error(401, "Unauthorized"),
        Fate::Before403 => error(403, "Forbidden"),
        Fate::Before408 => error(408, "Request Timeout"),
        Fate::Before429After => {
            let mut response = error(429, "Too Many Requests");
            response.headers.push("retry-after", "1");
            response
        }
        Fate::Before429 => error(429, "Too Many Requests"),
        Fate::Before500 => error(500, "Internal Server Error"),
        Fate::Before502 => page(502, "502 Bad Gateway"),
        Fate::Before503 => page(503, "503 Service Unavailable"),
        Fate::Before504 | Fate::Late504 => page(504, "504 Gateway Timeout"),
        _ => return None,
    };
    Some(Ok(response))
}

/// What becomes of a given answer on its way under this fate; `None` where it never comes.
pub(crate) fn disguised(fate: Fate, mut response: Response) -> Option<Answer> {
    match fate {
        Fate::Fine | Fate::Slow | Fate::Twice | Fate::JobStalls | Fate::JobFailsHalf => {}
        Fate::After500 => response = error(500, "Internal Server Error"),
        Fate::After502 => response = page(502, "502 Bad Gateway"),
        Fate::After503 => response = page(503, "503 Service Unavailable"),
        Fate::After504 => response = page(504, "504 Gateway Timeout"),
        Fate::AnswerReset => return Some(Err(CallError::Reset)),
        Fate::Truncated => return Some(Err(CallError::Truncated)),
        Fate::Malformed => response.body = b"{\"id\": <unreadable".to_vec(),
        Fate::Html => response = page(200, "Please wait"),
        Fate::Empty => response.body.clear(),
        _ => return None,
    }
    Some(Ok(response))
}

/// An error as application servers give it.
fn error(status: u16, message: &str) -> Response {
    let mut body = Vec::with_capacity(message.len() + 14);
    body.extend_from_slice(b"{\"message\":\"");
    body.extend_from_slice(message.as_bytes());
    body.extend_from_slice(b"\"}");
    Response::json(status, body)
}

/// A page as gateways give it.
fn page(status: u16, title: &str) -> Response {
    let mut headers = Headers::new();
    headers.push("content-type", "text/html; charset=utf-8");
    let mut body = Vec::with_capacity(2 * title.len() + 80);
    for part in ["<html><head><title>", title, "</title></head><body><h1>", title, "</h1></body></html>\n"] {
        body.extend_from_slice(part.as_bytes());
    }
    Response { status, headers, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_is_spoken_for_at_most_once() {
        for fate in Fate::ALL {
            let given = Response::json(201, r#"{"id":1}"#);
            let silent = [Fate::RequestLost, Fate::LateShort, Fate::LateLong, Fate::TwiceLate, Fate::AnswerLost];
            let spoken = usize::from(instead(fate).is_some()) + usize::from(disguised(fate, given).is_some());
            assert_eq!(spoken, usize::from(!silent.contains(&fate)), "{}", fate.name());
        }
    }

    #[test]
    fn nothing_that_asserts_something_about_records_is_invented() {
        for fate in Fate::ALL {
            for answer in [instead(fate), disguised(fate, Response::json(201, "{}"))] {
                if let Some(Ok(response)) = answer {
                    assert!(![404, 409, 422].contains(&response.status));
                }
            }
        }
    }

    #[test]
    fn a_429_says_when_to_come_again_only_where_its_fate_says_so() {
        let retry_after = |fate| match instead(fate) {
            Some(Ok(response)) => response.headers.get("retry-after").map(str::to_owned),
            _ => None,
        };
        assert_eq!(retry_after(Fate::Before429After).as_deref(), Some("1"));
        assert_eq!(retry_after(Fate::Before429), None);
    }

    #[test]
    fn an_answer_that_suffered_keeps_its_status_but_a_page_of_html_says_200() {
        let suffered = |fate| disguised(fate, Response::json(422, r#"{"errors":{}}"#)).unwrap().unwrap();
        for fate in [Fate::Malformed, Fate::Empty] {
            assert_eq!(suffered(fate).status, 422);
        }
        assert!(serde_json::from_slice::<serde_json::Value>(&suffered(Fate::Malformed).body).is_err());
        assert!(suffered(Fate::Empty).body.is_empty());
        assert_eq!(suffered(Fate::Html).status, 200);
        assert_eq!(suffered(Fate::Html).headers.get("content-type"), Some("text/html; charset=utf-8"));
    }
}
