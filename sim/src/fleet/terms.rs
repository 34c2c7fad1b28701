//! The query language that all vendors' searches share a subset of: `field:value`, `field:"a phrase"`, free words,
//! a trailing `*`, `-` or NOT before a term, AND (also where nothing stands) and OR. No parentheses.

use std::borrow::Cow;

/// One term of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term<'a> {
    /// Whether it must *not* hold.
    pub(super) negated: bool,
    /// The field it asks for; `None` for a free word.
    pub(super) field: Option<&'a str>,
    /// The value.
    pub(super) value: Cow<'a, str>,
    /// Whether the value is only how the field's begins.
    pub(super) prefix: bool,
}

impl Term<'_> {
    /// Whether a text is what the term asks for; letters count without case.
    pub(super) fn is(&self, text: &str) -> bool {
        let (text, value) = (text.as_bytes(), self.value.as_bytes());
        let text = if self.prefix { text.get(..value.len()).unwrap_or(text) } else { text };
        text.eq_ignore_ascii_case(value)
    }

    /// Whether an optional text is what the term asks for.
    pub(super) fn is_some(&self, text: Option<&str>) -> bool {
        text.is_some_and(|text| self.is(text))
    }

    /// Whether a number is what the term asks for, by itself or at the end of a GraphQL id of this kind.
    pub(super) fn is_id(&self, kind: &str, id: u64) -> bool {
        let global = || self.value.strip_prefix("gid://shopify/")?.strip_prefix(kind)?.strip_prefix('/');
        global().unwrap_or(&self.value).parse() == Ok(id)
    }

    /// Whether a text contains the term's value.
    pub(super) fn within(&self, text: &str) -> bool {
        let value = self.value.as_bytes();
        !value.is_empty() && text.as_bytes().windows(value.len()).any(|part| part.eq_ignore_ascii_case(value))
    }
}

/// A query: terms that must all hold, or any one of several such lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms<'a>(Vec<Vec<Term<'a>>>);

impl<'a> Terms<'a> {
    /// Reads a query; `None` where a quotation mark is never closed.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut any = vec![Vec::new()];
        let mut rest = text.trim_start();
        let mut negated = false;
        while !rest.is_empty() {
            let (term, after) = read_term(rest)?;
            rest = after.trim_start();
            match (term.field, &*term.value) {
                (None, "AND") => {}
                (None, "NOT") => negated = true,
                (None, "OR") => any.push(Vec::new()),
                _ => {
                    let term = Term { negated: term.negated ^ negated, ..term };
                    negated = false;
                    if let Some(all) = any.last_mut() {
                        all.push(term);
                    }
                }
            }
        }
        Some(Self(any))
    }

    /// Whether the query holds for something of which `test` tells whether a term holds. An empty list holds for all.
    pub(super) fn hold(&self, test: impl Fn(&Term<'_>) -> bool) -> bool {
        self.0.iter().any(|all| all.iter().all(|term| test(term) != term.negated))
    }

    /// Each term itself, wherever it stands.
    pub(super) fn each(&self) -> impl Iterator<Item = &Term<'a>> {
        self.0.iter().flatten()
    }

    /// A term that whatever the query finds must meet in full, under one of these fields, so that an index can serve.
    pub(super) fn decisive(&self, fields: &[&str]) -> Option<&Term<'a>> {
        let [all] = &self.0[..] else { return None };
        all.iter().find(|term| !term.negated && !term.prefix && term.field.is_some_and(|field| fields.contains(&field)))
    }

    /// What the query mainly asks for: the value of its first term, `type:` aside.
    pub(super) fn gist(&self) -> Option<&str> {
        self.0.iter().flatten().find(|term| term.field != Some("type")).map(|term| &*term.value)
    }
}

fn read_term(text: &str) -> Option<(Term<'_>, &str)> {
    let (negated, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (field, text) = split_field(text);
    let (value, prefix, rest) = match text.strip_prefix('"') {
        Some(quoted) => {
            let end = end_of(quoted, |byte| byte == b'"')?;
            (unescape(&quoted[..end]), false, &quoted[end + 1..])
        }
        None => {
            let end = end_of(text, |byte| byte.is_ascii_whitespace()).unwrap_or(text.len());
            let word = &text[..end];
            let stem = word.strip_suffix('*').filter(|stem| !stem.ends_with('\\'));
            (unescape(stem.unwrap_or(word)), stem.is_some(), &text[end..])
        }
    };
    Some((Term { negated, field, value, prefix }, rest))
}

fn split_field(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((name, rest))
            if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.') =>
        {
            (Some(name), rest)
        }
        _ => (None, text),
    }
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

fn unescape(text: &str) -> Cow<'_, str> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn holds(query: &str, record: &[(&str, &str)]) -> bool {
        Terms::parse(query).unwrap().hold(|term| {
            record.iter().any(|(field, value)| term.field.is_none_or(|asked| asked == *field) && term.is(value))
        })
    }

    #[test]
    fn terms_ask_for_fields_phrases_and_words() {
        let record = [("email", "ann@x.org"), ("name", "Ann Lee"), ("app_metadata.owner", "C001/s1")];
        for query in [
            "",
            "email:ann@x.org",
            "EMAIL:x OR email:ANN@x.org",
            r#"name:"Ann Lee" email:ann*"#,
            r#"app_metadata.owner:"C001/s1" AND NOT email:bob"#,
            r"app_metadata.owner:C001\/s1",
            "-email:bob ann@x.org",
        ] {
            assert!(holds(query, &record), "{query}");
        }
        for query in ["email:ann", "-email:ann@x.org", "NOT name:ann*", "name:Ann Lee", "phone:1"] {
            assert!(!holds(query, &record), "{query}");
        }
    }

    #[test]
    fn a_value_may_hold_further_colons() {
        let terms = Terms::parse("tag:owner:C001/s1").unwrap();
        assert_eq!(terms.decisive(&["email", "tag"]).map(|term| &*term.value), Some("owner:C001/s1"));
    }

    #[test]
    fn the_gist_is_the_first_value_that_is_no_type() {
        assert_eq!(Terms::parse("type:user email:a@b").unwrap().gist(), Some("a@b"));
        assert_eq!(Terms::parse("type:user").unwrap().gist(), None);
    }

    #[test]
    fn an_open_quotation_mark_is_no_query() {
        assert_eq!(Terms::parse(r#"email:"a"#), None);
        assert_eq!(Terms::parse(r#"email:"a\""#), None);
    }

    #[test]
    fn only_a_term_that_every_hit_must_meet_is_decisive() {
        for query in ["email:a OR phone:1", "-email:a", "email:a*", "a"] {
            assert_eq!(Terms::parse(query).unwrap().decisive(&["email"]), None, "{query}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in any::<String>(), other in r#"[ab:"\\*\- ]{0,12}"#) {
            for text in [text, other] {
                if let Some(terms) = Terms::parse(&text) {
                    terms.hold(|term| term.within("abc") || term.is("é"));
                }
            }
        }
    }
}
