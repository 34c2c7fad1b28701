//! What the dialects' tests share: a caller that speaks to one model, and requests of arbitrary bytes. Tests only.

use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::Model;
use crate::clock::{Instant, Nanos};
use crate::wire::{Headers, Method, Request, Response};

/// Someone who calls one vendor, at a time of its own.
#[derive(Clone)]
pub(super) struct Caller<M> {
    pub(super) model: M,
    pub(super) now: Instant,
    pub(super) headers: Headers,
}

/// A status and a body.
pub(super) type Heard = (u16, Value);

impl<M: Model> Caller<M> {
    /// A caller that sends this header with every request, one hour after the world began.
    pub(super) fn new(model: M, name: &str, value: &str) -> Self {
        let mut headers = Headers::new();
        headers.push(name, value);
        Self { model, now: Instant::ZERO + Nanos::secs(3600), headers }
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, span: Nanos) {
        self.now = self.now + span;
    }

    /// Sends a request and hears the whole response.
    pub(super) fn send(&mut self, method: Method, target: &str, body: &str) -> Response {
        let (target, headers, body) = (target.to_owned(), self.headers.clone(), body.as_bytes().to_vec());
        self.model.handle(self.now, &Request { method, target, headers, body })
    }

    fn hear(&mut self, method: Method, target: &str, body: &str) -> Heard {
        let response = self.send(method, target, body);
        let body = if response.body.is_empty() { Value::Null } else { serde_json::from_slice(&response.body).unwrap() };
        (response.status, body)
    }

    pub(super) fn get(&mut self, target: &str) -> Heard {
        self.hear(Method::Get, target, "")
    }

    pub(super) fn post(&mut self, target: &str, body: &str) -> Heard {
        self.hear(Method::Post, target, body)
    }

    pub(super) fn put(&mut self, target: &str, body: &str) -> Heard {
        self.hear(Method::Put, target, body)
    }

    pub(super) fn patch(&mut self, target: &str, body: &str) -> Heard {
        self.hear(Method::Patch, target, body)
    }

    pub(super) fn delete(&mut self, target: &str) -> Heard {
        self.hear(Method::Delete, target, "")
    }

    /// The route's name for a request.
    pub(super) fn route(
        &self,
        method: Method,
        target: &str,
        body: &str,
    ) -> (&'static str, crate::chaos::point::Subject) {
        let body = body.as_bytes().to_vec();
        let request = Request { method, target: target.to_owned(), headers: Headers::new(), body };
        let (route, subject) = self.model.route(&request);
        (M::routes()[usize::from(route.0)], subject)
    }

    /// The fingerprint of the model, now.
    pub(super) fn print(&self) -> u64 {
        let mut print = super::Fingerprint::default();
        self.model.feed(self.now, &mut print);
        print.finish()
    }
}

/// Requests of arbitrary bytes, many of which nearly make sense: paths and bodies of a dialect's words.
pub(super) fn wild(words: &'static [&'static str], bodies: &'static [&'static str]) -> impl Strategy<Value = Request> {
    let method = prop::sample::select(vec![Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete]);
    let word = prop_oneof![4 => prop::sample::select(words).prop_map(str::to_owned), 1 => any::<String>()];
    let target = prop::collection::vec(word, 0..5).prop_map(|parts| parts.concat());
    let whole = prop::sample::select(bodies).prop_map(|body| body.as_bytes().to_vec());
    let body = prop_oneof![
        whole.clone(),
        prop::collection::vec(any::<u8>(), 0..64),
        (whole, any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut body, at, byte)| {
            if !body.is_empty() {
                let at = at.index(body.len());
                body[at] = byte;
            }
            body
        }),
    ];
    let headers = prop::collection::vec(("[a-z-]{1,12}", "[ -~]{0,20}"), 0..3);
    (method, target, headers, body).prop_map(|(method, target, pairs, body)| {
        let mut headers = Headers::new();
        pairs.iter().for_each(|(name, value)| headers.push(name, value));
        Request { method, target, headers, body }
    })
}

/// Whether a response is one that a server could send: a known status, sound headers, JSON or nothing.
pub(super) fn is_well_formed(response: &Response) -> bool {
    let json = response.body.is_empty() || serde_json::from_slice::<IgnoredAny>(&response.body).is_ok();
    let headers = response.headers.0.split_terminator("\r\n").all(|line| {
        let sound = |value: &str| !value.chars().any(char::is_control);
        line.split_once(": ")
            .is_some_and(|(name, value)| name.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()) && sound(value))
    });
    let retry_only_on_refusal = response.status == 429 || response.headers.get("retry-after").is_none();
    (200..500).contains(&response.status) && json && headers && retry_only_on_refusal
}
