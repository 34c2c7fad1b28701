//! `sagaproof run`: what it reports, and that this depends on nothing but the worlds.

use std::fs;

use crate::binary::sagaproof;

#[test]
fn json_is_one_object_on_one_line_with_what_is_promised() {
    let ended = sagaproof(&["run", "--seeds", "5", "--format", "json"]);
    assert!(matches!(ended.code, 0 | 1), "{}", ended.err);
    let report = ended.json();
    for key in ["format", "verdict", "worlds", "sagas", "calls", "faults", "violations", "scenarios", "unreached"] {
        assert!(!report[key].is_null(), "{key}");
    }
    let scenarios = report["scenarios"].as_array().unwrap();
    assert_eq!(report["worlds"].as_u64().unwrap(), 5 * scenarios.len() as u64);
    assert_eq!(report["verdict"] == "held", ended.code == 0);
    assert!(report["timings"].is_null());
}

#[test]
fn the_report_is_the_same_bytes_whatever_the_threads() {
    let run = |threads| {
        sagaproof(&["run", "--seeds", "70", "--orchestrator", "naive", "--format", "json", "--threads", threads])
    };
    let (one, two, many) = (run("1"), run("2"), run("7"));
    assert_eq!(one.out, two.out);
    assert_eq!(one.out, many.out);
    assert_eq!(one.code, 1);
}

#[test]
fn no_command_means_run() {
    let words = ["--seeds", "2", "--filter", "^create-one$", "--format", "json"];
    let without = sagaproof(&words);
    let with = sagaproof(&["run", "--seeds", "2", "--filter", "^create-one$", "--format", "json"]);
    assert_eq!((without.code, &without.out), (with.code, &with.out));
}

#[test]
fn a_seed_is_one_world_and_the_same_one_that_a_sweep_runs() {
    let one =
        sagaproof(&["run", "--seed", "3", "--filter", "^create-one$", "--orchestrator", "naive", "--format", "json"]);
    let report = one.json();
    assert_eq!(report["worlds"], 1);
    let sweep =
        sagaproof(&["run", "--seeds", "4", "--filter", "^create-one$", "--orchestrator", "naive", "--format", "json"])
            .json();
    let of_seed = |report: &serde_json::Value| {
        let violations = report["violations"].as_array().unwrap().clone();
        violations.into_iter().filter(|violation| violation["seed"] == 3).collect::<Vec<_>>()
    };
    assert_eq!(of_seed(&report), of_seed(&sweep));
}

#[test]
fn a_filter_is_an_unanchored_pattern_over_names() {
    let report = sagaproof(&["run", "--seeds", "1", "--filter", "date-on", "--format", "json"]).json();
    let names: Vec<_> = report["scenarios"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
    assert_eq!(names, ["update-one"]);
}

#[test]
fn naive_is_convicted_of_more_than_one_kind_of_difference() {
    let ended = sagaproof(&["run", "--seeds", "60", "--orchestrator", "naive", "--format", "json"]);
    assert_eq!(ended.code, 1);
    let report = ended.json();
    assert_eq!(report["verdict"], "violated");
    let violations = report["violations"].as_array().unwrap();
    let mut kinds: Vec<_> = violations.iter().filter_map(|violation| violation["diagnosis"].as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert!(kinds.len() > 1, "{kinds:?}");
    for violation in violations {
        assert!(violation["message"].as_str().is_some_and(|message| !message.is_empty()));
        let replay = violation["replay"].as_str().unwrap();
        assert!(replay.starts_with("sagaproof replay "));
        assert!(replay.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -_./:".contains(&byte)), "{replay}");
    }
}

#[test]
fn naive_is_right_in_fair_weather() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fair.yaml");
    let fair = "scenarios:\n  - name: fair\n    proves: Fair weather is fair to everybody.\n    level: basic\n    \
        fleet: {customers: 3, orders: 1}\n    workload:\n      population: 6\n      operations: 8\n      spacing: 5s\n      \
        mix: {create: 40%, update: 30%, close: 20%, read: 10%}\n      asynchronous: 20%\n";
    fs::write(&path, fair).unwrap();
    let ended = sagaproof(&["run", path.to_str().unwrap(), "--seeds", "100", "--orchestrator", "naive"]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
}

#[test]
fn a_run_that_its_budget_cuts_says_so() {
    let words =
        ["run", "--seeds", "100000000", "--time-budget", "200ms", "--filter", "^create-one$", "--format", "json"];
    let ended = sagaproof(&words);
    let report = ended.json();
    assert_eq!(report["cut_by_time_budget"], true);
    assert!(ended.err.contains("time budget"), "{}", ended.err);
}

#[test]
fn a_rule_may_speak_of_one_thing_only_that_clients_ask() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("asked.yaml");
    let faults = |route: &str| {
        let rule = format!("{{systems: [hub], route: {route}, fates: [answer-lost], rate: 100%}}");
        let scenario = format!(
            "scenarios: [{{name: asked, proves: Clients who hear nothing ask again., level: basic, \
             workload: {{population: 1, operations: 1, mix: {{create: 100%}}}}, chaos: {{exchanges: [{rule}]}}}}]"
        );
        fs::write(&file, scenario).unwrap();
        let ended = sagaproof(&["run", file.to_str().unwrap(), "--seeds", "3", "--format", "json"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.json()["faults"]["struck"].as_u64().unwrap()
    };
    assert_eq!((faults("create"), faults("close")), (9, 0));
}

#[test]
fn exactly_one_fault_is_one_in_every_world_on_any_exchange() {
    let ended = sagaproof(&["run", "--filter", "^create-one-fault$", "--seeds", "200", "--format", "json"]);
    assert_eq!((ended.code, &ended.json()["faults"]["drawn"]), (0, &serde_json::json!(200)), "{}", ended.err);
}
