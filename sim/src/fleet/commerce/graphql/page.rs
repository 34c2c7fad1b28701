//! Pages of GraphQL connections: forwards by `first` and `after`, backwards by `last` and `before`.

use super::node::{Given, Node};

/// The longest page.
const LONGEST: u64 = 250;

/// Which part of a longer list is asked for. Cursors name items by their numbers.
pub(super) struct Page {
    first: Option<usize>,
    last: Option<usize>,
    after: Option<usize>,
    before: Option<usize>,
}

impl Page {
    /// Reads what a connection was given.
    pub(super) fn of(given: &Given<'_>) -> Self {
        let size = |name: &str| given.get(name)?.as_u64().map(|size| size.min(LONGEST) as usize);
        let cursor = |name: &str| given.get(name)?.as_str()?.strip_prefix('c')?.parse().ok();
        Self { first: size("first"), last: size("last"), after: cursor("after"), before: cursor("before") }
    }

    /// The asked-for page of items, which are in order of their numbers.
    pub(super) fn connection(&self, mut items: Vec<usize>, node: impl Fn(usize) -> Node<'static>) -> Node<'static> {
        let all = items.len();
        items.retain(|&item| self.after.is_none_or(|after| item > after));
        let mut before_it = items.len() < all;
        let from = items.len();
        items.retain(|&item| self.before.is_none_or(|before| item < before));
        let mut after_it = items.len() < from;
        if let Some(first) = self.first.filter(|&first| first < items.len()) {
            items.truncate(first);
            after_it = true;
        }
        if let Some(last) = self.last.filter(|&last| last < items.len()) {
            items.drain(..items.len() - last);
            before_it = true;
        }
        let cursor = |item: Option<&usize>| item.map_or(Node::Null, |item| Node::made(format!("c{item}")));
        let edge = |item: &usize| Node::Object(vec![("cursor", cursor(Some(item))), ("node", node(*item))]);
        Node::Object(vec![
            ("nodes", Node::List(items.iter().map(|&item| node(item)).collect())),
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
