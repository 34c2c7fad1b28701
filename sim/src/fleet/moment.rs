//! Moments as queries and filters write them: a day, a minute, a second or a fraction of one. All of it is meant: a day is
//! from its first moment to its last.

use std::cmp::Ordering;

use crate::clock::Stamp;

/// What a written moment covers, in nanoseconds after the worlds' beginning; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    from: i128,
    until: i128,
}

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

impl Span {
    /// Reads `2026-01-31`, with or without a time of day, a fraction of a second and an offset.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once(['T', 't', ' ']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let day = day_of(date)? * DAY;
        let Some(time) = time else { return Some(Self { from: day, until: day + DAY }) };
        let (time, offset) = split_offset(time)?;
        let (from, length) = time_of(time)?;
        let from = day + from - offset;
        Some(Self { from, until: from + length })
    }

    /// Its first second, from the worlds' beginning; before that it is negative.
    pub(super) const fn first_second(self) -> i64 {
        self.from.div_euclid(SECOND) as i64
    }

    /// Where a moment lies: before it, in it, or after it.
    pub(super) fn order_of(self, moment: Stamp) -> Ordering {
        let at = i128::from(moment.0);
        if at < self.from {
            Ordering::Less
        } else if at < self.until {
            Ordering::Equal
        } else {
            Ordering::Greater
        }
    }
}

/// So many digits as a number.
fn digits(text: &str, count: usize) -> Option<i128> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The days from the worlds' first one, in their calendar, which knows no leap days (see [`Stamp::write_rfc3339`]).
fn day_of(date: &str) -> Option<i128> {
    const BEFORE: [i128; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let (before, after) = (BEFORE.get(usize::try_from(month - 1).ok()?)?, BEFORE.get(usize::try_from(month).ok()?)?);
    // People write the 29th of February, too: here it is the 1st of March.
    let last = if month == 2 { 29 } else { after - before };
    (1..=last).contains(&day).then_some((year - 2026) * 365 + before + day - 1)
}

/// A time of day, and how long what it says lasts.
fn time_of(time: &str) -> Option<(i128, i128)> {
    let (clock, fraction) = match time.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (time, None),
    };
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = parts.next().map(|second| digits(second, 2)).map_or(Some(None), |second| second.map(Some))?;
    if hour > 23 || minute > 59 || second.is_some_and(|second| second > 59) || (second.is_none() && fraction.is_some())
    {
        return None;
    }
    let whole = (hour * 3600 + minute * 60 + second.unwrap_or(0)) * SECOND;
    match fraction {
        Some(fraction) if (1..=9).contains(&fraction.len()) => {
            let unit = 10_i128.pow(9 - fraction.len() as u32);
            Some((whole + digits(fraction, fraction.len())? * unit, unit))
        }
        Some(_) => None,
        None => Some((whole, if second.is_some() { SECOND } else { 60 * SECOND })),
    }
}

/// A time of day without its offset from UTC, and the offset. A plus that was not encoded has become a blank.
fn split_offset(time: &str) -> Option<(&str, i128)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(place) = time.rfind(['+', '-', ' ']) else { return Some((time, 0)) };
    let (hours, minutes) = time[place + 1..].split_once(':').or_else(|| time[place + 1..].split_at_checked(2))?;
    let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2)? };
    let offset = (digits(hours, 2)? * 3600 + minutes * 60) * SECOND;
    Some((&time[..place], if time[place..].starts_with('-') { -offset } else { offset }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        Span::read(text).map(Span::first_second)
    }

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        for at in [0, 59, 86_399, 86_400, 31_535_999, 31_536_000, 2_000_000_000] {
            let mut out = Vec::new();
            Stamp(at * 1_000_000_000).write_rfc3339(&mut out);
            assert_eq!(seconds(std::str::from_utf8(&out).unwrap()), Some(at as i64));
        }
    }

    #[test]
    fn a_moment_may_be_short_or_have_an_offset() {
        for (text, at) in [
            ("2026-01-01", 0),
            ("2026-01-02T00:00", 86_400),
            ("2026-01-01T02:00:00+01:00", 3600),
            ("2026-01-01T02:00:00 01:00", 3600),
            ("2026-01-01 02:00:00.500-0130", 12_600),
            ("2025-12-31T23:59:59Z", -1),
        ] {
            assert_eq!(seconds(text), Some(at), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-01-01X",
            "2026-01-01T",
            "2026-01-01T1",
            "2026-01-01T10:00:00+",
            "yesterday!",
            "2026-01-01T99:00",
            "20261-1-01",
            "2026-01-01Té",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
