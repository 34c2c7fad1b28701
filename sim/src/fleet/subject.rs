//! Whom a request is about, read off its body by a cheap scan instead of a parse.

use memchr::memchr;

use crate::chaos::point::Subject;

/// The subject named by the first text under this key, wherever in the body it stands. `key` includes its quotes.
pub(super) fn of_body(body: &[u8], key: &[u8]) -> Subject {
    text_under(body, key).map_or(Subject::NONE, Subject::of)
}

fn text_under<'a>(body: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut rest = body;
    loop {
        let quote = memchr(b'"', rest)?;
        rest = &rest[quote..];
        match rest.strip_prefix(key).and_then(text_value) {
            Some(text) => return Some(text),
            None => rest = &rest[1..],
        }
    }
}

/// The text after a colon, its escapes left as they are.
fn text_value(after_key: &[u8]) -> Option<&[u8]> {
    let value = after_key.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = memchr(b'"', value)?;
    Some(&value[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_under_a_key_is_found() {
        let about = |body: &str| of_body(body.as_bytes(), b"\"email\"");
        assert_eq!(about(r#"{"user":{"name":"email","email" : "A@b"}}"#), Subject::of(b"a@b"));
        assert_eq!(about(r#"{"type":"email","value":"x","email":"c@d"}"#), Subject::of(b"c@d"));
        for body in ["", "{}", r#"{"email":null}"#, r#"{"email":"a"#, "\"email\""] {
            assert_eq!(about(body), Subject::NONE, "{body}");
        }
    }
}
