//! What the README quotes is what the program prints, and what it promises of exit codes and fields is kept.

use crate::binary::sagaproof;

const README: &str = include_str!("../../../README.md");

/// The program's words after the prompt of the README's one console session, and what is quoted beneath them.
fn session() -> (Vec<&'static str>, impl Iterator<Item = &'static str>) {
    let (_, rest) = README.split_once("$ sagaproof ").unwrap();
    let (session, _) = rest.split_once("\n```").unwrap();
    let (command, quoted) = session.split_once('\n').unwrap();
    (command.split(' ').collect(), quoted.lines().filter(|line| !line.is_empty()))
}

#[test]
fn the_counterexample_is_what_replay_prints() {
    let (command, quoted) = session();
    let ended = sagaproof(&command);
    assert_eq!(ended.code, 1, "{}", ended.err);
    let mut printed = ended.out.lines();
    for line in quoted {
        // Where a quoted line breaks off, the printed one may go on.
        let (beginning, broken_off) = line.split_once('…').map_or((line, false), |(beginning, _)| (beginning, true));
        let same = |other: &str| if broken_off { other.starts_with(beginning) } else { other.trim_end() == beginning };
        assert!(printed.any(same), "not printed, or not in this order: {line}\n\n{}", ended.out);
    }
}

#[test]
fn the_shipped_hub_holds_in_the_same_world() {
    let (mut command, _) = session();
    command.truncate(command.iter().position(|word| *word == "--orchestrator").unwrap());
    assert!(README.contains(&format!("`sagaproof {}`", command.join(" "))));
    assert_eq!(sagaproof(&command).code, 0);
}

#[test]
fn the_fields_of_the_json_report_are_named() {
    let report =
        sagaproof(&["run", "--seed", "4", "--filter", "^create-one-fault$", "--timings", "--format", "json"]).json();
    let unnamed = |object: &serde_json::Value| {
        let fields = object.as_object().unwrap().keys();
        fields.filter(|field| !README.contains(&format!("`{field}"))).cloned().collect::<Vec<_>>()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(unnamed(&report), none);
    assert_eq!(unnamed(&report["scenarios"][0]), none);
    assert_eq!(unnamed(&report["faults"]), none);
    assert_eq!(unnamed(&report["timings"]), none);
}
