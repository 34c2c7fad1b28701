//! Reading the shop: by id and in lists, which are fresh, and by search, which lags.

use super::super::target::Query;
use super::super::terms::{Language, Terms};
use super::customer::Customer;
use super::filter::{self, Filters};
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

    /// `GET customers`
    pub(super) fn list(&self, request: &Request) -> Response {
        let page = match Page::of(Query(request.query()), filter::OF_CUSTOMERS) {
            Ok(page) => page,
            Err(refusal) => return answer::refused(&refusal),
        };
        let rows = self.asked_rows(&page.filters).into_iter();
        self.answer_page(request, &page, rows.map(|row| (row, &self.rows[row].customer)))
    }

    /// `GET customers/count`
    pub(super) fn count(&self, request: &Request) -> Response {
        match Page::of(Query(request.query()), filter::OF_CUSTOMERS) {
            Ok(page) => {
                let since = page.filters.since.unwrap_or_default();
                let rows = self.asked_rows(&page.filters);
                answer::count(rows.into_iter().filter(|&row| FIRST_ID + row as u64 > since).count())
            }
            Err(refusal) => answer::refused(&refusal),
        }
    }

    /// The customers that filters leave, in order of ids.
    fn asked_rows(&self, filters: &Filters) -> Vec<usize> {
        let is_asked = |row: &usize| self.is_asked_customer(filters, *row);
        match &filters.ids {
            Some(ids) => {
                let row = |id: &u64| usize::try_from(id.checked_sub(FIRST_ID)?).ok();
                ids.iter().filter_map(row).filter(|&row| row < self.rows.len()).filter(is_asked).collect()
            }
            None => (0..self.rows.len()).filter(is_asked).collect(),
        }
    }

    /// `GET customers/search`, which lags.
    pub(super) fn search(&self, now: Instant, request: &Request) -> Response {
        let page = match Page::of(Query(request.query()), filter::OF_SEARCH) {
            Ok(page) => page,
            Err(refusal) => return answer::refused(&refusal),
        };
        let hits = self.found(now, &Terms::of_any(Language::Shopify, &page.filters.query));
        self.answer_page(request, &page, hits.into_iter())
    }

    fn answer_page<'a>(
        &'a self,
        request: &Request,
        page: &Page,
        hits: impl DoubleEndedIterator<Item = Hit<'a>>,
    ) -> Response {
        let cut = page.cut(hits, FIRST_ID, |key, row| self.customer_key(key, row));
        let links = page.links(request, &cut);
        self.answer_customers(&cut.items, &links)
    }
}
