//! Bodies, written from parts that read like the JSON they make.

use super::plain_until;

/// A part of a body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    /// JSON, written as it is.
    Raw(&'a str),
    /// A string.
    Text(&'a str),
    /// Several pieces, as one string.
    Joined(&'a [&'a str]),
    /// A string or `null`.
    Maybe(Option<&'a str>),
    /// A given and a family name, as one string.
    Name(&'a str, &'a str),
    /// An id: a number where it is one, else a string.
    Id(&'a str),
    /// A number.
    Number(u64),
}

/// The body that these parts make.
pub(crate) fn body(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::with_capacity(parts.iter().map(length).sum());
    write(&mut body, parts);
    body
}

/// Appends what these parts make.
pub(crate) fn write(body: &mut Vec<u8>, parts: &[Part<'_>]) {
    for part in parts {
        match *part {
            Part::Raw(text) => body.extend_from_slice(text.as_bytes()),
            Part::Text(text) | Part::Maybe(Some(text)) => string(body, &[text]),
            Part::Joined(pieces) => string(body, pieces),
            Part::Maybe(None) => body.extend_from_slice(b"null"),
            Part::Name(given, "") => string(body, &[given]),
            Part::Name("", family) => string(body, &[family]),
            Part::Name(given, family) => string(body, &[given, " ", family]),
            Part::Id(id) if is_number(id) => body.extend_from_slice(id.as_bytes()),
            Part::Id(id) => string(body, &[id]),
            Part::Number(value) => number(body, value),
        }
    }
}

/// About as many bytes as the part takes: exact where nothing is escaped.
fn length(part: &Part<'_>) -> usize {
    match part {
        Part::Raw(text) => text.len(),
        Part::Text(text) | Part::Maybe(Some(text)) | Part::Id(text) => text.len() + 2,
        Part::Joined(pieces) => pieces.iter().map(|piece| piece.len()).sum::<usize>() + 2,
        Part::Maybe(None) => 4,
        Part::Number(_) => 20,
        Part::Name(given, family) => given.len() + family.len() + 3,
    }
}

/// Whether the id reads back the same as a JSON integer.
fn is_number(id: &str) -> bool {
    (1..=18).contains(&id.len()) && !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// Appends the pieces as one JSON string.
fn string(body: &mut Vec<u8>, pieces: &[&str]) {
    body.push(b'"');
    for piece in pieces {
        let mut rest = piece.as_bytes();
        loop {
            let (run, special) = rest.split_at(plain_until(rest, 0));
            body.extend_from_slice(run);
            let [byte, after @ ..] = special else { break };
            escape(body, *byte);
            rest = after;
        }
    }
    body.push(b'"');
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

    fn written(parts: &[Part<'_>]) -> String {
        String::from_utf8(body(parts)).unwrap()
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(written(&[Part::Text("a\"b\\c\nd\u{1f}é\u{7f}")]), "\"a\\\"b\\\\c\\u000ad\\u001fé\u{7f}\"");
    }

    #[test]
    fn ids_are_numbers_only_where_they_read_back_the_same() {
        for (id, expected) in [("7", "7"), ("007", r#""007""#), ("", r#""""#), ("7a", r#""7a""#), ("0", r#""0""#)] {
            assert_eq!(written(&[Part::Id(id)]), expected);
        }
        assert_eq!(written(&[Part::Id("1234567890123456789")]), r#""1234567890123456789""#);
    }

    #[test]
    fn a_name_is_joined_by_one_blank_where_both_halves_are_there() {
        let names =
            [("Ada", "Lovelace", "Ada Lovelace"), ("Ada", "", "Ada"), ("", "Lovelace", "Lovelace"), ("", "", "")];
        for (given, family, whole) in names {
            assert_eq!(written(&[Part::Name(given, family)]), format!("\"{whole}\""));
        }
    }

    #[test]
    fn an_unescaped_body_takes_one_allocation() {
        let parts = [Part::Raw("{"), Part::Joined(&["a", "b"]), Part::Name("c", "d"), Part::Maybe(None), Part::Id("x")];
        let body = body(&parts);
        assert_eq!(body.capacity(), body.len());
    }
}
