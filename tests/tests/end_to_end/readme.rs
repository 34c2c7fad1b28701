//! What the README quotes is what the program prints, and what it promises of exit codes and fields is kept.

use crate::binary::sagaproof;

const README: &str = include_str!("../../../README.md");

/// The program's words after each prompt of the README's console sessions, and what is quoted beneath them.
fn sessions() -> impl Iterator<Item = (Vec<&'static str>, Vec<&'static str>)> {
    README.split("$ sagaproof ").skip(1).map(|rest| {
        let (session, _) = rest.split_once("\n```").unwrap();
        let (command, quoted) = session.split_once('\n').unwrap();
        (command.split(' ').collect(), quoted.lines().filter(|line| !line.is_empty()).collect())
    })
}

#[test]
fn what_is_quoted_is_printed() {
    let mut codes = Vec::new();
    for (command, quoted) in sessions() {
        let ended = sagaproof(&command);
        codes.push(ended.code);
        let mut printed = ended.out.lines();
        for line in quoted {
            // Where a quoted line breaks off, the printed one goes on; where it leaves something out, too.
            let pieces: Vec<&str> = line.split('…').collect();
            let same = |other: &str| match pieces.as_slice() {
                [whole] => other.trim_end() == *whole,
                [beginning, end] => other.strip_prefix(beginning).is_some_and(|rest| rest.trim_end().ends_with(end)),
                _ => false,
            };
            assert!(printed.any(same), "{command:?}: not printed, or not in this order: {line}\n\n{}", ended.out);
        }
    }
    assert_eq!(codes, [1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0]);
}

#[test]
fn the_shipped_hub_holds_in_the_same_world() {
    let (mut command, _) = sessions().next().unwrap();
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
    let part =
        sagaproof(&["run", "--seed", "4", "--filter", "^create-one-fault$", "--partition", "1/2", "--format", "json"]);
    assert_eq!(unnamed(&part.json()), none);
}

#[test]
fn the_samples_for_ci_are_quoted_as_they_are() {
    let samples =
        [include_str!("../../../docs/ci/github-workflow.yaml"), include_str!("../../../docs/ci/kubernetes-job.yaml")];
    for sample in samples {
        assert!(README.contains(&format!("```yaml\n{sample}```\n")), "not in the README as it is:\n{sample}");
    }
}
