//! The lagging index behind every vendor's search: a write shows only after the lag, and until then the search shows
//! the version that it replaced (nothing, where it created the row; the row as it was, where it removed it).

use std::collections::VecDeque;

use super::Fingerprint;
use crate::clock::{Instant, Nanos};

/// A version that is no longer true, and from when until when searches show it.
#[derive(Debug, Clone)]
struct Past<V> {
    row: u32,
    from: Instant,
    until: Instant,
    was: V,
}

/// What searches show in place of the truth. Each row itself keeps from when its present version is shown.
#[derive(Debug, Clone)]
pub(super) struct Index<V> {
    lag: Nanos,
    past: VecDeque<Past<V>>,
}

impl<V> Index<V> {
    /// An index with this lag.
    pub(super) fn new(lag: Nanos) -> Self {
        Self { lag, past: VecDeque::new() }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub(super) fn reset(&mut self, lag: Nanos) {
        self.lag = lag;
        self.past.clear();
    }

    /// The lag of writes from now on.
    pub(super) fn set_lag(&mut self, lag: Nanos) {
        self.lag = lag;
    }

    /// From when a row that is created now is shown.
    pub(super) fn shown_from(&self, now: Instant) -> Instant {
        now + self.lag
    }

    /// A row is written now: keeps what it was, shown since `from`, and tells from when its new version is shown.
    ///
    /// Where the lag was lowered, the new version may show before the old one would have: then it shows alone.
    pub(super) fn supersede(&mut self, now: Instant, row: u32, from: Instant, was: V) -> Instant {
        let until = now + self.lag;
        while self.past.front().is_some_and(|past| past.until <= now) {
            self.past.pop_front();
        }
        if until < from {
            for past in self.past.iter_mut().filter(|past| past.row == row) {
                past.until = past.until.min(until);
            }
        } else if from < until && now < until {
            self.past.push_back(Past { row, from, until, was });
        }
        until
    }

    /// The versions that are no longer true but shown, with their rows.
    pub(super) fn stale(&self, now: Instant) -> impl Iterator<Item = (usize, &V)> {
        self.past
            .iter()
            .filter(move |past| past.from <= now && now < past.until)
            .map(|past| (past.row as usize, &past.was))
    }

    /// Feeds what searches may still show.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint, version: impl Fn(&V, &mut Fingerprint)) {
        print.number(self.lag.0);
        for past in self.past.iter().filter(|past| now < past.until) {
            print.number(u64::from(past.row));
            print.instant(now, past.from);
            print.instant(now, past.until);
            version(&past.was, print);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: u64) -> Instant {
        Instant(seconds * 1_000_000_000)
    }

    fn shown(index: &Index<&'static str>, now: Instant) -> Vec<&'static str> {
        index.stale(now).map(|(_, was)| *was).collect()
    }

    #[test]
    fn the_old_version_shows_until_the_new_one_does() {
        let mut index = Index::new(Nanos::secs(2));
        let created = index.shown_from(at(0));
        assert_eq!(created, at(2));
        assert_eq!(index.supersede(at(5), 0, created, "old"), at(7));
        assert_eq!(shown(&index, at(6)), ["old"]);
        assert_eq!(shown(&index, at(7)), [""; 0]);
    }

    #[test]
    fn a_version_that_was_replaced_before_it_showed_shows_for_its_own_span() {
        let mut index = Index::new(Nanos::secs(10));
        let first = index.shown_from(at(0));
        index.supersede(at(3), 0, first, "first");
        assert_eq!(shown(&index, at(9)), [""; 0]);
        assert_eq!(shown(&index, at(10)), ["first"]);
        assert_eq!(shown(&index, at(13)), [""; 0]);
    }

    #[test]
    fn after_the_lag_was_lowered_the_newest_shown_version_shows_alone() {
        let mut index = Index::new(Nanos::secs(10));
        let second = index.supersede(at(20), 0, at(1), "first");
        index.set_lag(Nanos::secs(1));
        assert_eq!(index.supersede(at(21), 0, second, "second"), at(22));
        assert_eq!(shown(&index, at(21)), ["first"]);
        assert_eq!(shown(&index, at(22)), [""; 0]);
        assert_eq!(shown(&index, at(31)), [""; 0]);
    }

    proptest! {
        /// The law: at any moment a search shows the newest version that has had its lag, and only that one.
        #[test]
        fn exactly_the_newest_shown_version_is_shown(writes in prop::collection::vec((0..5_u64, 0..9_u64), 1..12), late in 0..40_u64) {
            let mut index = Index::new(Nanos::secs(0));
            let (mut now, mut from, mut versions) = (0, at(0), Vec::new());
            for (number, (pause, lag)) in writes.into_iter().enumerate() {
                now += pause;
                index.set_lag(Nanos::secs(lag));
                let shows = index.shown_from(at(now));
                from = if number == 0 { shows } else { index.supersede(at(now), 0, from, number - 1) };
                versions.push(shows);
            }
            let probe = at(now + late);
            let expected = versions.iter().rposition(|&shows| shows <= probe);
            let present = (from <= probe).then_some(versions.len() - 1);
            let seen: Vec<_> = index.stale(probe).map(|(_, &version)| version).chain(present).collect();
            prop_assert_eq!(seen, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
