//! Access tokens of the identity provider: given for the client's secret, dead when they expire or are revoked.

use std::borrow::Cow;

use super::super::Fingerprint;
use super::super::auth::{Credentials, bearer};
use super::super::body::Body;
use super::super::json::{Digits, Json, key};
use super::super::target::{Query, decode};
use crate::clock::{Instant, Nanos};
use crate::wire::{Request, Response};

/// How a token begins; its number follows.
const PREFIX: &str = "simulated-access-token-";

/// All tokens given so far: a token's number is its place.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    life: Nanos,
    expire_at: Vec<Instant>,
    /// So many of them, the first ones, are revoked.
    revoked: usize,
}

/// What a client says to get a token.
#[derive(Default)]
struct Grant<'a> {
    grant_type: Cow<'a, str>,
    client_id: Cow<'a, str>,
    client_secret: Cow<'a, str>,
    audience: Cow<'a, str>,
}

impl<'a> Grant<'a> {
    /// Reads a JSON object, or else a form.
    fn of(body: &'a [u8]) -> Option<Self> {
        let mut grant = Self::default();
        if body.trim_ascii_start().starts_with(b"{") {
            Body::read(body, |body| {
                body.object(|name, body| match grant.field(name) {
                    Some(field) => body.text().map(|value| *field = value),
                    None => body.skip(),
                })
            })?;
        } else {
            for (name, value) in Query(std::str::from_utf8(body).ok()?).pairs() {
                if let Some(field) = grant.field(name) {
                    *field = decode(value, true);
                }
            }
        }
        Some(grant)
    }

    fn field(&mut self, name: &str) -> Option<&mut Cow<'a, str>> {
        Some(match name {
            "grant_type" => &mut self.grant_type,
            "client_id" => &mut self.client_id,
            "client_secret" => &mut self.client_secret,
            "audience" => &mut self.audience,
            _ => return None,
        })
    }
}

impl Tokens {
    /// No tokens yet; each will live so long.
    pub(super) const fn new(life: Nanos) -> Self {
        Self { life, expire_at: Vec::new(), revoked: 0 }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub(super) fn reset(&mut self, life: Nanos) {
        self.life = life;
        self.expire_at.clear();
        self.revoked = 0;
    }

    /// `POST /oauth/token`. The audience may name any host: the caller's idea of it depends on how it got here.
    pub(super) fn give(&mut self, now: Instant, body: &[u8], drift: bool) -> Response {
        let Some(grant) = Grant::of(body) else {
            return refusal(400, "invalid_request", "The body is neither a form nor JSON");
        };
        if grant.grant_type != "client_credentials" {
            return refusal(403, "unsupported_grant_type", "Unsupported grant type");
        }
        let known = Credentials::SIMULATION;
        if grant.client_id != known.identity_client_id || grant.client_secret != known.identity_client_secret {
            return refusal(401, "access_denied", "Unauthorized");
        }
        if !grant.audience.starts_with("https://") || !grant.audience.ends_with("/api/v2/") {
            return refusal(403, "access_denied", "Service not enabled within domain");
        }
        self.expire_at.push(now + self.life);
        let token = [PREFIX, Digits::of(self.expire_at.len() as u64).as_str()].concat();
        let mut json = Json::with_capacity(192, drift);
        json.open();
        json.text(key!("access_token"), &token);
        json.optional(r#""scope":"read:users create:users update:users delete:users""#);
        json.number(key!("expires_in"), self.life.0 / 1_000_000_000);
        json.text(key!("token_type"), "Bearer");
        json.close();
        Response::json(200, json.finish())
    }

    /// Whether a request's token lets it in; if not, why.
    pub(super) fn check(&self, now: Instant, request: &Request) -> Result<(), &'static str> {
        let token = bearer(request).ok_or("Missing authentication")?;
        let number = token.strip_prefix(PREFIX).and_then(|number| number.parse::<usize>().ok());
        let place = number.and_then(|number| number.checked_sub(1)).filter(|&place| place >= self.revoked);
        let expires_at = place.and_then(|place| self.expire_at.get(place)).ok_or("Invalid token")?;
        if now < *expires_at { Ok(()) } else { Err("Expired token received for JSON Web Token validation") }
    }

    /// None of the tokens given so far lets anyone in any more.
    pub(super) fn revoke(&mut self) {
        self.revoked = self.expire_at.len();
    }

    /// Feeds which tokens still let someone in, and for how long.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(self.expire_at.len() as u64);
        print.number(self.revoked as u64);
        for &expires_at in &self.expire_at[self.revoked..] {
            print.instant(now, expires_at);
        }
    }
}

fn refusal(status: u16, error: &str, description: &str) -> Response {
    let mut json = Json::with_capacity(96, false);
    json.open();
    json.text(key!("error"), error);
    json.text(key!("error_description"), description);
    json.close();
    Response::json(status, json.finish())
}
