//! The audit: a checklist of saga design, answered for an orchestrator from worlds that are run for it. An item is held
//! where something exercised it and nothing convicted, violated where a world shows so, and not exercised otherwise:
//! nothing is asserted that no world showed. The checklist itself stands in `items`.

mod items;

use std::collections::BTreeMap;

use crate::check::CheckerName;
use crate::coverage::Marks;
use crate::run::{Judge, judges};
use crate::scenario::{Mark, Scenario};
use crate::version::Orchestrator;

pub use items::{ITEMS, Item, Trail};

/// What is to be audited.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The orchestrator.
    pub orchestrator: &'a Orchestrator,
    /// The scenarios that items may ask for.
    pub scenarios: &'a [Scenario],
    /// The seeds of each scenario are 0 to this.
    pub seeds: u64,
}

/// An item, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered<'a> {
    /// The item.
    pub item: &'static Item,
    /// In how many worlds it was looked for.
    pub worlds: u64,
    /// What exercised it.
    pub reached: Vec<Mark>,
    /// The answer.
    pub answer: Answer<'a>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// Something exercised it, and nothing convicted.
    Held,
    /// A world shows that it does not hold.
    Violated(Witness<'a>),
    /// Nothing exercised it.
    NotExercised,
}

impl Answer<'_> {
    /// Its name, as in reports.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Violated(_) => "violated",
            Self::NotExercised => "not exercised",
        }
    }
}

/// A world that shows that an item does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witness<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The seed.
    pub seed: u64,
    /// Who convicts.
    pub convicts: Convicts,
}

/// Who convicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Convicts {
    /// A checker.
    Checker(CheckerName),
    /// What calls did not bear.
    Trail(Trail),
}

impl Convicts {
    /// Its name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checker(checker) => checker.name(),
            Self::Trail(trail) => trail.name(),
        }
    }
}

/// Why there was no audit: what broke, in the world of which scenario and seed.
#[derive(Debug)]
pub struct Broken {
    /// The scenario, by its place.
    pub scenario: usize,
    /// The seed.
    pub seed: u64,
    /// What broke.
    pub why: String,
}

/// What the worlds of one scenario showed.
#[derive(Debug, Default)]
struct Seen {
    marks: Marks,
    /// Whether any write was sent to a vendor.
    wrote: bool,
    /// The first world that each convicts.
    first: BTreeMap<Convicts, u64>,
}

impl Order<'_> {
    /// How many worlds it asks for.
    #[must_use]
    pub fn worlds(&self) -> u64 {
        self.seeds * self.asked().count() as u64
    }

    /// The scenarios that some item asks for.
    fn asked(&self) -> impl Iterator<Item = (usize, &Scenario)> {
        let asked = |scenario: &Scenario| ITEMS.iter().any(|item| item.scenarios.contains(&scenario.name.as_str()));
        self.scenarios.iter().enumerate().filter(move |(_, scenario)| asked(scenario))
    }

    /// Runs the worlds and answers every item; `progress` hears of each world. `None` where the orchestrator is unknown.
    ///
    /// # Errors
    /// Where something breaks outside of the simulation.
    pub fn run(&self, progress: &dyn Fn()) -> Result<Option<Vec<Answered<'_>>>, Broken> {
        let Some(appoint) = judges(self.orchestrator) else { return Ok(None) };
        let mut seen = BTreeMap::new();
        for (place, scenario) in self.asked() {
            let shown = self.look(&mut *appoint(scenario), progress);
            let shown = shown.map_err(|(seed, why)| Broken { scenario: place, seed, why })?;
            seen.insert(scenario.name.as_str(), (scenario, shown));
        }
        Ok(Some(ITEMS.iter().map(|item| answer(item, &seen, self.seeds)).collect()))
    }

    fn look(&self, judge: &mut dyn Judge, progress: &dyn Fn()) -> Result<Seen, (u64, String)> {
        let mut seen = Seen::default();
        for seed in 0..self.seeds {
            let world = judge.measure(seed);
            if let Some(why) = judge.broken() {
                return Err((seed, why));
            }
            seen.marks.join(world.marks);
            seen.wrote |= world.writes > 0;
            let checkers = world.charges.into_iter().map(|charge| Convicts::Checker(charge.checker));
            let trails = [(Trail::Journal, world.unjournaled), (Trail::Correlation, world.uncorrelated)];
            let trails = trails.into_iter().filter(|(_, calls)| *calls > 0).map(|(trail, _)| Convicts::Trail(trail));
            for convicts in checkers.chain(trails) {
                seen.first.entry(convicts).or_insert(seed);
            }
            progress();
        }
        Ok(seen)
    }
}

fn answer<'a>(item: &'static Item, seen: &BTreeMap<&str, (&'a Scenario, Seen)>, seeds: u64) -> Answered<'a> {
    let looked: Vec<&(&'a Scenario, Seen)> = item.scenarios.iter().filter_map(|name| seen.get(name)).collect();
    let mut marks = Marks::default();
    looked.iter().for_each(|(_, seen)| marks.join(seen.marks));
    let reached: Vec<Mark> = item.exercised_by.iter().copied().filter(|mark| marks.has(*mark)).collect();
    let counts = |convicts: &Convicts| match convicts {
        Convicts::Checker(checker) => item.checkers.contains(checker),
        Convicts::Trail(trail) => item.trail == Some(*trail),
    };
    let witness = looked.iter().find_map(|(scenario, seen)| {
        let convicting = seen.first.iter().filter(|(convicts, _)| counts(convicts));
        let (convicts, seed) = convicting.min_by_key(|(_, seed)| **seed)?;
        Some(Witness { scenario, seed: *seed, convicts: *convicts })
    });
    let wrote = item.trail.is_some() && looked.iter().any(|(_, seen)| seen.wrote);
    let answer = match witness {
        Some(witness) => Answer::Violated(witness),
        None if wrote || !reached.is_empty() => Answer::Held,
        None => Answer::NotExercised,
    };
    Answered { item, worlds: seeds * looked.len() as u64, reached, answer }
}
