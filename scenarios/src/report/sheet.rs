//! What a run found in one scenario, whoever ran it: a sweep just now, or parts of a run elsewhere.

use super::wire::Violation;
use super::{differed, replay_command};
use crate::run::{Conviction, SHOWN, Tally};
use crate::scenario::{Level, Mark, Origin, Scenario};
use crate::version::Orchestrator;

/// The checker's name in violations of two runs of one world that differed.
const SAME_WORLD_TWICE: &str = "same-world-twice";

/// What a run found in one scenario.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub(super) name: String,
    pub(super) level: Level,
    pub(super) hash: u64,
    pub(super) sometimes: Vec<Mark>,
    /// The file and the line where it stands; none where it is built in or was read from a report.
    pub(super) place: Option<(String, usize)>,
    pub(super) tally: Tally,
    /// The first world that ran otherwise the second time.
    differed: Option<Violation>,
    /// The first convictions, by seed.
    convictions: Vec<Violation>,
}

/// The file and the line of a scenario, where it comes from a file.
pub(super) fn place(scenario: &Scenario) -> Option<(String, usize)> {
    match &scenario.origin {
        Origin::BuiltIn(_) => None,
        Origin::File(path) => Some((path.display().to_string(), scenario.line)),
    }
}

impl Sheet {
    /// What a sweep found.
    pub(super) fn of(scenario: &Scenario, orchestrator: &Orchestrator, tally: &Tally) -> Self {
        let place = place(scenario);
        let differed = tally.first_unequal.map(|seed| Violation {
            scenario: scenario.name.clone(),
            seed,
            checker: SAME_WORLD_TWICE.to_owned(),
            diagnosis: None,
            customer: None,
            message: differed(tally.unequal),
            replay: replay_command(scenario, seed, orchestrator),
            story: Vec::new(),
        });
        let convictions = tally.convictions.iter().map(|Conviction { seed, violation }| {
            Violation::of(&scenario.name, *seed, violation, replay_command(scenario, *seed, orchestrator))
        });
        Self {
            name: scenario.name.clone(),
            level: scenario.level,
            hash: scenario.hash,
            sometimes: scenario.sometimes.clone(),
            place,
            differed,
            convictions: convictions.collect(),
            tally: tally.clone(),
        }
    }

    /// What the report of a part found.
    pub(super) fn read(
        (name, level, hash): (String, Level, u64),
        sometimes: Vec<Mark>,
        tally: Tally,
        told: impl Iterator<Item = Violation>,
    ) -> Self {
        let (mut differed, convictions): (Vec<_>, Vec<_>) = told.partition(|told| told.checker == SAME_WORLD_TWICE);
        let differed = differed.pop();
        Self { name, level, hash, sometimes, place: None, tally, differed, convictions }
    }

    /// Adds what another part of the same run found.
    pub(super) fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        self.differed = self.differed.take().into_iter().chain(other.differed).min_by_key(|violation| violation.seed);
        if let Some(violation) = &mut self.differed {
            violation.message = differed(self.tally.unequal);
        }
        self.convictions.extend(other.convictions);
        self.convictions.sort_by_key(|violation| violation.seed);
        self.convictions.truncate(SHOWN);
    }

    /// The violations that are told: the first of them, by seed.
    pub(super) fn violations(&self) -> impl Iterator<Item = &Violation> {
        self.differed.iter().chain(&self.convictions)
    }

    /// How many violations there are, told or not.
    pub(super) const fn wrong(&self) -> u64 {
        self.tally.violations.saturating_add(self.tally.unequal)
    }

    /// The marks that should have been reached: those that were, or those that were not.
    pub(super) fn marks(&self, reached: bool) -> impl Iterator<Item = Mark> + use<'_> {
        self.sometimes.iter().copied().filter(move |mark| self.tally.marks.has(*mark) == reached)
    }
}
