//! Reading moments out of filters: RFC 3339, or a part of it from the left. Years are those of [`Stamp`], without leap
//! days.

use crate::clock::Stamp;

/// Days before each month.
const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// A moment in seconds since worlds begin; before that it is negative. A text without a time of day is the day's first
/// moment, without an offset it is in UTC. In queries a plus that was not encoded has become a space.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_at_checked(10)?;
    let mut parts = date.split('-').map(number);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let before = BEFORE.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    let days = (year - 2026) * 365 + before + day - 1;
    if parts.next().is_some() || !(1..=31).contains(&day) {
        return None;
    }
    Some(days * 86_400 + if time.is_empty() { 0 } else { time_of_day(time)? })
}

/// `T10:00`, `T10:00:00`, either with `Z` or an offset, the seconds with a fraction or without.
fn time_of_day(text: &str) -> Option<i64> {
    let text = text.strip_prefix(['T', 't', ' '])?;
    let end = text.find(['Z', 'z', '+', '-', ' ']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(end);
    let clock = clock.split('.').next()?;
    let mut parts = clock.split(':').map(number);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() || hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    Some(hour * 3600 + minute * 60 + second - offset(zone)?)
}

fn offset(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => return Some(0),
        Some(("+" | " ", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        Some(_) => return None,
    };
    let (hours, minutes) = rest.split_once(':').or_else(|| rest.split_at_checked(2))?;
    let minutes = if minutes.is_empty() { 0 } else { number(minutes)? };
    Some(sign * (number(hours)? * 3600 + minutes * 60))
}

fn number(text: &str) -> Option<i64> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// A span of time, both ends of it within; either may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub(super) from: Option<i64>,
    pub(super) until: Option<i64>,
}

impl Span {
    /// Whether a stamp lies within, in the seconds that callers are shown.
    pub(super) fn holds(self, stamp: Stamp) -> bool {
        let at = (stamp.0 / 1_000_000_000) as i64;
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
