//! Orchestrators that are programs of their own: `--process` and `sagaproof process`, the two sides of one protocol. What
//! becomes of programs that fail stands in `programs_that_fail`.

use std::fs;

use serde_json::Value;

use crate::binary::{Ended, path, sagaproof};

/// The command of a built-in orchestrator behind the protocol.
fn program(orchestrator: &str) -> String {
    format!("'{}' process --orchestrator {orchestrator}", path().display())
}

/// What a report says, but for the orchestrator's name.
fn nameless(ended: &Ended) -> Value {
    let mut report = ended.json();
    report["orchestrator"].take();
    for violation in report["violations"].as_array_mut().unwrap() {
        violation["replay"].take();
    }
    report
}

#[test]
fn the_shipped_hub_is_the_same_behind_the_protocol() {
    // A program is one process: scenarios of several are left out.
    let words = ["run", "--seeds", "20", "--filter", "^([^hm]|merge-[^p])", "--format", "json"];
    let inside = sagaproof(&words);
    let outside = sagaproof(&[&words[..], &["--process", &program("saga")]].concat());
    assert_eq!((outside.code, outside.err.as_str()), (inside.code, ""));
    assert!(outside.json()["orchestrator"].as_str().unwrap().starts_with("process: "));
    assert_eq!(nameless(&outside), nameless(&inside));
}

#[test]
fn naive_is_convicted_of_the_same_behind_the_protocol_whatever_the_threads() {
    let words = ["run", "--seeds", "70", "--filter", "^(create|update|close|merge)-one$", "--format", "json"];
    let inside = sagaproof(&[&words[..], &["--orchestrator", "naive"]].concat());
    let program = program("naive");
    let outside = |threads| sagaproof(&[&words[..], &["--process", &program, "--threads", threads]].concat());
    let (one, three) = (outside("1"), outside("3"));
    assert_eq!(one.out, three.out);
    assert_eq!((one.code, nameless(&one)), (1, nameless(&inside)));
}

#[test]
fn an_exploration_finds_the_same_and_says_that_nothing_was_pruned() {
    let words = ["explore", "create-one", "--depth", "1"];
    let nameless = |ended: Ended| {
        let mut explored = ended.json();
        explored["orchestrator"].take();
        explored["violations"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(|violation| *violation = violation["story"].take());
        (ended.code, explored)
    };
    let program = program("naive");
    let outside = [&words[..], &["--process", &program]].concat();
    let inside = [&words[..], &["--orchestrator", "naive", "--unpruned", "--format", "json"]].concat();
    let (inside, as_json) = (sagaproof(&inside), sagaproof(&[&outside[..], &["--format", "json"]].concat()));
    assert_eq!(nameless(as_json), nameless(inside));
    let told = sagaproof(&outside);
    assert_eq!(told.code, 1, "{}", told.err);
    for part in ["nothing was pruned", ".schedule --process '"] {
        assert!(told.out.contains(part), "{part} in {}", told.out);
    }
    let failed = sagaproof(&["explore", "create-one", "--process", "exit 5"]);
    assert_eq!((failed.code, failed.out.as_str()), (3, ""));
    assert!(failed.err.contains("exit status: 5"), "{}", failed.err);
}

#[test]
fn a_replay_tells_the_same_and_its_schedule_starts_no_program() {
    let folder = tempfile::tempdir().unwrap();
    let schedule = folder.path().join("world.schedule");
    let (schedule, program) = (schedule.to_str().unwrap(), program("naive"));
    let words = ["replay", "--scenario", "crash-anywhere", "--seed", "5", "--logs"];
    let story = |ended: &Ended| {
        let (_, story) = ended.out.split_once('\n').unwrap();
        story.split_once("again: ").unwrap().0.to_owned()
    };
    let inside = sagaproof(&[&words[..], &["--orchestrator", "naive"]].concat());
    let outside = sagaproof(&[&words[..], &["--process", &program, "--save", schedule]].concat());
    assert_eq!((outside.code, story(&outside)), (inside.code, story(&inside)), "{}", outside.err);

    let unwilling = sagaproof(&["replay", schedule]);
    assert_eq!((unwilling.code, unwilling.out.as_str()), (2, ""));
    assert!(unwilling.err.contains("--process") && unwilling.err.contains("process --orchestrator naive"));
    let willing = sagaproof(&["replay", schedule, "--logs", "--process", &program]);
    assert_eq!((willing.code, story(&willing)), (inside.code, story(&inside)));
    assert!(willing.out.lines().last().unwrap().contains(" --process '"), "{}", willing.out);
}

/// A program that writes a row at each start, and into a file what it finds there and which process it is.
const DIARIST: &str = r#"
import json, os, sys
for line in sys.stdin:
    ((kind, event),) = json.loads(line)["event"].items()
    reply = {"effects": []}
    if kind == "start":
        with open(DIARY, "a") as diary:
            print(event["life"], os.getpid(), ",".join(row["key"] for row in event["rows"]), file=diary)
        reply["protocol"] = 1
        reply["effects"] = [{"commit": {"commit": 1, "writes": [{"key": str(event["life"]), "value": ""}]}}]
    if kind == "request":
        reply["effects"] = [{"answer": {"exchange": event["exchange"], "response": {"status": 503}}}]
    print(json.dumps(reply), flush=True)
"#;

#[test]
fn a_crash_kills_the_program_and_starts_it_anew_on_its_disk() {
    let folder = tempfile::tempdir().unwrap();
    let [diary, diarist, scenario] = ["diary", "diarist.py", "crashes.yaml"].map(|name| folder.path().join(name));
    fs::write(&diarist, format!("DIARY = {:?}{DIARIST}", diary.to_str().unwrap())).unwrap();
    let crashes = "scenarios:\n  - name: crashes\n    proves: A crash takes memory and leaves the disk.\n    level: basic\n    \
        workload: {population: 1, operations: 3, spacing: 3s, mix: {create: 100%}}\n    \
        chaos: {crash: {rate: 40%, at_most: 2}}\n";
    fs::write(&scenario, crashes).unwrap();
    let program = format!("python3 '{}'", diarist.display());
    let ended =
        sagaproof(&["run", scenario.to_str().unwrap(), "--seeds", "6", "--threads", "1", "--process", &program]);
    assert_eq!(ended.err, "");

    let diary = fs::read_to_string(diary).unwrap();
    let lives: Vec<[&str; 3]> =
        diary.lines().map(|line| line.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap()).collect();
    let mut programs: Vec<&str> = lives.iter().map(|[_, program, _]| *program).collect();
    programs.sort_unstable();
    programs.dedup();
    assert_eq!(programs.len(), lives.len(), "each life has a program of its own:\n{diary}");
    assert!(lives.iter().any(|[life, _, rows]| *life == "2" && *rows == "0,1"), "{diary}");
    assert!(lives.iter().all(|[life, _, rows]| *life != "0" || rows.is_empty()), "{diary}");
}

#[test]
fn a_program_is_not_put_into_a_world_of_several() {
    for words in [
        &["run", "--filter", "^hubs-one$"][..],
        &["explore", "hubs-one"],
        &["replay", "--scenario", "hubs-one", "--seed", "0"],
    ] {
        let ended = sagaproof(&[words, &["--process", &program("saga")]].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}");
        assert!(ended.err.contains("a program cannot share its store with others of its kind"), "{}", ended.err);
    }
}
