//! `sagaproof list`, help, and command lines that are wrong.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::binary::{path, sagaproof};

#[test]
fn list_names_scenarios_and_orchestrators() {
    let ended = sagaproof(&["list"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    for name in ["create-one", "update-one", "close-one", "create-one-fault", "naive", "steno-66"] {
        assert!(ended.out.contains(name), "{name} in {}", ended.out);
    }
}

#[test]
fn help_and_version_are_no_failures() {
    for words in [&["--help"][..], &["run", "--help"], &["replay", "--help"], &["--version"]] {
        let ended = sagaproof(words);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{words:?}");
        assert!(ended.out.contains("sagaproof"), "{words:?}");
    }
}

#[test]
fn bad_input_ends_with_two_and_says_why_on_standard_error_only() {
    for words in [
        &["run", "no-such-file.yaml"][..],
        &["no-such-file.yaml"],
        &["run", "--filter", "nobody-bears-this-name"],
        &["run", "--filter", "["],
        &["run", "--orchestrator", "nobody"],
        &["run", "--seeds", "0"],
        &["run", "--seeds", "-1"],
        &["run", "--seeds", "5", "--seed", "1"],
        &["run", "--time-budget", "soon"],
        &["run", "--threads", "0"],
        &["run", "--format", "yaml"],
        &["list", "no-such-folder"],
        &["replay"],
        &["replay", "no-such-file.schedule"],
        &["replay", "--scenario", "create-one"],
        &["replay", "--scenario", "nobody-bears-this-name", "--seed", "1"],
    ] {
        let ended = sagaproof(words);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
        assert!(!ended.err.is_empty(), "{words:?}");
    }
}

#[test]
fn a_misspelt_name_finds_the_one_that_was_meant() {
    let ended = sagaproof(&["replay", "--scenario", "create-oen", "--seed", "1"]);
    assert!(ended.err.contains("did you mean `create-one`?"), "{}", ended.err);
    let ended = sagaproof(&["run", "--orchestrator", "niave"]);
    assert!(ended.err.contains("did you mean `naive`?"), "{}", ended.err);
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let mut child = Command::new(path())
        .args(["run", "--seeds", "3", "--filter", "^create-one$"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let code = child.wait().unwrap().code();
    assert!(matches!(code, Some(0 | 1)), "{code:?}");
    assert!(!said.contains("panicked"), "{said}");
}
