//! Reading the help desk: by id and in lists, which are fresh, and by search or external id, which lags.

use std::borrow::Cow;

use super::super::json::key;
use super::super::target::{Query, decode};
use super::user::{Role, User, field};
use super::{AGENT_ID, Support, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// A user, in the version that a reader sees, with its row.
pub(super) type Hit<'a> = (usize, &'a User);

impl Support {
    /// `GET users/{id}`: softly deleted ones too, and the agent whom the API token belongs to.
    pub(super) fn read(&self, id: &str, request: &Request) -> Response {
        match self.present(id) {
            Some(row) => self.answer_user(request, 200, row),
            None if id.parse() == Ok(AGENT_ID) => answer::me(request),
            None => answer::not_found(),
        }
    }

    /// `GET users`
    pub(super) fn list(&self, request: &Request) -> Response {
        match self.listed(request) {
            Ok(hits) => self.answer_hits(request, key!("users"), hits),
            Err(refusal) => refusal,
        }
    }

    /// `GET users/count`
    pub(super) fn count(&self, request: &Request) -> Response {
        self.listed(request).map_or_else(|refusal| refusal, |hits| answer::count(hits.len()))
    }

    fn listed(&self, request: &Request) -> Result<Vec<Hit<'_>>, Response> {
        let filter = Filter::of(Query(request.query()))?;
        let users = self.rows.iter().map(|row| &row.user).enumerate();
        Ok(users.filter(|(_, user)| user.active && filter.lets_pass(user)).collect())
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
        let hits = match (query.get("external_id"), query.get("query")) {
            (Some(id), _) => Ok(self.keyed(now, field::EXTERNAL_ID, &id, |_, user| has_external_id(user, &id))),
            (None, Some(text)) => self.matching(now, &text),
            (None, None) => Err(answer::bad_request()),
        };
        hits.map_or_else(|refusal| refusal, |hits| self.answer_search(request, key!("users"), hits))
    }

    /// `GET search`, of which only users can be found; lags.
    pub(super) fn search(&self, now: Instant, request: &Request) -> Response {
        let Some(query) = Query(request.query()).get("query") else { return answer::bad_request() };
        let hits = self.matching(now, &query);
        hits.map_or_else(|refusal| refusal, |hits| self.answer_search(request, key!("results"), hits))
    }

    /// `GET search/export`: by cursor only, without an end at a thousand, and of one type that must be told. It has a
    /// limit of its own (page "Search", Export Search Results).
    pub(super) fn export(&mut self, now: Instant, request: &Request) -> Response {
        if let Err(wait) = self.ticket_list_limit().take(&mut self.exports, now) {
            return answer::throttled(wait);
        }
        let query = Query(request.query());
        let Some(text) = query.get("query") else { return answer::bad_request() };
        let hits = match query.get("filter[type]").as_deref() {
            Some("user") => self.matching(now, &text),
            Some("organization" | "group") => Ok(Vec::new()),
            _ => Err(answer::bad_query("filter[type] is needed, and here only users can be exported")),
        };
        hits.map_or_else(|refusal| refusal, |hits| self.answer_export(request, hits))
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

/// Which users a list is asked for.
struct Filter<'a> {
    /// Of any of these roles; of any at all where there is none.
    roles: Vec<Role>,
    external_id: Option<Cow<'a, str>>,
}

impl<'a> Filter<'a> {
    /// Reads it (page "Users", List Users). Fields by which no list is filtered are refused: to look over one would
    /// list everybody.
    fn of(query: Query<'a>) -> Result<Self, Response> {
        let mut filter = Self { roles: Vec::new(), external_id: None };
        for (name, value) in query.pairs() {
            let value = decode(value, true);
            match &*decode(name, true) {
                "role" | "role[]" => match Role::of(&value) {
                    Some(role) => filter.roles.push(role),
                    None => return Err(answer::bad_query(&["There is no role ", &value].concat())),
                },
                "external_id" => filter.external_id = Some(value),
                other @ ("permission_set" | "query" | "email" | "name" | "phone" | "tags" | "ids" | "external_ids") => {
                    return Err(answer::bad_query(&["Users are not listed by ", other].concat()));
                }
                _ => {}
            }
        }
        Ok(filter)
    }

    fn lets_pass(&self, user: &User) -> bool {
        let in_role = self.roles.is_empty() || self.roles.contains(&user.role);
        in_role && self.external_id.as_deref().is_none_or(|id| has_external_id(user, id))
    }
}

fn has_external_id(user: &User, id: &str) -> bool {
    user.external_id.as_deref().is_some_and(|held| held.eq_ignore_ascii_case(id.trim()))
}
