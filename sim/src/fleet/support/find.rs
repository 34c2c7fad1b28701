//! Reading the help desk: by id and in lists, which are fresh, and by search or external id, which lags.

use super::super::json::key;
use super::super::target::Query;
use super::super::terms::{Term, Terms};
use super::user::{EMAIL, User, field};
use super::{Support, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// A user, in the version that a reader sees, with its row.
pub(super) type Hit<'a> = (usize, &'a User);

impl Support {
    /// `GET users/{id}`: softly deleted ones too.
    pub(super) fn read(&self, id: &str) -> Response {
        self.present(id).map_or_else(answer::not_found, |row| self.answer_user(200, row))
    }

    /// `GET users`
    pub(super) fn list(&self, request: &Request) -> Response {
        let users = self.rows.iter().map(|row| &row.user).enumerate();
        self.answer_hits(request, key!("users"), users.filter(|(_, user)| user.active).collect())
    }

    /// `GET users/show_many`: by `ids` fresh, by `external_ids` with the lag of searches.
    pub(super) fn show_many(&self, now: Instant, request: &Request) -> Response {
        let query = Query(request.query());
        let hits = match (query.get("ids"), query.get("external_ids")) {
            (Some(ids), _) => {
                let mut rows: Vec<_> = ids.split(',').filter_map(|id| self.present(id.trim())).collect();
                rows.sort_unstable();
                rows.dedup();
                rows.into_iter().map(|row| (row, &self.rows[row].user)).collect()
            }
            (None, Some(ids)) => {
                self.shown(now, |user| user.active && ids.split(',').any(|id| has_external_id(user, id)))
            }
            (None, None) => return answer::bad_request(),
        };
        self.answer_hits(request, key!("users"), hits)
    }

    /// `GET users/search`, by `query` or `external_id`; lags.
    pub(super) fn search_users(&self, now: Instant, request: &Request) -> Response {
        let query = Query(request.query());
        let hits = match query.get("external_id") {
            Some(id) => self.keyed(now, field::EXTERNAL_ID, &id, |user| has_external_id(user, &id)),
            None => self.matching(now, &query.get("query").unwrap_or_default()),
        };
        self.answer_search(request, key!("users"), hits)
    }

    /// `GET search`, of which only users can be found; lags.
    pub(super) fn search(&self, now: Instant, request: &Request) -> Response {
        let Some(query) = Query(request.query()).get("query") else { return answer::bad_request() };
        self.answer_search(request, key!("results"), self.matching(now, &query))
    }

    fn matching(&self, now: Instant, query: &str) -> Vec<Hit<'_>> {
        let Some(terms) = Terms::parse(query) else { return Vec::new() };
        let meets = |user: &User| terms.hold(|term| meets(user, term));
        match terms.decisive(&["email", "external_id", "phone"]) {
            Some(term) => self.keyed(now, field_of(term), &term.value, meets),
            None => self.shown(now, |user| user.active && meets(user)),
        }
    }

    /// The active users that searches show now, and that meet a condition which only holders of this key can.
    fn keyed(&self, now: Instant, field: u8, key: &str, meets: impl Fn(&User) -> bool) -> Vec<Hit<'_>> {
        self.among(now, self.keys.candidates(field, key), |user| user.active && meets(user))
    }

    /// The users in the version that searches show now, if it meets a condition, in order of ids.
    pub(super) fn shown(&self, now: Instant, meets: impl Fn(&User) -> bool) -> Vec<Hit<'_>> {
        self.among(now, 0..self.rows.len(), meets)
    }

    fn among(&self, now: Instant, rows: impl Iterator<Item = usize>, meets: impl Fn(&User) -> bool) -> Vec<Hit<'_>> {
        let present = rows.filter(|&row| self.rows[row].shown_from <= now).map(|row| (row, &self.rows[row].user));
        let mut hits: Vec<_> = present.chain(self.index.stale(now)).filter(|(_, user)| meets(user)).collect();
        hits.sort_unstable_by_key(|hit| hit.0);
        hits.dedup_by_key(|hit| hit.0);
        hits
    }
}

fn has_external_id(user: &User, id: &str) -> bool {
    user.external_id.as_deref().is_some_and(|held| held.eq_ignore_ascii_case(id.trim()))
}

fn field_of(term: &Term<'_>) -> u8 {
    match term.field {
        Some("external_id") => field::EXTERNAL_ID,
        Some("phone") => field::PHONE,
        _ => field::LOGIN,
    }
}

fn meets(user: &User, term: &Term<'_>) -> bool {
    match term.field {
        Some("type") => term.is("user"),
        Some("email") => user.emails().any(|login| term.is(&login.value)),
        Some("phone") => term.is_some(user.phone.as_deref()),
        Some("external_id") => term.is_some(user.external_id.as_deref()),
        Some("name") => term.is(&user.name) || user.name.split_whitespace().any(|word| term.is(word)),
        Some("tags") => user.tags.iter().any(|tag| term.is(tag)),
        Some("role") => term.is(user.role.name()),
        Some(_) => false,
        None => {
            let emails = user.logins.iter().filter(|login| login.kind == EMAIL).map(|login| &*login.value);
            let fields = [Some(&*user.name), user.phone.as_deref(), user.external_id.as_deref()];
            emails.chain(fields.into_iter().flatten()).any(|text| term.within(text))
        }
    }
}
