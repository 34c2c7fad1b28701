//! The operators' door: only whoever bears the token is let in.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use super::inbound::{Serves, Silence, page};
use super::metrics::Metrics;
use super::reply::{Reply, closing, refused, text};
use super::run::{Message, Mouth, Standing};
use crate::event::Event;

/// So many connections of operators there may be.
pub(super) const CONNECTIONS: usize = 64;

/// The door.
pub(super) struct Desk {
    token: String,
    mouth: Mouth,
    metrics: Arc<Metrics>,
}

impl Desk {
    pub(super) const fn new(token: String, mouth: Mouth, metrics: Arc<Metrics>) -> Self {
        Self { token, mouth, metrics }
    }

    /// Whether the bearer of this request is an operator. How long it takes does not tell how much of a token is right.
    fn lets_in(&self, parts: &Parts) -> bool {
        let header = parts.headers.get(AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
        let Some(token) = header.strip_prefix(b"Bearer ") else { return false };
        let differs = token.iter().zip(self.token.as_bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
        token.len() == self.token.len() && differs == 0 && !token.is_empty()
    }
}

impl Serves for Desk {
    async fn serve(&self, incoming: hyper::Request<Incoming>) -> Result<Reply, Silence> {
        let (parts, _) = incoming.into_parts();
        if let Some(page) = page(&parts, &self.mouth, &self.metrics).await {
            return Ok(page);
        }
        if !self.lets_in(&parts) {
            let mut answer = closing(refused(401, "operators bear the token that the hub was started with"));
            answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return Ok(answer);
        }
        match (parts.uri.path(), &parts.method) {
            ("/sagas", &Method::GET) => Ok(told(StatusCode::OK, self.mouth.look().await.ok_or(Silence)?)),
            ("/redrive", &Method::POST) => {
                let standing = self.mouth.look().await.ok_or(Silence)?;
                self.mouth.say(Message::Event(Event::Redrive));
                Ok(closing(told(StatusCode::ACCEPTED, standing)))
            }
            ("/sagas" | "/redrive", _) => Ok(closing(refused(405, "this path has no such method"))),
            _ => Ok(closing(refused(404, "no such path"))),
        }
    }
}

/// How the node stands, as JSON.
fn told(status: StatusCode, Standing { recovered, unfinished, attention }: Standing) -> Reply {
    let body = serde_json::json!({ "recovered": recovered, "unfinished": unfinished, "attention": attention });
    text(status, "application/json", body.to_string())
}
