//! A shift of traffic: how many per cent of the customers come to the candidate, share after share. Who comes to it is the
//! world's business, when it takes the next step the plan's that is walked.

use std::fmt;

/// So many shares a shift has at most.
const MOST: usize = 8;

/// A list of shares in whole per cent, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    shares: [u8; MOST],
    count: u8,
}

impl Shift {
    /// These shares; none where there are none, too many, or more than all.
    #[must_use]
    pub fn of(list: &[u8]) -> Option<Self> {
        if list.is_empty() || list.len() > MOST || list.iter().any(|share| *share > 100) {
            return None;
        }
        let mut shares = [0; MOST];
        shares[..list.len()].copy_from_slice(list);
        Some(Self { shares, count: list.len() as u8 })
    }

    /// Reads shares with commas between them, as `5,25,50,100`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let share = |part: &str| part.trim().trim_end_matches('%').trim_end().parse::<u8>().ok();
        Self::of(&text.split(',').map(share).collect::<Option<Vec<_>>>()?)
    }

    /// The shares.
    #[must_use]
    pub fn shares(&self) -> &[u8] {
        &self.shares[..usize::from(self.count)]
    }

    /// Whether it ends where nobody comes to the candidate any more: a rollback.
    #[must_use]
    pub fn goes_back(&self) -> bool {
        let shares = self.shares();
        shares.len() > 1 && shares.last() == Some(&0)
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, share) in self.shares().iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{share}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_read_as_it_is_written() {
        for text in ["5,25,50,100", "0", "25,0", "1,2,3,4,5,6,7,8"] {
            assert_eq!(Shift::read(text).unwrap().to_string(), text);
        }
        assert_eq!(Shift::read("5%, 25 %"), Shift::of(&[5, 25]));
        for text in ["", "5,", "101", "-1", "five", "1,2,3,4,5,6,7,8,9", "0.5"] {
            assert_eq!(Shift::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_shift_that_ends_with_nobody_goes_back() {
        let goes_back = |list: &[u8]| Shift::of(list).unwrap().goes_back();
        assert!(goes_back(&[5, 25, 0]) && !goes_back(&[0]) && !goes_back(&[0, 5]));
    }
}
