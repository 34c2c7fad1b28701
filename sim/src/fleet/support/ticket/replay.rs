//! Creating a ticket once however often it is asked for: the answers that the desk keeps by `Idempotency-Key` (page
//! "Tickets", Idempotency).

use std::collections::BTreeMap;

use super::super::super::Fingerprint;
use super::super::{Support, answer};
use crate::clock::{Instant, Nanos};
use crate::wire::{Request, Response};

/// So long an answer is kept.
const KEPT: Nanos = Nanos::secs(7_200);
/// The header that tells whether an answer is a replay.
const LOOKUP: &str = "x-idempotency-lookup";

/// The answers to creates that bore a key.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Replays(BTreeMap<String, Kept>);

/// The answer to a create, and what had been sent.
#[derive(Debug, Clone)]
struct Kept {
    sent: Vec<u8>,
    answer: Vec<u8>,
    until: Instant,
}

impl Replays {
    /// Forgets everything.
    pub(in super::super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Feeds what can still be replayed.
    pub(in super::super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        for (key, kept) in self.0.iter().filter(|(_, kept)| now < kept.until) {
            print.bytes(key.as_bytes());
            print.bytes(&kept.sent);
            print.instant(now, kept.until);
        }
    }
}

impl Support {
    /// `POST tickets`, once for each key.
    pub(in super::super) fn create_ticket(&mut self, now: Instant, request: &Request) -> Response {
        let Some(key) = request.headers.get("idempotency-key") else { return self.create_anew(now, request) };
        if let Some(kept) = self.replays.0.get(key).filter(|kept| now < kept.until) {
            if kept.sent != request.body {
                return answer::other_request();
            }
            let mut response = Response::json(201, kept.answer.clone());
            response.headers.push(LOOKUP, "hit");
            return response;
        }
        let mut response = self.create_anew(now, request);
        response.headers.push(LOOKUP, "miss");
        // What was refused may be sent again, mended, under the same key.
        if response.status == 201 {
            let kept = Kept { sent: request.body.clone(), answer: response.body.clone(), until: now + KEPT };
            self.replays.0.insert(key.to_owned(), kept);
        }
        response
    }
}
