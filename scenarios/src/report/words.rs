//! Numbers and times as people read them, and texts as shells read them. Integers only, so that every machine writes the
//! same.

use std::time::Duration;

use sagaproof_sim::clock::Nanos;

/// A number with its thousands set apart.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A length of virtual time, to two or three digits.
pub(super) fn time(length: Nanos) -> String {
    let micros = length.0 / 1_000;
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..100_000_000 => format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10),
        _ => format!("{} s", micros / 1_000_000),
    }
}

/// One thing, or several.
pub(crate) fn count(number_of: u64, one: &str, more: &str) -> String {
    format!("{} {}", number(number_of), if number_of == 1 { one } else { more })
}

/// Why the law leaves something undecided.
pub(super) const TOO_MANY_ORDERS: &str = "too many orders of their operations are possible";

/// So many worlds are neither held nor violated.
pub(super) fn undecided(worlds: u64) -> String {
    format!("{} not decided in full: {TOO_MANY_ORDERS}", count(worlds, "world", "worlds"))
}

/// So many a second.
pub(super) fn rate(number: u64, took: Duration) -> u64 {
    let rate = u128::from(number) * 1_000_000 / took.as_micros().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// A text as one word for a shell.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A text as one word for a shell, quoted only where it must be.
pub(crate) fn argument(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:+,@%=".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quoted(text) }
}

/// What is wrong, in half a line.
pub(super) fn title(checker: &str, diagnosis: Option<&str>, customer: Option<&str>) -> String {
    let diagnosis = diagnosis.map(|diagnosis| format!(" ({diagnosis})")).unwrap_or_default();
    let customer = customer.map(|customer| format!(", customer {customer}")).unwrap_or_default();
    format!("{checker}{diagnosis}{customer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_one_word() {
        assert_eq!(quoted("python3 own.py"), "'python3 own.py'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(["a/b-c.yaml:one", "my dir/a.yaml", ""].map(argument), ["a/b-c.yaml:one", "'my dir/a.yaml'", "''"]);
    }

    #[test]
    fn numbers_and_times_are_readable() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(time(Nanos(1_500)), "1 µs");
        assert_eq!(time(Nanos::millis(120)), "120 ms");
        assert_eq!(time(Nanos::millis(2_150)), "2.1 s");
        assert_eq!(time(Nanos::secs(120)), "120 s");
        assert_eq!(count(1, "world", "worlds"), "1 world");
        assert_eq!(count(2_000, "world", "worlds"), "2,000 worlds");
    }
}
