//! Parts of a run, for several machines: `K/N` is the K-th of N parts.
//!
//! A part is a block of seeds that follow one another. Worlds of one scenario cost alike whatever their seeds, so blocks
//! are as even as any other split; and the worlds that run twice, one seed in 64, are spread over all of them, whereas
//! by remainder they might all fall to one.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// The K-th of N parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    number: u64,
    of: u64,
}

impl Partition {
    /// The part of this number, from 1, of so many; `None` where there is no such part.
    #[must_use]
    pub const fn new(number: u64, of: u64) -> Option<Self> {
        if number >= 1 && number <= of { Some(Self { number, of }) } else { None }
    }

    /// Its number, from 1.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.number
    }

    /// How many parts there are.
    #[must_use]
    pub const fn of(self) -> u64 {
        self.of
    }

    /// The seeds of these that are its own.
    #[must_use]
    pub fn block(self, seeds: Range<u64>) -> Range<u64> {
        let count = u128::from(seeds.end.saturating_sub(seeds.start));
        let before = |parts: u64| seeds.start + (count * u128::from(parts) / u128::from(self.of)) as u64;
        before(self.number - 1)..before(self.number)
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Partition {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(number, of)| Self::new(number.parse().ok()?, of.parse().ok()?));
        parts.ok_or("write K/N, the K-th of N parts, K from 1 to N, as `1/4`")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_part_is_one_of_so_many() {
        assert_eq!("2/4".parse(), Ok(Partition { number: 2, of: 4 }));
        assert_eq!("1/1".parse::<Partition>().unwrap().to_string(), "1/1");
        for wrong in ["", "1", "0/4", "5/4", "1/0", "-1/4", "1/4/4", "a/b", " 1/4", "1/99999999999999999999"] {
            assert!(wrong.parse::<Partition>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn the_blocks_of_all_parts_are_the_seeds_once_and_even(from in any::<u32>(), count in 0_u64..500, of in 1_u64..70) {
            let seeds = u64::from(from)..u64::from(from) + count;
            let blocks: Vec<_> = (1..=of).map(|k| Partition::new(k, of).unwrap().block(seeds.clone())).collect();
            prop_assert!(blocks.iter().cloned().flatten().eq(seeds));
            prop_assert!(blocks.iter().all(|block| (block.end - block.start).abs_diff(count / of) <= 1));
        }

        #[test]
        fn no_seeds_are_too_many(from in any::<u64>(), to in any::<u64>(), of in 1_u64..) {
            let seeds = from.min(to)..from.max(to);
            prop_assert_eq!(Partition { number: 1, of }.block(seeds.clone()).start, seeds.start);
            prop_assert_eq!(Partition { number: of, of }.block(seeds.clone()).end, seeds.end);
        }
    }
}
