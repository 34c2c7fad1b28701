//! Reading the help desk: by id and in lists, which are fresh, and by search or external id, which lags.

use super::super::json::key;
use super::super::target::Query;
use super::user::{User, field};
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
        if let Some(id) = query.get("external_id") {
            let hits = self.keyed(now, field::EXTERNAL_ID, &id, |_, user| has_external_id(user, &id));
            return self.answer_search(request, key!("users"), hits);
        }
        match self.matching(now, &query.get("query").unwrap_or_default()) {
            Ok(hits) => self.answer_search(request, key!("users"), hits),
            Err(message) => answer::invalid_search(&message),
        }
    }

    /// `GET search`, of which only users can be found; lags.
    pub(super) fn search(&self, now: Instant, request: &Request) -> Response {
        let Some(query) = Query(request.query()).get("query") else { return answer::bad_request() };
        match self.matching(now, &query) {
            Ok(hits) => self.answer_search(request, key!("results"), hits),
            Err(message) => answer::invalid_search(&message),
        }
    }

    /// The active users that searches show now, and that meet a condition which only holders of this key can.
    pub(super) fn keyed(
        &self,
        now: Instant,
        field: u8,
        key: &str,
        meets: impl Fn(usize, &User) -> bool,
    ) -> Vec<Hit<'_>> {
        self.among(now, self.keys.candidates(field, key), |row, user| user.active && meets(row, user))
    }

    /// The users in the version that searches show now, if it meets a condition, in order of ids.
    pub(super) fn shown(&self, now: Instant, meets: impl Fn(&User) -> bool) -> Vec<Hit<'_>> {
        self.among(now, 0..self.rows.len(), |_, user| meets(user))
    }

    /// The same among these rows.
    pub(super) fn among(
        &self,
        now: Instant,
        rows: impl Iterator<Item = usize>,
        meets: impl Fn(usize, &User) -> bool,
    ) -> Vec<Hit<'_>> {
        let present = rows.filter(|&row| self.rows[row].shown_from <= now).map(|row| (row, &self.rows[row].user));
        let shown = present.chain(self.index.stale(now));
        let mut hits: Vec<_> = shown.filter(|&(row, user)| meets(row, user)).collect();
        hits.sort_unstable_by_key(|hit| hit.0);
        hits.dedup_by_key(|hit| hit.0);
        hits
    }
}

fn has_external_id(user: &User, id: &str) -> bool {
    user.external_id.as_deref().is_some_and(|held| held.eq_ignore_ascii_case(id.trim()))
}
