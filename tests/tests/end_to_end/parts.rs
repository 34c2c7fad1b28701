//! Runs in parts: `--partition`, `merge-reports`, and the samples in `docs/ci/` that use them.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::binary::{Ended, ended, path, sagaproof, sagaproof_on_github};

const WORKFLOW: &str = include_str!("../../../docs/ci/github-workflow.yaml");
const JOB: &str = include_str!("../../../docs/ci/kubernetes-job.yaml");

/// Runs each of so many parts into a file of its own.
fn parts(folder: &Path, words: &[&str], of: u64) -> Vec<String> {
    let part = |number| {
        let file = folder.join(format!("part-{number}.json"));
        let ended = sagaproof(&[words, &["--format", "json", "--partition", &format!("{number}/{of}")]].concat());
        fs::write(&file, ended.out).unwrap();
        file.to_str().unwrap().to_owned()
    };
    (1..=of).map(part).collect()
}

fn merged(files: &[String]) -> Ended {
    let words: Vec<&str> = files.iter().map(String::as_str).collect();
    sagaproof(&[&["merge-reports"], words.as_slice()].concat())
}

#[test]
fn parts_join_to_what_one_run_prints() {
    for orchestrator in ["saga", "naive"] {
        let folder = tempfile::tempdir().unwrap();
        let words = ["run", "--seeds", "70", "--orchestrator", orchestrator];
        let mut files = parts(folder.path(), &words, 3);
        files.reverse();
        let (whole, merged) = (sagaproof(&[&words[..], &["--format", "json"]].concat()), merged(&files));
        assert_eq!((merged.code, merged.err.as_str()), (whole.code, ""));
        assert_eq!(merged.out, whole.out);
    }
}

#[test]
fn what_must_happen_sometimes_is_judged_of_the_whole_alone() {
    let folder = tempfile::tempdir().unwrap();
    let calm = folder.path().join("calm.yaml");
    let text = "scenarios:\n  - name: calm\n    proves: Nothing happens.\n    level: basic\n    \
        workload: {population: 1, operations: 1, mix: {create: 100%}}\n    sometimes: [parked]\n";
    fs::write(&calm, text).unwrap();
    let files = parts(folder.path(), &["run", "--seeds", "1200", calm.to_str().unwrap()], 2);
    let report = |file: &String| serde_json::from_slice::<Value>(&fs::read(file).unwrap()).unwrap();
    let part = report(&files[0]);
    assert_eq!((part["worlds"].as_u64(), &part["verdict"]), (Some(600), &"held".into()));
    let judged = |report: &Value| {
        let unreached = report["unreached"].as_array().unwrap().clone();
        unreached.into_iter().map(|one| one["judged"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(judged(&part), [false]);
    let merged = merged(&files);
    assert_eq!((merged.code, judged(&merged.json())), (1, vec![true]));
    let words: Vec<&str> = files.iter().map(String::as_str).collect();
    let annotated = sagaproof_on_github(&[&["merge-reports"], words.as_slice()].concat());
    assert_eq!(annotated.out, merged.out);
    assert!(annotated.err.starts_with("::error title=calm%3A parked"), "{}", annotated.err);
}

#[test]
fn a_part_may_have_no_seeds() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["run", "--seeds", "2", "--filter", "^create-one$"];
    let files = parts(folder.path(), &words, 5);
    assert_eq!(merged(&files).out, sagaproof(&[&words[..], &["--format", "json"]].concat()).out);
}

#[test]
fn what_are_not_the_parts_of_one_run_is_bad_input() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let words = ["run", "--seeds", "6", "--filter", "^create-one$"];
    let files = parts(folder.path(), &words, 3);
    let others = parts(other.path(), &["run", "--seeds", "7", "--filter", "^create-one$"], 3);
    let whole = folder.path().join("whole.json");
    fs::write(&whole, sagaproof(&[&words[..], &["--format", "json"]].concat()).out).unwrap();
    let text = folder.path().join("text");
    fs::write(&text, "create-one held").unwrap();
    let [one, two, three] = [&files[0], &files[1], &files[2]].map(String::as_str);
    let [whole, text] = [&whole, &text].map(|path| path.to_str().unwrap());
    for (files, why) in [
        (&[one, three][..], "part 2 of 3 is missing"),
        (&[one, two, two, three], "and so is"),
        (&[one, others[1].as_str(), three], "a part of another run"),
        (&[whole], "the report of a whole run"),
        (&[one, two, text], "is not a report"),
        (&[one, two, "no-such-file"], "cannot be read"),
        (&[one, two, folder.path().to_str().unwrap()], "is not a file"),
    ] {
        let ended = sagaproof(&[&["merge-reports"], files].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{why}");
        assert!(ended.err.contains(why), "{why}: {}", ended.err);
    }
    assert_eq!(sagaproof(&["merge-reports"]).code, 2);
    assert_eq!(sagaproof(&["run", "--partition", "4/3"]).code, 2);
}

#[test]
fn parts_under_a_policy_file_are_of_one_run_only_if_it_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.yaml");
    let words = ["run", "--seeds", "6", "--filter", "^create-one$", "--orchestrator", policy.to_str().unwrap()];
    let under = |attempts: u32| {
        fs::write(&policy, format!("policy: {{attempts: {attempts}}}\n")).unwrap();
        parts(folder.path(), &words, 2)
    };
    let files = under(3);
    assert_eq!(merged(&files).code, 0);
    let first = fs::read(&files[0]).unwrap();
    under(4);
    fs::write(&files[0], first).unwrap();
    let refused = merged(&files);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("policy.yaml` has another content"), "{}", refused.err);
}

