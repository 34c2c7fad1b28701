//! How often each point was met: the `nth` of points. An open-addressed table of hashed keys, never iterated in an
//! order that could matter, so that counting costs a few instructions and a fresh world nothing.

use crate::chaos::point::mix;

/// Counts by hashed key.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    /// A power of two in number; a count of 0 marks a free place.
    places: Vec<(u64, u32)>,
    used: usize,
}

/// Enough for a small saga, and quickly cleared.
const SMALLEST: usize = 64;

impl Default for Tally {
    fn default() -> Self {
        Self { places: vec![(0, 0); SMALLEST], used: 0 }
    }
}

impl Tally {
    /// How often this key was counted before; counts it. After 65,536 times it begins again at 0.
    pub(crate) fn next(&mut self, key: u64) -> u16 {
        if self.used * 2 >= self.places.len() {
            self.grow();
        }
        let place = self.place(key);
        let (held, count) = &mut self.places[place];
        if *count == 0 {
            *held = key;
            self.used += 1;
        }
        *count = count.wrapping_add(1).max(1);
        (*count - 1) as u16
    }

    /// A digest of all counts, whatever their order.
    pub(crate) fn digest(&self) -> u64 {
        let counted = self.places.iter().filter(|(_, count)| *count > 0);
        counted.fold(0, |sum, &(key, count)| sum.wrapping_add(mix(key ^ mix(u64::from(count)))))
    }

    /// Forgets everything. A table that grew large is given back, so that the next small world is cheap.
    pub(crate) fn clear(&mut self) {
        self.used = 0;
        self.places.clear();
        self.places.resize(SMALLEST, (0, 0));
    }

    fn place(&self, key: u64) -> usize {
        let last = self.places.len() - 1;
        let mut place = key as usize & last;
        while self.places[place].1 != 0 && self.places[place].0 != key {
            place = (place + 1) & last;
        }
        place
    }

    fn grow(&mut self) {
        let doubled = vec![(0, 0); self.places.len() * 2];
        for entry in std::mem::replace(&mut self.places, doubled) {
            if entry.1 > 0 {
                let place = self.place(entry.0);
                self.places[place] = entry;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_counted_from_zero_also_when_the_table_grows() {
        let mut tally = Tally::default();
        for round in 0..3 {
            for key in 0..1000 {
                assert_eq!(tally.next(mix(key)), round);
            }
        }
    }

    #[test]
    fn the_digest_does_not_depend_on_the_order_of_counting() {
        let (mut one, mut other) = (Tally::default(), Tally::default());
        for key in [1, 65, 129, 1] {
            one.next(key);
        }
        for key in [129, 1, 1, 65] {
            other.next(key);
        }
        assert_eq!(one.digest(), other.digest());
        one.next(65);
        assert_ne!(one.digest(), other.digest());
    }

    #[test]
    fn a_cleared_tally_counts_anew() {
        let mut tally = Tally::default();
        tally.next(7);
        tally.clear();
        assert_eq!(tally.next(7), 0);
    }
}
