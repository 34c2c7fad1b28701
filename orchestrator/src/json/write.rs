//! Bodies and rows, written by chains of parts that read like the JSON they make.

use serde::Serialize;

use super::plain_until;

/// Room for a usual body, in bytes.
const ROOM: usize = 256;

/// The body that this writes.
pub(crate) fn body(parts: impl for<'b> FnOnce(Writer<'b>) -> Writer<'b>) -> Vec<u8> {
    let mut body = Vec::with_capacity(ROOM);
    parts(write(&mut body));
    body
}

/// Appends to this what the chain that follows says.
pub(crate) const fn write(out: &mut Vec<u8>) -> Writer<'_> {
    Writer(out)
}

/// Appends part by part. Small, so that a part which is known to the compiler is a few moves.
#[derive(Debug)]
pub(crate) struct Writer<'b>(&'b mut Vec<u8>);

impl Writer<'_> {
    /// JSON, written as it is.
    #[inline(always)]
    pub(crate) fn raw(self, json: &str) -> Self {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    /// A string.
    pub(crate) fn text(self, text: &str) -> Self {
        self.0.reserve(text.len() + 2);
        self.0.push(b'"');
        escaped(self.0, text);
        self.0.push(b'"');
        self
    }

    /// Several pieces, as one string.
    pub(crate) fn joined(self, pieces: &[&str]) -> Self {
        self.0.push(b'"');
        pieces.iter().for_each(|piece| escaped(self.0, piece));
        self.0.push(b'"');
        self
    }

    /// A string or `null`.
    pub(crate) fn maybe(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.raw("null"),
        }
    }

    /// A given and a family name, as one string.
    pub(crate) fn name(self, given: &str, family: &str) -> Self {
        let blank = if given.is_empty() || family.is_empty() { "" } else { " " };
        self.joined(&[given, blank, family])
    }

    /// An id: a number where it is one, else a string.
    pub(crate) fn id(self, id: &str) -> Self {
        if is_number(id) { self.raw(id) } else { self.text(id) }
    }

    /// Anything, as serde writes it: for what is rare.
    pub(crate) fn rare(self, value: &impl Serialize) -> Self {
        // Writing plain data into memory cannot fail.
        drop(serde_json::to_writer(&mut *self.0, value));
        self
    }

    /// A number.
    pub(crate) fn number(self, value: u64) -> Self {
        number(self.0, value);
        self
    }
}

/// Whether the id reads back the same as a JSON integer.
fn is_number(id: &str) -> bool {
    (1..=18).contains(&id.len()) && !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// Appends the inside of a JSON string.
#[inline]
fn escaped(body: &mut Vec<u8>, text: &str) {
    let (run, rest) = text.as_bytes().split_at(plain_until(text.as_bytes()));
    body.extend_from_slice(run);
    if !rest.is_empty() {
        escapes(body, rest);
    }
}

/// Appends the inside of a JSON string, from the first byte on that does not stand for itself.
#[cold]
fn escapes(body: &mut Vec<u8>, mut rest: &[u8]) {
    while let [byte, after @ ..] = rest {
        escape(body, *byte);
        let (run, special) = after.split_at(plain_until(after));
        body.extend_from_slice(run);
        rest = special;
    }
}

fn number(body: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    body.extend_from_slice(&digits[start..]);
}

fn escape(body: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' | b'\\' => body.extend_from_slice(&[b'\\', byte]),
        _ => {
            body.extend_from_slice(b"\\u00");
            body.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(parts: impl for<'b> FnOnce(Writer<'b>) -> Writer<'b>) -> String {
        String::from_utf8(body(parts)).unwrap()
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(written(|json| json.text("a\"b\\c\nd\u{1f}é\u{7f}")), "\"a\\\"b\\\\c\\u000ad\\u001fé\u{7f}\"");
    }

    #[test]
    fn ids_are_numbers_only_where_they_read_back_the_same() {
        for (id, expected) in [("7", "7"), ("007", r#""007""#), ("", r#""""#), ("7a", r#""7a""#), ("0", r#""0""#)] {
            assert_eq!(written(|json| json.id(id)), expected);
        }
        assert_eq!(written(|json| json.id("1234567890123456789")), r#""1234567890123456789""#);
    }

    #[test]
    fn a_name_is_joined_by_one_blank_where_both_halves_are_there() {
        let names =
            [("Ada", "Lovelace", "Ada Lovelace"), ("Ada", "", "Ada"), ("", "Lovelace", "Lovelace"), ("", "", "")];
        for (given, family, whole) in names {
            assert_eq!(written(|json| json.name(given, family)), format!("\"{whole}\""));
        }
    }

    #[test]
    fn a_usual_body_takes_one_allocation() {
        let body = body(|json| json.raw("{").joined(&["a", "b"]).name("c", "d").maybe(None).id("x").number(7));
        assert_eq!(body.capacity(), ROOM);
    }
}
