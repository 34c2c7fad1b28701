//! Whom a request is about, read off its body by a cheap scan instead of a parse.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::chaos::point::Subject;

/// Finds the key of an e-mail.
static EMAIL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(r#""email""#));
/// Finds the key of a recipient.
static RECIPIENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(r#""to""#));

/// The subject named by the first e-mail, wherever in the body it stands.
pub(super) fn of_email(body: &[u8]) -> Subject {
    under(&EMAIL, body)
}

/// The subject named by the first recipient, wherever in the body it stands.
pub(super) fn of_recipient(body: &[u8]) -> Subject {
    under(&RECIPIENT, body)
}

fn under(key: &Finder<'_>, body: &[u8]) -> Subject {
    let mut places = key.find_iter(body).map(|place| &body[place + key.needle().len()..]);
    places.find_map(text_value).map_or(Subject::NONE, Subject::of)
}

/// The text after a colon, its escapes left as they are.
fn text_value(after_key: &[u8]) -> Option<&[u8]> {
    let value = after_key.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = value.iter().position(|&byte| byte == b'"')?;
    Some(&value[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_under_a_key_is_found() {
        let about = |body: &str| of_email(body.as_bytes());
        assert_eq!(about(r#"{"user":{"name":"email","email" : "A@b"}}"#), Subject::of(b"a@b"));
        assert_eq!(about(r#"{"type":"email","value":"x","email":"c@d"}"#), Subject::of(b"c@d"));
        for body in ["", "{}", r#"{"email":null}"#, r#"{"email":"a"#, "\"email\""] {
            assert_eq!(about(body), Subject::NONE, "{body}");
        }
    }
}
