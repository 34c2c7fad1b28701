//! What every dialect shares about requests: targets, headers, percent-encoding, basic authentication, UUIDs. Bodies
//! are written in `json`, answers are judged in `answer`.

use super::Ask;
use crate::message::{Headers, Method, Request};

/// Room for the headers of a usual request, in bytes.
const HEADERS: usize = 512;

/// A piece of a request's target.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece<'a> {
    /// Written as it is.
    Plain(&'a str),
    /// Percent-encoded, all but the unreserved characters.
    Encoded(&'a str),
}

/// A target of these pieces.
pub(super) fn target(pieces: &[Piece<'_>]) -> String {
    let length = pieces.iter().map(|piece| match piece {
        Piece::Plain(text) => text.len(),
        Piece::Encoded(text) => text.len() + 8,
    });
    let mut target = String::with_capacity(length.sum());
    for piece in pieces {
        match piece {
            Piece::Plain(text) => target.push_str(text),
            Piece::Encoded(text) => encode(&mut target, text),
        }
    }
    target
}

/// Appends the text percent-encoded; only RFC 3986's unreserved characters stand for themselves.
pub(super) fn encode(into: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.push(char::from(HEX[usize::from(byte >> 4)]));
            into.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// The header names by which dialects differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manners {
    /// The header that bears the credentials.
    pub(super) login: &'static str,
    /// The scheme before them, with its blank.
    pub(super) scheme: &'static str,
    /// The header that bears the idempotency key.
    pub(super) key: &'static str,
}

impl Manners {
    /// A request in this dialect with a JSON body, or none where it is empty.
    pub(super) fn request(self, ask: &Ask<'_>, secret: &str, method: Method, target: String, body: Vec<u8>) -> Request {
        let mut headers = Headers(String::with_capacity(HEADERS));
        headers.push_parts(self.login, &[self.scheme, secret]);
        if !body.is_empty() {
            headers.push("content-type", "application/json");
        }
        trace(&mut headers, ask);
        if ask.operation.mutating() && !ask.key.is_empty() {
            headers.push(self.key, ask.key);
        }
        Request { method, target, headers, body }
    }
}

/// Appends what ties a call to its saga.
pub(super) fn trace(headers: &mut Headers, ask: &Ask<'_>) {
    headers.push("x-correlation-id", ask.correlation);
    headers.push("traceparent", ask.traceparent);
}

/// What is sent for an operation that the dialect does not know: a read of nothing, without credentials. The engine
/// never asks for it, as no connector proposes it.
pub(super) fn unsupported() -> Request {
    Request { method: Method::Get, target: "/".to_owned(), headers: Headers::default(), body: Vec::new() }
}

/// The credentials of basic authentication (RFC 7617), without the scheme.
pub(super) fn basic(user: &str, password: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let plain = [user.as_bytes(), b":", password.as_bytes()].concat();
    let mut encoded = String::with_capacity(plain.len().div_ceil(3) * 4);
    for chunk in plain.chunks(3) {
        let bits = chunk.iter().enumerate().fold(0, |bits, (i, byte)| bits | usize::from(*byte) << (16 - 8 * i));
        for i in 0..4 {
            encoded.push(if i <= chunk.len() { char::from(ALPHABET[bits >> (18 - 6 * i) & 63]) } else { '=' });
        }
    }
    encoded
}

/// A 64-bit key in the form of a UUID, for vendors that insist on one. Distinct keys give distinct UUIDs. It says
/// version 4, as some validators know no later one.
#[must_use]
pub fn uuid(key: u64) -> String {
    let (high, low) = (mixed(key), mixed(!key));
    // The version takes the place of four bits of the first half, which move into the second.
    let displaced = high >> 12 & 0xf;
    let (high, low) = (high & !0xf000 | 0x4000, (low << 4 | displaced) & !(3 << 62) | 1 << 63);
    let mut text = String::with_capacity(36);
    for (group, digits) in [(high >> 32, 8), (high >> 16, 4), (high, 4), (low >> 48, 4), (low, 12)] {
        if !text.is_empty() {
            text.push('-');
        }
        hex(&mut text, group, digits);
    }
    text
}

/// Appends so many of the lowest hexadecimal digits.
pub(super) fn hex(into: &mut String, word: u64, digits: u32) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for digit in (0..digits).rev() {
        into.push(char::from(HEX[(word >> (4 * digit)) as usize & 15]));
    }
}

/// A bijection that spreads a key over all bits (the finaliser of SplitMix64).
const fn mixed(key: u64) -> u64 {
    let key = (key ^ key >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ key >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ key >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_target_encodes_all_but_the_unreserved() {
        let pieces = [Piece::Plain("/a?b="), Piece::Encoded("Zz09-._~ +@/:|é")];
        assert_eq!(target(&pieces), "/a?b=Zz09-._~%20%2B%40%2F%3A%7C%C3%A9");
    }

    #[test]
    fn basic_credentials_are_padded_as_the_rfc_shows() {
        assert_eq!(basic("Aladdin", "open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(basic("test", "123£"), "dGVzdDoxMjPCow==");
        assert_eq!(basic("a", "b"), "YTpi");
        assert_eq!(basic("a", "bc"), "YTpiYw==");
    }

    #[test]
    fn a_uuid_has_its_form_and_its_version() {
        for key in [0, 1, 42, u64::MAX] {
            let text = uuid(key);
            let groups: Vec<usize> = text.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{text}");
            assert!(text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit() && !b.is_ascii_uppercase()), "{text}");
            assert_eq!(text.as_bytes()[14], b'4', "{text}");
            assert!(b"89ab".contains(&text.as_bytes()[19]), "{text}");
        }
    }

    #[test]
    fn distinct_keys_give_distinct_uuids() {
        let keys = (0..10_000).chain((0..64).map(|bit| 1 << bit).filter(|key| *key >= 10_000));
        let all: Vec<String> = keys.map(uuid).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
