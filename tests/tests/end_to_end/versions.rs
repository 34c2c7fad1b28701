//! The README's table of versions is what canaries say: every figure in it is measured here.

use std::fs;

use serde_json::Value;

use crate::binary::{root, sagaproof};

/// The scenarios of the table: one operation of each kind under everything, vendors down, crashes, operations that overlap.
const SCENARIOS: &str = "^(create-one|update-one|close-one|outages|crash-anywhere|two-at-once)$";

const BEGIN: &str = "<!-- versions -->\n";
const END: &str = "<!-- /versions -->";

fn canary(candidate: &str, more: &[&str]) -> Value {
    let words = ["canary", "--baseline", "saga", "--candidate", candidate, "--filter", SCENARIOS, "--witnesses", "0"];
    sagaproof(&[&words[..], more, &["--format", "json"]].concat()).json()
}

/// The load under which a version shows how it scales.
fn rush(candidate: &str) -> Value {
    let rush = root().join("docs/rush.yaml");
    let words = ["canary", "--baseline", "saga", "--candidate", candidate, rush.to_str().unwrap(), "--seeds", "20"];
    sagaproof(&[&words[..], &["--witnesses", "0", "--format", "json"]].concat()).json()
}

/// How many sagas it carries out in a second of work, and what it asks of the vendor that it asks most within one.
fn scale(report: &Value, side: &str) -> String {
    let scale = &report["scale"];
    let peaks = scale["peak_calls_in_a_second"].as_object().unwrap();
    let peak = peaks.values().map(|peak| peak[side].as_u64().unwrap()).max().unwrap();
    format!("{:.1} | {peak}", scale["sagas_per_second"][side].as_f64().unwrap())
}

/// A figure in a thousand worlds, or in milliseconds, to whole ones.
fn whole(figure: &Value) -> String {
    let digits = format!("{:.0}", figure.as_f64().unwrap());
    let apart = |(place, digit)| {
        let comma = if place > 0 && (digits.len() - place) % 3 == 0 { "," } else { "" };
        format!("{comma}{digit}")
    };
    digits.chars().enumerate().map(apart).collect()
}

/// The cells of one version: violations and costs as `side` of the comparison has them.
fn cells(report: &Value, side: &str, violations: u64) -> String {
    let cost = |name: &str| {
        let costs = report["costs"].as_array().unwrap();
        whole(&costs.iter().find(|cost| cost["name"] == name).unwrap()[side])
    };
    let worlds = report["pairs"].as_u64().unwrap();
    let violations = whole(&(violations * 1_000 / worlds).into());
    let costs = ["parked sagas", "open outcomes", "latency", "calls", "retries", "wasted effects"].map(cost);
    format!("{violations} | {}", costs.join(" | "))
}

/// The table as it is measured.
fn measured() -> String {
    let mut rows = String::new();
    for candidate in ["naive", "choreographed", "two-phase", "eager", "steadfast"] {
        let (report, rush) = (canary(candidate, &["--seeds", "200"]), rush(candidate));
        let count = |field: &str| report[field].as_u64().unwrap();
        if rows.is_empty() {
            let own = cells(&report, "baseline", count("fixed_total") + count("kept_total"));
            rows.push_str(&format!("| `saga` | {own} | {} | |\n", scale(&rush, "baseline")));
        }
        let own = cells(&report, "candidate", count("introduced_total") + count("kept_total"));
        let decided = canary(candidate, &["--until-decided"]);
        let verdict = decided["verdict"].as_str().unwrap().to_uppercase();
        let scale = scale(&rush, "candidate");
        rows.push_str(&format!("| `{candidate}` | {own} | {scale} | {verdict} after {} |\n", decided["seeds"]));
    }
    format!(
        "| version | violations | parked | open | latency, ms | calls | retries | wasted | sagas/s | peak | verdict, seeds |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|\n{rows}"
    )
}

/// `SAGAPROOF_WRITE_DOCS=1 cargo test -p sagaproof-tests --test end_to_end the_table_of_versions` writes it anew.
#[test]
fn the_table_of_versions_is_what_canaries_say() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (table, after) = rest.split_once(END).unwrap();
    let measured = measured();
    if std::env::var_os("SAGAPROOF_WRITE_DOCS").is_some() {
        fs::write(&path, [before, BEGIN, &measured, END, after].concat()).unwrap();
    } else {
        assert_eq!(table, measured);
    }
}

#[test]
fn every_version_is_right_where_nothing_goes_wrong() {
    for version in ["choreographed", "two-phase", "eager", "steadfast"] {
        let ended = sagaproof(&["run", "--orchestrator", version, "--filter", "^fair-weather$", "--seeds", "200"]);
        assert_eq!(ended.code, 0, "{version}: {}", ended.out);
    }
}

#[test]
fn two_phase_commit_blocks_where_a_vendor_refuses_what_was_decided() {
    let words = ["replay", "--scenario", "create-one", "--seed", "7", "--orchestrator", "two-phase", "--shrink"];
    let ended = sagaproof(&words);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("is PARKED at step") && ended.out.contains("hears nothing in time"), "{}", ended.out);
}
