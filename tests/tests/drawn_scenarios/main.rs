//! Scenario files drawn at random: seeds vary the worlds of a scenario, and here the scenarios vary, too. Whatever is drawn
//! keeps the fault model, so nothing that is drawn may be refused, and none of its worlds may be convicted.
//!
//! `SAGAPROOF_DRAWN=5000 cargo test --release -p sagaproof-tests --test drawn_scenarios` draws more of them,
//! `SAGAPROOF_DRAWN=5000..10000` others. Where that convicts, the file is written and the command told that replays it.

#![expect(clippy::unwrap_used, reason = "what cannot be read or written fails the test")]

mod chaos;
mod draw;
mod fleet;
mod met;
mod part;
mod scenario;
mod sweep;
mod theme;
mod work;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use sagaproof::run::{Tally, judge};
use sagaproof::version::planted::find;

use sweep::{Swept, complaints, scenarios, sweep};

/// What is drawn where nothing else is said, and so many worlds of each scenario.
const USUAL: (Range<u64>, u64) = (0..300, 8);

/// So many worlds of each scenario where more of them are asked for.
const WORLDS: u64 = 50;

/// The numbers of the scenarios that are swept, and how many worlds of each.
fn asked() -> (Range<u64>, u64) {
    let Some(asked) = std::env::var_os("SAGAPROOF_DRAWN") else { return USUAL };
    let asked = asked.into_string().unwrap();
    let (from, to) = asked.split_once("..").unwrap_or(("0", &asked));
    (from.parse().unwrap()..to.parse().unwrap(), WORLDS)
}

/// All of them, swept once for all tests.
fn swept() -> &'static [Swept] {
    static SWEPT: OnceLock<Vec<Swept>> = OnceLock::new();
    SWEPT.get_or_init(|| {
        let (numbers, worlds) = asked();
        sweep("saga", numbers, worlds)
    })
}

#[test]
fn whatever_is_drawn_holds() {
    let complaints = complaints(asked().0, swept());
    assert!(complaints.is_empty(), "{} scenarios do not hold\n{}", complaints.len(), complaints.join("\n\n"));
}

#[test]
fn all_that_there_is_is_met() {
    let (usual, _) = USUAL;
    // Of a few scenarios that are looked at more closely nobody asks that they have everything.
    if asked().0.clone().count() >= usual.count() {
        let unmet = met::unmet(swept());
        assert!(unmet.is_empty(), "never met: {}", unmet.join(", "));
    }
}

/// The checker that must convict this bug does so in one of the scenarios that are drawn anyway.
fn convicts(name: &str) {
    let bug = find(name).unwrap();
    let (numbers, worlds) = USUAL;
    let convicted = scenarios(numbers).iter().any(|scenario| {
        let mut tally = Tally::default();
        judge(bug.name, scenario).unwrap().sweep(0..worlds, &mut tally);
        tally.convictions.iter().any(|one| one.violation.checker == bug.convicted_by)
    });
    assert!(convicted, "{name} is missed by {}", bug.convicted_by.name());
}

#[test]
fn a_hub_that_does_not_wait_until_all_is_quiet_is_convicted() {
    convicts("no-quiet");
}

#[test]
fn a_hub_that_forgets_calls_under_way_is_convicted() {
    convicts("forgets-calls-under-way");
}

#[test]
fn a_hub_that_takes_half_of_what_it_moves_for_all_is_convicted() {
    convicts("half-moved-is-done");
}

#[test]
fn a_number_draws_one_file_and_each_its_own() {
    let (numbers, _) = USUAL;
    let files: BTreeSet<String> = numbers.clone().map(scenario::drawn).collect();
    assert_eq!(files.len(), numbers.clone().count());
    assert!(numbers.into_iter().all(|number| files.contains(&scenario::drawn(number))));
}
