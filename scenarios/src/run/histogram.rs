//! Lengths of virtual time in counted buckets: small, mergeable in any order, within 3 % of the truth.

use sagaproof_sim::clock::Nanos;

/// Buckets of microseconds: exact below 64, then 32 to each doubling (the layout of HdrHistogram, in integers).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

const HALF: u64 = 32;

/// So many buckets hold every length up to 290 years.
const PLACES: usize = place(u64::MAX / 2_000) + 1;

impl Histogram {
    /// As [`Self::buckets`] gave it; `None` where there is no such bucket.
    pub fn of(buckets: impl IntoIterator<Item = (u64, u64)>) -> Option<Self> {
        let mut histogram = Self::default();
        for (place, count) in buckets {
            let place = usize::try_from(place).ok().filter(|place| *place < PLACES)?;
            histogram.count(place, count);
        }
        Some(histogram)
    }

    /// The buckets that are not empty, in ascending order: the number of each, and how many lengths are in it.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + use<'_> {
        (0..).zip(self.counts.iter().copied()).filter(|(_, count)| *count > 0)
    }

    /// The buckets that are not empty, in ascending order: the most microseconds of each, and how many lengths are in it.
    pub fn spans(&self) -> impl Iterator<Item = (u64, u64)> + use<'_> {
        self.buckets().map(|(place, count)| (most(place), count))
    }

    /// Counts one length.
    pub fn add(&mut self, length: Nanos) {
        self.count(place(length.0 / 1_000), 1);
    }

    fn count(&mut self, place: usize, more: u64) {
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] = self.counts[place].saturating_add(more);
        self.total = self.total.saturating_add(more);
    }

    /// Adds all of another one.
    pub fn merge(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
        self.total = self.total.saturating_add(other.total);
    }

    /// The length that this many per cent do not exceed; `None` where nothing was counted.
    #[must_use]
    pub fn percentile(&self, per_cent: u64) -> Option<Nanos> {
        let rank = (u128::from(self.total) * u128::from(per_cent)).div_ceil(100).max(1);
        let mut reached = 0;
        let place = self.counts.iter().position(|count| {
            reached += u128::from(*count);
            reached >= rank
        })?;
        Some(Nanos::micros(most(place as u64)))
    }
}

const fn place(micros: u64) -> usize {
    if micros < 2 * HALF {
        return micros as usize;
    }
    let doublings = micros.ilog2() as u64 - 5;
    (doublings * HALF + (micros >> doublings)) as usize
}

/// The largest number of microseconds in a bucket.
const fn most(place: u64) -> u64 {
    if place < 2 * HALF {
        return place;
    }
    let doublings = place / HALF - 1;
    ((place - doublings * HALF + 1) << doublings) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_never_wider_than_three_per_cent() {
        for micros in (0..1_000).chain((1_000..100_000_000).step_by(9_973)) {
            let most = most(place(micros) as u64);
            assert!(most >= micros && (most - micros) * 100 <= micros * 4, "{micros} in a bucket up to {most}");
        }
    }

    #[test]
    fn percentiles_do_not_depend_on_the_order_of_merging() {
        let (mut one, mut two) = (Histogram::default(), Histogram::default());
        (1..=50).for_each(|n| one.add(Nanos::micros(n)));
        (51..=100).for_each(|n| two.add(Nanos::micros(n)));
        let mut other = two.clone();
        other.merge(&one);
        one.merge(&two);
        assert_eq!(one, other);
        assert_eq!(one.percentile(50), Some(Nanos::micros(50)));
        assert_eq!(one.percentile(99), Some(Nanos::micros(99)));
        assert_eq!(Histogram::default().percentile(50), None);
    }

    #[test]
    fn the_buckets_make_the_same_histogram_again() {
        let mut histogram = Histogram::default();
        [3, 3, 900, 70_000_000, u64::MAX / 2_000].into_iter().for_each(|n| histogram.add(Nanos::micros(n)));
        assert_eq!(Histogram::of(histogram.buckets()), Some(histogram));
        assert_eq!(Histogram::of([(PLACES as u64, 1)]), None);
        assert_eq!(Histogram::of([(u64::MAX, 1)]), None);
        let full = Histogram::of([(7, u64::MAX), (7, u64::MAX), (9, 1)]).unwrap();
        assert_eq!(full.percentile(99), Some(Nanos::micros(7)));
        assert!(Histogram::of([(PLACES as u64 - 1, 1)]).unwrap().percentile(50).is_some());
    }
}
