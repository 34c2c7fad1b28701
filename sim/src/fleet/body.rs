//! A reader of JSON bodies: one pass, borrowed, for the small flat objects that requests are. It takes objects, lists
//! and plain texts apart itself, at two thirds of what a derived deserialiser costs here, and leaves every other value to
//! serde_json, so that it accepts exactly what that accepts.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::change::Change;
use super::json::plain_length;

/// A body and how far it was read. Everything answers `None` where the body is no JSON or not of the expected shape.
#[derive(Debug)]
pub(super) struct Body<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Body<'a> {
    /// Reads a whole body.
    pub(super) fn read<T>(body: &'a [u8], read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut body = Self { text: std::str::from_utf8(body).ok()?, at: 0 };
        let value = read(&mut body)?;
        body.peek().is_none().then_some(value)
    }

    /// Reads an object. `field` gets each name, and must read the value; of equal names the last one counts.
    pub(super) fn object(&mut self, mut field: impl FnMut(&str, &mut Self) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Some(());
        }
        loop {
            let name = self.text()?;
            self.expect(b':')?;
            field(&name, self)?;
            if self.take(b'}') {
                return Some(());
            }
            self.expect(b',')?;
        }
    }

    /// Reads an object for what stands under one name, which must be there; the rest is skipped.
    pub(super) fn under<T>(&mut self, name: &str, read: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        let mut found = None;
        self.object(|key, body| {
            if key != name {
                return body.skip();
            }
            found = Some(read(body)?);
            Some(())
        })?;
        found
    }

    /// Reads a list. `item` must read each item.
    pub(super) fn list(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.expect(b'[')?;
        if self.take(b']') {
            return Some(());
        }
        loop {
            item(self)?;
            if self.take(b']') {
                return Some(());
            }
            self.expect(b',')?;
        }
    }

    /// Reads a text.
    pub(super) fn text(&mut self) -> Option<Cow<'a, str>> {
        self.expect(b'"')?;
        let from = self.at;
        let until = from + plain_length(&self.text.as_bytes()[from..]);
        if self.text.as_bytes().get(until) == Some(&b'"') {
            self.at = until + 1;
            return Some(Cow::Borrowed(&self.text[from..until]));
        }
        self.escaped_text(from - 1)
    }

    /// Reads a text that holds escapes, or is none.
    #[cold]
    fn escaped_text(&mut self, from: usize) -> Option<Cow<'a, str>> {
        self.at = from;
        self.value().map(Cow::Owned)
    }

    /// Reads a text or null.
    pub(super) fn change(&mut self) -> Option<Change<'a>> {
        if self.peek()? == b'"' {
            return self.text().map(Change::Set);
        }
        self.value::<()>().map(|()| Change::Clear)
    }

    /// Reads a text or null, or a number or a truth value as the text that it is written as: so Rails casts what is
    /// given for a text. Lists and objects are none.
    pub(super) fn scalar(&mut self) -> Option<Change<'a>> {
        match self.peek()? {
            b'"' => self.text().map(Change::Set),
            b'n' => self.change(),
            b'[' | b'{' => None,
            _ => self.raw().map(|raw| Change::Set(Cow::Borrowed(raw))),
        }
    }

    /// Reads a truth value as Rails casts one: text and numbers count, too, and null says nothing.
    pub(super) fn truth(&mut self) -> Option<Option<bool>> {
        let said = self.scalar()?;
        Some(said.value().filter(|text| !text.is_empty()).map(|text| !matches!(text, "false" | "f" | "0" | "off")))
    }

    /// Reads a list of scalars, or one text with white space or commas between them; null is nothing.
    pub(super) fn words(&mut self) -> Option<Option<Vec<String>>> {
        if self.peek()? != b'[' {
            let said = self.scalar()?;
            let words = |text: &str| {
                let parts = text.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty());
                parts.map(str::to_owned).collect()
            };
            return Some(said.value().map(words));
        }
        let mut words = Vec::new();
        self.list(|body| {
            if let Change::Set(word) = body.scalar()? {
                words.push(word.into_owned());
            }
            Some(())
        })?;
        Some(Some(words))
    }

    /// Reads an id: a number, or a text of digits. What is neither names nobody, and so does 0; null is nothing.
    pub(super) fn id(&mut self) -> Option<Option<u64>> {
        let said = self.scalar()?;
        Some(said.value().filter(|text| !text.is_empty()).map(|text| text.trim().parse().unwrap_or(0)))
    }

    /// Reads a scalar, and takes a list of them for a text with commas between them.
    pub(super) fn joined_change(&mut self) -> Option<Change<'a>> {
        if !self.is_list() {
            return self.scalar();
        }
        let mut joined = String::new();
        self.list(|body| {
            if let Change::Set(item) = body.scalar()? {
                joined.push_str(if joined.is_empty() { "" } else { "," });
                joined.push_str(&item);
            }
            Some(())
        })?;
        Some(Change::Set(Cow::Owned(joined)))
    }

    /// Whether a list comes next.
    pub(super) fn is_list(&mut self) -> bool {
        self.peek() == Some(b'[')
    }

    /// Whether an object comes next.
    pub(super) fn is_object(&mut self) -> bool {
        self.peek() == Some(b'{')
    }

    /// Reads over null, if that comes next.
    pub(super) fn null(&mut self) -> bool {
        self.peek() == Some(b'n') && self.value::<()>().is_some()
    }

    /// Reads any value, by serde_json.
    pub(super) fn value<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter();
        let value = values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(value)
    }

    /// Reads over a value.
    pub(super) fn skip(&mut self) -> Option<()> {
        self.raw().map(drop)
    }

    /// Reads over a value, which is answered as it stands.
    pub(super) fn raw(&mut self) -> Option<&'a str> {
        let text = self.peek()? == b'"';
        let from = self.at;
        if text {
            self.text()?;
        } else {
            self.value::<IgnoredAny>()?;
        }
        Some(&self.text[from..self.at])
    }

    /// The next byte that is no white space; it is not read yet.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at)? {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                &byte => return Some(byte),
            }
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.take(byte).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// A value taken apart as far as the reader can, as compact JSON with the keys in order.
    fn taken_apart(body: &mut Body<'_>) -> Option<Value> {
        match body.peek()? {
            b'{' => {
                let mut map = serde_json::Map::new();
                body.object(|name, body| {
                    map.insert(name.to_owned(), taken_apart(body)?);
                    Some(())
                })?;
                Some(Value::Object(map))
            }
            b'[' => {
                let mut items = Vec::new();
                body.list(|body| {
                    items.push(taken_apart(body)?);
                    Some(())
                })?;
                Some(Value::Array(items))
            }
            b'"' => body.text().map(|text| Value::String(text.into_owned())),
            _ => body.value(),
        }
    }

    fn agrees(text: &[u8]) {
        let ours = Body::read(text, taken_apart);
        let theirs = serde_json::from_slice::<Value>(text).ok();
        assert_eq!(ours, theirs, "{}", String::from_utf8_lossy(text));
        // A skipped value need not fit any type: `1e999` is JSON, but no number that serde_json can hold.
        let skipped = Body::read(text, Body::skip).is_some();
        let ignored = std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        assert!((theirs.is_none() || skipped) && (!skipped || ignored), "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn odd_bodies_are_read_as_serde_json_reads_them() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "{}",
            "[]",
            "{} x",
            "[1e999]",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{a:1}"#,
            "[1,]",
            "[,]",
            "nul",
            "null",
            r#"{"a\u0062":"\ud83d\ude00\n"}"#,
            r#""\ud83d""#,
            "\"\u{1}\"",
            r#" { "a" : [ 1e3 , -0 , "é" ] } "#,
            "[1 2]",
            "01",
            r#"{"a":"b"#,
            "\"\\",
            "{\"a\":1}\n",
            "tru",
            "[true,false]",
            "\u{feff}{}",
        ] {
            agrees(text.as_bytes());
        }
        agrees(b"\"\xff\"");
    }

    #[test]
    fn what_stands_under_a_name_must_be_there() {
        let read =
            |text: &str| Body::read(text.as_bytes(), |body| body.under("a", |body| body.text().map(Cow::into_owned)));
        assert_eq!(read(r#"{"b":{"a":"no"},"a":"yes","c":[1]}"#).as_deref(), Some("yes"));
        assert_eq!(read(r#"{"b":1}"#), None);
        assert_eq!(read(r#"{"a":1}"#), None);
    }

    #[test]
    fn a_change_is_a_text_or_null() {
        let read = |text: &str| Body::read(text.as_bytes(), |body| body.change().map(|change| format!("{change:?}")));
        assert_eq!(read("null").as_deref(), Some("Clear"));
        assert_eq!(read(r#""a""#).as_deref(), Some(r#"Set("a")"#));
        assert_eq!((read("1"), read("{}"), read("")), (None, None, None));
    }

    #[test]
    fn a_joined_change_may_be_a_list() {
        let read = |text: &str| Body::read(text.as_bytes(), |body| Some(format!("{:?}", body.joined_change()?)));
        for (text, change) in [
            ("null", "Clear"),
            (r#""a""#, r#"Set("a")"#),
            ("4930", r#"Set("4930")"#),
            ("true", r#"Set("true")"#),
            (r#"["a", 5, null, "b"]"#, r#"Set("a,5,b")"#),
            ("[]", r#"Set("")"#),
        ] {
            assert_eq!(read(text).as_deref(), Some(change), "{text}");
        }
        for text in ["", "{}", "[{}]", "[[]]", "[1", "nul", "-"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_scalar_is_whatever_can_be_written_as_a_text() {
        let read = |text: &str| Body::read(text.as_bytes(), |body| body.scalar().map(|change| format!("{change:?}")));
        for (text, told) in
            [("null", "Clear"), (r#""a""#, r#"Set("a")"#), ("77", r#"Set("77")"#), ("true", r#"Set("true")"#)]
        {
            assert_eq!(read(text).as_deref(), Some(told), "{text}");
        }
        assert_eq!((read("{}"), read("[1]"), read(""), read("nul"), read("7x")), (None, None, None, None, None));
        let truth = |text: &str| Body::read(text.as_bytes(), Body::truth);
        assert_eq!(
            (truth("true"), truth(r#""true""#), truth("1")),
            (Some(Some(true)), Some(Some(true)), Some(Some(true)))
        );
        assert_eq!(
            (truth(r#""false""#), truth("0"), truth("null")),
            (Some(Some(false)), Some(Some(false)), Some(None))
        );
        let words =
            |text: &str| Body::read(text.as_bytes(), Body::words).map(|words| words.map(|words| words.join("+")));
        assert_eq!(
            (words(r#""a b,c""#), words(r#"["a b",7]"#)),
            (Some(Some("a+b+c".into())), Some(Some("a b+7".into())))
        );
        assert_eq!((words("null"), words("{}"), words("[[]]")), (Some(None), None, None));
        let id = |text: &str| Body::read(text.as_bytes(), Body::id);
        assert_eq!(
            (id("7"), id(r#""7""#), id(r#""x""#), id("null"), id("{}")),
            (Some(Some(7)), Some(Some(7)), Some(Some(0)), Some(None), None)
        );
    }

    #[test]
    fn nesting_without_end_is_refused() {
        assert!(Body::read("[".repeat(100_000).as_bytes(), Body::skip).is_none());
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_is_read_as_serde_json_reads_it(value in json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut text = value.to_string().into_bytes();
            agrees(&text);
            let at = at.index(text.len());
            text[at] = byte;
            agrees(&text);
        }
    }
}
