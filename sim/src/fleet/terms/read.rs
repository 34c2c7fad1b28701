//! Reading a query. What cannot be understood is an error with a reason, never a query that all or nobody meets.

use std::borrow::Cow;

use super::{Asks, Bound, Language, Node, Term};

/// How deep parentheses may stand in one another.
const DEEPEST: u8 = 16;

type Read<T> = Result<T, &'static str>;

/// Reads a whole query; one of white space holds for all.
pub(super) fn query(language: Language, text: &str) -> Read<Node<'_>> {
    let mut reader = Reader { rest: text.trim_start(), language, depth: 0, field: None };
    if reader.rest.is_empty() {
        return Ok(Node::All(Vec::new()));
    }
    let node = reader.any()?;
    if reader.rest.is_empty() { Ok(node) } else { Err("a parenthesis is closed that was never opened") }
}

/// A query and how far it was read.
struct Reader<'a> {
    /// Begins with no white space.
    rest: &'a str,
    language: Language,
    /// How many parentheses are open.
    depth: u8,
    /// The field that all words in the present parentheses are asked of.
    field: Option<&'a str>,
}

impl<'a> Reader<'a> {
    /// Sides of an OR.
    fn any(&mut self) -> Read<Node<'a>> {
        let first = self.all()?;
        if !self.takes_or() {
            return Ok(first);
        }
        let mut sides = vec![first, self.all()?];
        while self.takes_or() {
            sides.push(self.all()?);
        }
        Ok(Node::Any(sides))
    }

    /// Terms up to an OR, a closing parenthesis or the end.
    fn all(&mut self) -> Read<Node<'a>> {
        let first = self.one()?;
        if self.is_at_end() {
            return Ok(first);
        }
        let mut all = vec![first];
        while !self.is_at_end() {
            let _ = self.takes("AND") || self.takes("&&");
            all.push(self.one()?);
        }
        if self.language == Language::Zendesk {
            all = joined(all);
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Node::All(all) })
    }

    /// A term or a group, with what negates it.
    fn one(&mut self) -> Read<Node<'a>> {
        let mut negated = false;
        loop {
            let minus = |rest: &&str| !rest.is_empty() && !rest.starts_with(|letter: char| letter.is_whitespace());
            if let Some(rest) = self.rest.strip_prefix('-').filter(minus) {
                self.rest = rest;
            } else if !self.takes("NOT") {
                break;
            }
            negated = !negated;
        }
        let node = if self.rest.starts_with('(') { self.group(self.field)? } else { self.term()? };
        Ok(if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn group(&mut self, field: Option<&'a str>) -> Read<Node<'a>> {
        if self.depth == DEEPEST {
            return Err("parentheses stand too deep in one another");
        }
        let outer = std::mem::replace(&mut self.field, field);
        self.depth += 1;
        self.skip(1);
        let node = self.any()?;
        if !self.rest.starts_with(')') {
            return Err("a parenthesis is never closed");
        }
        self.skip(1);
        self.depth -= 1;
        self.field = outer;
        Ok(node)
    }

    fn term(&mut self) -> Read<Node<'a>> {
        if self.is_at_end() || ["AND", "&&"].iter().any(|word| self.is_word(word)) {
            return Err("a term is missing");
        }
        let (field, comparison) = match (self.field, field_of(self.rest, self.language)) {
            (None, Some((field, comparison, rest))) => {
                self.rest = rest;
                (Some(field), comparison)
            }
            (outer, _) => (outer, ""),
        };
        if comparison.is_empty() && field.is_some() {
            if self.field.is_none() && self.rest.starts_with('(') {
                return self.group(field);
            }
            if self.language == Language::Auth0 && self.rest.starts_with(['[', '{']) {
                let asks = self.range()?;
                return Ok(Node::Term(Term { field, asks }));
            }
        }
        let (value, plain) = self.value()?;
        let bound = |with| Some((value.clone(), with));
        let asks = match comparison {
            ">" => Asks::Between(bound(false), None),
            ">=" => Asks::Between(bound(true), None),
            "<" => Asks::Between(None, bound(false)),
            "<=" => Asks::Between(None, bound(true)),
            _ => match (field, plain) {
                (Some("_exists_"), Some(name)) if self.language == Language::Auth0 => {
                    return Ok(Node::Term(Term { field: Some(name), asks: Asks::There }));
                }
                (Some(_), Some("none")) if self.language == Language::Zendesk => {
                    return Ok(Node::Not(Box::new(Node::Term(Term { field, asks: Asks::There }))));
                }
                (_, Some("*")) => Asks::There,
                (_, Some(word)) if word.contains('*') => like(word, value),
                _ => Asks::Is(value),
            },
        };
        Ok(Node::Term(Term { field, asks }))
    }

    /// `[from TO to]`; a curly bracket leaves its end out.
    fn range(&mut self) -> Read<Asks<'a>> {
        const MESSAGE: &str = "a range is not of the form [from TO to]";
        let from_in = self.rest.starts_with('[');
        let end = self.rest.find([']', '}']).ok_or(MESSAGE)?;
        let to_in = self.rest[end..].starts_with(']');
        let (from, to) = self.rest[1..end].split_once(" TO ").ok_or(MESSAGE)?;
        let bound = |text: &'a str, with: bool| -> Read<Bound<'a>> {
            let text = text.trim();
            let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
            match bare {
                "" => Err(MESSAGE),
                "*" => Ok(None),
                _ => Ok(Some((unescaped(bare), with))),
            }
        };
        let asks = Asks::Between(bound(from, from_in)?, bound(to, to_in)?);
        self.skip(end + 1);
        Ok(asks)
    }

    /// A phrase in quotes, or a word; that as it stands, too.
    fn value(&mut self) -> Read<(Cow<'a, str>, Option<&'a str>)> {
        let quote = self
            .rest
            .bytes()
            .next()
            .filter(|&byte| byte == b'"' || (byte == b'\'' && self.language == Language::Shopify));
        if let Some(quote) = quote {
            let quoted = &self.rest[1..];
            let end = end_of(quoted, |byte| byte == quote).ok_or("a quotation mark is never closed")?;
            let after = &quoted[end + 1..];
            if !after.is_empty() && !after.starts_with(|letter: char| letter == ')' || letter.is_whitespace()) {
                return Err("something follows a quotation mark");
            }
            self.skip(end + 2);
            return Ok((unescaped(&quoted[..end]), None));
        }
        let closes = self.closes();
        let ends = |byte: u8| byte.is_ascii_whitespace() || (closes && byte == b')');
        let end = end_of(self.rest, ends).unwrap_or(self.rest.len());
        let word = &self.rest[..end];
        if word.is_empty() {
            return Err("a field is asked for without a value");
        }
        self.skip(end);
        Ok((unescaped(word), Some(word)))
    }

    fn takes_or(&mut self) -> bool {
        self.takes("OR") || self.takes("||")
    }

    /// Reads over this operator, if it comes next.
    fn takes(&mut self, word: &str) -> bool {
        let there = self.is_word(word);
        if there {
            self.skip(word.len());
        }
        there
    }

    fn is_word(&self, word: &str) -> bool {
        let after = self.rest.strip_prefix(word);
        after.is_some_and(|after| after.is_empty() || after.starts_with(|c: char| c == '(' || c.is_whitespace()))
    }

    /// Whether a closing parenthesis is one, and no letter among others.
    fn closes(&self) -> bool {
        self.depth > 0 || self.language == Language::Auth0
    }

    /// Whether a list of terms ends here.
    fn is_at_end(&self) -> bool {
        let closed = self.rest.starts_with(')') && self.closes();
        self.rest.is_empty() || closed || self.is_word("OR") || self.is_word("||")
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest[bytes..].trim_start();
    }
}