/// Runs a shell line of a sample over few seeds, and gives what it prints.
fn shell(line: &str, variables: &[(&str, &str)], folder: &Path) -> Ended {
    assert!(line.contains("--seeds 10000") || !line.contains(" run "), "{line}");
    let line = line.replace("--seeds 10000", "--seeds 8").replace("./sagaproof", "sagaproof");
    let paths = format!("{}:{}", path().parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line).current_dir(folder).env("PATH", paths).env_remove("GITHUB_ACTIONS");
    ended(shell.envs(variables.iter().copied()))
}

fn few() -> String {
    sagaproof(&["run", "--seeds", "8", "--format", "json"]).out
}

#[test]
fn the_jobs_of_the_workflow_join_to_what_one_run_prints() {
    let folder = tempfile::tempdir().unwrap();
    let workflow: Value = serde_saphyr::from_str(WORKFLOW).unwrap();
    let run = |job: &str, word: &str| {
        let steps = workflow["jobs"][job]["steps"].as_array().unwrap();
        let lines = steps.iter().filter_map(|step| step["run"].as_str());
        lines.into_iter().find(|line| line.contains(word)).unwrap().to_owned()
    };
    let parts = workflow["jobs"]["part"]["strategy"]["matrix"]["part"].as_array().unwrap();
    for part in parts {
        let line = run("part", "--partition").replace("${{ matrix.part }}", &part.to_string());
        let line = line.replace("${{ strategy.job-total }}", &parts.len().to_string());
        assert_eq!(shell(&line, &[], folder.path()).code, 0, "{line}");
    }
    assert_eq!(shell(&run("whole", "merge-reports"), &[], folder.path()).code, 0);
    assert_eq!(fs::read_to_string(folder.path().join("report.json")).unwrap(), few());
}

#[test]
fn the_pods_of_the_kubernetes_job_join_to_what_one_run_prints() {
    let folder = tempfile::tempdir().unwrap();
    let job: Value = serde_saphyr::from_str(JOB).unwrap();
    let spec = &job["spec"];
    assert_eq!((&job["kind"], &spec["completionMode"]), (&"Job".into(), &"Indexed".into()));
    let container = &spec["template"]["spec"]["containers"][0];
    assert_eq!(container["command"], serde_json::json!(["sh", "-c"]));
    let pod = |index: u64| {
        let variables = [("JOB_COMPLETION_INDEX", index.to_string())];
        let [(name, value)] = &variables;
        let ended = shell(container["args"][0].as_str().unwrap(), &[(name, value)], folder.path());
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        let file = folder.path().join(format!("part-{index}.json"));
        fs::write(&file, ended.out).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let files: Vec<String> = (0..spec["completions"].as_u64().unwrap()).map(pod).collect();
    assert_eq!(merged(&files).out, few());
}
