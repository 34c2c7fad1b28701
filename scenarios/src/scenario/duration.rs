//! Durations as written: a number and its unit, `250ms`, `1.5s`, `24h`. At most 1000 hours.

use sagaproof_sim::clock::Nanos;

use super::decimal::{NoDecimal, decimal};
use super::read::Wrong;

/// The units and how many nanoseconds each has, as a power of ten behind a small factor.
const UNITS: [(&str, u64, usize); 6] =
    [("ns", 1, 0), ("us", 1, 3), ("ms", 1, 6), ("s", 1, 9), ("m", 60, 9), ("h", 3600, 9)];

/// The longest duration.
const MOST: Nanos = Nanos::secs(1000 * 3600);

/// Reads a duration.
pub(super) fn parse(text: &str) -> Result<Nanos, Wrong> {
    let fix = "write a number and a unit (ns, us, ms, s, m, h), as `250ms` or `1.5s`";
    let split = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-')).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    if unit.is_empty() && decimal(number, 9).is_ok() {
        return Err(Wrong::new("has no unit", format!("did you mean `{number}s` or `{number}ms`? {fix}")));
    }
    if unit.contains(|c: char| c == '.' || c.is_ascii_digit()) {
        return Err(Wrong::new("is not a duration", fix));
    }
    let Some((_, factor, places)) = UNITS.into_iter().find(|(name, ..)| *name == unit.trim_start()) else {
        return Err(match decimal(number, 9) {
            Err(NoDecimal::Malformed) => Wrong::new("is not a duration", fix),
            _ => Wrong::new("has a wrong unit", fix),
        });
    };
    match decimal(number, places) {
        Ok(units) => match units.checked_mul(factor).map(Nanos) {
            Some(span) if span <= MOST => Ok(span),
            _ => Err(too_long()),
        },
        Err(NoDecimal::Malformed) => Err(Wrong::new("is not a duration", fix)),
        Err(NoDecimal::Negative) => Err(Wrong::new("is negative", "durations are zero or more")),
        Err(NoDecimal::TooFine) => Err(Wrong::new("is finer than a nanosecond", fix)),
        Err(NoDecimal::TooLarge) => Err(too_long()),
    }
}

/// Reads a duration that is not zero.
pub(super) fn positive(text: &str) -> Result<Nanos, Wrong> {
    match parse(text)? {
        Nanos::ZERO => Err(Wrong::new("is zero", "it must last, as `250ms`")),
        span => Ok(span),
    }
}

/// A duration as one writes it: in the largest unit that it is a whole number of.
pub(super) fn written(span: Nanos) -> String {
    let mut units = UNITS.into_iter().rev().map(|(name, factor, places)| (name, factor * 10_u64.pow(places as u32)));
    let largest = units.find(|(_, unit)| span.0.is_multiple_of(*unit));
    largest.map_or_else(String::new, |(name, unit)| format!("{}{name}", span.0 / unit))
}

fn too_long() -> Wrong {
    Wrong::new("is too long", "a duration is at most 1000h")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, nanos) in [
            ("0s", 0),
            ("7ns", 7),
            ("3us", 3_000),
            ("250ms", 250_000_000),
            ("1.5s", 1_500_000_000),
            ("1 m", 60_000_000_000),
            ("0.5h", 1_800_000_000_000),
        ] {
            assert_eq!(parse(text), Ok(Nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_why() {
        for (text, problem) in [
            ("5", "has no unit"),
            ("5 sec", "has a wrong unit"),
            ("5S", "has a wrong unit"),
            ("-5s", "is negative"),
            ("s", "is not a duration"),
            ("", "is not a duration"),
            ("soon", "is not a duration"),
            ("1..2s", "is not a duration"),
            ("0.5ns", "is finer than a nanosecond"),
            ("1001h", "is too long"),
            ("99999999999999999999h", "is too long"),
        ] {
            assert_eq!(parse(text).unwrap_err().problem, problem, "{text}");
        }
        assert_eq!(positive("0ms").unwrap_err().problem, "is zero");
    }

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        for text in ["7ns", "41ms", "1200ms", "1s", "90s", "2m", "1h"] {
            assert_eq!(written(parse(text).unwrap()), text);
        }
    }

    #[test]
    fn a_missing_unit_is_offered() {
        assert!(parse("5").unwrap_err().fix.starts_with("did you mean `5s` or `5ms`?"));
    }
}
