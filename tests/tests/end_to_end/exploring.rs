//! `sagaproof explore` and `sagaproof bugs`: what they promise to whoever reads their reports.

use std::fs;

use crate::binary::sagaproof;

#[test]
fn what_holds_is_exhausted() {
    let ended = sagaproof(&["explore", "create-one", "--depth", "1", "--format", "json"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"], &report["exhausted"]), (0, &"held".into(), &true.into()));
    for (count, value) in [("schedules", 229), ("states", 631), ("pruned", 154)] {
        assert_eq!(report[count], value, "{count}");
    }
    assert_eq!(report["violations"], serde_json::json!([]));
    let told = sagaproof(&["explore", "create-one", "--depth", "1"]);
    assert!(told.out.contains("exhausted: 229 schedules of at most 1 deviation, 0 violations"), "{}", told.out);
    assert!(told.out.ends_with("HELD\n"), "{}", told.out);
}

#[test]
fn a_counterexample_is_told_and_its_schedule_convicts_again() {
    let ended = sagaproof(&["explore", "leaked-record", "--orchestrator", "steno-66", "--format", "json"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"], &report["exhausted"]), (1, &"violated".into(), &false.into()));
    let violation = &report["violations"][0];
    assert_eq!(violation["checker"], "serial-equivalent");
    assert_eq!(violation["deviations"].as_array().map(Vec::len), Some(1));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("steno.schedule");
    fs::write(&path, violation["schedule"].as_str().unwrap()).unwrap();
    let path = path.to_str().unwrap();
    assert_eq!(sagaproof(&["replay", path]).code, 1);
    assert_eq!(sagaproof(&["replay", path, "--orchestrator", "saga"]).code, 0);
}

#[test]
fn the_report_is_the_same_bytes_whatever_the_threads() {
    let explore = |threads| {
        let words = ["explore", "ghosts", "--depth", "2", "--format", "json", "--threads", threads];
        sagaproof(&[&words[..], &["--orchestrator", "no-quiet"]].concat()).out
    };
    assert_eq!(explore("1"), explore("3"));
}

#[test]
fn a_search_that_is_cut_off_says_so_and_is_no_failure() {
    let ended = sagaproof(&["explore", "update-one", "--depth", "9", "--time-budget", "100ms", "--format", "json"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["exhausted"], &report["cut"]), (0, &false.into(), &"time".into()));
    let told = sagaproof(&["explore", "update-one", "--depth", "9", "--time-budget", "100ms"]);
    assert!(told.out.contains("not exhausted: the time budget ran out"), "{}", told.out);
}

#[test]
fn what_cannot_be_explored_is_bad_input() {
    for (words, word) in [
        (&["explore", "create-two"][..], "create-one"),
        (&["explore", "create-one", "--depth", "9"], "--time-budget"),
        (&["explore", "create-one", "--partition", "3/2"], "1/4"),
        (&["explore", "create-one", "--orchestrator", "sagas"], "saga"),
        (&["bugs", "--filter", "no-such-bug"], "sagaproof list"),
    ] {
        let ended = sagaproof(words);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
        assert!(ended.err.contains(word), "{words:?}: {}", ended.err);
    }
}

#[test]
fn every_planted_bug_is_caught_by_both_searches() {
    let ended = sagaproof(&["bugs", "--format", "json"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["planted"]), (0, &report["caught"]));
    let bugs = report["bugs"].as_array().unwrap();
    assert!(bugs.len() >= 30);
    for bug in bugs {
        assert!(!bug["systematic"].is_null() && !bug["random"].is_null(), "{bug}");
    }
}

#[test]
fn machines_of_every_kind_can_read_it() {
    let words = ["explore", "leaked-record", "--orchestrator", "steno-66", "--format"];
    let lines = sagaproof(&[&words[..], &["ndjson"]].concat());
    let lines: Vec<serde_json::Value> = lines.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = lines.iter().map(|line| line["line"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["begin", "depth", "depth", "violation", "verdict"]);
    assert_eq!(lines[4]["verdict"], "violated");
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("failures");
    let junit = sagaproof(&[&words[..], &["junit", "--failures", kept.to_str().unwrap()]].concat());
    let read = roxmltree::Document::parse(&junit.out).unwrap();
    let failure = read.descendants().find(|node| node.has_tag_name("failure")).unwrap();
    assert!(failure.text().unwrap().contains("The hub crashes"));
    let schedule = kept.join("leaked-record-serial-equivalent-0.schedule");
    assert_eq!(sagaproof(&["replay", schedule.to_str().unwrap()]).code, 1);
}
