//! The verdict on a candidate: what was introduced counts whatever the averages say; costs count where they are surely
//! beyond the margin; and what cannot be said yet is said so.

#![expect(clippy::float_arithmetic, reason = "the verdict on what has been simulated; see statistics")]

use super::measure::{MEASURES, Measure, Sums};
use super::pair::Round;
use super::statistics::{Interval, MOST_NEEDED, anytime, fixed, mcnemar, mcnemar_now, needed, unseen};

/// With so many seeds in which nothing was introduced, it is 95 % sure that less than one seed in a hundred would
/// introduce anything: 0.99²⁹⁹ < 5 %. The same after every look, for whoever looks stops at the first that does.
pub const ENOUGH: u64 = 299;

/// By how much the candidate may be worse, in millionths of the baseline's mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Margin(pub u64);

impl Margin {
    /// Where nobody says otherwise: 5 %.
    pub const DEFAULT: Self = Self(50_000);
}

/// Of what is rare a baseline has next to nothing, and any share of nothing is nothing. So a count counts as at least one
/// in so many worlds when the margin is taken of it.
const LEAST_IN: f64 = 10.0;

/// What is to be made of the candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was introduced, and no cost is above the margin.
    Pass,
    /// Something was introduced, or a cost is surely above the margin.
    Fail,
    /// Too little was seen to say.
    Inconclusive,
}

impl Verdict {
    /// Its name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// What is known of one measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The whole interval is within the margin.
    Within,
    /// The whole interval is above the margin.
    Beyond,
    /// The interval holds the margin.
    Unsure,
}

impl Finding {
    /// Its name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Beyond => "BEYOND",
            Self::Unsure => "unsure",
        }
    }
}

/// One measure, judged. All numbers are in the measure's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Which.
    pub measure: Measure,
    /// The baseline's mean.
    pub baseline: f64,
    /// The candidate's mean.
    pub candidate: f64,
    /// The mean difference and its interval; none where there are too few seeds.
    pub interval: Option<Interval>,
    /// By how much the candidate may be worse.
    pub margin: f64,
    /// What is known.
    pub finding: Finding,
    /// How many seeds in all would decide, where it is not sure.
    pub needed: u64,
}

/// What all pairs mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// By measure.
    pub measures: [Judged; MEASURES],
    /// In how many seeds more was introduced than fixed, and in how many the other way round.
    pub uneven: [u64; 2],
    /// How likely flips are so uneven by chance: McNemar's test, a seed a pair.
    pub flips: f64,
    /// How many more seeds would decide, where it is not decided and they would.
    pub more: Option<u64>,
}

/// Judges seeds. Whoever looks several times gives the least value of the test on flips so far, which is lowered.
#[must_use]
pub fn judge(rounds: &[Round], margin: Margin, looking: Option<&mut f64>) -> Judgement {
    let sequential = looking.is_some();
    let sum = |of: fn(&Round) -> u64| rounds.iter().map(of).sum::<u64>();
    let (pairs, alike, operations) =
        (sum(|round| round.pairs), sum(|round| round.alike), sum(|round| round.operations));
    let measures = Measure::ALL.map(|measure| {
        let units = match measure {
            Measure::Latency => operations as f64 * 1_000.0,
            _ => pairs as f64 / 1_000.0,
        };
        let mut sums = Sums::default();
        rounds.iter().for_each(|round| sums.add(round.values[measure as usize]));
        judge_measure(measure, &sums, units, margin, sequential)
    });
    let uneven = [
        sum(|round| u64::from(round.introduced > round.fixed)),
        sum(|round| u64::from(round.introduced < round.fixed)),
    ];
    let flips = match looking {
        None => mcnemar(uneven[0], uneven[1]),
        Some(least) => {
            *least = least.min(mcnemar_now(uneven[0], uneven[1]));
            *least
        }
    };
    let is = |finding| move |judged: &Judged| judged.finding == finding;
    let seeds = rounds.len() as u64;
    // Whatever the law decides of the baseline it must have decided of the candidate.
    let sure = sum(|round| round.undecided) == 0;
    let verdict = if sum(|round| round.introduced) > 0 || measures.iter().any(is(Finding::Beyond)) {
        Verdict::Fail
    } else if alike == pairs || (seeds >= ENOUGH && sure && measures.iter().all(is(Finding::Within))) {
        Verdict::Pass
    } else {
        Verdict::Inconclusive
    };
    let unsure = measures.iter().filter(|judged| judged.finding == Finding::Unsure).map(|judged| judged.needed);
    let needed = unsure.chain([ENOUGH]).max().unwrap_or(ENOUGH);
    let decides = verdict == Verdict::Inconclusive && sure && needed < MOST_NEEDED;
    let more = decides.then(|| needed.saturating_sub(seeds).max(1));
    Judgement { verdict, measures, uneven, flips, more }
}

/// Judges a measure whose sums, divided by `units`, are in its unit.
fn judge_measure(measure: Measure, sums: &Sums, units: f64, Margin(margin): Margin, sequential: bool) -> Judged {
    let of = |sum: u64| if units > 0.0 { sum as f64 / units } else { 0.0 };
    let (baseline, candidate) = (of(sums.baseline), of(sums.candidate));
    let least = if measure == Measure::Latency { 0.0 } else { 1_000.0 / LEAST_IN };
    let margin = baseline.max(least) * margin as f64 / 1_000_000.0;
    let unseen = if measure == Measure::Latency { 0.0 } else { unseen(sums) };
    let interval = if sequential { anytime(sums, unseen) } else { fixed(sums, unseen) };
    // The statistics speak of a seed's sum over its worlds.
    let a_seed = if units > 0.0 { sums.pairs as f64 / units } else { 0.0 };
    let interval = interval.map(|Interval { mean, half, deviation, unseen }| Interval {
        mean: mean * a_seed,
        half: half * a_seed,
        deviation: deviation * a_seed,
        unseen: unseen * a_seed,
    });
    let finding = match &interval {
        Some(interval) if interval.high() <= margin => Finding::Within,
        Some(interval) if interval.low() > margin => Finding::Beyond,
        _ => Finding::Unsure,
    };
    let needed = interval.map_or(super::statistics::FEWEST, |Interval { mean, deviation, unseen, .. }| {
        needed(deviation, unseen, (margin - mean).abs(), sequential)
    });
    Judged { measure, baseline, candidate, interval, margin, finding, needed }
}
