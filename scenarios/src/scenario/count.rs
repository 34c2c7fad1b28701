//! Counts as written: whole numbers up to a million.

use super::decimal::{NoDecimal, decimal};
use super::read::Wrong;

const MOST: u64 = 1_000_000;

/// Reads a count that may be zero.
pub(super) fn parse(text: &str) -> Result<u32, Wrong> {
    let fix = "write a whole number, at most 1000000";
    match decimal(text, 0) {
        Ok(count @ 0..=MOST) => Ok(count as u32),
        Ok(_) | Err(NoDecimal::TooLarge) => Err(Wrong::new("is too many", fix)),
        Err(NoDecimal::Negative) => Err(Wrong::new("is negative", fix)),
        Err(NoDecimal::TooFine | NoDecimal::Malformed) => Err(Wrong::new("is not a whole number", fix)),
    }
}

/// Reads a count from one.
pub(super) fn positive(text: &str) -> Result<u32, Wrong> {
    match parse(text)? {
        0 => Err(Wrong::new("is zero", "write a whole number from 1")),
        count => Ok(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_numbers() {
        assert_eq!(parse("0"), Ok(0));
        assert_eq!(positive("1000000"), Ok(1_000_000));
    }

    #[test]
    fn what_is_no_count_says_why() {
        for (text, problem) in [
            ("-1", "is negative"),
            ("1.5", "is not a whole number"),
            ("1_000", "is not a whole number"),
            ("many", "is not a whole number"),
            ("1000001", "is too many"),
            ("99999999999999999999", "is too many"),
        ] {
            assert_eq!(parse(text).unwrap_err().problem, problem, "{text}");
        }
        assert_eq!(positive("0").unwrap_err().problem, "is zero");
    }
}
