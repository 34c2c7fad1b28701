//! `sagaproof run --failures`: schedules of failing worlds, kept in a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::binary::sagaproof;

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_violation_told_leaves_a_schedule_that_convicts_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("not/there/yet");
    let words = ["run", "--seeds", "40", "--filter", "^(create-one|two-at-once)$", "--orchestrator", "naive"];
    let ended = sagaproof(&[&words[..], &["--format", "json", "--failures", folder.to_str().unwrap()]].concat());
    let report = ended.json();
    let mut expected = BTreeSet::new();
    for violation in report["violations"].as_array().unwrap() {
        let [scenario, checker] = ["scenario", "checker"].map(|field| violation[field].as_str().unwrap());
        let name = format!("{scenario}-{checker}-{}.schedule", violation["seed"]);
        let again = sagaproof(&["replay", folder.join(&name).to_str().unwrap()]);
        assert_eq!((again.code, again.err.as_str()), (1, ""), "{name}: {}", again.out);
        assert!(again.out.lines().any(|line| line.starts_with(checker)), "{name}: {}", again.out);
        expected.insert(name);
    }
    assert!(expected.len() > 10, "{expected:?}");
    assert_eq!(names(&folder), expected);
    let said = format!("{} schedules of failing worlds in {}; again: ", expected.len(), folder.display());
    assert!(ended.err.starts_with(&said), "{}", ended.err);
}

#[test]
fn a_run_that_held_leaves_an_empty_folder_and_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("failures");
    let ended = sagaproof(&["run", "--seeds", "5", "--filter", "^create-one$", "--failures", path.to_str().unwrap()]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(names(&path), BTreeSet::new());
}

#[test]
fn a_folder_that_cannot_be_made_is_told_before_anything_runs() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().join("failures");
    let ended = sagaproof(&["run", "--seeds", "5", "--format", "ndjson", "--failures", path.to_str().unwrap()]);
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    assert!(ended.err.contains("cannot be made"), "{}", ended.err);
}
