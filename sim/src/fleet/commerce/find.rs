//! Reading the shop: by id and in lists, which are fresh, and by search, which lags.

use super::super::target::Query;
use super::super::terms::{Term, Terms};
use super::customer::{Customer, field};
use super::page::Page;
use super::{Commerce, FIRST_ID, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// A customer, in the version that a reader sees, with its row.
pub(super) type Hit<'a> = (usize, &'a Customer);

impl Commerce {
    /// `GET customers/{id}`
    pub(super) fn read(&self, id: &str) -> Response {
        self.present(id).map_or_else(answer::not_found, |row| self.answer_customer(200, row))
    }

    /// `GET customers`, all or those with these `ids`.
    pub(super) fn list(&self, request: &Request) -> Response {
        let Some(page) = Page::of(Query(request.query()), "ids", FIRST_ID) else { return answer::bad_cursor() };
        let hit = |row: usize| (row, &self.rows[row].customer);
        let (hits, before, after) = if page.filter.is_empty() {
            page.cut((0..self.rows.len()).filter(|&row| !self.rows[row].gone).map(hit))
        } else {
            let mut rows: Vec<_> = page.filter.split(',').filter_map(|id| self.present(id.trim())).collect();
            rows.sort_unstable();
            rows.dedup();
            page.cut(rows.into_iter().map(hit))
        };
        let links = page.links(request, &hits, before, after);
        self.answer_customers(&hits, &links)
    }

    /// `GET customers/search`, which lags.
    pub(super) fn search(&self, now: Instant, request: &Request) -> Response {
        let Some(page) = Page::of(Query(request.query()), "query", FIRST_ID) else { return answer::bad_cursor() };
        let hits = Terms::parse(&page.filter).map_or_else(Vec::new, |terms| self.found(now, &terms));
        let (hits, before, after) = page.cut(hits.into_iter());
        let links = page.links(request, &hits, before, after);
        self.answer_customers(&hits, &links)
    }

    /// What a search finds, in order of ids.
    pub(super) fn found(&self, now: Instant, terms: &Terms<'_>) -> Vec<Hit<'_>> {
        let meets = |customer: &Customer| terms.hold(|term| meets(customer, term));
        let shown = |row: &usize| {
            let row = &self.rows[*row];
            !row.gone && row.shown_from <= now && meets(&row.customer)
        };
        let rows: Vec<_> = match terms.decisive(&["email", "phone", "tag"]) {
            Some(term) => self.keys.candidates(field_of(term), &term.value).filter(shown).collect(),
            None => (0..self.rows.len()).filter(shown).collect(),
        };
        let present = rows.into_iter().map(|row| (row, &self.rows[row].customer));
        let mut hits: Vec<_> = present.chain(self.index.stale(now).filter(|(_, customer)| meets(customer))).collect();
        hits.sort_unstable_by_key(|hit| hit.0);
        hits.dedup_by_key(|hit| hit.0);
        hits
    }
}

fn field_of(term: &Term<'_>) -> u8 {
    match term.field {
        Some("email") => field::EMAIL,
        Some("phone") => field::PHONE,
        _ => field::TAG,
    }
}

fn meets(customer: &Customer, term: &Term<'_>) -> bool {
    match term.field {
        Some("email") => term.is_some(customer.email.as_deref()),
        Some("phone") => term.is_some(customer.phone.as_deref()),
        Some("tag") => customer.tags().any(|tag| term.is(tag)),
        Some("first_name") => term.is(&customer.first_name),
        Some("last_name") => term.is(&customer.last_name),
        Some(_) => false,
        None => [customer.email.as_deref(), customer.phone.as_deref(), customer.note.as_deref()]
            .into_iter()
            .flatten()
            .chain([&*customer.first_name, &*customer.last_name, &*customer.tags])
            .any(|text| term.within(text)),
    }
}
