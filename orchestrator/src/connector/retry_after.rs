//! `Retry-After`: seconds, decimal seconds, or an HTTP date, which counts from the answer's own `date`, so that no clock
//! of ours is asked.

use crate::message::Headers;
use crate::time::Nanos;

/// How long the vendor asks us to wait; `None` where it does not say, or not in a form that anybody documents.
#[must_use]
pub fn retry_after(headers: &Headers) -> Option<Nanos> {
    let value = headers.get("retry-after")?.trim();
    seconds(value).or_else(|| {
        let (until, now) = (unix_seconds(value)?, unix_seconds(headers.get("date")?)?);
        Some(Nanos::secs(until.saturating_sub(now)))
    })
}

/// `2` or `2.5`, rounded up to whole nanoseconds.
fn seconds(text: &str) -> Option<Nanos> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let (kept, rest) = fraction.split_at(fraction.len().min(9));
    let scale = 10_u64.pow(9 - u32::try_from(kept.len()).ok()?);
    let nanos = kept.parse().unwrap_or(0) * scale + u64::from(rest.bytes().any(|digit| digit != b'0'));
    Some(Nanos::secs(whole.parse().unwrap_or(u64::MAX)) + Nanos(nanos))
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The seconds since 1970 of an HTTP date in any of the three forms of RFC 9110.
fn unix_seconds(text: &str) -> Option<u64> {
    let mut words = [""; 6];
    for (place, word) in text.split([' ', ',', '-']).filter(|word| !word.is_empty()).enumerate() {
        *words.get_mut(place)? = word;
    }
    let (day, month, year, time) = match words {
        [_, day, month, year, time, "GMT"] => (day, month, year, time),
        [_, month, day, time, year, ""] => (day, month, year, time),
        _ => return None,
    };
    let mut clock = time.split(':').map(number);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let day = number(day)?;
    if clock.next().is_some() || hour > 23 || minute > 59 || second > 60 || !(1..=31).contains(&day) {
        return None;
    }
    let year = match (year.len(), number(year)?) {
        (2, short @ 70..) => 1900 + short,
        (2, short) => 2000 + short,
        (4, full @ 1970..) => full,
        _ => return None,
    };
    Some(((days_before(year, month)? + day - 1) * 24 + hour) * 3600 + minute * 60 + second)
}

fn number(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 4 || !digits(text) {
        return None;
    }
    text.parse().ok()
}

/// The days from 1 January 1970 to the first of this month.
fn days_before(year: u64, month: &str) -> Option<u64> {
    const MONTHS: [(&str, u64); 12] = [
        ("Jan", 0),
        ("Feb", 31),
        ("Mar", 59),
        ("Apr", 90),
        ("May", 120),
        ("Jun", 151),
        ("Jul", 181),
        ("Aug", 212),
        ("Sep", 243),
        ("Oct", 273),
        ("Nov", 304),
        ("Dec", 334),
    ];
    let index = MONTHS.iter().position(|(name, _)| *name == month)?;
    let leap_days = |years: u64| years / 4 - years / 100 + years / 400;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let this_year = MONTHS[index].1 + u64::from(leap && index > 1);
    Some((year - 1970) * 365 + leap_days(year - 1) - leap_days(1969) + this_year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(lines: &[(&str, &str)]) -> Option<Nanos> {
        let mut headers = Headers::default();
        for (name, value) in lines {
            headers.push(name, value);
        }
        retry_after(&headers)
    }

    #[test]
    fn seconds_may_be_whole_or_decimal() {
        let cases = [
            ("0", 0),
            ("3", 3_000_000_000),
            ("2.0", 2_000_000_000),
            ("2.", 2_000_000_000),
            ("0.25", 250_000_000),
            ("1.0000000001", 1_000_000_001),
            ("99999999999999999999999", u64::MAX),
        ];
        for (value, nanos) in cases {
            assert_eq!(asked(&[("retry-after", value)]), Some(Nanos(nanos)), "{value}");
        }
    }

    #[test]
    fn a_date_counts_from_the_answers_own_date_in_every_form() {
        let now = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        for until in ["Sun, 06 Nov 1994 08:50:00 GMT", "Sunday, 06-Nov-94 08:50:00 GMT", "Sun Nov  6 08:50:00 1994"] {
            assert_eq!(asked(&[("retry-after", until), now]), Some(Nanos::secs(23)), "{until}");
        }
        assert_eq!(asked(&[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"), now]), Some(Nanos::ZERO));
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        assert_eq!(unix_seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(unix_seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(unix_seconds("Fri, 01 Mar 2024 00:00:00 GMT"), Some(1_709_251_200));
        assert_eq!(unix_seconds("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(unix_seconds("Mon, 01 Mar 2100 00:00:00 GMT"), Some(4_107_542_400));
    }

    #[test]
    fn what_nobody_documents_says_nothing() {
        for value in ["", "-1", "1e3", ".5", "soon", "1.2.3", "Sun, 06 Nov 1994 08:50:00 GMT", "Sun, 6 Nov 1994"] {
            assert_eq!(asked(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(asked(&[("date", "Sun, 06 Nov 1994 08:49:37 GMT")]), None);
        assert_eq!(unix_seconds("Sun, 32 Nov 1994 08:50:00 GMT"), None);
        assert_eq!(unix_seconds("Sun, 06 Nov 1969 08:50:00 GMT"), None);
        assert_eq!(unix_seconds("Sun, 06 Nov 1994 24:50:00 GMT"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(value in "[^\r\n]{0,40}", date in "[0-9A-Za-z:, -]{0,40}") {
            let _ = asked(&[("retry-after", &value), ("date", &date)]);
            let _ = asked(&[("retry-after", &date), ("date", &date)]);
        }
    }
}
