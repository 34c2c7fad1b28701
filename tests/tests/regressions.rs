//! Every schedule under `regressions/` went wrong once, or is told in the literature: the shipped orchestrator holds.

#![expect(clippy::unwrap_used, reason = "a schedule that cannot be read fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use sagaproof::check::CheckerName;
use sagaproof::run::{Plot, judge, route_names};
use sagaproof::version::DEFAULT;
use sagaproof_sim::chaos::schedule::Schedule;
use sagaproof_tests::scenes::scene;

fn schedules() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut schedules: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "schedule")).collect();
    schedules.sort();
    schedules
}

fn plot(schedule: &Schedule) -> Plot<'_> {
    Plot { deviations: &schedule.deviations, without: &schedule.without }
}

#[test]
fn every_schedule_kept_holds() {
    let schedules = schedules();
    assert!(!schedules.is_empty());
    for path in schedules {
        let name = path.display();
        let schedule = Schedule::parse(&fs::read(&path).unwrap(), route_names()).unwrap();
        let scenario = scene(&schedule.scenario);
        let record = judge(DEFAULT, &scenario).unwrap().record(schedule.seed, Some(plot(&schedule)));
        let wrong: Vec<_> = record.violations.iter().map(|violation| &violation.message).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        // What no longer exists proves nothing: such a schedule is to be found anew.
        assert!(schedule.stale.is_empty() && record.stale.is_empty(), "{name}: {:?}", record.stale);
    }
}

#[test]
fn the_schedule_told_of_steno_convicts_the_bug_planted_after_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions/steno-66.schedule");
    let schedule = Schedule::parse(&fs::read(path).unwrap(), route_names()).unwrap();
    let record = judge("steno-66", &scene(&schedule.scenario)).unwrap().record(schedule.seed, Some(plot(&schedule)));
    assert!(record.violations.iter().any(|violation| violation.checker == CheckerName::SerialEquivalent));
}
