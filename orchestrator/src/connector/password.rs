//! First passwords for the identity vendor, which wants one with a new user. The body of a create must be the same at
//! every repeat, so the password is a keyed hash of the owner tag: the same each time, and unknown to whoever lacks the
//! client secret. Nobody is told it; people set their own.

use super::credentials::Secret;
use super::http::hex;

/// Derives passwords from a secret.
#[derive(Debug)]
pub(super) struct Passwords {
    key: Secret<[u64; 2]>,
}

impl Passwords {
    /// A source keyed by this secret.
    pub(super) fn new(secret: &str) -> Self {
        let secret = secret.as_bytes();
        Self { key: Secret([0, 1].map(|half| siphash([0, 0], half, secret))) }
    }

    /// The first password of this owner: 128 bits, with a letter of each case, a digit and a sign for policies' sake.
    pub(super) fn of(&self, owner: &str) -> String {
        let mut password = String::with_capacity(36);
        password.push_str("aA1-");
        for half in 0..2 {
            hex(&mut password, siphash(self.key.0, half, owner.as_bytes()), 16);
        }
        password
    }
}

/// SipHash-2-4 of a word and a text.
fn siphash([k0, k1]: [u64; 2], word: u64, text: &[u8]) -> u64 {
    let mut state = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    absorb(&mut state, word);
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        absorb(&mut state, u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    // The length modulo 256, of the word and the text together.
    let length = (text.len() as u64).wrapping_add(8) << 56;
    absorb(&mut state, u64::from_le_bytes(last) | length);
    state[2] ^= 0xff;
    for _ in 0..4 {
        round(&mut state);
    }
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

fn absorb(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    round(state);
    round(state);
    state[0] ^= word;
}

fn round([v0, v1, v2, v3]: &mut [u64; 4]) {
    *v0 = v0.wrapping_add(*v1);
    *v1 = v1.rotate_left(13) ^ *v0;
    *v0 = v0.rotate_left(32);
    *v2 = v2.wrapping_add(*v3);
    *v3 = v3.rotate_left(16) ^ *v2;
    *v0 = v0.wrapping_add(*v3);
    *v3 = v3.rotate_left(21) ^ *v0;
    *v2 = v2.wrapping_add(*v1);
    *v1 = v1.rotate_left(17) ^ *v2;
    *v2 = v2.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference's key `00 01 … 0f`.
    const KEY: [u64; 2] = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908];

    #[test]
    fn the_hash_is_the_one_of_the_reference() {
        // The reference's vectors for the inputs 00 01 02 … of 8 and 15 bytes.
        let input: Vec<u8> = (8..15).collect();
        assert_eq!(siphash(KEY, 0x0706_0504_0302_0100, &[]), 0x93f5_f579_9a93_2462);
        assert_eq!(siphash(KEY, 0x0706_0504_0302_0100, &input), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn a_password_is_stable_and_differs_by_owner_and_by_secret() {
        let passwords = Passwords::new("secret");
        assert_eq!(passwords.of("C001/s17"), passwords.of("C001/s17"));
        assert_ne!(passwords.of("C001/s17"), passwords.of("C001/s18"));
        assert_ne!(passwords.of("C001/s17"), Passwords::new("another").of("C001/s17"));
        assert_eq!(passwords.of("C001/s17").len(), 36);
    }
}
