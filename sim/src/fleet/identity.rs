//! The identity provider: Auth0's Management API v2 for users, and its token endpoint, as a model without I/O.
//! Here stand its state and the order in which it looks at a request; what each call does stands beside it.
//! Linking by somebody else's token, and logging in, are absent.

mod answer;
mod call;
mod find;
mod link;
mod meets;
mod metadata;
mod outside;
mod payload;
mod query;
mod shown;
#[cfg(test)]
mod tests;
mod token;
mod user;
mod write;

use self::call::Call;
use self::token::Tokens;
use self::user::{Row, User, field};
use super::all::Settings;
use super::keys::Keys;
use super::limiter::Bucket;
use super::search::Index;
use super::{Child, Control, Fingerprint, Model, Record, SideEffect};
use crate::chaos::point::{Route, Subject};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// The burst of the management API, and the requests a second that it sustains, in production.
const BURST: (u32, u32) = (100, 50);
/// The same for the token endpoint.
const TOKEN_BURST: (u32, u32) = (30, 30);

/// The tenant's whole state.
#[derive(Debug, Clone)]
pub struct Identity {
    rows: Vec<Row>,
    keys: Keys,
    index: Index<User>,
    tokens: Tokens,
    bucket: Bucket,
    token_bucket: Bucket,
    drift: bool,
}

impl Identity {
    /// A tenant without users.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            rows: Vec::new(),
            keys: Keys::default(),
            index: Index::new(settings.index_lag),
            tokens: Tokens::new(settings.token_life),
            bucket: Bucket::new(BURST.0, BURST.1, settings.limits),
            token_bucket: Bucket::new(TOKEN_BURST.0, TOKEN_BURST.1, settings.limits),
            drift: false,
        }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub fn reset(&mut self, settings: &Settings) {
        self.rows.clear();
        self.keys.clear();
        self.index.reset(settings.index_lag);
        self.tokens.reset(settings.token_life);
        self.bucket = Bucket::new(BURST.0, BURST.1, settings.limits);
        self.token_bucket = Bucket::new(TOKEN_BURST.0, TOKEN_BURST.1, settings.limits);
        self.drift = false;
    }

    /// The newest row with this whole id (`provider|x`), gone or not: a chosen id may come back after a deletion.
    fn row_number(&self, id: &str) -> Option<usize> {
        self.keys.candidates(field::ID, id).filter(|&row| self.rows[row].id == id).max()
    }

    /// The row with this id, unless it is gone or linked to another.
    fn present(&self, id: &str) -> Option<usize> {
        self.row_number(id).filter(|&row| self.rows[row].is_user())
    }

    /// The row with this id, unless it is gone: no other may have the id.
    fn taken(&self, id: &str) -> Option<usize> {
        self.row_number(id).filter(|&row| !self.rows[row].gone)
    }

    fn give_token(&mut self, now: Instant, request: &Request) -> Response {
        let mut response = match self.token_bucket.take(now) {
            Ok(()) => self.tokens.give(now, &request.body, self.drift),
            Err(_) => answer::throttled(),
        };
        answer::add_limits(&mut response.headers, now, &self.token_bucket);
        response
    }

    fn manage(&mut self, now: Instant, call: Call<'_>, request: &Request) -> Response {
        if let Err(message) = self.tokens.check(now, request) {
            return answer::error(401, "Unauthorized", message, "invalid_token");
        }
        let mut response = match self.bucket.take(now) {
            Ok(()) => self.dispatch(now, call, request),
            Err(_) => answer::throttled(),
        };
        answer::add_limits(&mut response.headers, now, &self.bucket);
        response
    }

    fn dispatch(&mut self, now: Instant, call: Call<'_>, request: &Request) -> Response {
        match call {
            Call::Create => self.create(now, request),
            Call::Read(id) => self.read(&id, request),
            Call::Update(id) => self.update(now, &id, request),
            Call::Delete(id) => self.delete(now, &id),
            Call::ByEmail => self.by_email(request),
            Call::Search => self.search(now, request),
            Call::Link(id) => self.link(now, &id, request),
            Call::Unlink(id, identity) => self.unlink(now, &id, &identity),
            Call::Token | Call::Other => answer::error(404, "Not Found", "Not Found", "not_found"),
        }
    }
}

impl Model for Identity {
    fn handle(&mut self, now: Instant, request: &Request) -> Response {
        match Call::of(request) {
            Call::Token => self.give_token(now, request),
            call => self.manage(now, call, request),
        }
    }

    fn lets_in(&self, now: Instant, request: &Request) -> bool {
        Call::of(request) == Call::Token || self.tokens.check(now, request).is_ok()
    }

    fn route(&self, request: &Request) -> (Route, Subject) {
        let call = Call::of(request);
        (call.route(), self.subject(&call, request))
    }

    fn routes() -> &'static [&'static str] {
        &call::NAMES
    }

    fn records(&self) -> Vec<Record> {
        self.rows.iter().filter(|row| row.is_user()).map(Row::record).collect()
    }

    fn children(&self) -> Vec<Child> {
        let held = self.rows.iter().filter(|row| !row.gone);
        held.map(|row| {
            let holder = row.user.linked_to.map_or(row, |primary| &self.rows[primary as usize]);
            row.child(&holder.id)
        })
        .collect()
    }

    fn side_effects(&self) -> &[SideEffect] {
        &[]
    }

    fn control(&mut self, now: Instant, control: &Control) -> Option<String> {
        self.outside(now, control)
    }

    fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(self.rows.len() as u64);
        for row in &self.rows {
            row.feed(now, print);
        }
        self.index.feed(now, print, User::feed);
        self.tokens.feed(now, print);
        self.bucket.feed(now, print);
        self.token_bucket.feed(now, print);
        print.number(u64::from(self.drift));
    }
}
