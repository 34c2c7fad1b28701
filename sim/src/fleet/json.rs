//! A writer of JSON answers, straight into bytes. What the answers say stands with each dialect.
//! It also knows schema drift: while a vendor drifts, numbers become texts, optional fields stay away, and unknown
//! ones appear.

use crate::clock::Stamp;

/// A field's name in quotes, with its colon. Made by [`key!`] when the program is built, so that it is one copy to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(pub(super) &'static str);

/// The [`Key`] of this name.
macro_rules! key {
    ($name:literal) => {
        $crate::fleet::json::Key(concat!("\"", $name, "\":"))
    };
}
pub(super) use key;

/// A JSON document under construction. Commas come by themselves.
#[derive(Debug)]
pub(super) struct Json {
    out: Vec<u8>,
    drift: bool,
}

impl Json {
    /// An empty document with room for so many bytes.
    pub(super) fn with_capacity(bytes: usize, drift: bool) -> Self {
        Self { out: Vec::with_capacity(bytes), drift }
    }

    /// The finished document.
    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }

    fn separate(&mut self) {
        if !matches!(self.out.last(), None | Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    fn key(&mut self, key: Key) {
        self.separate();
        self.out.extend_from_slice(key.0.as_bytes());
    }

    /// Opens an object: the document itself, or an item of a list.
    pub(super) fn open(&mut self) {
        self.separate();
        self.out.push(b'{');
    }

    /// Opens an object under a key.
    pub(super) fn open_under(&mut self, key: Key) {
        self.key(key);
        self.out.push(b'{');
    }

    /// Closes an object.
    pub(super) fn close(&mut self) {
        self.out.push(b'}');
    }

    /// Opens a list that is the document itself.
    pub(super) fn open_list(&mut self) {
        self.separate();
        self.out.push(b'[');
    }

    /// Opens a list under a key.
    pub(super) fn open_list_under(&mut self, key: Key) {
        self.key(key);
        self.out.push(b'[');
    }

    /// Closes a list.
    pub(super) fn close_list(&mut self) {
        self.out.push(b']');
    }

    /// A text field.
    pub(super) fn text(&mut self, key: Key, value: &str) {
        self.key(key);
        write_text(&mut self.out, value);
    }

    /// A text field, or null.
    pub(super) fn text_or_null(&mut self, key: Key, value: Option<&str>) {
        match value {
            Some(value) => self.text(key, value),
            None => self.null(key),
        }
    }

    /// A text as an item of a list.
    pub(super) fn text_item(&mut self, value: &str) {
        self.separate();
        write_text(&mut self.out, value);
    }

    /// A field that is null.
    pub(super) fn null(&mut self, key: Key) {
        self.key(key);
        self.out.extend_from_slice(b"null");
    }

    /// A number field; under drift a text of digits.
    pub(super) fn number(&mut self, key: Key, value: u64) {
        self.key(key);
        if self.drift {
            self.out.push(b'"');
        }
        write_number(&mut self.out, value);
        if self.drift {
            self.out.push(b'"');
        }
    }

    /// A number field that no drift touches: counts and codes of the envelope.
    pub(super) fn plain_number(&mut self, key: Key, value: u64) {
        self.key(key);
        write_number(&mut self.out, value);
    }

    /// A yes or no.
    pub(super) fn flag(&mut self, key: Key, value: bool) {
        self.key(key);
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// When something was created and last updated, in RFC 3339.
    pub(super) fn stamps(&mut self, created: Stamp, updated: Stamp) {
        self.key(key!("created_at"));
        self.out.push(b'"');
        let from = self.out.len();
        created.write_rfc3339(&mut self.out);
        let until = self.out.len();
        self.out.extend_from_slice(b"\",\"updated_at\":\"");
        // Nearly all are shown before their first update: a copy is cheaper than another conversion.
        if created.0 == updated.0 {
            self.out.extend_from_within(from..until);
        } else {
            updated.write_rfc3339(&mut self.out);
        }
        self.out.push(b'"');
    }

    /// When something was created, in RFC 3339.
    pub(super) fn created_at(&mut self, value: Stamp) {
        self.key(key!("created_at"));
        self.out.push(b'"');
        value.write_rfc3339(&mut self.out);
        self.out.push(b'"');
    }

    /// Ready-made fields that never change.
    pub(super) fn constant(&mut self, fields: &'static str) {
        self.separate();
        self.out.extend_from_slice(fields.as_bytes());
    }

    /// Ready-made optional fields: under drift they give way to a field that nobody has heard of.
    pub(super) fn optional(&mut self, fields: &'static str) {
        self.constant(if self.drift { r#""schema_revision":{"major":2,"notes":[]}"# } else { fields });
    }

    /// Optional fields that differ from record to record; under drift they give way, too.
    pub(super) fn optional_by(&mut self, write: impl FnOnce(&mut Self)) {
        if self.drift {
            return self.optional("");
        }
        write(self);
    }

    /// The bytes themselves, for values of unusual shape.
    pub(super) fn value(&mut self, key: Key, write: impl FnOnce(&mut Vec<u8>)) {
        self.key(key);
        write(&mut self.out);
    }
}

/// Appends an object whose values are JSON already.
pub(super) fn write_object<'a>(out: &mut Vec<u8>, members: impl IntoIterator<Item = (&'a String, &'a String)>) {
    out.push(b'{');
    for (place, (name, value)) in members.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_text(out, name);
        out.push(b':');
        out.extend_from_slice(value.as_bytes());
    }
    out.push(b'}');
}

/// Appends a text in quotes, escaped.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    write_part(out, text);
    out.push(b'"');
}

/// Appends a part of a text, escaped; its quotes are the caller's.
pub(super) fn write_part(out: &mut Vec<u8>, text: &str) {
    let (plain, rest) = text.as_bytes().split_at(plain_length(text.as_bytes()));
    out.extend_from_slice(plain);
    if !rest.is_empty() {
        write_escapes(out, rest);
    }
}

/// Appends the rest of a text from its first byte that must be escaped.
#[cold]
fn write_escapes(out: &mut Vec<u8>, mut rest: &[u8]) {
    while let Some((&byte, after)) = rest.split_first() {
        write_escape(out, byte);
        let (plain, odd) = after.split_at(plain_length(after));
        out.extend_from_slice(plain);
        rest = odd;
    }
}

/// How many bytes come before the first that a text in JSON must escape. Eight bytes at a time, by the
/// usual tests for a byte that is zero, and for one that is less than 32, within a word.
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk() {
        let special = specials(*word);
        if special != 0 {
            return bytes.len() - rest.len() + special.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    plain_to_the_end(bytes, rest)
}

/// The same, once less than a word is left.
#[inline(never)]
fn plain_to_the_end(bytes: &[u8], rest: &[u8]) -> usize {
    // With bytes that were looked at before, the rest is one more word.
    let Some(last) = bytes.last_chunk() else {
        let special = |&byte: &u8| byte == b'"' || byte == b'\\' || byte < 0x20;
        return rest.iter().position(special).unwrap_or(bytes.len());
    };
    match specials(*last) {
        0 => bytes.len(),
        special => bytes.len() - 8 + special.trailing_zeros() as usize / 8,
    }
}

/// Marks in the highest bit of each byte which of them must be escaped; right up to the lowest mark.
const fn specials(chunk: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(chunk);
    // Bytes below 32 stay so when this bit is flipped, and the quote becomes a 32.
    let low_or_quote = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    // What these set in bytes of 128 and more is cleared with them: none of those is special.
    (low_or_quote | backslash) & !word & HIGHS
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ => {
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
}

/// A number in decimal digits.
pub(super) struct Digits {
    digits: [u8; 20],
    from: usize,
}

impl Digits {
    /// The digits of this number.
    pub(super) fn of(mut value: u64) -> Self {
        let (mut digits, mut from) = ([b'0'; 20], 20);
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (value % 10) as u8;
            value /= 10;
            from -= 1;
            if value == 0 {
                break;
            }
        }
        Self { digits, from }
    }

    /// As text.
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[self.from..]).unwrap_or_default()
    }
}