/// A field's name at the beginning, how it is compared, and what follows.
fn field_of(text: &str, language: Language) -> Option<(&str, &str, &str)> {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let end = text.bytes().position(|byte| !inner(byte))?;
    let (name, after) = text.split_at(end);
    if !name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
        return None;
    }
    let (colon, after) = match after.strip_prefix(':') {
        Some(after) => (true, after),
        None => (false, after),
    };
    let comparison = [">=", "<=", ">", "<"].into_iter().find(|sign| after.starts_with(sign)).unwrap_or("");
    if !colon && (comparison.is_empty() || language != Language::Zendesk) {
        return None;
    }
    Some((name, comparison, &after[comparison.len()..]))
}

/// Terms of the same field of which any will do, as Zendesk takes them; ranges and what is negated must all hold.
fn joined(all: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let field = |node: &Node<'_>| match node {
        Node::Term(Term { field: Some(_), asks: Asks::Between(..) | Asks::There }) => None,
        Node::Term(Term { field, .. }) => field.map(str::to_owned),
        _ => None,
    };
    let mut out: Vec<(Option<String>, Vec<Node<'_>>)> = Vec::with_capacity(all.len());
    for node in all {
        let of = field(&node);
        match out.iter_mut().find(|(other, _)| of.is_some() && *other == of) {
            Some((_, same)) => same.push(node),
            None => out.push((of, vec![node])),
        }
    }
    out.into_iter().map(|(_, mut same)| if same.len() == 1 { same.swap_remove(0) } else { Node::Any(same) }).collect()
}

/// What a word with unescaped asterisks asks for, each of which becomes a zero byte.
fn like<'a>(word: &str, value: Cow<'a, str>) -> Asks<'a> {
    let (mut out, mut escaped, mut wild) = (String::with_capacity(word.len()), false, false);
    for letter in word.chars() {
        if !escaped && letter == '\\' {
            escaped = true;
            continue;
        }
        let star = !escaped && letter == '*';
        wild |= star;
        out.push(if star { '\0' } else { letter });
        escaped = false;
    }
    if wild { Asks::Like(out) } else { Asks::Is(value) }
}

/// The place of the first byte that ends a value, escaped ones skipped.
fn end_of(text: &str, ends: impl Fn(u8) -> bool) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let here = !escaped && ends(byte);
        escaped = !escaped && byte == b'\\';
        here
    })
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for letter in text.chars() {
        escaped = !escaped && letter == '\\';
        if !escaped {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}
