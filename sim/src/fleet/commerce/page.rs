//! Pages of the shop's REST lists, which are told of by `Link`: the cursor carries on what was filtered by.

use std::cmp::Ordering;

use super::super::origin::write_address;
use super::super::target::{Query, decode, encode};
use super::filter::{Filters, Key, Refusal, carried};
use crate::wire::Request;

/// An item of a list, with the number by which cursors name it.
pub(super) type Item<T> = (usize, T);

/// Where an item stands in a list: by the list's key, then by number.
type Place = (u64, usize);

/// What refusals send their readers to.
const SEE: &str = "See https://shopify.dev/api/usage/pagination-rest for more information.";

/// Which part of which list is asked for.
pub(super) struct Page {
    pub(super) filters: Filters,
    limit: usize,
    from: From,
    /// What this page's own cursor carries, where it was asked for by one.
    carried: Option<String>,
}

/// Where a page begins, or ends.
enum From {
    /// At the beginning.
    Start,
    /// After this item.
    After(Place),
    /// Before this item.
    Before(Place),
}

/// A page that was cut out, and where those before and after it end and begin.
pub(super) struct Cut<T> {
    pub(super) items: Vec<Item<T>>,
    before: Option<Place>,
    after: Option<Place>,
}

impl Page {
    /// Reads what a query asks for; each parameter must be known to the list. A cursor of ours stands alone.
    pub(super) fn of(query: Query<'_>, known: &[&str]) -> Result<Self, Refusal> {
        let mut page = Self { filters: Filters::default(), limit: 50, from: From::Start, carried: None };
        let mut cursor = None;
        let mut filter = None;
        for (name, value) in query.pairs() {
            let name = decode(name, true);
            match &*name {
                "limit" => page.limit = value.parse().map_or(50, |limit: usize| limit.clamp(1, 250)),
                "page_info" => cursor = Some(decode(value, true)),
                "page" => return Err(Refusal::of("page", &["page cannot be passed. ", SEE].concat())),
                other if known.contains(&other) => {
                    page.filters.take(other, value)?;
                    filter = Some(name);
                }
                // `fields` is read where it is obeyed; what Shopify does not know it ignores.
                _ => {}
            }
        }
        match (cursor, filter) {
            (None, _) => Ok(page),
            (Some(_), Some(name)) => {
                let why = [&*name, " cannot be passed when page_info is present. ", SEE].concat();
                Err(Refusal::of(&name, &why))
            }
            (Some(cursor), None) => {
                page.start_at(&cursor, known).ok_or_else(|| Refusal::of("page_info", "Invalid value."))?;
                Ok(page)
            }
        }
    }

    fn start_at(&mut self, cursor: &str, known: &[&str]) -> Option<()> {
        let (place, filters) = cursor.split_once(';')?;
        let (letter, place) = place.split_at_checked(1)?;
        let (number, key) = place.split_once('.').unwrap_or((place, "0"));
        let place = (key.parse().ok()?, number.parse().ok()?);
        self.from = match letter {
            "n" => From::After(place),
            "p" => From::Before(place),
            _ => return None,
        };
        for (name, value) in Query(filters).pairs().filter(|pair| !pair.0.is_empty()) {
            let name = known.iter().find(|&&known| known == decode(name, true))?;
            self.filters.take(name, value).ok()?;
        }
        self.carried = Some(filters.to_owned());
        Some(())
    }

    /// Cuts the page out of all items, which are in order of their numbers and have these keys. Ids count from the
    /// first.
    pub(super) fn cut<T>(
        &self,
        items: impl DoubleEndedIterator<Item = Item<T>>,
        first_id: u64,
        key: impl Fn(Key, usize) -> u64,
    ) -> Cut<T> {
        let Filters { key: sort, descending, since, .. } = self.filters;
        let place = |item: &Item<T>| (key(sort, item.0), item.0);
        let since = since.and_then(|id| id.checked_sub(first_id));
        let items = items.filter(|item| since.is_none_or(|since| item.0 as u64 > since));
        if (sort, descending) == (Key::Id, false) {
            return self.cut_in_order(items, place, Ordering::Less);
        }
        let mut items: Vec<_> = items.collect();
        items.sort_by_key(place);
        if descending {
            items.reverse();
        }
        self.cut_in_order(items.into_iter(), place, if descending { Ordering::Greater } else { Ordering::Less })
    }

    fn cut_in_order<T>(
        &self,
        items: impl DoubleEndedIterator<Item = Item<T>>,
        place: impl Fn(&Item<T>) -> Place,
        earlier: Ordering,
    ) -> Cut<T> {
        let most = self.limit + 1;
        let mut items: Vec<_> = match self.from {
            From::Start => items.take(most).collect(),
            From::After(after) => items.filter(|item| after.cmp(&place(item)) == earlier).take(most).collect(),
            From::Before(before) => items.filter(|item| place(item).cmp(&before) == earlier).rev().take(most).collect(),
        };
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let (before, after) = match self.from {
            From::Start => (false, more),
            From::After(_) => (true, more),
            From::Before(_) => {
                items.reverse();
                (more, true)
            }
        };
        let before = items.first().filter(|_| before).map(&place);
        let after = items.last().filter(|_| after).map(&place);
        Cut { items, before, after }
    }

    /// The `Link` header's value, empty where this page is all there is.
    pub(super) fn links<T>(&self, request: &Request, cut: &Cut<T>) -> String {
        let mut out = String::new();
        if cut.before.is_none() && cut.after.is_none() {
            return out;
        }
        let filters = self.carried.clone().unwrap_or_else(|| carried(Query(request.query())));
        for (place, letter, relation) in [(cut.before, "p", "previous"), (cut.after, "n", "next")] {
            let Some((key, number)) = place else { continue };
            out.push_str(if out.is_empty() { "<" } else { ", <" });
            write_address(&mut out, request, "shop.example");
            out.push_str("?limit=");
            out.push_str(&self.limit.to_string());
            out.push_str("&page_info=");
            let key = if key == 0 { String::new() } else { [".", &key.to_string()].concat() };
            encode(&mut out, &[letter, &number.to_string(), &key, ";", &filters].concat());
            out.push_str(">; rel=\"");
            out.push_str(relation);
            out.push('"');
        }
        out
    }
}
