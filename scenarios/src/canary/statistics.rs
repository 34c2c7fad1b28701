//! The statistics of paired worlds: an exact test for flips, intervals for mean differences, one for a number of pairs
//! that was fixed before and one that may be looked at after every pair. What a verdict makes of them is `verdict`'s.
//!
//! Only the four operations and the square root are used, which IEEE 754 rounds alike on every machine; the logarithm is
//! written out. Nothing simulated depends on any of it.

#![expect(clippy::float_arithmetic, reason = "statistics of what has been simulated; see above")]

use super::measure::{MEASURES, Sums};

/// How often all intervals together may miss, at most: 5 %. Each of them gets its share (Bonferroni).
pub(super) const ALPHA: f64 = 0.05;

/// The share of each interval.
const SHARE: f64 = ALPHA / MEASURES as f64;

/// The quantile of the normal distribution that a value exceeds with probability `SHARE / 2`.
const Z: f64 = 2.638_257_273_476_751;

/// After so many pairs the interval that may be looked at any time is at its narrowest, by comparison: as many as a
/// pass needs at least.
const NARROWEST: f64 = super::verdict::ENOUGH as f64;

/// With fewer pairs no interval is told.
pub(super) const FEWEST: u64 = 8;

/// An interval for the mean difference of a pair, candidate less baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The mean itself.
    pub mean: f64,
    /// How far the interval reaches to either side.
    pub half: f64,
    /// The standard deviation of a difference.
    pub deviation: f64,
    /// What one event that was not seen may weigh, times the number of pairs.
    pub unseen: f64,
}

impl Interval {
    /// Its lower end.
    #[must_use]
    pub fn low(&self) -> f64 {
        self.mean - self.half
    }

    /// Its upper end.
    #[must_use]
    pub fn high(&self) -> f64 {
        self.mean + self.half
    }
}

/// The interval for a number of pairs that was fixed before: Student's t, for which the quantile is expanded in the
/// number of pairs (Fisher, Cornish 1960). `None` where there are too few pairs.
#[must_use]
pub(super) fn fixed(sums: &Sums, unseen: f64) -> Option<Interval> {
    let (mean, deviation, pairs) = moments(sums)?;
    Some(Interval { mean, half: half(student(pairs - 1.0) / root(pairs), deviation, unseen, pairs), deviation, unseen })
}

/// The interval that holds after every pair at once, so that one may look as often as one likes and stop when one likes:
/// an asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas: Time-uniform central limit theory
/// and asymptotic confidence sequences. Annals of Statistics 52, 2024; theorem 2.2, the mixture of Robbins 1970).
#[must_use]
pub(super) fn anytime(sums: &Sums, unseen: f64) -> Option<Interval> {
    let (mean, deviation, pairs) = moments(sums)?;
    Some(Interval { mean, half: half(boundary(pairs), deviation, unseen, pairs), deviation, unseen })
}

/// Half an interval that reaches so many standard deviations to either side, and as far as rare events would reach. Both
/// guess at the same error, so they add up as errors do.
fn half(deviations: f64, deviation: f64, unseen: f64, pairs: f64) -> f64 {
    let (spread, rare) = (deviation * deviations, unseen / pairs);
    if rare > 0.0 { root(spread * spread + rare * rare) } else { spread }
}

/// What rare events add to an interval of counts, times the number of pairs: where none was seen in n pairs, their spread
/// is naught, and yet one in `n / ln(1 / share)` may have one (P = (1 − p)ⁿ; after any look as after one, for none was
/// seen until then either). An event weighs as much as the largest difference, at least one.
#[must_use]
pub(super) fn unseen(sums: &Sums) -> f64 {
    logarithm(1.0 / SHARE) * sums.largest.max(1) as f64
}

