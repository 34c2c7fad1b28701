//! Decimal numbers as whole multiples of a power of ten, read without floating point.

/// Why a text is no such number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoDecimal {
    /// It is not written as a number.
    Malformed,
    /// It is below zero.
    Negative,
    /// It has more digits behind the point than count.
    TooFine,
    /// It is beyond 64 bits.
    TooLarge,
}

/// Reads `12`, `0.5` or `.5` as that many units of 10^-`places`.
pub(super) fn decimal(text: &str, places: usize) -> Result<u64, NoDecimal> {
    if let Some(positive) = text.strip_prefix('-') {
        return decimal(positive, places).and(Err(NoDecimal::Negative));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() + fraction.len() == 0 {
        return Err(NoDecimal::Malformed);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places {
        return Err(NoDecimal::TooFine);
    }
    let padding = std::iter::repeat_n(b'0', places - fraction.len());
    whole
        .bytes()
        .chain(fraction.bytes())
        .chain(padding)
        .try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
        .ok_or(NoDecimal::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::{NoDecimal, decimal};

    #[test]
    fn decimals_are_read_exactly() {
        for (text, places, value) in [("5", 0, 5), ("0.05", 6, 50_000), (".5", 1, 5), ("1.50", 1, 15), ("007", 2, 700)]
        {
            assert_eq!(decimal(text, places), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_decimal_says_why() {
        for (text, why) in [
            ("", NoDecimal::Malformed),
            (".", NoDecimal::Malformed),
            ("-", NoDecimal::Malformed),
            ("1e3", NoDecimal::Malformed),
            ("+1", NoDecimal::Malformed),
            ("-0.5", NoDecimal::Negative),
            ("0.1234567", NoDecimal::TooFine),
            ("99999999999999999999", NoDecimal::TooLarge),
        ] {
            assert_eq!(decimal(text, 6), Err(why), "{text}");
        }
    }
}
