//! What is compared besides violations: the measures, and the sums over pairs of worlds that intervals are made of.

/// What two orchestrators are compared by. Of each, less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Measure {
    /// Virtual time from a client's first sending until its outcome was known.
    Latency,
    /// Requests to vendors.
    Calls,
    /// Writes that had been sent before, byte for byte.
    Retries,
    /// Writes that a vendor accepted and that served nothing.
    Wasted,
    /// How often a saga was parked for the operator.
    Parked,
    /// Operations whose client never learnt their outcome.
    Open,
}

/// How many measures there are.
pub const MEASURES: usize = Measure::ALL.len();

impl Measure {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::Latency, Self::Calls, Self::Retries, Self::Wasted, Self::Parked, Self::Open];

    /// Its name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Calls => "calls",
            Self::Retries => "retries",
            Self::Wasted => "wasted effects",
            Self::Parked => "parked sagas",
            Self::Open => "open outcomes",
        }
    }

    /// In what it is told: latency an operation, all else in a thousand worlds.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Latency => "ms an operation",
            _ => "in 1,000 worlds",
        }
    }

    /// What it counts, in one sentence.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Latency => {
                "Virtual time from a client's first sending until its outcome was known, of operations whose outcome \
                 both orchestrators told."
            }
            Self::Calls => "Requests to vendors.",
            Self::Retries => "Writes that had been sent before, byte for byte.",
            Self::Wasted => {
                "Writes that a vendor accepted and that served nothing: accepted before, taken back, or taking back."
            }
            Self::Parked => "How often a saga was parked for the operator.",
            Self::Open => "Operations whose client never learnt their outcome.",
        }
    }
}

/// The sums of one measure over pairs of values: the baseline's and the candidate's. Exact, so that they do not depend on
/// the order in which pairs are added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many pairs.
    pub pairs: u64,
    /// Of the baseline's values.
    pub baseline: u64,
    /// Of the candidate's values.
    pub candidate: u64,
    /// Of the squares of the differences, candidate less baseline.
    squares: u128,
    /// The largest difference either way.
    pub largest: u64,
}

impl Sums {
    /// Adds a pair.
    pub fn add(&mut self, [baseline, candidate]: [u64; 2]) {
        self.pairs += 1;
        self.baseline = self.baseline.saturating_add(baseline);
        self.candidate = self.candidate.saturating_add(candidate);
        let difference = baseline.abs_diff(candidate);
        self.largest = self.largest.max(difference);
        let difference = u128::from(difference);
        self.squares = self.squares.saturating_add(difference * difference);
    }

    /// The sum of the differences, candidate less baseline.
    #[must_use]
    pub fn difference(&self) -> i128 {
        i128::from(self.candidate) - i128::from(self.baseline)
    }

    /// The number of pairs times the sum of the squared distances of the differences from their mean: n Σd² − (Σd)².
    #[must_use]
    pub fn spread(&self) -> u128 {
        let sum = self.difference().unsigned_abs();
        u128::from(self.pairs).saturating_mul(self.squares).saturating_sub(sum.saturating_mul(sum))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_spread_is_that_of_the_differences(pairs in prop::collection::vec(prop::array::uniform2(0_u64..10_000), 1..50)) {
            let mut sums = Sums::default();
            pairs.iter().for_each(|pair| sums.add(*pair));
            let differences: Vec<i128> = pairs.iter().map(|[b, c]| i128::from(*c) - i128::from(*b)).collect();
            let (n, sum) = (differences.len() as i128, differences.iter().sum::<i128>());
            prop_assert_eq!(sums.difference(), sum);
            // Σ(n d − Σd)² = n (n Σd² − (Σd)²)
            let distances: i128 = differences.iter().map(|d| (n * d - sum) * (n * d - sum)).sum();
            prop_assert_eq!(sums.spread() as i128 * n, distances);
        }
    }
}
