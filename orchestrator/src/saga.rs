//! What every saga needs, whatever it is about: its name, its journal's rows, the join of outcomes, patience, claims.
//! Neither customers nor vendors are known here.

pub mod claim;
pub mod journal;
pub mod outcome;
pub mod retry;

use std::fmt;

use serde::{Deserialize, Serialize};

/// A saga's id: the hub's life in which it began, and its number in that life. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SagaId(pub u64);

impl SagaId {
    /// The nth saga of a life. A life outnumbering 2³² sagas is not foreseen.
    #[must_use]
    pub const fn new(life: u64, n: u32) -> Self {
        Self(life << 32 | n as u64)
    }

    /// The life in which it began.
    #[must_use]
    pub const fn life(self) -> u64 {
        self.0 >> 32
    }

    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (life, n) = text.strip_prefix('s')?.split_once('-')?;
        Some(Self(u64::from(life.parse::<u32>().ok()?) << 32 | u64::from(n.parse::<u32>().ok()?)))
    }

    /// Appends what `Display` writes, without the formatting machinery.
    pub fn write(self, out: &mut String) {
        out.push('s');
        push_number(out, self.0 >> 32);
        out.push('-');
        push_number(out, self.0 & 0xffff_ffff);
    }
}

impl fmt::Display for SagaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(16);
        self.write(&mut text);
        f.write_str(&text)
    }
}

/// Appends a number in decimal.
pub fn push_number(out: &mut String, mut value: u64) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    for digit in &digits[start..] {
        out.push(char::from(*digit));
    }
}

#[cfg(test)]
mod tests {
    use super::SagaId;

    #[test]
    fn an_id_reads_back_what_it_writes() {
        for id in [SagaId::new(1, 1), SagaId::new(7, 4_000_000_000), SagaId::new(0, 0)] {
            assert_eq!(SagaId::parse(&id.to_string()), Some(id));
        }
        assert_eq!(SagaId::parse("s1"), None);
        assert_eq!(SagaId::parse("x1-2"), None);
    }
}
