//! Pages of the shop's REST lists, which are told of by `Link`: the cursor carries on what was filtered by.

use super::super::origin::write_address;
use super::super::target::{Query, encode};
use crate::wire::Request;

/// An item of a list, with the number by which cursors name it.
pub(super) type Item<T> = (usize, T);

/// Which part of a longer list is asked for.
pub(super) struct Page {
    limit: usize,
    from: From,
    /// The filter (ids, a query, a customer) that the cursor carries on.
    pub(super) filter: String,
}

/// Where a page begins, or ends.
enum From {
    /// At the beginning.
    Start,
    /// After this item, without a page before it (`since_id`).
    Since(usize),
    /// After this item.
    After(usize),
    /// Before this item.
    Before(usize),
}

impl Page {
    /// Reads `limit`, `page_info`, `since_id` and the filter; `None` where the cursor is none of ours. Ids count from the
    /// first one.
    pub(super) fn of(query: Query<'_>, filter: &str, first_id: u64) -> Option<Self> {
        let limit = query.number("limit").map_or(50, |limit| limit.clamp(1, 250) as usize);
        if let Some(cursor) = query.get("page_info") {
            return Self::of_cursor(limit, &cursor);
        }
        let since = query.number("since_id").filter(|&id| id >= first_id);
        let from = since.map_or(From::Start, |id| From::Since((id - first_id) as usize));
        Some(Self { limit, from, filter: query.get(filter).unwrap_or_default().into_owned() })
    }

    fn of_cursor(limit: usize, cursor: &str) -> Option<Self> {
        let (place, filter) = cursor.split_once(';')?;
        let from = match place.split_at_checked(1)? {
            ("n", item) => From::After(item.parse().ok()?),
            ("p", item) => From::Before(item.parse().ok()?),
            _ => return None,
        };
        Some(Self { limit, from, filter: filter.to_owned() })
    }

    /// Cuts the page out of all items, which are in order. Tells also whether there is more before and after it.
    pub(super) fn cut<T>(&self, items: impl DoubleEndedIterator<Item = Item<T>>) -> (Vec<Item<T>>, bool, bool) {
        let mut page: Vec<_> = match self.from {
            From::Start => items.take(self.limit + 1).collect(),
            From::Since(place) | From::After(place) => {
                items.filter(|item| item.0 > place).take(self.limit + 1).collect()
            }
            From::Before(place) => items.filter(|item| item.0 < place).rev().take(self.limit + 1).collect(),
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
    pub(super) fn links<T>(&self, request: &Request, items: &[Item<T>], before: bool, after: bool) -> String {
        let mut out = String::new();
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return out };
        for (wanted, letter, place, relation) in [(before, "p", first.0, "previous"), (after, "n", last.0, "next")] {
            if !wanted {
                continue;
            }
            out.push_str(if out.is_empty() { "<" } else { ", <" });
            write_address(&mut out, request, "shop.example");
            out.push_str("?limit=");
            out.push_str(&self.limit.to_string());
            out.push_str("&page_info=");
            encode(&mut out, &[letter, &place.to_string(), ";", &self.filter].concat());
            out.push_str(">; rel=\"");
            out.push_str(relation);
            out.push('"');
        }
        out
    }
}
