//! Virtual time: `Instant` decides, `Stamp` is only shown, `Nanos` is a length of time.
//! No clock is read here or anywhere in this crate; `now` is always an argument.

use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// When worlds begin, in Unix seconds: 2026-01-01T00:00:00Z.
pub(crate) const UNIX_START: u64 = 1_767_225_600;

/// A length of virtual time, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nanos(pub u64);

impl Nanos {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many microseconds.
    #[must_use]
    pub const fn micros(n: u64) -> Self {
        Self(n.saturating_mul(1_000))
    }

    /// So many milliseconds.
    #[must_use]
    pub const fn millis(n: u64) -> Self {
        Self(n.saturating_mul(1_000_000))
    }

    /// So many seconds.
    #[must_use]
    pub const fn secs(n: u64) -> Self {
        Self(n.saturating_mul(1_000_000_000))
    }

    /// This length, `n` times over; saturates.
    #[must_use]
    pub const fn times(self, n: u64) -> Self {
        Self(self.0.saturating_mul(n))
    }
}

impl Add for Nanos {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Nanos {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// A moment of virtual time that may decide something: nanoseconds since the world began.
///
/// In a fingerprint it counts as its distance from now, never as its absolute value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub u64);

impl Instant {
    /// When every world begins.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(u64::MAX);

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Nanos {
        Nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Nanos> for Instant {
    type Output = Self;
    fn add(self, span: Nanos) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

/// A moment that is only shown (`created_at`, audit): decides nothing, counts as nothing in a fingerprint.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stamp(pub u64);

impl Stamp {
    /// The stamp that a vendor would write at this moment of the world.
    #[must_use]
    pub const fn at(now: Instant) -> Self {
        Self(now.0)
    }

    /// Appends the stamp as RFC 3339 in UTC; worlds begin at 2026-01-01T00:00:00Z.
    pub fn write_rfc3339(self, out: &mut Vec<u8>) {
        const DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let seconds = self.0 / 1_000_000_000;
        let mut day = (seconds / 86_400) % 365;
        let year = 2026 + seconds / 86_400 / 365;
        let mut month = 0;
        while day >= DAYS[month] {
            day -= DAYS[month];
            month += 1;
        }
        let clock = seconds % 86_400;
        let pairs =
            [year / 100 % 100, year % 100, month as u64 + 1, day + 1, clock / 3600, clock / 60 % 60, clock % 60];
        let mut text = *b"yyyy-mm-ddThh:mm:ssZ";
        for (at, value) in [0, 2, 5, 8, 11, 14, 17].into_iter().zip(pairs) {
            text[at] = b'0' + (value / 10) as u8;
            text[at + 1] = b'0' + (value % 10) as u8;
        }
        out.extend_from_slice(&text);
    }
}
