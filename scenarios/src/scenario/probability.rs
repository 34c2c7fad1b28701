//! Probabilities as written: per cent (`5%`) or a fraction of one (`0.05`), no finer than one in a million.

use sagaproof_sim::chaos::rule::Odds;

use super::decimal::{NoDecimal, decimal};
use super::read::Wrong;

/// Reads a probability.
pub(super) fn parse(text: &str) -> Result<Odds, Wrong> {
    let fix = "write per cent or a fraction of one, as `5%` or `0.05`";
    let (number, places) = text.strip_suffix('%').map_or((text, 6), |number| (number.trim_end(), 4));
    match decimal(number, places) {
        Ok(ppm @ 0..=1_000_000) => Ok(Odds::ppm(ppm as u32)),
        Ok(_) if places == 6 && decimal(number, 4).is_ok_and(|per_cent| per_cent <= 1_000_000) => {
            Err(Wrong::new("is over 1", format!("did you mean `{number}%`? {fix}")))
        }
        Ok(_) | Err(NoDecimal::TooLarge) => {
            Err(Wrong::new("is over 1", format!("nothing happens more often than always; {fix}")))
        }
        Err(NoDecimal::Negative) => {
            Err(Wrong::new("is negative", format!("nothing happens less often than never; {fix}")))
        }
        Err(NoDecimal::TooFine) => Err(Wrong::new("is finer than one in a million", fix)),
        Err(NoDecimal::Malformed) => Err(Wrong::new("is not a probability", fix)),
    }
}

/// Reads a probability above zero, for what would otherwise better be left out.
pub(super) fn positive(text: &str) -> Result<Odds, Wrong> {
    match parse(text)? {
        Odds::NEVER => Err(Wrong::new("is never", "leave it out, or write more, as `5%`")),
        odds => Ok(odds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_per_cent_or_fractions() {
        for (text, ppm) in [("5%", 50_000), ("0.05", 50_000), ("12.5 %", 125_000), ("0", 0), ("0.000001", 1)] {
            assert_eq!(parse(text), Ok(Odds::ppm(ppm)), "{text}");
        }
        assert_eq!(parse("100%"), Ok(Odds::ALWAYS));
        assert_eq!(parse("1"), Ok(Odds::ALWAYS));
    }

    #[test]
    fn what_is_no_probability_says_why() {
        for (text, problem) in [
            ("-5%", "is negative"),
            ("-0.1", "is negative"),
            ("101%", "is over 1"),
            ("1.5", "is over 1"),
            ("99999999999999999999", "is over 1"),
            ("often", "is not a probability"),
            ("", "is not a probability"),
            ("%", "is not a probability"),
            ("5%%", "is not a probability"),
            ("0.0000001", "is finer than one in a million"),
        ] {
            assert_eq!(parse(text).unwrap_err().problem, problem, "{text}");
        }
        assert_eq!(positive("0%").unwrap_err().problem, "is never");
    }

    #[test]
    fn a_forgotten_per_cent_sign_is_offered() {
        assert!(parse("5").unwrap_err().fix.starts_with("did you mean `5%`?"));
    }
}
