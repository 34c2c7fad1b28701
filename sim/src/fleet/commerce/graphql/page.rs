//! Pages of GraphQL connections: forwards by `first` and `after`, backwards by `last` and `before`.

use std::cmp::Ordering;

use super::node::{Given, Node};

/// The longest page.
pub(super) const LONGEST: u64 = 250;

/// Where an item stands: by its sort key, then by its number.
type Place = (String, usize);

/// Which part of a longer list is asked for. Cursors name items by their places.
pub(super) struct Page {
    first: Option<usize>,
    last: Option<usize>,
    after: Option<Place>,
    before: Option<Place>,
    reverse: bool,
}

impl Page {
    /// Reads what a connection was given.
    pub(super) fn of(given: &Given<'_>) -> Self {
        let size = |name: &str| given.get(name)?.as_u64().map(|size| size.min(LONGEST) as usize);
        let cursor = |name: &str| place_of(given.get(name)?.as_str()?);
        let reverse = given.get("reverse").and_then(|reverse| reverse.as_bool()).unwrap_or_default();
        Self { first: size("first"), last: size("last"), after: cursor("after"), before: cursor("before"), reverse }
    }

    /// The asked-for page of items, which are in order of their numbers and get these sort keys.
    pub(super) fn connection(
        &self,
        items: Vec<usize>,
        key: impl Fn(usize) -> String,
        node: impl Fn(usize) -> Node<'static>,
    ) -> Node<'static> {
        let mut items: Vec<Place> = items.into_iter().map(|item| (key(item), item)).collect();
        items.sort_unstable();
        if self.reverse {
            items.reverse();
        }
        let earlier = if self.reverse { Ordering::Greater } else { Ordering::Less };
        let all = items.len();
        items.retain(|item| self.after.as_ref().is_none_or(|after| after.cmp(item) == earlier));
        let mut before_it = items.len() < all;
        let from = items.len();
        items.retain(|item| self.before.as_ref().is_none_or(|before| item.cmp(before) == earlier));
        let mut after_it = items.len() < from;
        if let Some(first) = self.first.filter(|&first| first < items.len()) {
            items.truncate(first);
            after_it = true;
        }
        if let Some(last) = self.last.filter(|&last| last < items.len()) {
            items.drain(..items.len() - last);
            before_it = true;
        }
        let cursor = |item: Option<&Place>| item.map_or(Node::Null, |item| Node::made(cursor_of(item)));
        let edge = |item: &Place| Node::Object(vec![("cursor", cursor(Some(item))), ("node", node(item.1))]);
        Node::Object(vec![
            ("nodes", Node::List(items.iter().map(|item| node(item.1)).collect())),
            ("edges", Node::List(items.iter().map(edge).collect())),
            (
                "pageInfo",
                Node::Object(vec![
                    ("hasNextPage", Node::Flag(after_it)),
                    ("hasPreviousPage", Node::Flag(before_it)),
                    ("startCursor", cursor(items.first())),
                    ("endCursor", cursor(items.last())),
                ]),
            ),
        ])
    }
}

fn cursor_of((key, number): &Place) -> String {
    if key.is_empty() { format!("c{number}") } else { format!("c{number}.{key}") }
}

/// Where the item of a cursor stands; nothing where it is none of ours.
pub(super) fn place_of(cursor: &str) -> Option<Place> {
    let (number, key) = cursor.strip_prefix('c')?.split_once('.').unwrap_or((&cursor[1..], ""));
    Some((key.to_owned(), number.parse().ok()?))
}
