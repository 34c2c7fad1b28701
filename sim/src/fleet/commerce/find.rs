//! Reading the shop: by id and in lists, which are fresh, and by search, which lags.

use super::super::json::Digits;
use super::super::target::Query;
use super::super::terms::{Term, Terms};
use super::customer::{Customer, field};
use super::dates::{is_moment, is_then};
use super::filter::{self, Filters};
use super::page::Page;
use super::{Commerce, FIRST_ID, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// A customer, in the version that a reader sees, with its row.
pub(super) type Hit<'a> = (usize, &'a Customer);

/// The fields that a query for customers may ask for, those of time aside.
const FIELDS: [&str; 9] =
    ["email", "tag", "phone", "first_name", "last_name", "id", "tag_not", "state", "orders_count"];

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
        let hits = Terms::parse(&page.filters.query).map_or_else(Vec::new, |terms| self.found(now, &terms));
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

    /// What a search finds, in order of ids. One that asks for a field that customers have not finds nothing.
    pub(super) fn found(&self, now: Instant, terms: &Terms<'_>) -> Vec<Hit<'_>> {
        if !terms.each().all(is_known) {
            return Vec::new();
        }
        let meets = |row: usize, customer: &Customer| terms.hold(|term| self.meets(row, customer, term));
        let shown = |number: &usize| {
            let row = &self.rows[*number];
            !row.gone && row.shown_from <= now && meets(*number, &row.customer)
        };
        let rows: Vec<_> = match terms.decisive(&["email", "phone", "tag"]) {
            Some(term) => self.keys.candidates(field_of(term), &term.value).filter(shown).collect(),
            None => (0..self.rows.len()).filter(shown).collect(),
        };
        let present = rows.into_iter().map(|row| (row, &self.rows[row].customer));
        let mut hits: Vec<_> =
            present.chain(self.index.stale(now).filter(|&(row, customer)| meets(row, customer))).collect();
        hits.sort_unstable_by_key(|hit| hit.0);
        hits.dedup_by_key(|hit| hit.0);
        hits
    }

    /// Whether a version of the customer in this row is what a term asks for.
    fn meets(&self, row: usize, customer: &Customer, term: &Term<'_>) -> bool {
        match term.field {
            Some("email") => term.is_some(customer.email.as_deref()),
            Some("phone") => term.is_some(customer.phone.as_deref()),
            Some("tag") => customer.tags().any(|tag| term.is(tag)),
            Some("tag_not") => !customer.tags().any(|tag| term.is(tag)),
            Some("first_name") => term.is(&customer.first_name),
            Some("last_name") => term.is(&customer.last_name),
            Some("id") => term.is_id("Customer", FIRST_ID + row as u64),
            Some("state") => term.is("disabled"),
            Some("orders_count") => term.is(Digits::of(self.rows[row].orders.len() as u64).as_str()),
            Some("customer_date" | "created_at") => is_then(&term.value, self.rows[row].created),
            Some("updated_at") => is_then(&term.value, self.rows[row].updated),
            Some(_) => false,
            None => [customer.email.as_deref(), customer.phone.as_deref(), customer.note.as_deref()]
                .into_iter()
                .flatten()
                .chain([&*customer.first_name, &*customer.last_name, &*customer.tags])
                .any(|text| term.within(text)),
        }
    }
}

fn field_of(term: &Term<'_>) -> u8 {
    match term.field {
        Some("email") => field::EMAIL,
        Some("phone") => field::PHONE,
        _ => field::TAG,
    }
}

/// Whether a term asks for what customers have.
pub(super) fn is_known(term: &Term<'_>) -> bool {
    match term.field {
        Some("customer_date" | "created_at" | "updated_at") => is_moment(&term.value),
        Some(field) => FIELDS.contains(&field),
        None => true,
    }
}
