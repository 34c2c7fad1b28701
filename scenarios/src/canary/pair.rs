//! Pairs of worlds: what two orchestrators made of the same scenario, seed and faults, added up by scenario and by seed.
//!
//! A seed is one observation, with the worlds of all scenarios: these share draws, and are therefore not independent.

use sagaproof_sim::chaos::choices::Deviation;
use sagaproof_sim::chaos::point::Point;

use super::measure::MEASURES;
use super::scale::Scale;
use crate::check::Charge;
use crate::run::Measured;

/// One of the two orchestrators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// What runs today.
    Baseline,
    /// What shall run instead.
    Candidate,
}

impl Side {
    /// Its name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Candidate => "candidate",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Baseline => Self::Candidate,
            Self::Candidate => Self::Baseline,
        }
    }
}

/// A checker that convicts of a customer in a world of one orchestrator, and not in that of the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flip {
    /// The scenario, by its place.
    pub scenario: usize,
    /// The seed.
    pub seed: u64,
    /// Who convicts, and of whom.
    pub charge: Charge,
    /// Under whom it convicts: under the candidate the violation is introduced, under the baseline it is fixed.
    pub convicts: Side,
}

/// What was not uneventful in the worlds of both, as far as it could be paired.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Faults of exchanges that struck the same exchange alike under both.
    pub paired: u64,
    /// Faults of exchanges that only one of them came to: baseline, candidate.
    pub unpaired: [u64; 2],
    /// Crashes and what befell commits, alike under both. They follow the process's own events.
    pub own_paired: u64,
    /// The same, under one of them only.
    pub own_unpaired: [u64; 2],
}

/// What came of one scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Pairs of worlds.
    pub pairs: u64,
    /// Pairs in which both worlds show the same, to the byte.
    pub alike: u64,
    /// Violations under the candidate only.
    pub introduced: u64,
    /// Violations under the baseline only.
    pub fixed: u64,
    /// Violations under both.
    pub kept: u64,
    /// Worlds that the law could not decide in full: baseline, candidate.
    pub undecided: [u64; 2],
    /// Operations whose outcome both told.
    pub operations: u64,
    /// Baseline and candidate, by measure.
    pub totals: [[u64; 2]; MEASURES],
}

/// What came of one seed, over all scenarios: all that a verdict looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub(super) pairs: u64,
    pub(super) alike: u64,
    pub(super) operations: u64,
    pub(super) introduced: u64,
    pub(super) fixed: u64,
    /// Worlds that the law could not decide in full under the candidate alone.
    pub(super) undecided: u64,
    pub(super) values: [[u64; 2]; MEASURES],
}

/// All pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs {
    rows: Vec<Row>,
    rounds: Vec<Round>,
    flips: Vec<Flip>,
    faults: Faults,
    /// Baseline and candidate.
    scale: [Scale; 2],
}

impl Pairs {
    /// None yet, of so many scenarios.
    #[must_use]
    pub fn none(scenarios: usize) -> Self {
        let (rows, faults) = (vec![Row::default(); scenarios], Faults::default());
        Self { rows, rounds: Vec::new(), flips: Vec::new(), faults, scale: [Scale::default(); 2] }
    }

    /// The seeds of each scenario.
    #[must_use]
    pub const fn seeds(&self) -> u64 {
        self.rounds.len() as u64
    }

    /// What came of each scenario.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// All scenarios together.
    #[must_use]
    pub fn total(&self) -> Row {
        let mut total = Row::default();
        self.rows.iter().for_each(|row| total.merge(row));
        total
    }

    /// What came of each seed.
    #[must_use]
    pub fn rounds(&self) -> &[Round] {
        &self.rounds
    }

    /// The flips, by scenario, seed and checker.
    #[must_use]
    pub fn flips(&self) -> &[Flip] {
        &self.flips
    }

    /// How far faults could be paired.
    #[must_use]
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// How baseline and candidate scale.
    #[must_use]
    pub const fn scale(&self) -> &[Scale; 2] {
        &self.scale
    }

    /// Adds the pair of a scenario and a seed.
    pub(super) fn add(&mut self, scenario: usize, seed: u64, [baseline, candidate]: [&Measured; 2]) {
        let place = seed as usize;
        if self.rounds.len() <= place {
            self.rounds.resize(place + 1, Round::default());
        }
        let (row, round) = (&mut self.rows[scenario], &mut self.rounds[place]);
        let both = both_told(baseline, candidate);
        let (alike, operations) = (u64::from(baseline.trace == candidate.trace), both.clone().count() as u64);
        for (sum, more) in [
            (&mut row.pairs, 1),
            (&mut round.pairs, 1),
            (&mut row.alike, alike),
            (&mut round.alike, alike),
            (&mut row.operations, operations),
            (&mut round.operations, operations),
        ] {
            *sum += more;
        }
        let values = values(baseline, candidate, both);
        add_each(&mut row.totals, &values);
        add_each(&mut round.values, &values);
        for (one, other, convicts) in [(baseline, candidate, Side::Baseline), (candidate, baseline, Side::Candidate)] {
            for charge in &one.charges {
                if other.charges.contains(charge) {
                    row.kept += u64::from(convicts == Side::Candidate);
                    continue;
                }
                // What the law could not decide under the candidate is not mended by it.
                if convicts == Side::Baseline && other.undecided {
                    continue;
                }
                let (of_row, of_round) = match convicts {
                    Side::Baseline => (&mut row.fixed, &mut round.fixed),
                    Side::Candidate => (&mut row.introduced, &mut round.introduced),
                };
                *of_row += 1;
                *of_round += 1;
                self.flips.push(Flip { scenario, seed, charge: charge.clone(), convicts });
            }
        }
        row.undecided[0] += u64::from(baseline.undecided);
        row.undecided[1] += u64::from(candidate.undecided);
        round.undecided += u64::from(candidate.undecided && !baseline.undecided);
        self.faults.add(&baseline.chosen, &candidate.chosen);
        self.scale.iter_mut().zip([baseline, candidate]).for_each(|(scale, world)| scale.add(world));
    }

