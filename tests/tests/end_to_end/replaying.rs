//! `sagaproof replay`: by seed, by path, and from a schedule.

use std::fs;

use crate::binary::{Ended, sagaproof};

/// A world that naive gets wrong, as the command that its report names.
fn convicted() -> Vec<String> {
    let words = ["run", "--seeds", "60", "--filter", "^create-one$", "--orchestrator", "naive", "--format", "json"];
    let report = sagaproof(&words).json();
    let command = report["violations"][0]["replay"].as_str().unwrap().to_owned();
    command.split(' ').skip(1).map(str::to_owned).collect()
}

fn again(words: &[String], more: &[&str]) -> Ended {
    let words: Vec<&str> = words.iter().map(String::as_str).chain(more.iter().copied()).collect();
    sagaproof(&words)
}

#[test]
fn the_command_that_a_report_names_shows_the_violation_again() {
    let command = convicted();
    let ended = again(&command, &[]);
    assert_eq!(ended.code, 1, "{}{}", ended.out, ended.err);
    for part in ["the clients work", "client -> hub", "hub -> commerce", "serial-equivalent", "C001", "VIOLATED"] {
        assert!(ended.out.contains(part), "{part} in {}", ended.out);
    }
    assert_eq!(again(&command, &[]).out, ended.out);
}

#[test]
fn a_saved_schedule_replays_the_same_world() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("naive.schedule");
    let path = path.to_str().unwrap();
    let seeded = again(&convicted(), &["--save", path]);
    let scheduled = sagaproof(&["replay", path]);
    // The last line alone differs: each names the command that shows it again.
    let world = |out: &str| out.rsplit_once("again: ").map(|(world, _)| world.to_owned());
    assert_eq!((scheduled.code, world(&scheduled.out)), (1, world(&seeded.out)));
    assert_eq!(scheduled.out.lines().last(), Some(format!("again: sagaproof replay {path}").as_str()));
    assert_eq!(scheduled.err, "");
}

#[test]
fn a_schedule_of_a_scenario_that_changed_goes_on_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("naive.schedule");
    again(&convicted(), &["--save", path.to_str().unwrap()]);
    let text = fs::read_to_string(&path).unwrap();
    let hash = text.lines().find(|line| line.starts_with("hash ")).unwrap().to_owned();
    fs::write(&path, text.replace(&hash, "hash 0000000000000001")).unwrap();
    let ended = sagaproof(&["replay", path.to_str().unwrap()]);
    assert!(matches!(ended.code, 0 | 1));
    assert!(ended.err.contains("has changed"), "{}", ended.err);
}

#[test]
fn a_schedule_of_another_version_is_bad_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.schedule");
    fs::write(&path, "sagaproof schedule 999\nscenario create-one\n").unwrap();
    let ended = sagaproof(&["replay", path.to_str().unwrap()]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{}", ended.err);
}

#[test]
fn a_scenario_may_be_named_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    let mine = "scenarios:\n  - name: mine\n    proves: One create ends well.\n    level: basic\n    \
        workload: {population: 1, operations: 1, mix: {create: 100%}}\n";
    fs::write(&path, mine).unwrap();
    let path = path.to_str().unwrap();
    for scenario in [path.to_owned(), format!("{path}:mine")] {
        let ended = sagaproof(&["replay", "--scenario", &scenario, "--seed", "1", "--orchestrator", "naive"]);
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        assert!(ended.out.contains("create C001"), "{}", ended.out);
    }
}

#[test]
fn logs_are_shown_where_they_are_asked_for() {
    let without = sagaproof(&["replay", "--scenario", "create-one", "--seed", "1"]);
    let with = sagaproof(&["replay", "--scenario", "create-one", "--seed", "1", "--logs"]);
    assert_eq!(without.code, with.code);
    assert!(!without.out.contains("  log  "), "{}", without.out);
    assert!(with.out.contains("  log  "), "{}", with.out);
}

#[test]
fn a_world_full_of_faults_is_shrunk_to_what_matters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smallest.schedule");
    let words = ["--scenario", "everything", "--seed", "1", "--orchestrator", "naive"];
    let whole = sagaproof(&[&["replay"], &words[..]].concat());
    assert_eq!(whole.code, 1);
    let ended = sagaproof(&[&["replay", "--shrink", "--save", path.to_str().unwrap()], &words[..]].concat());
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.out.contains("the smallest counterexample ("), "{}", ended.out);
    let kept = fs::read_to_string(&path).unwrap();
    let kinds = ["exchange", "crash", "commit", "tie", "in-flight"];
    let faults = kept.lines().filter(|line| kinds.iter().any(|kind| line.starts_with(kind))).count();
    assert!(faults <= 2, "{kept}");
    assert_eq!(sagaproof(&["replay", path.to_str().unwrap()]).code, 1);
}
