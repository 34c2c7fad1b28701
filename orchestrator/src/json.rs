//! JSON as the hub writes and reads it: bodies and rows written straight into bytes, answers scanned once with their
//! texts borrowed. Both are on the path of every call, hence no general library. Neither knows a vendor or a saga.

mod scan;
mod write;

pub(crate) use self::scan::{Leaf, Scanner, Text, whole};
pub(crate) use self::write::{Writer, body, write};

/// Where the first byte is that does not stand for itself in a JSON string; the end if there is none. Looks at eight
/// bytes at a time, as one word.
#[inline]
fn plain_until(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        let marks = specials(u64::from_le_bytes(*word));
        if marks != 0 {
            return bytes.len() - rest.len() + marks.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    plain_to_the_end(bytes, rest)
}

/// The same for what is left when the words have run out. Apart, so that the loop over words needs few registers.
#[inline(never)]
fn plain_to_the_end(bytes: &[u8], rest: &[u8]) -> usize {
    // Together with bytes that were looked at before, the rest is one more word.
    let Some(word) = bytes.last_chunk::<8>() else {
        return rest.iter().position(|byte| special(*byte)).unwrap_or(bytes.len());
    };
    match specials(u64::from_le_bytes(*word)) {
        0 => bytes.len(),
        marks => bytes.len() - 8 + marks.trailing_zeros() as usize / 8,
    }
}

/// Marks the bytes of a word that are special by their highest bits; the lowest mark is right, and only that one
/// (the trick for a zero byte in a word, Mycroft 1987). A quote is found with the control characters: to flip one bit
/// turns it into a blank, and these into one another (Lemire 2025).
const fn specials(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let low_or_quote = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    (low_or_quote | backslash) & !word & HIGH
}

/// Whether the byte is a quote, a backslash or a control character.
const fn special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_bytes_end_at_the_first_special_one(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let special = bytes.iter().position(|byte| special(*byte));
            prop_assert_eq!(plain_until(&bytes), special.unwrap_or(bytes.len()));
        }
    }
}
