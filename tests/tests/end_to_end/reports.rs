//! The formats of `sagaproof run` for machines besides JSON, and GitHub's annotations.

use std::fs;

use serde_json::Value;

use crate::binary::{sagaproof, sagaproof_on_github};

/// A run in which naive fails, and some marks are not reached though that counts.
const FAILING: [&str; 7] = ["run", "--seeds", "600", "--filter", "^create-one(-fault)?$", "--orchestrator", "naive"];

fn failing<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&FAILING, more].concat()
}

#[test]
fn junit_has_a_test_case_for_each_scenario_and_says_why_it_failed() {
    let ended = sagaproof(&failing(&["--format", "junit"]));
    let xml = roxmltree::Document::parse(&ended.out).unwrap();
    let suites: Vec<_> = xml.descendants().filter(|node| node.has_tag_name("testsuite")).collect();
    assert_eq!((ended.code, suites.len()), (1, 1));
    assert_eq!((suites[0].attribute("tests"), suites[0].attribute("failures")), (Some("2"), Some("2")));
    let report = sagaproof(&failing(&["--format", "json"])).json();
    for row in report["scenarios"].as_array().unwrap() {
        let name = row["name"].as_str();
        let case = suites[0].children().find(|node| node.attribute("name") == name).unwrap();
        let failure = case.children().find(|node| node.has_tag_name("failure")).unwrap();
        let told = failure.text().unwrap();
        let of_scenario = |list: &str| {
            let all = report[list].as_array().unwrap().clone();
            all.into_iter().filter(|one| one["scenario"].as_str() == name).collect::<Vec<_>>()
        };
        for violation in of_scenario("violations") {
            for field in ["checker", "diagnosis", "message", "replay"] {
                assert!(
                    told.contains(violation[field].as_str().unwrap().trim_end()),
                    "{field} of {violation} in {told}"
                );
            }
        }
        for unreached in of_scenario("unreached") {
            assert!(told.contains(unreached["mark"].as_str().unwrap()), "{unreached} in {told}");
        }
        assert!(failure.attribute("message").unwrap().contains("serial-equivalent"));
    }
}

#[test]
fn junit_of_a_run_that_held_fails_nowhere() {
    let ended = sagaproof(&["run", "--seeds", "5", "--filter", "^update-one$", "--format", "junit"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(!ended.out.contains("<failure") && !ended.out.contains("time="), "{}", ended.out);
    let xml = roxmltree::Document::parse(&ended.out).unwrap();
    assert!(xml.descendants().any(|node| node.attribute("name") == Some("update-one")));
}

#[test]
fn ndjson_is_the_json_report_a_line_each() {
    let lines = |more: &[&str]| sagaproof(&failing(&[&["--format", "ndjson"], more].concat()));
    let ended = lines(&["--threads", "1"]);
    assert_eq!((ended.code, &ended.out), (1, &lines(&["--threads", "3"]).out));
    let mut report = sagaproof(&failing(&["--format", "json"])).json();
    let mut lines: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<_> = lines.iter_mut().map(|line| line.as_object_mut().unwrap().remove("type").unwrap()).collect();
    let (violations, scenarios) =
        (report["violations"].as_array().unwrap().len(), report["scenarios"].as_array().unwrap().len());
    let expected =
        [vec!["begin"], vec!["violation"; violations], vec!["scenario"; scenarios], vec!["verdict"]].concat();
    assert_eq!(types, expected);
    assert_eq!(lines[0]["format"], "sagaproof-run-lines/1");
    assert_eq!(lines[0]["orchestrator"], "naive");
    assert_eq!(lines[0]["seeds"], serde_json::json!({"first": 0, "count": 600}));
    assert_eq!(Value::from(lines[1..=violations].to_vec()), report["violations"].take());
    assert_eq!(Value::from(lines[violations + 1..=violations + scenarios].to_vec()), report["scenarios"].take());
    let verdict = lines.last().unwrap().as_object().unwrap();
    for (field, value) in verdict {
        assert_eq!(*value, report[field], "{field}");
    }
    assert!(verdict.contains_key("verdict") && verdict.contains_key("unreached"));
}

#[test]
fn on_github_every_violation_is_annotated_and_reports_stay_what_they_are() {
    for format in ["json", "ndjson", "junit"] {
        let elsewhere = sagaproof(&failing(&["--format", format]));
        let there = sagaproof_on_github(&failing(&["--format", format]));
        assert_eq!((there.code, &there.out), (1, &elsewhere.out), "{format}");
        assert!(!elsewhere.err.contains("::error"), "{}", elsewhere.err);
    }
    let there = sagaproof_on_github(&failing(&["--format", "json"]));
    let report = there.json();
    let annotations: Vec<&str> = there.err.lines().filter(|line| line.starts_with("::error title=")).collect();
    let count = |list: &str| report[list].as_array().unwrap().len();
    assert_eq!(annotations.len(), count("violations") + count("unreached"), "{}", there.err);
    for violation in report["violations"].as_array().unwrap() {
        let replay = violation["replay"].as_str().unwrap();
        let told = annotations.iter().find(|line| line.ends_with(replay)).unwrap();
        assert!(told.contains(violation["checker"].as_str().unwrap()) && told.contains("%0A"), "{told}");
    }
    let terminal = sagaproof_on_github(&failing(&[]));
    assert!(terminal.out.ends_with("never reached\n"), "{}", terminal.out);
    assert!(terminal.err.contains("::error title="), "{}", terminal.err);
}

#[test]
fn an_annotation_points_at_the_scenario_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    let mine = "scenarios:\n  - proves: One create ends well.\n    name: mine\n    level: basic\n    \
        workload: {population: 1, operations: 1, mix: {create: 100%}}\n    \
        chaos:\n      exchanges:\n        - {systems: [support], fates: [after-503], rate: 100%}\n";
    fs::write(&path, mine).unwrap();
    let path = path.to_str().unwrap();
    let ended = sagaproof_on_github(&["run", path, "--seeds", "3", "--orchestrator", "naive", "--format", "junit"]);
    let place = format!("::error file={path},line=3,title=mine%3A ");
    assert!(ended.err.lines().all(|line| line.starts_with(&place)), "{place}: {}", ended.err);
    assert!(ended.out.contains(&format!("file=\"{path}\" line=\"3\"")), "{}", ended.out);
}
