//! `sagaproof canary`: what it promises to whoever lets it decide.

use std::fs;

use serde_json::{Value, json};

use crate::binary::{path, sagaproof};

fn canary(words: &[&str]) -> crate::binary::Ended {
    sagaproof(&[&["canary"], words].concat())
}

#[test]
fn a_regression_fails_and_its_witness_convicts_the_candidate_only() {
    let words = ["--baseline", "saga", "--candidate", "steno-66", "--filter", "^leaked-record$", "--seeds", "30"];
    let ended = canary(&[&words[..], &["--format", "json"]].concat());
    let report = ended.json();
    assert_eq!((ended.code, &report["format"], &report["verdict"]), (1, &json!("sagaproof-canary/1"), &json!("fail")));
    assert_eq!((&report["introduced_total"], &report["fixed"]), (&json!(4), &json!([])));
    let introduced = &report["introduced"][0];
    assert_eq!(
        (&introduced["scenario"], &introduced["checker"]),
        (&json!("leaked-record"), &json!("serial-equivalent"))
    );
    let replay: Vec<&str> = introduced["replay"].as_str().unwrap().split(' ').skip(1).collect();
    assert_eq!(sagaproof(&replay).code, 1);
    let witness = &report["witnesses"][0];
    assert_eq!((&witness["kind"], &witness["deviations"]), (&json!("introduced"), &json!(1)));
    let folder = tempfile::tempdir().unwrap();
    let schedule = folder.path().join("witness.schedule");
    fs::write(&schedule, witness["schedule"].as_str().unwrap()).unwrap();
    let schedule = schedule.to_str().unwrap();
    assert_eq!(sagaproof(&["replay", schedule]).code, 1);
    assert_eq!(sagaproof(&["replay", schedule, "--orchestrator", "saga"]).code, 0);
}

#[test]
fn what_was_introduced_one_way_is_fixed_the_other_way() {
    let ended = canary(&[
        "--baseline",
        "naive",
        "--candidate",
        "saga",
        "--filter",
        "^create-one-fault$",
        "--seeds",
        "20",
        "--format",
        "json",
    ]);
    let report = ended.json();
    assert_eq!(report["introduced"], json!([]));
    assert!(report["fixed_total"].as_u64().unwrap() > 0);
    assert_eq!(report["witnesses"][0]["kind"], "fixed");
}

