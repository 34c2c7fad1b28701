//! JSON as the hub writes and reads it: bodies and rows written straight into bytes, answers scanned once with their
//! texts borrowed. Both are on the path of every call, hence no general library. Neither knows a vendor or a saga.

mod scan;
mod write;

pub(crate) use self::scan::{Leaf, Scanner, Text, whole};
pub(crate) use self::write::{Part, body, write};

/// Where, from `at` on, the first byte is that does not stand for itself in a JSON string; the end if there is none.
/// Looks at sixteen bytes at a time, in a form that compilers turn into vector instructions.
fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        let marks = block.map(|byte| if special(byte) { 0xff } else { 0 });
        let plain = u128::from_le_bytes(marks).trailing_zeros() as usize / 8;
        at += plain;
        if plain < block.len() {
            return at;
        }
    }
    while bytes.get(at).is_some_and(|byte| !special(*byte)) {
        at += 1;
    }
    at
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
        fn plain_bytes_end_at_the_first_special_one(bytes in prop::collection::vec(any::<u8>(), 0..40), at in 0_usize..40) {
            let at = at.min(bytes.len());
            let special = bytes[at..].iter().position(|byte| special(*byte));
            prop_assert_eq!(plain_until(&bytes, at), special.map_or(bytes.len(), |past| at + past));
        }
    }
}
