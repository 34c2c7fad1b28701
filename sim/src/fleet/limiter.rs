//! The vendors' rate limits, in integer arithmetic on nanoseconds. Which headers tell of them stands with each dialect.

use super::Fingerprint;
use crate::clock::{Instant, Nanos};

/// A bucket: so many requests at once, refilled at a steady rate.
///
/// The leaky bucket as a meter and the token bucket are mirror images of each other, so this is both: kept is only
/// when the bucket would be idle again (the generic cell rate algorithm of ITU-T I.371).
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    /// What one request adds to the wait; zero: there is no limit.
    each: Nanos,
    size: u32,
    idle_at: Instant,
    spent_until: Instant,
}

impl Bucket {
    /// A bucket of this size that `per_second` requests a second drain. Neither may be 0.
    pub(super) const fn new(size: u32, per_second: u32, on: bool) -> Self {
        let each = if on { Nanos(1_000_000_000 / per_second as u64) } else { Nanos::ZERO };
        Self { each, size, idle_at: Instant::ZERO, spent_until: Instant::ZERO }
    }

    /// Takes one request in, or tells how long to wait.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Nanos> {
        self.take_many(now, 1)
    }

    /// Takes in what counts as so many requests, or tells how long to wait.
    pub(super) fn take_many(&mut self, now: Instant, count: u32) -> Result<(), Nanos> {
        if now < self.spent_until {
            return Err(self.spent_until.since(now));
        }
        let filled = self.idle_at.since(now) + self.each.times(u64::from(count));
        let room = self.each.times(u64::from(self.size));
        if filled > room {
            return Err(filled - room);
        }
        self.idle_at = now + filled;
        Ok(())
    }

    /// Gives back what was taken too much.
    pub(super) fn give_back(&mut self, now: Instant, count: u32) {
        self.idle_at = now + (self.idle_at.since(now) - self.each.times(u64::from(count)));
    }

    /// How many requests it holds.
    pub(super) const fn size(&self) -> u32 {
        self.size
    }

    /// How many requests it holds now.
    pub(super) fn used(&self, now: Instant) -> u32 {
        if now < self.spent_until {
            return self.size;
        }
        let used = self.idle_at.since(now).0.div_ceil(self.each.0.max(1));
        u32::try_from(used).map_or(self.size, |used| used.min(self.size))
    }

    /// When it is idle again.
    pub(super) fn idle_at(&self, now: Instant) -> Instant {
        self.idle_at.max(self.spent_until).max(now)
    }

    /// It counts as full until then.
    pub(super) fn exhaust(&mut self, until: Instant) {
        self.spent_until = until;
    }

    /// Feeds what can still refuse a request.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.instant(now, self.idle_at);
        print.instant(now, self.spent_until);
    }
}

/// A limit of so many requests in each window of a fixed length, counted from the world's beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// The length of a window.
    pub(super) length: Nanos,
    /// So many requests in each.
    pub(super) limit: u32,
    /// Whether it counts at all.
    pub(super) on: bool,
}

/// How much of a window is used up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    window: u64,
    used: u32,
    spent_until: Instant,
}

impl Window {
    /// So many requests a minute.
    pub(super) const fn minutely(limit: u32, on: bool) -> Self {
        Self { length: Nanos::secs(60), limit, on }
    }

    /// Takes one request in, or tells how long to wait.
    pub(super) fn take(self, tally: &mut Tally, now: Instant) -> Result<(), Nanos> {
        if now < tally.spent_until {
            return Err(tally.spent_until.since(now));
        }
        if !self.on {
            return Ok(());
        }
        let window = now.0 / self.length.0;
        if tally.window != window {
            *tally = Tally { window, ..Tally::default() };
        }
        if tally.used >= self.limit {
            return Err(self.next_in(now));
        }
        tally.used += 1;
        Ok(())
    }

    /// How many requests are left now.
    pub(super) fn remaining(self, tally: &Tally, now: Instant) -> u32 {
        if now < tally.spent_until {
            return 0;
        }
        let used = if tally.window == now.0 / self.length.0 { tally.used } else { 0 };
        self.limit.saturating_sub(used)
    }