#[test]
fn another_build_of_the_same_hub_passes_with_any_number_of_seeds() {
    let binary = path().to_str().unwrap();
    let ended =
        canary(&["--baseline", "saga", "--candidate", binary, "--filter", "one$", "--seeds", "3", "--format", "json"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"]), (0, &json!("pass")), "{report}");
    assert_eq!(report["alike"], report["pairs"]);
    let costs = report["costs"].as_array().unwrap();
    assert!(costs.iter().all(|cost| cost["baseline"] == cost["candidate"]));
}

#[test]
fn too_few_seeds_are_inconclusive_and_it_is_said_how_many_more_would_decide() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("patient.yaml");
    fs::write(&policy, "policy:\n  attempts: 6\n").unwrap();
    let policy = policy.to_str().unwrap();
    let words = ["--baseline", "saga", "--candidate", policy, "--filter", "^patience-ends$", "--seeds", "40"];
    let ended = canary(&[&words[..], &["--format", "json"]].concat());
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"], &report["introduced"]), (4, &json!("inconclusive"), &json!([])));
    // Where no saga was parked in n seeds, one in n / 4.79 may be, and a pass needs less than one in 200.
    assert_eq!((&report["candidate"], &report["more_seeds"]), (&json!(policy), &json!(918)));
    assert!(canary(&words).out.contains("about 918 more seeds would decide"));
    // Whoever is shown a world of such a policy can see it again.
    let replay = ["replay", "--scenario", "patience-ends", "--seed", "3", "--orchestrator", policy];
    assert_eq!(sagaproof(&replay).code, 0);
}

#[test]
fn the_report_is_the_same_bytes_whatever_the_threads() {
    for look in [&[][..], &["--until-decided"]] {
        let compared = |threads| {
            let words = ["--baseline", "saga", "--candidate", "eager", "--filter", "one", "--seeds", "120"];
            let ended = canary(&[&words[..], &["--format", "json", "--threads", threads], look].concat());
            (ended.code, ended.out)
        };
        assert_eq!(compared("1"), compared("3"));
    }
}

#[test]
fn looking_after_every_batch_stops_at_the_first_that_decides() {
    let words = ["--baseline", "saga", "--candidate", "no-quiet", "--filter", "^ghosts$", "--until-decided"];
    let report = canary(&[&words[..], &["--format", "json"]].concat()).json();
    assert_eq!((&report["seeds"], &report["verdict"]), (&json!(50), &json!("fail")));
}

#[test]
fn a_rush_shows_how_both_scale_and_nothing_is_judged_by_it() {
    let rush = crate::binary::root().join("docs/rush.yaml");
    let words =
        ["--baseline", "saga", "--candidate", "naive", "--seeds", "2", "--witnesses", "0", rush.to_str().unwrap()];
    let report = canary(&[&words[..], &["--format", "json"]].concat()).json();
    let rate = &report["scale"]["sagas_per_second"];
    // No saga is done in no time, and who looks at nothing twice is the faster one.
    assert!(
        rate["baseline"].as_f64().unwrap() > 1.0 && rate["candidate"].as_f64() > rate["baseline"].as_f64(),
        "{rate}"
    );
    for vendor in ["commerce", "support", "identity"] {
        let peak = &report["scale"]["peak_calls_in_a_second"][vendor];
        assert!(peak["baseline"].as_u64().unwrap() > 10, "{vendor}: {peak}");
    }
    assert!(canary(&words).out.contains("\npeak calls in one second, commerce "));
}

#[test]
fn people_are_told_the_costs_the_flips_and_the_story() {
    let words = ["--baseline", "saga", "--candidate", "steno-66", "--filter", "^leaked-record$", "--seeds", "30"];
    insta::assert_snapshot!(canary(&words).out);
}

#[test]
fn what_cannot_be_compared_is_bad_input() {
    for (words, word) in [
        (&["--baseline", "saga"][..], "--candidate"),
        (&["--baseline", "saga", "--candidate", "niave"], "did you mean `naive`?"),
        (&["--baseline", "no-such.yaml", "--candidate", "saga"], "does not exist"),
        (&["--baseline", "saga", "--candidate", "naive", "--margin", "much"], "is no share"),
        (&["--baseline", "saga", "--candidate", "naive", "--filter", "no-such"], "sagaproof list"),
    ] {
        let ended = canary(words);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
        assert!(ended.err.contains(word), "{words:?}: {}", ended.err);
    }
    let failed =
        canary(&["--baseline", "saga", "--candidate", "false now", "--filter", "^create-one$", "--seeds", "1"]);
    assert_eq!((failed.code, failed.out.as_str()), (3, ""), "{}", failed.err);
    assert!(failed.err.contains("in the candidate's world of create-one"), "{}", failed.err);
}

/// The verdicts' meanings and the fields are where people look for them.
#[test]
fn the_fields_of_the_report_are_named_in_the_readme() {
    const README: &str = include_str!("../../../README.md");
    let report = canary(&[
        "--baseline",
        "saga",
        "--candidate",
        "naive",
        "--filter",
        "^create-one$",
        "--seeds",
        "9",
        "--format",
        "json",
    ]);
    for field in [
        "format",
        "verdict",
        "introduced",
        "fixed",
        "costs",
        "mcnemar",
        "faults",
        "more_seeds",
        "scenarios",
        "witnesses",
    ] {
        assert!(
            report.json().get(field).is_some_and(|value| *value != Value::Null || field == "more_seeds"),
            "{field}"
        );
        assert!(README.contains(&format!("`{field}")), "{field}");
    }
}
