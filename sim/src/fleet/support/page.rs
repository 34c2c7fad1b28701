//! The help desk's two ways to page through a list: by offset (`page`, `per_page`) and by cursor (`page[size]`).

use super::super::json::{Json, Key, key};
use super::super::origin::write_address;
use super::super::target::{Query, decode, encode};
use super::Support;
use super::answer;
use super::find::Hit;
use crate::wire::{Request, Response};

/// No page is longer than this.
const LONGEST: usize = 100;
/// A search gives no more results than this, on all of its pages together.
const MOST: usize = 1000;

/// A list's items, each with the number by which cursors name it; in order of the numbers.
type Items<T> = Vec<(usize, T)>;

impl Support {
    /// A list of users, of which only the asked-for page is answered.
    pub(super) fn answer_hits(&self, request: &Request, key: Key, hits: Vec<Hit<'_>>) -> Response {
        let hits = hits.into_iter().map(|hit| (hit.0, hit)).collect();
        self.answer_users(request, Paging::of(request), key, hits)
    }

    /// The same for a search, which stops at a thousand results, and puts them in the order that is asked for.
    pub(super) fn answer_search(&self, request: &Request, key: Key, mut hits: Vec<Hit<'_>>) -> Response {
        let query = Query(request.query());
        let offset = Offset::of(query);
        if offset.start() >= MOST && offset.start() > 0 {
            return answer::too_deep();
        }
        // Users have nothing else of what results can be sorted by (page "Search", Sorting Results).
        match query.get("sort_by").as_deref() {
            Some("created_at") => hits.sort_by_key(|hit| self.rows[hit.0].created.0),
            Some("updated_at") => hits.sort_by_key(|hit| self.rows[hit.0].updated.0),
            _ => {
                hits.truncate(MOST);
                return self.answer_hits(request, key, hits);
            }
        }
        if query.get("sort_order").as_deref() != Some("asc") {
            hits.reverse();
        }
        hits.truncate(MOST);
        self.answer_users(request, Paging::of(request), key, hits.into_iter().enumerate().collect())
    }

    /// The same for an export, which has pages by cursor only.
    pub(super) fn answer_export(&self, request: &Request, hits: Vec<Hit<'_>>) -> Response {
        let hits = hits.into_iter().map(|hit| (hit.0, hit)).collect();
        self.answer_users(request, Cursor::of(request).map(Paging::Cursor), key!("results"), hits)
    }

    fn answer_users(
        &self,
        request: &Request,
        paging: Result<Paging, Response>,
        key: Key,
        hits: Items<Hit<'_>>,
    ) -> Response {
        let results = key == key!("results");
        let write = |json: &mut Json, &(row, user): &Hit<'_>| self.write_user(json, request, row, user, results);
        paging.map_or_else(|refusal| refusal, |paging| self.answer_page(request, &paging, key, &hits, write))
    }

    /// The asked-for page of any list.
    pub(super) fn answer_list<T>(
        &self,
        request: &Request,
        key: Key,
        items: Items<T>,
        write: impl Fn(&mut Json, &T),
    ) -> Response {
        match Paging::of(request) {
            Ok(paging) => self.answer_page(request, &paging, key, &items, write),
            Err(refusal) => refusal,
        }
    }

    fn answer_page<T>(
        &self,
        request: &Request,
        paging: &Paging,
        key: Key,
        items: &[(usize, T)],
        write: impl Fn(&mut Json, &T),
    ) -> Response {
        let mut json = Json::with_capacity(160 + items.len().min(LONGEST) * answer::USER_BYTES, self.drift);
        json.open();
        let write_page = |json: &mut Json, page: &[(usize, T)]| {
            json.open_list_under(key);
            for (_, item) in page {
                json.open();
                write(json, item);
                json.close();
            }
            json.close_list();
        };
        match paging {
            Paging::Cursor(cursor) => cursor.write(&mut json, request, items, write_page),
            Paging::Offset(offset) => offset.write(&mut json, request, items, write_page),
        }
        json.close();
        Response::json(200, json.finish())
    }
}

/// How a request goes through pages.
enum Paging {
    Offset(Offset),
    Cursor(Cursor),
}

impl Paging {
    /// By cursor where anything is said of one, else by offset.
    fn of(request: &Request) -> Result<Self, Response> {
        let query = Query(request.query());
        let by_cursor = query.pairs().any(|(name, _)| {
            // The brackets may be encoded, so the letters before them are looked at first.
            name.strip_prefix("page").is_some_and(|rest| !rest.is_empty()) && decode(name, true).starts_with("page[")
        });
        if by_cursor { Cursor::of(request).map(Self::Cursor) } else { Ok(Self::Offset(Offset::of(query))) }
    }
}

