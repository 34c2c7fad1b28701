//! Drawn scenarios, read as any file is, and swept: what was found, told so that a person can go on from it.

use std::fs;
use std::num::NonZero;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use sagaproof::run::Tally;
use sagaproof::run::sweep::{Order, SweepError};
use sagaproof::scenario::{Scenario, load};
use sagaproof::version::Orchestrator;

use crate::scenario::{drawn, name};

/// So many scenarios are held at a time.
const BATCH: u64 = 100;

/// So many convictions are told in full.
const TOLD: usize = 5;

/// A drawn scenario, and what its worlds added up to.
#[derive(Debug)]
pub(crate) struct Swept {
    pub(crate) scenario: Scenario,
    pub(crate) tally: Tally,
}

/// The scenarios of these numbers.
///
/// # Panics
/// Where one is refused: the generator and the bounds of scenarios do not agree.
pub(crate) fn scenarios(numbers: Range<u64>) -> Vec<Scenario> {
    let folder = tempfile::tempdir().unwrap();
    let read = |number| {
        let path = write(folder.path(), number);
        let mut read = load(&[path]).unwrap_or_else(|refused| panic!("{refused}\n{}", drawn(number)));
        read.remove(0)
    };
    numbers.map(read).collect()
}

/// Writes the file of the scenario with this number into this folder.
fn write(folder: &Path, number: u64) -> PathBuf {
    let path = folder.join(name(number)).with_extension("yaml");
    fs::write(&path, drawn(number)).unwrap();
    path
}

/// Runs so many worlds of each of these scenarios under this orchestrator.
///
/// # Panics
/// Where a world panics.
pub(crate) fn sweep(orchestrator: &str, numbers: Range<u64>, worlds: u64) -> Vec<Swept> {
    let orchestrator = Orchestrator::built_in(orchestrator).unwrap();
    let threads = available_parallelism().map_or(1, NonZero::get);
    let mut all = Vec::new();
    for first in numbers.clone().step_by(BATCH as usize) {
        let scenarios = scenarios(first..numbers.end.min(first + BATCH));
        let order =
            Order { scenarios: &scenarios, orchestrator: &orchestrator, seeds: 0..worlds, threads, budget: None };
        let swept = order.run(&|_| {}).unwrap_or_else(|error| match error {
            SweepError::Panicked { scenario, seed } => {
                panic!("panicked in {}", place(first + scenario as u64, seed))
            }
            other => panic!("{other:?}"),
        });
        all.extend(scenarios.into_iter().zip(swept.tallies).map(|(scenario, tally)| Swept { scenario, tally }));
    }
    all
}

/// What is wrong in these, each with its file and how to see it again; the first ones in full.
pub(crate) fn complaints(numbers: Range<u64>, swept: &[Swept]) -> Vec<String> {
    let wrong = |swept: &Swept| {
        let convicted = swept.tally.convictions.first();
        let convicted = convicted.map(|one| (one.seed, one.violation.checker.name(), one.violation.message.clone()));
        let differed = swept.tally.first_unequal.map(|seed| (seed, "ran otherwise the second time", String::new()));
        convicted.or(differed)
    };
    let found = numbers.zip(swept).filter_map(|(number, swept)| Some((number, wrong(swept)?)));
    let told = found.enumerate().map(|(nth, (number, (seed, what, message)))| {
        let place = place(number, seed);
        if nth < TOLD { format!("{what}: {message}\n{place}\n{}", drawn(number)) } else { format!("{what}: {place}") }
    });
    told.collect()
}

/// How to see a world again; its scenario's file is written where it stays.
fn place(number: u64, seed: u64) -> String {
    let path = write(Path::new(env!("CARGO_TARGET_TMPDIR")), number);
    format!("sagaproof replay --scenario {} --seed {seed}", path.display())
}
