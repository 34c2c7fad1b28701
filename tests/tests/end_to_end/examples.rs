//! The examples of orchestrators that are not ours, and what the documents say of them.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::binary::{own_orchestrator, path, root, sagaproof};

const PROTOCOL: &str = include_str!("../../../docs/process-protocol.md");
const README: &str = include_str!("../../../README.md");

#[test]
fn the_exchange_that_the_protocol_quotes_is_what_naive_says() {
    let said = |side| PROTOCOL.lines().filter_map(move |line| line.strip_prefix(side));
    let mut naive = Command::new(path());
    naive.args(["process", "--orchestrator", "naive"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut naive = naive.spawn().unwrap();
    let told: String = said("> ").flat_map(|line| [line, "\n"]).collect();
    naive.stdin.take().unwrap().write_all(told.as_bytes()).unwrap();
    let ended = naive.wait_with_output().unwrap();
    assert!(ended.status.success());
    let answers = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(answers.lines().collect::<Vec<_>>(), said("< ").collect::<Vec<_>>());
    assert!(answers.lines().count() >= 4);
}

#[test]
fn a_line_that_is_no_message_is_bad_input() {
    for (line, told) in
        [("hello", "line 1 of the input"), ("{\"now\":1,\"event\":{\"wake\":{}}}", "nothing has started")]
    {
        let mut process = Command::new(path());
        process.arg("process").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = process.spawn().unwrap();
        process.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
        let ended = process.wait_with_output().unwrap();
        let why = String::from_utf8(ended.stderr).unwrap();
        assert_eq!((ended.status.code(), ended.stdout.len()), (Some(2), 0), "{why}");
        assert!(why.contains(told), "{why}");
    }
}

/// The command of the example in Python.
fn python() -> String {
    let example = root().join("scenarios/examples/own_orchestrator.py");
    format!("python3 '{}'", example.display())
}

#[test]
fn the_example_in_python_is_right_while_nothing_goes_wrong_and_takes_back_what_was_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kind.yaml");
    let kind = "scenarios:\n  - name: fair\n    proves: Fair weather is fair to everybody.\n    level: basic\n    \
        workload: {population: 6, operations: 8, spacing: 5s, mix: {create: 70%, read: 30%}}\n  \
        - name: refused\n    proves: What one vendor refuses is taken back at the others.\n    level: basic\n    \
        workload: {population: 3, operations: 4, spacing: 5s, mix: {create: 100%}}\n    \
        chaos: {exchanges: [{systems: [identity], fates: [before-403], rate: 40%}]}\n";
    fs::write(&path, kind).unwrap();
    let words = ["run", path.to_str().unwrap(), "--seeds", "40", "--format", "json"];
    let ended = sagaproof(&[&words[..], &["--process", &python()]].concat());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let report = ended.json();
    assert_eq!(report["verdict"], "held");
    assert!(report["faults"]["effective"].as_u64().unwrap() > 0);
    // Who takes nothing back is convicted in the same worlds.
    assert_eq!(sagaproof(&[&words[..], &["--orchestrator", "naive"]].concat()).code, 1);
}

#[test]
fn the_example_in_python_is_convicted_where_an_answer_is_lost() {
    let words = ["run", "--seeds", "40", "--filter", "^create-one-fault$", "--format", "json", "--process"];
    let ended = sagaproof(&[&words[..], &[&python()]].concat());
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    let report = ended.json();
    assert_eq!(report["worlds"], 40);
    let violation = &report["violations"][0];
    assert_eq!(
        (&violation["checker"], &violation["diagnosis"]),
        (&"serial-equivalent".into(), &"all-or-nothing".into())
    );
    assert!(violation["replay"].as_str().unwrap().contains(" --process 'python3 "), "{violation}");
}

#[test]
fn the_example_in_rust_prints_what_the_readme_quotes() {
    let ended = own_orchestrator();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let (_, quoted) = README.split_once("$ cargo run --release --example own_orchestrator\n").unwrap();
    let (quoted, _) = quoted.split_once("\n```").unwrap();
    assert!(ended.out.starts_with(quoted.trim_end_matches('…').trim_end()), "{}", ended.out);
}