/// A page by offset.
struct Offset {
    /// From 1.
    page: usize,
    each: usize,
}

impl Offset {
    fn of(query: Query<'_>) -> Self {
        let number = |name, otherwise| {
            query.number(name).map_or(otherwise, |value| value.clamp(1, u64::from(u32::MAX)) as usize)
        };
        Self { page: number("page", 1), each: number("per_page", LONGEST).min(LONGEST) }
    }

    const fn start(&self) -> usize {
        (self.page - 1) * self.each
    }

    fn write<T>(&self, json: &mut Json, request: &Request, items: &[T], write_page: impl Fn(&mut Json, &[T])) {
        let start = self.start().min(items.len());
        let end = (start + self.each).min(items.len());
        write_page(json, &items[start..end]);
        let link =
            |there: bool, page: usize| there.then(|| address(request, &[("page", page), ("per_page", self.each)], ""));
        json.text_or_null(key!("next_page"), link(end < items.len(), self.page + 1).as_deref());
        json.text_or_null(key!("previous_page"), link(self.page > 1, self.page - 1).as_deref());
        json.plain_number(key!("count"), items.len() as u64);
    }
}

/// A page by cursor. A cursor is the number of an item, after a letter.
struct Cursor {
    each: usize,
    after: Option<usize>,
    before: Option<usize>,
}

impl Cursor {
    /// A cursor that this desk never gave out is refused: to look over it would begin the list anew.
    fn of(request: &Request) -> Result<Self, Response> {
        let query = Query(request.query());
        let each = match query.get("page[size]") {
            Some(size) => size.parse::<usize>().map_err(|_| answer::bad_cursor())?.clamp(1, LONGEST),
            None => LONGEST,
        };
        let number = |name| match query.get(name).filter(|cursor| !cursor.is_empty()) {
            Some(cursor) => match cursor.strip_prefix('o').and_then(|number| number.parse().ok()) {
                Some(number) => Ok(Some(number)),
                None => Err(answer::bad_cursor()),
            },
            None => Ok(None),
        };
        Ok(Self { each, after: number("page[after]")?, before: number("page[before]")? })
    }

    fn write<T>(
        &self,
        json: &mut Json,
        request: &Request,
        items: &[(usize, T)],
        write_page: impl Fn(&mut Json, &[(usize, T)]),
    ) {
        let end = self.before.map_or(items.len(), |before| items.partition_point(|item| item.0 < before));
        let start = match (self.after, self.before) {
            (Some(after), _) => items.partition_point(|item| item.0 <= after).min(end),
            (None, Some(_)) => end.saturating_sub(self.each),
            (None, None) => 0,
        };
        let page = &items[start..(start + self.each).min(end)];
        write_page(json, page);
        let more = if self.before.is_some() { start > 0 } else { start + page.len() < items.len() };
        let cursor = |item: Option<&(usize, T)>| item.map(|item| ["o", &item.0.to_string()].concat());
        let (first, last) = (cursor(page.first()), cursor(page.last()));
        json.open_under(key!("meta"));
        json.flag(key!("has_more"), more);
        json.text_or_null(key!("after_cursor"), last.as_deref());
        json.text_or_null(key!("before_cursor"), first.as_deref());
        json.close();
        let link = |name: &str, cursor: &Option<String>| {
            let cursor = cursor.as_ref()?;
            Some(address(request, &[("page[size]", self.each)], &["&page%5B", name, "%5D=", cursor].concat()))
        };
        json.open_under(key!("links"));
        json.text_or_null(key!("prev"), link("before", &first).as_deref());
        json.text_or_null(key!("next"), link("after", &last).as_deref());
        json.close();
    }
}

/// The address of another page of the same list.
fn address(request: &Request, numbers: &[(&str, usize)], rest: &str) -> String {
    let mut out = String::new();
    write_address(&mut out, request, answer::HOST);
    let mut lead = '?';
    for pair in request.query().split('&').filter(|pair| !pair.is_empty()) {
        let name = decode(pair.split('=').next().unwrap_or_default(), true);
        if name != "page" && name != "per_page" && !name.starts_with("page[") {
            out.push(lead);
            out.push_str(pair);
            lead = '&';
        }
    }
    for (name, number) in numbers {
        out.push(lead);
        encode(&mut out, name);
        out.push('=');
        out.push_str(&number.to_string());
        lead = '&';
    }
    out.push_str(rest);
    out
}
