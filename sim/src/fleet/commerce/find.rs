//! Reading the shop: by id and in lists, which are fresh, and by search, which lags. Pages are told of by `Link`.

use super::super::origin::write_address;
use super::super::target::{Query, encode};
use super::super::terms::{Term, Terms};
use super::customer::{Customer, field};
use super::{Commerce, FIRST_ID, answer};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// A customer, in the version that a reader sees, with its row.
pub(super) type Hit<'a> = (usize, &'a Customer);

/// Which part of a longer list is asked for.
struct Page {
    limit: usize,
    from: From,
    /// The filter (ids, or a query) that the cursor carries on.
    filter: String,
}

/// Where a page begins, or ends.
enum From {
    /// At the beginning.
    Start,
    /// After this row, without a page before it (`since_id`).
    Since(usize),
    /// After this row.
    After(usize),
    /// Before this row.
    Before(usize),
}

impl Page {
    /// Reads `limit`, `page_info`, `since_id` and the filter; `None` where the cursor is none of ours.
    fn of(query: Query<'_>, filter: &str) -> Option<Self> {
        let limit = query.number("limit").map_or(50, |limit| limit.clamp(1, 250) as usize);
        if let Some(cursor) = query.get("page_info") {
            return Self::of_cursor(limit, &cursor);
        }
        let since = query.number("since_id").filter(|&id| id >= FIRST_ID);
        let from = since.map_or(From::Start, |id| From::Since((id - FIRST_ID) as usize));
        Some(Self { limit, from, filter: query.get(filter).unwrap_or_default().into_owned() })
    }

    fn of_cursor(limit: usize, cursor: &str) -> Option<Self> {
        let (place, filter) = cursor.split_once(';')?;
        let from = match place.split_at_checked(1)? {
            ("n", row) => From::After(row.parse().ok()?),
            ("p", row) => From::Before(row.parse().ok()?),
            _ => return None,
        };
        Some(Self { limit, from, filter: filter.to_owned() })
    }

    /// Cuts the page out of all hits, which are in order. Tells also whether there is more before and after it.
    fn cut<'a>(&self, hits: impl DoubleEndedIterator<Item = Hit<'a>>) -> (Vec<Hit<'a>>, bool, bool) {
        let mut page: Vec<_> = match self.from {
            From::Start => hits.take(self.limit + 1).collect(),
            From::Since(row) | From::After(row) => hits.filter(|hit| hit.0 > row).take(self.limit + 1).collect(),
            From::Before(row) => hits.filter(|hit| hit.0 < row).rev().take(self.limit + 1).collect(),
        };
        let more = page.len() > self.limit;
        page.truncate(self.limit);
        match self.from {
            From::Start | From::Since(_) => (page, false, more),
            From::After(_) => (page, true, more),
            From::Before(_) => {
                page.reverse();
                (page, more, true)
            }
        }
    }

    /// The `Link` header's value, empty where this page is all there is.
    fn links(&self, request: &Request, hits: &[Hit<'_>], before: bool, after: bool) -> String {
        let mut out = String::new();
        let (Some(first), Some(last)) = (hits.first(), hits.last()) else { return out };
        for (wanted, letter, row, relation) in [(before, "p", first.0, "previous"), (after, "n", last.0, "next")] {
            if !wanted {
                continue;
            }
            out.push_str(if out.is_empty() { "<" } else { ", <" });
            write_address(&mut out, request, "shop.example");
            out.push_str("?limit=");
            out.push_str(&self.limit.to_string());
            out.push_str("&page_info=");
            encode(&mut out, &[letter, &row.to_string(), ";", &self.filter].concat());
            out.push_str(">; rel=\"");
            out.push_str(relation);
            out.push('"');
        }
        out
    }
}

impl Commerce {
    /// `GET customers/{id}`
    pub(super) fn read(&self, id: &str) -> Response {
        self.present(id).map_or_else(answer::not_found, |row| self.answer_customer(200, row))
    }

    /// `GET customers`, all or those with these `ids`.
    pub(super) fn list(&self, request: &Request) -> Response {
        let Some(page) = Page::of(Query(request.query()), "ids") else { return answer::bad_cursor() };
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
        let Some(page) = Page::of(Query(request.query()), "query") else { return answer::bad_cursor() };
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
