//! From a response of the fleet to hyper's, and the server's own errors as `application/problem+json`.

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use super::body::AnswerBody;
use crate::wire::Response;

/// A response as it is.
pub(super) fn reply(response: Response) -> hyper::Response<AnswerBody> {
    with_body(response, |body| AnswerBody::Whole(body.into()))
}

/// A response whose body is sent in this way.
pub(super) fn with_body(response: Response, body: impl FnOnce(Vec<u8>) -> AnswerBody) -> hyper::Response<AnswerBody> {
    let Response { status, headers, body: bytes } = response;
    let mut reply = hyper::Response::new(body(bytes));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers.iter() {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            reply.headers_mut().append(name, value);
        }
    }
    reply
}

/// An error that the server itself gives, no vendor.
pub(super) fn problem(status: u16, detail: &str) -> hyper::Response<AnswerBody> {
    let body = serde_json::json!({ "status": status, "detail": detail }).to_string();
    let mut reply = hyper::Response::new(AnswerBody::Whole(body.into()));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    reply
}
