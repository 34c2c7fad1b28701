//! Reading what a request's target says: paths and queries, percent-encoding undone. No dialect is known here.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// Undoes percent-encoding; in queries a plus is a space. Bytes that are no UTF-8 become replacement characters.
pub(crate) fn decode(text: &str, plus_is_space: bool) -> Cow<'_, str> {
    let mut rest = text.as_bytes();
    let next = |bytes: &[u8]| if plus_is_space { memchr2(b'%', b'+', bytes) } else { memchr(b'%', bytes) };
    let Some(mut at) = next(rest) else { return Cow::Borrowed(text) };
    let mut out = Vec::with_capacity(rest.len());
    loop {
        out.extend_from_slice(&rest[..at]);
        let (byte, length) = match (rest[at], hex_pair(rest.get(at + 1..at + 3))) {
            (b'+', _) => (b' ', 1),
            (_, Some(byte)) => (byte, 3),
            (stray, None) => (stray, 1),
        };
        out.push(byte);
        rest = &rest[at + length..];
        match next(rest) {
            Some(place) => at = place,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    Cow::Owned(String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn hex_pair(pair: Option<&[u8]>) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match pair {
        Some(&[high, low]) => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
        _ => None,
    }
}

/// Appends a text percent-encoded, fit for any part of a target.
pub(super) fn encode(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Whether a short text holds anything that decoding changes.
fn is_encoded(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'%' | b'+'))
}

/// The parameters of a query, or of a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Query<'a>(pub(super) &'a str);

impl<'a> Query<'a> {
    /// The first value under this name, decoded.
    pub(super) fn get(self, name: &str) -> Option<Cow<'a, str>> {
        let is = |key: &str| key == name || (is_encoded(key) && decode(key, true) == name);
        self.pairs().find(|(key, _)| is(key)).map(|(_, value)| decode(value, true))
    }

    /// All names and values, in order, as they were sent.
    pub(super) fn pairs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = Some(self.0);
        std::iter::from_fn(move || {
            let (pair, after) = split(rest?, b'&');
            rest = after;
            // Names are so short that a loop finds their end sooner than a search over whole vectors would begin.
            let end = pair.bytes().position(|byte| byte == b'=');
            Some(end.map_or((pair, ""), |end| (&pair[..end], &pair[end + 1..])))
        })
    }

    /// The first value under this name, if it is a number.
    pub(super) fn number(self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    /// Whether the first value under this name is `true`.
    pub(super) fn is_true(self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value == "true")
    }
}

/// What comes before and after the first such byte (an ASCII one); nothing after it where there is none.
pub(super) fn split(text: &str, at: u8) -> (&str, Option<&str>) {
    match memchr(at, text.as_bytes()) {
        Some(place) => (&text[..place], Some(&text[place + 1..])),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_parameter_is_found_by_its_raw_and_by_its_encoded_name() {
        assert_eq!(Query("page%5Bsize%5D=7&x=1").number("page[size]"), Some(7));
        assert_eq!(Query("page[size]=7").number("page[size]"), Some(7));
        assert_eq!(Query("ids=501%2C502").get("ids").as_deref(), Some("501,502"));
        assert_eq!(Query("query=type:user+email%3Aa%20b").get("query").as_deref(), Some("type:user email:a b"));
        assert_eq!(Query("").get("a"), None);
    }

    #[test]
    fn a_stray_percent_sign_stays_as_it_is() {
        assert_eq!(decode("100%", true), "100%");
        assert_eq!(decode("%zz%4", false), "%zz%4");
        assert_eq!(decode("a+b", false), "a+b");
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(text in any::<String>()) {
            let mut out = String::new();
            encode(&mut out, &text);
            prop_assert_eq!(decode(&out, true), text.as_str());
        }
    }
}