/// Appends a number in decimal digits.
pub(super) fn write_number(out: &mut Vec<u8>, value: u64) {
    let Digits { digits, from } = Digits::of(value);
    out.extend_from_slice(&digits[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_reads_back_as_it_was_written(text in any::<String>()) {
            let mut out = Vec::new();
            write_text(&mut out, &text);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }

        #[test]
        fn any_number_reads_back_as_it_was_written(value in any::<u64>()) {
            let mut out = Vec::new();
            write_number(&mut out, value);
            prop_assert_eq!(std::str::from_utf8(&out).unwrap(), value.to_string());
        }
    }

    #[test]
    fn commas_come_by_themselves() {
        let mut json = Json::with_capacity(64, false);
        json.open();
        json.number(key!("a"), 1);
        json.open_list_under(key!("b"));
        json.open();
        json.text(key!("c"), "{");
        json.flag(key!("d"), true);
        json.close();
        json.text_item("e");
        json.close_list();
        json.null(key!("f"));
        json.close();
        assert_eq!(json.finish(), br#"{"a":1,"b":[{"c":"{","d":true},"e"],"f":null}"#);
    }

    #[test]
    fn drift_writes_numbers_as_texts_and_swaps_optional_fields_for_unknown_ones() {
        let mut json = Json::with_capacity(64, true);
        json.open();
        json.number(key!("id"), 7);
        json.optional(r#""note":null"#);
        json.close();
        assert_eq!(json.finish(), br#"{"id":"7","schema_revision":{"major":2,"notes":[]}}"#);
    }
}
