//! Push messages: LINE's Messaging API, as a model without I/O: a push with a retry key, and profiles.
//! It keeps no customer records; what it accepted is its ledger of side effects. Multicast and broadcast are absent.

mod call;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::call::{Call, Push, retry_key};
use super::all::Settings;
use super::auth::{Credentials, bearer};
use super::json::{Digits, Json, key};
use super::limiter::{Tally, Window};
use super::{Control, Fingerprint, Model, Record, SideEffect, System};
use crate::chaos::point::{Route, Subject};
use crate::clock::{Instant, Nanos};
use crate::wire::{Request, Response};

/// How many requests an endpoint takes each second.
const PER_SECOND: u32 = 2000;
/// The id of the first message; later ones count upwards.
const FIRST_MESSAGE: u64 = 461_230_966_842_064_897;

/// The vendor's whole state.
#[derive(Debug, Clone)]
pub struct Messaging {
    /// When each retry key was accepted, and which message it was, counted from 0.
    keys: BTreeMap<u128, (Instant, u64)>,
    key_life: Nanos,
    ledger: Vec<SideEffect>,
    window: Window,
    tally: Tally,
    drift: bool,
}

impl Messaging {
    /// A vendor that has accepted nothing.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            keys: BTreeMap::new(),
            key_life: settings.retry_key_life,
            ledger: Vec::new(),
            window: Window { length: Nanos::secs(1), limit: PER_SECOND, on: settings.limits },
            tally: Tally::default(),
            drift: false,
        }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub fn reset(&mut self, settings: &Settings) {
        let mut ledger = std::mem::take(&mut self.ledger);
        ledger.clear();
        *self = Self { ledger, ..Self::new(settings) };
    }

    /// `POST message/push`. The first acceptance of a retry key wins; repeats get 409 and the first's id.
    fn push(&mut self, now: Instant, request: &Request) -> Response {
        let key = match request.headers.get("x-line-retry-key").map(retry_key) {
            Some(None) => return error(400, "Invalid X-Line-Retry-Key: not a UUID"),
            Some(key) => key,
            None => None,
        };
        let Some(push) = Push::of(&request.body) else {
            return error(400, "The request body could not be parsed as JSON (line: -, column: -)");
        };
        if push.to.is_empty() {
            return error(400, "The property, 'to', in the request body is invalid (line: -, column: -)");
        }
        if !(1..=5).contains(&push.messages) {
            return error(400, "The request body has 1 error(s): messages: Size must be between 1 and 5");
        }
        if let Some(first) = key.and_then(|key| self.accepted(now, key)) {
            let mut response = error(409, "The retry key is already accepted");
            response.headers.push("x-line-accepted-request-id", &request_id(first));
            return response;
        }
        let number = self.ledger.len() as u64;
        if let Some(key) = key {
            self.keys.insert(key, (now, number));
        }
        let subject = push.to.into_owned();
        self.ledger.push(SideEffect { at: now, system: System::Messaging, what: "message-accepted", subject });
        self.answer_push(number)
    }

    /// The message that this key was accepted for, while it is honoured.
    fn accepted(&self, now: Instant, key: u128) -> Option<u64> {
        let &(at, number) = self.keys.get(&key)?;
        (now.since(at) < self.key_life).then_some(number)
    }

    fn answer_push(&self, number: u64) -> Response {
        let mut json = Json::with_capacity(96, self.drift);
        json.open();
        json.open_list_under(key!("sentMessages"));
        json.open();
        json.text(key!("id"), Digits::of(FIRST_MESSAGE + number).as_str());
        json.optional(r#""quoteToken":"q3Plxr4AgKd""#);
        json.close();
        json.close_list();
        json.close();
        let mut response = Response::json(200, json.finish());
        response.headers.push("x-line-request-id", &request_id(number));
        response
    }

    /// `GET profile/{userId}`: whoever is asked for is a friend.
    fn profile(&self, user: &str) -> Response {
        let mut json = Json::with_capacity(128, self.drift);
        json.open();
        json.text(key!("displayName"), user);
        json.text(key!("userId"), user);
        json.optional(r#""language":"en","statusMessage":"""#);
        json.close();
        Response::json(200, json.finish())
    }
}

impl Model for Messaging {
    fn handle(&mut self, now: Instant, request: &Request) -> Response {
        if !self.lets_in(now, request) {
            return error(
                401,
                "Authentication failed. Confirm that the access token in the authorization header is valid.",
            );
        }
        if self.window.take(&mut self.tally, now).is_err() {
            return error(429, "The API rate limit has been exceeded. Try again later.");
        }
        match Call::of(request) {
            Call::Push => self.push(now, request),
            _ if request.headers.get("x-line-retry-key").is_some() => {
                error(400, "X-Line-Retry-Key is not supported by this endpoint")
            }
            Call::Profile(user) => self.profile(&user),
            Call::Other => error(404, "Not found"),
        }
    }

    fn lets_in(&self, _now: Instant, request: &Request) -> bool {
        bearer(request) == Some(Credentials::SIMULATION.messaging_token)
    }

    fn route(&self, request: &Request) -> (Route, Subject) {
        let call = Call::of(request);
        (call.route(), call.subject(request))
    }

    fn routes() -> &'static [&'static str] {
        &call::NAMES
    }

    fn records(&self) -> Vec<Record> {
        Vec::new()
    }

    fn side_effects(&self) -> &[SideEffect] {
        &self.ledger
    }

    /// Seeds and orders have no place here; the channel's token never expires; there is no index and there are no jobs.
    fn control(&mut self, _now: Instant, control: &Control) -> Option<String> {
        match control {
            Control::ExhaustQuota(until) => self.tally.exhaust(*until),
            Control::Drift(on) => self.drift = *on,
            Control::Seed(_)
            | Control::AddChild(_)
            | Control::Bar(_)
            | Control::Lose(_)
            | Control::Rename(_)
            | Control::Part(_) => {}
            Control::RevokeTokens | Control::IndexLag(_) | Control::NextJob(_) | Control::JobsEndBy(_) => {}
        }
        None
    }

    fn feed(&self, now: Instant, print: &mut Fingerprint) {
        for (key, &(at, number)) in self.keys.iter().filter(|(_, (at, _))| now < *at + self.key_life) {
            print.bytes(&key.to_le_bytes());
            print.instant(now, at + self.key_life);
            print.number(number);
        }
        for effect in &self.ledger {
            print.bytes(effect.subject.as_bytes());
        }
        self.window.feed(&self.tally, now, print);
        print.number(u64::from(self.drift));
    }
}

fn error(status: u16, message: &str) -> Response {
    let mut json = Json::with_capacity(128, false);
    json.open();
    json.text(key!("message"), message);
    json.close();
    Response::json(status, json.finish())
}

/// The id of the request that a message was accepted with.
fn request_id(number: u64) -> String {
    // The number's decimal digits are hexadecimal ones, too.
    let digits = Digits::of(number);
    let digits = digits.as_str();
    let zeros = 12_usize.saturating_sub(digits.len());
    ["7a1cc5a1-0000-4000-8000-", &"000000000000"[..zeros], digits].concat()
}
