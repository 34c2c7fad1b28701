//! From the node's responses to hyper's, and the driver's own errors in the facade's words.

use bytes::Bytes;
use http_body_util::Full;
use hyper::StatusCode;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue};

use crate::gateway::answer;
use crate::message::Response;

/// An answer on its way out.
pub(super) type Reply = hyper::Response<Full<Bytes>>;

/// A response as it is.
pub(super) fn reply(response: Response) -> Reply {
    let mut reply = hyper::Response::new(Full::new(response.body.into()));
    *reply.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for line in response.headers.0.split_terminator("\r\n") {
        let Some((name, value)) = line.split_once(": ") else { continue };
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            reply.headers_mut().append(name, value);
        }
    }
    reply
}

/// A text of this type.
pub(super) fn text(status: StatusCode, kind: &'static str, body: String) -> Reply {
    let mut reply = hyper::Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

/// A request that never reached the node: it takes no effect.
pub(super) fn refused(status: u16, detail: &str) -> Reply {
    reply(answer::problem(status, if status < 500 { "refused" } else { "not-applied" }, detail, ""))
}

/// The same, and the connection ends with it.
pub(super) fn closing(mut reply: Reply) -> Reply {
    reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}