    /// Adds all of another part of the same comparison, over other scenarios or seeds.
    pub(super) fn merge(&mut self, other: Self) {
        if self.rounds.len() < other.rounds.len() {
            self.rounds.resize(other.rounds.len(), Round::default());
        }
        for (round, more) in self.rounds.iter_mut().zip(other.rounds) {
            round.pairs += more.pairs;
            round.alike += more.alike;
            round.operations += more.operations;
            round.introduced += more.introduced;
            round.fixed += more.fixed;
            round.undecided += more.undecided;
            add_each(&mut round.values, &more.values);
        }
        self.rows.iter_mut().zip(&other.rows).for_each(|(row, more)| row.merge(more));
        self.flips.extend(other.flips);
        self.flips.sort_unstable();
        self.faults.merge(other.faults);
        self.scale.iter_mut().zip(&other.scale).for_each(|(scale, other)| scale.merge(other));
    }
}

impl Round {
    /// The same as it would be had baseline and candidate changed places.
    #[must_use]
    pub const fn exchanged(&self) -> Self {
        let mut values = self.values;
        let mut measure = 0;
        while measure < MEASURES {
            values[measure] = [values[measure][1], values[measure][0]];
            measure += 1;
        }
        Self { introduced: self.fixed, fixed: self.introduced, values, ..*self }
    }
}

impl Row {
    fn merge(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.alike += other.alike;
        self.introduced += other.introduced;
        self.fixed += other.fixed;
        self.kept += other.kept;
        self.undecided[0] += other.undecided[0];
        self.undecided[1] += other.undecided[1];
        self.operations += other.operations;
        add_each(&mut self.totals, &other.totals);
    }
}

impl Faults {
    fn add(&mut self, baseline: &[Deviation], candidate: &[Deviation]) {
        for (side, one, other) in [(0, baseline, candidate), (1, candidate, baseline)] {
            let mut known = other.to_vec();
            known.sort_unstable();
            for deviation in one {
                let exchange = matches!(deviation.point, Point::Exchange { .. });
                let (paired, unpaired) = if exchange {
                    (&mut self.paired, &mut self.unpaired)
                } else {
                    (&mut self.own_paired, &mut self.own_unpaired)
                };
                match known.binary_search(deviation) {
                    Ok(_) => *paired += u64::from(side == 0),
                    Err(_) => unpaired[side] += 1,
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.paired += other.paired;
        self.own_paired += other.own_paired;
        for side in [0, 1] {
            self.unpaired[side] += other.unpaired[side];
            self.own_unpaired[side] += other.own_unpaired[side];
        }
    }
}

fn add_each(sums: &mut [[u64; 2]; MEASURES], more: &[[u64; 2]; MEASURES]) {
    for (sum, more) in sums.iter_mut().flatten().zip(more.iter().flatten()) {
        *sum += more;
    }
}

/// How long operations took under both, in microseconds, of those whose outcome both told.
fn both_told<'m>(baseline: &'m Measured, candidate: &'m Measured) -> impl Iterator<Item = [u64; 2]> + Clone + 'm {
    let both = baseline.latencies.iter().zip(&candidate.latencies);
    both.filter_map(|(one, other)| Some([one.as_ref()?.0 / 1_000, other.as_ref()?.0 / 1_000]))
}

/// Baseline and candidate, by measure.
fn values(
    baseline: &Measured,
    candidate: &Measured,
    both_told: impl Iterator<Item = [u64; 2]>,
) -> [[u64; 2]; MEASURES] {
    let latency = both_told.fold([0, 0], |sum: [u64; 2], took| [sum[0] + took[0], sum[1] + took[1]]);
    let of = |value: fn(&Measured) -> u64| [value(baseline), value(candidate)];
    [
        latency,
        of(|world| u64::from(world.calls)),
        of(|world| u64::from(world.retries)),
        of(|world| u64::from(world.wasted)),
        of(|world| u64::from(world.parked)),
        of(|world| world.latencies.iter().filter(|latency| latency.is_none()).count() as u64),
    ]
}
