//! The query language that all vendors' searches share, and where they differ: fields with values, phrases, ranges and
//! wildcards, free words, AND (also where nothing stands), OR, NOT and parentheses. Here stand a query's terms and what
//! meets them; reading is beside. Which fields there are, each dialect knows.

mod read;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;

use super::moment::Span;
use crate::chaos::point::Subject;
use crate::clock::Stamp;

/// Whose way of writing queries it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// Lucene's, as Auth0's "User Search Query Syntax" has it: ranges in brackets, `_exists_`.
    Auth0,
    /// Zendesk's ("Search reference"): comparisons without a colon, `none`, one field twice is an OR.
    Zendesk,
    /// Shopify's ("API search syntax"): phrases in single quotes, too.
    Shopify,
}

/// One term of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term<'a> {
    /// The field it asks for; `None` for a free word.
    pub(super) field: Option<&'a str>,
    asks: Asks<'a>,
}

/// What a term asks of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asks<'a> {
    /// This value.
    Is(Cow<'a, str>),
    /// A text like this, in which a zero byte stands for any other.
    Like(String),
    /// A value between these.
    Between(Bound<'a>, Bound<'a>),
    /// Any value.
    There,
}

/// An end of a range, and whether it belongs to the range; `None` where it is open.
type Bound<'a> = Option<(Cow<'a, str>, bool)>;

impl Term<'_> {
    /// Whether a text is what the term asks for; letters count without case.
    pub(super) fn is(&self, text: &str) -> bool {
        match &self.asks {
            Asks::Is(value) => text.eq_ignore_ascii_case(value),
            Asks::Like(pattern) => is_like(pattern, text),
            Asks::Between(from, to) => between(from, to, |value| compare(text, value)),
            Asks::There => true,
        }
    }

    /// Whether an optional text is what the term asks for.
    pub(super) fn is_some(&self, text: Option<&str>) -> bool {
        text.is_some_and(|text| self.is(text))
    }

    /// Whether a number is what the term asks for, by itself or at the end of a GraphQL id of this kind.
    pub(super) fn is_id(&self, kind: &str, id: u64) -> bool {
        let Asks::Is(value) = &self.asks else { return self.is_number(id) };
        let global = || value.strip_prefix("gid://shopify/")?.strip_prefix(kind)?.strip_prefix('/');
        global().unwrap_or(value).parse() == Ok(id)
    }

    /// Whether a text contains the term's value.
    pub(super) fn within(&self, text: &str) -> bool {
        match &self.asks {
            Asks::Is(value) => {
                let value = value.as_bytes();
                !value.is_empty() && text.as_bytes().windows(value.len()).any(|part| part.eq_ignore_ascii_case(value))
            }
            Asks::Like(pattern) => is_like(&["\0", pattern, "\0"].concat(), text),
            Asks::Between(..) | Asks::There => self.is(text),
        }
    }

    /// Whether a number is what the term asks for.
    pub(super) fn is_number(&self, number: u64) -> bool {
        let order =
            |value: &str| value.parse::<i128>().map_or(Ordering::Greater, |value| i128::from(number).cmp(&value));
        match &self.asks {
            Asks::Is(value) => order(value) == Ordering::Equal,
            Asks::Like(_) => false,
            Asks::Between(from, to) => between(from, to, order),
            Asks::There => true,
        }
    }

    /// Whether a moment is what the term asks for. A day or a minute stands for all of itself.
    pub(super) fn is_moment(&self, moment: Stamp) -> bool {
        let order = |value: &str| Span::read(value).map_or(Ordering::Greater, |span| span.order_of(moment));
        match &self.asks {
            Asks::Is(value) => order(value) == Ordering::Equal,
            Asks::Like(_) => false,
            Asks::Between(from, to) => between(from, to, order),
            Asks::There => true,
        }
    }

    /// Whether a yes or no is what the term asks for.
    pub(super) fn is_flag(&self, flag: bool) -> bool {
        self.is(if flag { "true" } else { "false" })
    }

    /// Whether it makes sense of a field of numbers.
    pub(super) fn fits_number(&self) -> bool {
        self.fits(|value| value.parse::<i64>().is_ok())
    }

    /// Whether it makes sense of a field of moments.
    pub(super) fn fits_moment(&self) -> bool {
        self.fits(|value| Span::read(value).is_some())
    }

    /// Whether it makes sense of a yes or no.
    pub(super) fn fits_flag(&self) -> bool {
        match &self.asks {
            Asks::Is(value) => value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false"),
            Asks::There => true,
            Asks::Like(_) | Asks::Between(..) => false,
        }
    }

    /// Whether it asks for a range or has a wildcard, which some fields do not take.
    pub(super) const fn is_loose(&self) -> bool {
        matches!(self.asks, Asks::Like(_) | Asks::Between(..))
    }

    /// Whether it asks only whether there is any value.
    pub(super) const fn asks_presence(&self) -> bool {
        matches!(self.asks, Asks::There)
    }

    fn fits(&self, test: impl Fn(&str) -> bool) -> bool {
        let bound = |bound: &Bound<'_>| bound.as_ref().is_none_or(|(value, _)| test(value));
        match &self.asks {
            Asks::Is(value) => test(value),
            Asks::Like(_) => false,
            Asks::Between(from, to) => bound(from) && bound(to),
            Asks::There => true,
        }
    }

    /// The value, or the first one of several.
    fn value(&self) -> &str {
        match &self.asks {
            Asks::Is(value) => value,
            Asks::Like(pattern) => pattern.trim_matches('\0'),
            Asks::Between(Some((value, _)), _) | Asks::Between(None, Some((value, _))) => value,
            Asks::Between(None, None) | Asks::There => "",
        }
    }
}

