//! The operators' door: only whoever bears the token is let in. What stands under `/operator` is the node's own to answer.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use super::Limits;
use super::inbound::{Serves, Silence, page, read_body, request};
use super::metrics::Metrics;
use super::reply::{Reply, closing, refused, reply, text};
use super::reports::{self, Reader, Report};
use super::run::{Message, Mouth, Standing};
use crate::event::Event;
use crate::gateway::operators;
use crate::message::{self, Headers, Request};
use crate::saga::SagaId;

/// So many connections of operators there may be.
pub(super) const CONNECTIONS: usize = 64;

/// The door.
pub(super) struct Desk {
    token: String,
    mouth: Mouth,
    metrics: Arc<Metrics>,
    limits: Limits,
    reader: Reader,
}

impl Desk {
    pub(super) const fn new(
        token: String,
        mouth: Mouth,
        metrics: Arc<Metrics>,
        limits: Limits,
        reader: Reader,
    ) -> Self {
        Self { token, mouth, metrics, limits, reader }
    }

    /// Whether the bearer of this request is an operator. How long it takes does not tell how much of a token is right.
    fn lets_in(&self, parts: &Parts) -> bool {
        let header = parts.headers.get(AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
        let Some(token) = header.strip_prefix(b"Bearer ") else { return false };
        let differs = token.iter().zip(self.token.as_bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
        token.len() == self.token.len() && differs == 0 && !token.is_empty()
    }
}

impl Desk {
    /// Hands an operator's request to the node.
    async fn ask(&self, parts: &Parts, body: Incoming) -> Result<Reply, Silence> {
        let Some(mut request) = request(parts) else {
            return Ok(closing(refused(405, "this method is none that the hub knows")));
        };
        match read_body(&self.limits, body).await {
            Ok(bytes) => request.body = bytes,
            Err(answer) => return Ok(*answer),
        }
        Ok(reply(self.mouth.ask(request).await.ok_or(Silence)?))
    }

    /// A report, from the saga's journal and what stands at the vendors now.
    async fn report(&self, id: SagaId, wanted: Report) -> Result<Reply, Silence> {
        let target = operators::journal(id);
        let request = Request { method: message::Method::Get, target, headers: Headers::default(), body: Vec::new() };
        let told = self.mouth.ask(request).await.ok_or(Silence)?;
        if told.status != 200 {
            return Ok(reply(told));
        }
        match serde_json::from_slice(&told.body) {
            Ok(entries) => Ok(reports::make(id, entries, wanted, &self.reader).await),
            Err(_) => Ok(refused(500, "its journal cannot be read by this version")),
        }
    }
}

impl Serves for Desk {
    async fn serve(&self, incoming: hyper::Request<Incoming>) -> Result<Reply, Silence> {
        let (parts, body) = incoming.into_parts();
        if let Some(page) = page(&parts, &self.mouth, &self.metrics).await {
            return Ok(page);
        }
        if !self.lets_in(&parts) {
            let mut answer = closing(refused(401, "operators bear the token that the hub was started with"));
            answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return Ok(answer);
        }
        if let (Some((id, wanted)), &Method::GET) = (reports::asked(parts.uri.path()), &parts.method) {
            return self.report(id, wanted).await;
        }
        if parts.uri.path().starts_with(operators::PREFIX) {
            return self.ask(&parts, body).await;
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
