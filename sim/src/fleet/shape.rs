//! Which texts are e-mail addresses and phone numbers, and the form in which vendors store them.

use memchr::memchr;

/// Whether a text looks like an e-mail address: something, one `@`, something, no white space.
pub(super) fn is_email(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(at) = memchr(b'@', bytes) else { return false };
    let (user, host) = (&bytes[..at], &bytes[at + 1..]);
    // Without branches, so that it runs over many bytes at once.
    let spaced = bytes.iter().fold(false, |found, &byte| found | (byte <= b' ') | (byte == 0x7f));
    !user.is_empty() && !host.is_empty() && !spaced && memchr(b'@', host).is_none()
}

/// Whether a text is a phone number of 5 to 15 digits, with or without a plus.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// An e-mail address as stored: trimmed, in lower case.
pub(super) fn tidy_email(email: &str) -> String {
    email.trim_ascii().to_ascii_lowercase()
}

/// A phone number as stored: without the signs that people put between digits.
pub(super) fn tidy_phone(phone: &str) -> String {
    let between = |letter: char| matches!(letter, ' ' | '-' | '(' | ')');
    if phone.contains(between) { phone.replace(between, "") } else { phone.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_two_sides_and_no_white_space() {
        assert!(is_email("a@b") && is_email("a.b+c@d.example"));
        assert!(["", "a", "@b", "a@", "a@b@c", "a b@c"].iter().all(|text| !is_email(text)));
    }

    #[test]
    fn a_phone_number_is_digits_once_it_is_tidy() {
        assert_eq!(tidy_phone("+49 (30) 123-45"), "+493012345");
        assert!(is_phone("+493012345") && is_phone("12345"));
        assert!(["", "+", "1234", "+49 30 12345", "1234567890123456"].iter().all(|text| !is_phone(text)));
    }
}