/// Whether something lies between two ends, to which `order` compares it.
fn between(from: &Bound<'_>, to: &Bound<'_>, order: impl Fn(&str) -> Ordering) -> bool {
    let inside = |bound: &Bound<'_>, side: Ordering| {
        bound.as_ref().is_none_or(|(value, with)| match order(value) {
            Ordering::Equal => *with,
            other => other == side,
        })
    };
    inside(from, Ordering::Greater) && inside(to, Ordering::Less)
}

/// Numbers by their size, other texts by their letters without case.
fn compare(text: &str, value: &str) -> Ordering {
    if let (Ok(text), Ok(value)) = (text.parse::<i64>(), value.parse::<i64>()) {
        return text.cmp(&value);
    }
    let letters = |text: &str| text.to_ascii_lowercase();
    letters(text).cmp(&letters(value))
}

fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.as_bytes().split(|&byte| byte == 0);
    let (mut rest, first) = (text.as_bytes(), parts.next().unwrap_or_default());
    let begins =
        |rest: &[u8], part: &[u8]| rest.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part));
    if !begins(rest, first) {
        return false;
    }
    rest = &rest[first.len()..];
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.len() >= part.len() && begins(&rest[rest.len() - part.len()..], part);
        }
        match (0..=rest.len()).find(|&at| begins(&rest[at..], part)) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms<'a>(Node<'a>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node<'a> {
    Term(Term<'a>),
    Not(Box<Node<'a>>),
    /// An empty list holds for all.
    All(Vec<Node<'a>>),
    Any(Vec<Node<'a>>),
}

impl<'a> Terms<'a> {
    /// Reads a query, or tells what is wrong with it.
    pub(super) fn read(language: Language, text: &'a str) -> Result<Self, &'static str> {
        read::query(language, text).map(Self)
    }

    /// Reads a query for a vendor that finds something in any text: what is no query is a phrase to look for.
    pub(super) fn of_any(language: Language, text: &'a str) -> Self {
        let phrase = || Node::Term(Term { field: None, asks: Asks::Is(Cow::Borrowed(text.trim())) });
        Self(read::query(language, text).unwrap_or_else(|_| phrase()))
    }

    /// Whether the query holds for something of which `test` tells whether a term holds.
    pub(super) fn hold(&self, test: impl Fn(&Term<'_>) -> bool) -> bool {
        self.0.holds(&test)
    }

    /// Each term itself, wherever it stands.
    pub(super) fn each(&self) -> Vec<&Term<'a>> {
        let mut all = Vec::new();
        self.0.each(&mut all);
        all
    }

    /// The first term that `wanted` is true of.
    pub(super) fn find(&self, wanted: impl Fn(&Term<'a>) -> bool) -> Option<&Term<'a>> {
        self.0.find(&wanted)
    }

    /// A term that whatever the query finds must meet in full, under one of these fields, so that an index can serve;
    /// with its value.
    pub(super) fn decisive(&self, fields: &[&str]) -> Option<(&Term<'a>, &str)> {
        let all = match &self.0 {
            Node::All(all) => &all[..],
            one => std::slice::from_ref(one),
        };
        all.iter().find_map(|node| match node {
            Node::Term(term @ Term { field: Some(field), asks: Asks::Is(value) }) if fields.contains(field) => {
                Some((term, &**value))
            }
            _ => None,
        })
    }

    /// What the query mainly asks for: the value of its first term, `type:` aside.
    fn gist(&self) -> Option<&str> {
        self.find(|term| term.field != Some("type")).map(Term::value)
    }
}

/// Whom a query is about: what it mainly asks for.
pub(super) fn subject(language: Language, query: &str) -> Subject {
    let terms = Terms::read(language, query).ok();
    terms.as_ref().and_then(Terms::gist).map_or(Subject::NONE, |gist| Subject::of(gist.as_bytes()))
}

impl<'a> Node<'a> {
    fn holds(&self, test: &impl Fn(&Term<'_>) -> bool) -> bool {
        match self {
            Self::Term(term) => test(term),
            Self::Not(node) => !node.holds(test),
            Self::All(all) => all.iter().all(|node| node.holds(test)),
            Self::Any(any) => any.iter().any(|node| node.holds(test)),
        }
    }

    fn each<'t>(&'t self, all: &mut Vec<&'t Term<'a>>) {
        match self {
            Self::Term(term) => all.push(term),
            Self::Not(node) => node.each(all),
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.each(all)),
        }
    }

    fn find(&self, wanted: &impl Fn(&Term<'a>) -> bool) -> Option<&Term<'a>> {
        match self {
            Self::Term(term) => wanted(term).then_some(term),
            Self::Not(node) => node.find(wanted),
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().find_map(|node| node.find(wanted)),
        }
    }
}
