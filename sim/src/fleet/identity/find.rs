//! Reading the identity provider: by id and by e-mail, which are fresh, and by query, which lags.

use super::super::target::Query;
use super::super::terms::{Term, Terms};
use super::user::{Row, User, field};
use super::{Identity, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// A user, in the version that a reader sees, with its row.
pub(super) type Hit<'a> = (usize, &'a User);

/// A search gives no more results than this, on all of its pages together.
const MOST: usize = 1000;

impl Identity {
    /// `GET users/{id}`
    pub(super) fn read(&self, id: &str) -> Response {
        self.present(id).map_or_else(answer::not_found, |row| self.answer_user(200, row))
    }

    /// `GET users-by-email`: exact, and e-mails are stored in lower case. Those of linked identities find their user.
    pub(super) fn by_email(&self, request: &Request) -> Response {
        let Some(email) = Query(request.query()).get("email") else {
            return answer::invalid_query("Query validation error: 'Missing required property: email'.");
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
        self.answer_users(&hits)
    }

    /// `GET users`: by query, or all; lags, without a query too.
    pub(super) fn search(&self, now: Instant, request: &Request) -> Response {
        let query = Query(request.query());
        let text = query.get("q").unwrap_or_default();
        let Some(terms) = Terms::parse(&text) else {
            return answer::invalid_query("Failed to parse query: a quotation mark is never closed.");
        };
        let each = query.number("per_page").unwrap_or(50);
        let start = query.number("page").unwrap_or(0).saturating_mul(each);
        if each > 100 {
            return answer::invalid_query("Query validation error: 'Value 'per_page' is greater than maximum 100'.");
        }
        if start >= MOST as u64 && start > 0 {
            return answer::invalid_query("You can only page through the first 1000 records.");
        }
        let mut hits = self.found(now, &terms);
        let total = hits.len();
        hits.truncate(MOST);
        let start = start as usize;
        let page: Vec<_> = hits.into_iter().skip(start).take(each as usize).collect();
        if query.is_true("include_totals") {
            return self.answer_totals(&page, start, each, total);
        }
        self.answer_users(&page)
    }

    /// What a query finds, in order of creation.
    fn found(&self, now: Instant, terms: &Terms<'_>) -> Vec<Hit<'_>> {
        let meets = |row: &Row, user: &User| user.linked_to.is_none() && terms.hold(|term| meets(row, user, term));
        let shown = |row: &usize| {
            let row = &self.rows[*row];
            !row.gone && row.shown_from <= now && meets(row, &row.user)
        };
        let rows: Vec<_> = match terms.decisive(&["email", "user_id", "app_metadata.owner"]) {
            Some(term) => self.keys.candidates(field_of(term), &term.value).filter(shown).collect(),
            None => (0..self.rows.len()).filter(shown).collect(),
        };
        let stale = self.index.stale(now).filter(|(row, user)| meets(&self.rows[*row], user));
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

fn meets(row: &Row, user: &User, term: &Term<'_>) -> bool {
    let shown_name = user.name.as_deref().or(user.email.as_deref());
    match term.field {
        Some("user_id") => term.is(&row.id),
        Some("email") => term.is_some(user.email.as_deref()),
        Some("phone_number") => term.is_some(user.phone_number.as_deref()),
        Some("username") => term.is_some(user.username.as_deref()),
        Some("given_name") => term.is_some(user.given_name.as_deref()),
        Some("family_name") => term.is_some(user.family_name.as_deref()),
        Some("name") => term.is_some(shown_name),
        Some("nickname") => term.is_some(user.nickname.as_deref()),
        Some("identities.connection") => term.is(&row.connection),
        Some("email_verified") => term.is(if user.email_verified { "true" } else { "false" }),
        Some("blocked") => term.is(if user.blocked { "true" } else { "false" }),
        Some(field) => match field.split_once('.') {
            Some(("app_metadata", key)) => term.is_some(user.app_metadata.text(key).as_deref()),
            Some(("user_metadata", key)) => term.is_some(user.user_metadata.text(key).as_deref()),
            _ => false,
        },
        None => [user.email.as_deref(), user.given_name.as_deref(), user.family_name.as_deref(), shown_name]
            .into_iter()
            .flatten()
            .any(|text| term.is(text)),
    }
}