    /// How long until there are as many requests left as there ever are: until the next window, or until the quota no
    /// longer counts as spent.
    pub(super) fn resets_in(self, tally: &Tally, now: Instant) -> Nanos {
        if now < tally.spent_until { tally.spent_until.since(now) } else { self.next_in(now) }
    }

    const fn next_in(self, now: Instant) -> Nanos {
        Nanos(self.length.0 - now.0 % self.length.0)
    }

    /// Feeds what can still refuse a request, or tell of when it is not.
    pub(super) fn feed(self, tally: &Tally, now: Instant, print: &mut Fingerprint) {
        print.number(u64::from(self.remaining(tally, now)));
        print.instant(now, tally.spent_until);
        if self.on {
            print.number(self.next_in(now).0);
        }
    }
}

impl Tally {
    /// The window counts as used up until then.
    pub(super) fn exhaust(&mut self, until: Instant) {
        self.spent_until = until;
    }
}

/// A wait in whole seconds, rounded up, as `Retry-After` has it.
pub(super) const fn whole_seconds(wait: Nanos) -> u64 {
    wait.0.div_ceil(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_takes_its_size_at_once_and_then_its_rate() {
        let mut bucket = Bucket::new(40, 2, true);
        for taken in 0..40 {
            assert_eq!(bucket.used(Instant::ZERO), taken);
            assert_eq!(bucket.take(Instant::ZERO), Ok(()));
        }
        assert_eq!(bucket.used(Instant::ZERO), 40);
        assert_eq!(bucket.take(Instant::ZERO), Err(Nanos::millis(500)));
        let later = Instant::ZERO + Nanos::millis(500);
        assert_eq!(bucket.used(later), 39);
        assert_eq!(bucket.take(later), Ok(()));
        assert_eq!(bucket.take(later), Err(Nanos::millis(500)));
        assert_eq!(bucket.used(Instant::ZERO + Nanos::secs(60)), 0);
    }

    #[test]
    fn a_bucket_that_is_off_refuses_only_while_its_quota_counts_as_spent() {
        let mut bucket = Bucket::new(1, 1, false);
        for _ in 0..1000 {
            assert_eq!(bucket.take(Instant::ZERO), Ok(()));
        }
        bucket.exhaust(Instant(5));
        assert_eq!(bucket.take(Instant(2)), Err(Nanos(3)));
        assert_eq!(bucket.used(Instant(2)), 1);
        assert_eq!(bucket.take(Instant(5)), Ok(()));
    }

    #[test]
    fn a_window_takes_its_limit_and_begins_anew() {
        let (window, mut tally) = (Window::minutely(2, true), Tally::default());
        let start = Instant::ZERO + Nanos::secs(75);
        assert_eq!(window.take(&mut tally, start), Ok(()));
        assert_eq!(window.take(&mut tally, start), Ok(()));
        assert_eq!(window.remaining(&tally, start), 0);
        assert_eq!(window.take(&mut tally, start), Err(Nanos::secs(45)));
        assert_eq!(window.remaining(&tally, start + Nanos::secs(45)), 2);
        assert_eq!(window.take(&mut tally, start + Nanos::secs(45)), Ok(()));
    }

    #[test]
    fn a_window_that_is_off_refuses_only_while_its_quota_counts_as_spent() {
        let (window, mut tally) = (Window::minutely(1, false), Tally::default());
        for _ in 0..10 {
            assert_eq!(window.take(&mut tally, Instant::ZERO), Ok(()));
        }
        assert_eq!(window.remaining(&tally, Instant::ZERO), 1);
        tally.exhaust(Instant(5));
        assert_eq!(window.take(&mut tally, Instant(2)), Err(Nanos(3)));
        assert_eq!(window.remaining(&tally, Instant(2)), 0);
        assert_eq!(window.take(&mut tally, Instant(5)), Ok(()));
    }

    #[test]
    fn waits_are_rounded_up_to_whole_seconds() {
        assert_eq!(whole_seconds(Nanos::millis(1)), 1);
        assert_eq!(whole_seconds(Nanos::secs(2)), 2);
    }
}