/// How many pairs would make an interval this narrow, for each kind of interval.
#[must_use]
pub(super) fn needed(deviation: f64, unseen: f64, narrow: f64, sequential: bool) -> u64 {
    let wide = |pairs: u64| {
        let pairs = pairs as f64;
        let half_of_one = if sequential { boundary(pairs) } else { student(pairs - 1.0) / root(pairs) };
        half(half_of_one, deviation, unseen, pairs) > narrow
    };
    let (mut low, mut high) = (FEWEST, MOST_NEEDED);
    while low < high {
        let middle = low + (high - low) / 2;
        if wide(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// More pairs are never said to be needed.
pub(super) const MOST_NEEDED: u64 = 100_000_000;

/// Mean and standard deviation of a difference, and how many there are.
fn moments(sums: &Sums) -> Option<(f64, f64, f64)> {
    if sums.pairs < FEWEST {
        return None;
    }
    let pairs = sums.pairs as f64;
    let variance = sums.spread() as f64 / pairs / (pairs - 1.0);
    Some((sums.difference() as f64 / pairs, root(variance), pairs))
}

/// The quantile of Student's t with so many degrees of freedom.
fn student(freedom: f64) -> f64 {
    let (z, v) = (Z, freedom);
    let square = z * z;
    let first = z * (square + 1.0) / 4.0;
    let second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
    let third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
    let fourth = z * ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) / 92_160.0;
    z + first / v + second / (v * v) + third / (v * v * v) + fourth / (v * v * v * v)
}

/// How far the sequence reaches to either side after so many pairs, in standard deviations.
fn boundary(pairs: f64) -> f64 {
    let odds = 2.0 * logarithm(1.0 / SHARE);
    let rate = (odds + logarithm(odds) + 1.0) / NARROWEST;
    let weight = pairs * rate + 1.0;
    root(2.0 * weight / (pairs * pairs * rate) * (logarithm(weight) / 2.0 + logarithm(1.0 / SHARE)))
}

/// McNemar's exact test: how likely flips are so uneven, or more so, where either way is as likely. Two-sided.
#[must_use]
pub(super) fn mcnemar(introduced: u64, fixed: u64) -> f64 {
    let (flips, fewer) = (introduced + fixed, introduced.min(fixed));
    // The terms fall off from `fewer` downwards; each is the one above times k / (n − k + 1).
    let mut term = evenly(flips, fewer);
    let mut sum = term;
    for k in (1..=fewer).rev() {
        term = term * k as f64 / (flips - k + 1) as f64;
        sum += term;
    }
    if introduced == fixed { 1.0 } else { (2.0 * sum).min(1.0) }
}

/// The same for whoever looks after every batch: the least that it ever was is the value (a mixture of likelihood
/// ratios; Johari, Koomen, Pekelis, Walsh: Always valid inference. Operations Research 70, 2022). All chances of a flip
/// one way weigh alike, which makes the ratio 1 / ((n + 1) · P(evenly)).
#[must_use]
pub(super) fn mcnemar_now(introduced: u64, fixed: u64) -> f64 {
    let flips = introduced + fixed;
    ((flips + 1) as f64 * evenly(flips, introduced)).min(1.0)
}

/// The chance that of `n` fair flips exactly `k` fall one way.
fn evenly(n: u64, k: u64) -> f64 {
    let k = k.min(n - k);
    let (mut chance, mut halves) = (1.0, 0);
    for step in 1..=k {
        chance = chance * (n - k + step) as f64 / step as f64;
        while chance > 1.0 && halves < n {
            chance /= 2.0;
            halves += 1;
        }
    }
    while halves < n && chance > 0.0 {
        chance /= 2.0;
        halves += 1;
    }
    chance
}

#[expect(clippy::disallowed_methods, reason = "the square root is rounded correctly everywhere, and nothing simulated")]
fn root(value: f64) -> f64 {
    value.sqrt()
}

/// The natural logarithm of a positive number: 2 artanh((m − 1) / (m + 1)) of its part between 1 and 2, and so many
/// times that of two.
fn logarithm(value: f64) -> f64 {
    const OF_TWO: f64 = std::f64::consts::LN_2;
    let (mut part, mut doublings) = (value, 0.0);
    while part >= 2.0 {
        part /= 2.0;
        doublings += 1.0;
    }
    while part < 1.0 {
        part *= 2.0;
        doublings -= 1.0;
    }
    let ratio = (part - 1.0) / (part + 1.0);
    let square = ratio * ratio;
    let (mut term, mut sum) = (ratio, 0.0);
    for odd in (1_u32..40).step_by(2) {
        sum += term / f64::from(odd);
        term *= square;
    }
    2.0 * sum + doublings * OF_TWO
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() <= within * expected.abs().max(1.0), "{found} is not {expected}");
    }

    #[test]
    fn logarithms_are_those_of_the_platform() {
        for value in [1e-9_f64, 0.05 / 6.0, 0.5, 1.0, 1.999, 2.0, 12.8, 1e6, 4.2e11] {
            #[expect(clippy::disallowed_methods, reason = "to compare with")]
            let platform = value.ln();
            close(logarithm(value), platform, 1e-13);
        }
    }

    #[test]
    fn quantiles_of_students_t_are_those_of_tables() {
        // By numerical integration of the density, to six digits, for the share of one of six intervals.
        for (freedom, quantile) in T_TABLE {
            close(student(*freedom), *quantile, 3e-4);
        }
    }

    const T_TABLE: &[(f64, f64)] =
        &[(7.0, 3.635_81), (9.0, 3.364_20), (29.0, 2.831_55), (99.0, 2.692_31), (999.0, 2.643_52)];

    #[test]
    fn mcnemars_test_is_exact() {
        close(mcnemar(0, 0), 1.0, 0.0);
        close(mcnemar(5, 0), 0.0625, 1e-15);
        close(mcnemar(1, 9), 0.021_484_375, 1e-14);
        close(mcnemar(12, 3), 0.035_156_25, 1e-14);
        close(mcnemar(50_000, 50_000), 1.0, 0.0);
        assert!(mcnemar(100_000, 0) < 1e-300);
    }

    proptest! {
        #[test]
        fn mcnemars_test_agrees_with_counting(introduced in 0_u64..30, fixed in 0_u64..30) {
            let n = introduced + fixed;
            let choose = |k: u64| (1..=k).fold(1_u128, |all, step| all * u128::from(n - k + step) / u128::from(step));
            let tail: u128 = (0..=introduced.min(fixed)).map(choose).sum();
            let exact = (2.0 * tail as f64 / (1_u128 << n) as f64).min(1.0);
            prop_assert!((mcnemar(introduced, fixed) - exact).abs() < 1e-12);
            prop_assert_eq!(mcnemar(introduced, fixed), mcnemar(fixed, introduced));
        }

        /// The mean over all flips of what a bet on unevenness pays is what was staked, so nobody can win by watching.
        #[test]
        fn the_ratio_of_the_sequential_test_is_fair(n in 1_u64..60) {
            let stake: f64 = (0..=n).map(|k| evenly(n, k) / ((n + 1) as f64 * evenly(n, k))).sum();
            prop_assert!((stake - 1.0).abs() < 1e-12);
        }

        #[test]
        fn as_many_pairs_as_are_needed_are_enough_and_one_less_is_not(
            deviation in 0.1_f64..50.0,
            unseen in 0.0_f64..50.0,
            narrow in 0.05_f64..5.0,
        ) {
            for sequential in [false, true] {
                let pairs = needed(deviation, unseen, narrow, sequential);
                let wide = |n: u64| {
                    let n = n as f64;
                    let half_of_one = if sequential { boundary(n) } else { student(n - 1.0) / root(n) };
                    half(half_of_one, deviation, unseen, n)
                };
                prop_assert!(pairs == MOST_NEEDED || wide(pairs) <= narrow);
                prop_assert!(pairs == FEWEST || wide(pairs - 1) > narrow);
            }
        }
    }

    #[test]
    fn watching_costs_width() {
        let mut sums = Sums::default();
        (0..400_u64).for_each(|n| sums.add([1_000, 1_000 + n % 5]));
        let (fixed, anytime) = (fixed(&sums, 0.0).unwrap(), anytime(&sums, 0.0).unwrap());
        close(fixed.mean, 2.0, 1e-15);
        assert!(fixed.half < anytime.half && anytime.half < 2.0 * fixed.half, "{fixed:?}, {anytime:?}");
        let mut few = Sums::default();
        (1..FEWEST).for_each(|n| few.add([n, n + 1]));
        assert_eq!((super::fixed(&few, 0.0), super::anytime(&few, 0.0)), (None, None));
    }

    /// A hundred pairs in which nothing differed say nothing of an event in a hundred.
    #[test]
    fn what_was_never_seen_may_be_all_the_same() {
        let mut sums = Sums::default();
        (0..100).for_each(|_| sums.add([3, 3]));
        for interval in [fixed(&sums, unseen(&sums)).unwrap(), anytime(&sums, unseen(&sums)).unwrap()] {
            close(interval.mean, 0.0, 0.0);
            // 0.9532¹⁰⁰ is a sixth of 5 %.
            close(interval.half, 0.047_87, 1e-3);
        }
    }
}
