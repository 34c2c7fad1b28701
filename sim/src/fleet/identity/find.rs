//! Reading the identity provider: by id and by e-mail, which are fresh, and by query, which lags.

use super::super::target::Query;
use super::super::terms::{Language, Term, Terms};
use super::answer::Place;
use super::query::{self, Listing};
use super::user::{Row, User, field};
use super::{Identity, answer, meets};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// A user, in the version that a reader sees, with its row.
pub(super) type Hit<'a> = (usize, &'a User);

/// A search gives no more results than this, on all of its pages together.
const MOST: usize = 1000;

impl Identity {
    /// `GET users/{id}`
    pub(super) fn read(&self, id: &str, request: &Request) -> Response {
        match query::of_one(Query(request.query())) {
            Ok(shown) => self.present(id).map_or_else(answer::not_found, |row| self.answer_part(200, row, shown)),
            Err(message) => answer::invalid_query(&message),
        }
    }

    /// `GET users-by-email`: exact, and e-mails are stored in lower case. Those of linked identities find their user.
    pub(super) fn by_email(&self, request: &Request) -> Response {
        let (email, shown) = match query::by_email(Query(request.query())) {
            Ok(asked) => asked,
            Err(message) => return answer::invalid_query(&message),
        };
        let holders = self
            .keys
            .candidates(field::EMAIL, &email)
            .filter(|&row| self.rows[row].user.email.as_deref() == Some(&email));
        let mut users: Vec<_> =
            holders.map(|row| self.rows[row].user.linked_to.map_or(row, |primary| primary as usize)).collect();
        users.sort_unstable();
        users.dedup();
        let hits: Vec<_> = users.into_iter().map(|row| (row, &self.rows[row].user)).collect();
        self.answer_users(&hits, shown)
    }

    /// `GET users`: by query, or all; lags, without a query too.
    pub(super) fn search(&self, now: Instant, request: &Request) -> Response {
        let query = Query(request.query());
        let listing = match Listing::of(query) {
            Ok(listing) => listing,
            Err(message) => return answer::invalid_query(&message),
        };
        let text = query.get("q").unwrap_or_default();
        let terms = match Terms::read(Language::Auth0, &text) {
            Ok(terms) => terms,
            Err(message) => return answer::invalid_query(&format!("Failed to parse query: {message}.")),
        };
        if let Some(message) = meets::complaint(&terms) {
            return answer::invalid_query(&format!("Failed to parse query: {message}."));
        }
        let start = listing.page.saturating_mul(listing.per_page);
        if start >= MOST as u64 && start > 0 {
            return answer::invalid_query("You can only page through the first 1000 records.");
        }
        let mut hits = self.found(now, &terms);
        if let Some(connection) = &listing.connection {
            hits.retain(|&(row, _)| self.identities(row).any(|identity| identity.connection == *connection));
        }
        if let Some(sort) = listing.sort {
            hits.sort_by(|one, other| sort.compare((&self.rows[one.0], one.1), (&self.rows[other.0], other.1)));
        }
        let total = hits.len() as u64;
        hits.truncate(MOST);
        let page: Vec<_> = hits.into_iter().skip(start as usize).take(listing.per_page as usize).collect();
        if listing.totals {
            return self.answer_totals(&page, Place { start, limit: listing.per_page, total }, listing.shown);
        }
        self.answer_users(&page, listing.shown)
    }

    /// The identity that a user is itself, then those that are linked to it.
    pub(super) fn identities(&self, row: usize) -> impl Iterator<Item = &Row> {
        let row = &self.rows[row];
        std::iter::once(row).chain(row.linked.iter().map(|&linked| &self.rows[linked as usize]))
    }

    /// What a query finds, in order of creation.
    fn found(&self, now: Instant, terms: &Terms<'_>) -> Vec<Hit<'_>> {
        let meets =
            |row: usize, user: &User| user.linked_to.is_none() && terms.hold(|term| self.meets(row, user, term));
        let shown = |number: &usize| {
            let row = &self.rows[*number];
            !row.gone && row.shown_from <= now && meets(*number, &row.user)
        };
        let rows: Vec<_> = match terms.decisive(&["email", "user_id", "app_metadata.owner"]) {
            Some((term, value)) => self.keys.candidates(field_of(term), value).filter(shown).collect(),
            None => (0..self.rows.len()).filter(shown).collect(),
        };
        let stale = self.index.stale(now).filter(|(row, user)| meets(*row, user));
        let mut hits: Vec<_> = rows.into_iter().map(|row| (row, &self.rows[row].user)).chain(stale).collect();
        hits.sort_unstable_by_key(|hit| hit.0);
        hits.dedup_by_key(|hit| hit.0);
        hits
    }
}

fn field_of(term: &Term<'_>) -> u8 {
    match term.field {
        Some("email") => field::EMAIL,
        Some("user_id") => field::ID,
        _ => field::OWNER,
    }
}
