//! Push messages: LINE's Messaging API, as a model without I/O: a push with a retry key, and profiles.
//! It keeps no customer records; what it accepted is its ledger of side effects. Multicast and broadcast are absent.

mod call;
mod push;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::call::{Call, retry_key};
use self::push::Push;
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

/// A push that was accepted.
#[derive(Debug, Clone, Copy)]
struct Accepted {
    /// Which push it was, counted from 0.
    number: u64,
    /// Its first message, counted from 0.
    first: u64,
    /// How many messages it has.
    messages: u64,
}

/// Every answer bears it.
const REQUEST_ID: &str = "x-line-request-id";

/// The vendor's whole state.
#[derive(Debug, Clone)]
pub struct Messaging {
    /// When each retry key was accepted, and which push it was.
    keys: BTreeMap<u128, (Instant, Accepted)>,
    key_life: Nanos,
    ledger: Vec<SideEffect>,
    /// How many messages were accepted.
    messages: u64,
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
            messages: 0,
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
        if !push.faults.is_empty() {
            return invalid(&push.faults);
        }
        if let Some(first) = key.and_then(|key| self.accepted(now, key)) {
            let mut response = self.answer_push(409, first);
            response.headers.push("x-line-accepted-request-id", &request_id("0000", first.number));
            return response;
        }
        let accepted =
            Accepted { number: self.ledger.len() as u64, first: self.messages, messages: push.messages as u64 };
        if let Some(key) = key {
            self.keys.insert(key, (now, accepted));
        }
        self.messages += accepted.messages;
        let subject = push.to.into_owned();
        self.ledger.push(SideEffect { at: now, system: System::Messaging, what: "message-accepted", subject });
        let mut response = self.answer_push(200, accepted);
        response.headers.push(REQUEST_ID, &request_id("0000", accepted.number));
        response
    }

    /// The push that this key was accepted for, while it is honoured.
    fn accepted(&self, now: Instant, key: u128) -> Option<Accepted> {
        let &(at, accepted) = self.keys.get(&key)?;
        (now.since(at) < self.key_life).then_some(accepted)
    }

    /// What was sent, once or now again; whoever sends it again hears a conflict, too.
    fn answer_push(&self, status: u16, accepted: Accepted) -> Response {
        let mut json = Json::with_capacity(96 * accepted.messages as usize, self.drift);
        json.open();
        if status == 409 {
            json.text(key!("message"), "The retry key is already accepted");
        }
        json.open_list_under(key!("sentMessages"));
        for message in accepted.first..accepted.first + accepted.messages {
            json.open();
            json.text(key!("id"), Digits::of(FIRST_MESSAGE + message).as_str());
            json.optional(r#""quoteToken":"q3Plxr4AgKd""#);
            json.close();
        }
        json.close_list();
        json.close();
        Response::json(status, json.finish())
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

impl Messaging {
    fn answer(&mut self, now: Instant, request: &Request) -> Response {
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
}

impl Model for Messaging {
    fn handle(&mut self, now: Instant, request: &Request) -> Response {
        let mut response = self.answer(now, request);
        if response.headers.get(REQUEST_ID).is_none() {
            response.headers.push(REQUEST_ID, &request_id("0001", self.ledger.len() as u64));
        }
        response
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
        for (key, &(at, accepted)) in self.keys.iter().filter(|(_, (at, _))| now < *at + self.key_life) {
            print.bytes(&key.to_le_bytes());
            print.instant(now, at + self.key_life);
            print.number(accepted.number);
            print.number(accepted.first);
            print.number(accepted.messages);
        }
        for effect in &self.ledger {
            print.bytes(effect.subject.as_bytes());
        }
        print.number(self.messages);
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

/// 400, with what is wrong and where.
fn invalid(faults: &[(&'static str, String)]) -> Response {
    let mut json = Json::with_capacity(128, false);
    json.open();
    json.text(key!("message"), &format!("The request body has {} error(s)", faults.len()));
    json.open_list_under(key!("details"));
    for (message, property) in faults {
        json.open();
        json.text(key!("message"), message);
        json.text(key!("property"), property);
        json.close();
    }
    json.close_list();
    json.close();
    Response::json(400, json.finish())
}

/// The id of a request: that of the push of this number, or, in a group of its own, of any that came after so many
/// pushes and is none itself.
fn request_id(group: &str, number: u64) -> String {
    // The number's decimal digits are hexadecimal ones, too.
    let digits = Digits::of(number);
    let digits = digits.as_str();
    let zeros = 12_usize.saturating_sub(digits.len());
    ["7a1cc5a1-", group, "-4000-8000-", &"000000000000"[..zeros], digits].concat()
}
