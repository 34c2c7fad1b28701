//! Lengths of real time on the command line: `60s`, `500ms`, `10m`, `2h`.

use std::time::Duration;

use sagaproof_sim::clock::Nanos;

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Reads a whole number and its unit.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let millis = UNITS.into_iter().find(|(name, _)| *name == unit).map(|(_, millis)| millis);
    let length = millis.and_then(|millis| number.parse::<u64>().ok()?.checked_mul(millis));
    length.map(Duration::from_millis).ok_or_else(|| "write a whole number and ms, s, m or h, as `60s`".to_owned())
}

/// A length as worlds count it.
pub(super) fn nanos(length: Duration) -> Nanos {
    Nanos(u64::try_from(length.as_nanos()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_a_whole_number_and_a_unit() {
        assert_eq!(parse("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("2h"), Ok(Duration::from_secs(7_200)));
        for wrong in ["60", "s", "", "1.5s", "-1s", "60 s", "60sec", "99999999999999999999s", "18446744073709551615h"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
