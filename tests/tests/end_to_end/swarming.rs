//! `sagaproof explore SCENARIO --swarm`: what it promises to whoever reads its reports.

use crate::binary::{root, sagaproof};

#[test]
fn the_shipped_hub_holds_and_the_saturation_is_told() {
    let ended = sagaproof(&["explore", "create-one", "--swarm", "--seeds", "500", "--format", "json"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"]), (0, &"held".into()));
    assert_eq!((&report["worlds"], &report["generations"]), (&500.into(), &3.into()));
    assert_eq!(report["violations"], serde_json::json!([]));
    assert_eq!(report["states_by"], "journal");
    let saturation = &report["saturation"];
    let curve: Vec<u64> =
        saturation["pairs_by_generation"].as_array().unwrap().iter().flat_map(|n| n.as_u64()).collect();
    assert!(curve.len() == 3 && curve.is_sorted() && report["pairs"] == curve[2]);
    assert!(report["pairs"].as_u64() < report["pairs_known"].as_u64());
    let [alone, free, ppm] = ["alone", "free_worlds", "next_new_ppm"].map(|field| saturation[field].as_u64().unwrap());
    assert_eq!((free, ppm), (200 + 100 + 50, alone * 1_000_000 / free));
    let suppression = report["suppression"].as_array().unwrap();
    assert_eq!(suppression.len(), 34, "a row for each kind of fault that the scenario allows");
    for row in suppression {
        assert_eq!(row["worlds_on"].as_u64().unwrap() + row["worlds_off"].as_u64().unwrap(), free, "{row}");
        let hides = row["effect"] == "hides";
        assert!(hides || row["hides"] == serde_json::json!([]), "{row}");
    }
}

#[test]
fn too_few_worlds_to_tell_what_hides_what_say_so() {
    let told = sagaproof(&["explore", "create-one", "--swarm", "--seeds", "3"]);
    assert!(told.out.contains("what hides what: too few worlds to tell (3 worlds drawn freely)"), "{}", told.out);
    assert!(told.out.ends_with("HELD\n"), "{}", told.out);
}

#[test]
fn a_planted_bug_is_convicted_and_its_schedule_convicts_again() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().to_str().unwrap();
    let words = ["explore", "leaked-record", "--swarm", "--orchestrator", "steno-66", "--failures", kept];
    let ended = sagaproof(&[&words[..], &["--format", "json"]].concat());
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"]), (1, &"violated".into()));
    let violation = &report["violations"][0];
    assert_eq!(violation["checker"], "serial-equivalent");
    assert_eq!(violation["deviations"].as_array().map(Vec::len), Some(1), "shrunk");
    let written = std::fs::read_dir(kept).unwrap().next().unwrap().unwrap().path();
    assert_eq!(std::fs::read_to_string(&written).unwrap(), violation["schedule"].as_str().unwrap());
    let written = written.to_str().unwrap();
    assert_eq!(sagaproof(&["replay", written]).code, 1);
    assert_eq!(sagaproof(&["replay", written, "--orchestrator", "saga"]).code, 0);
}

#[test]
fn the_reports_are_the_same_bytes_whatever_the_threads() {
    for format in ["json", "ndjson", "junit"] {
        let swarm = |threads| {
            let words = ["explore", "ghosts", "--swarm", "--orchestrator", "no-quiet", "--format", format];
            sagaproof(&[&words[..], &["--threads", threads]].concat()).out
        };
        assert_eq!(swarm("1"), swarm("2"), "{format}");
        let swarm = |threads| {
            let words = ["explore", "create-one", "--swarm", "--seeds", "450", "--format", format];
            sagaproof(&[&words[..], &["--threads", threads]].concat()).out
        };
        assert_eq!(swarm("1"), swarm("2"), "{format}");
    }
}

#[test]
fn machines_of_every_kind_can_read_it() {
    let words = ["explore", "leaked-record", "--swarm", "--orchestrator", "steno-66", "--format"];
    let lines = sagaproof(&[&words[..], &["ndjson"]].concat());
    let lines: Vec<serde_json::Value> = lines.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut kinds: Vec<_> = lines.iter().map(|line| line["line"].as_str().unwrap()).collect();
    kinds.dedup();
    assert_eq!(kinds, ["begin", "generation", "suppressor", "violation", "verdict"]);
    let junit = sagaproof(&[&words[..], &["junit"]].concat());
    let read = roxmltree::Document::parse(&junit.out).unwrap();
    let failure = read.descendants().find(|node| node.has_tag_name("failure")).unwrap();
    assert!(failure.text().unwrap().contains("The hub crashes"));
}

#[test]
fn a_swarm_that_is_cut_off_says_so_and_is_no_failure() {
    let words = ["explore", "create-one", "--swarm", "--seeds", "100000000", "--time-budget", "200ms"];
    let ended = sagaproof(&[&words[..], &["--format", "json"]].concat());
    assert_eq!((ended.code, &ended.json()["cut"]), (0, &"time".into()));
    assert!(ended.err.contains("cut off"), "{}", ended.err);
    let told = sagaproof(&words);
    assert!(told.out.contains("cut off: the time budget ran out"), "{}", told.out);
}

#[test]
fn a_program_of_ones_own_is_swarmed_over_too() {
    let program = format!("python3 {}", root().join("scenarios/examples/own_orchestrator.py").display());
    let words = ["explore", "create-one-fault", "--swarm", "--seeds", "40", "--threads", "1", "--process", &program];
    let ended = sagaproof(&[&words[..], &["--format", "json"]].concat());
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"]), (1, &"violated".into()));
    assert_eq!(report["violations"][0]["deviations"].as_array().map(Vec::len), Some(1));
    let broken = sagaproof(&["explore", "create-one-fault", "--swarm", "--seeds", "5", "--process", "false"]);
    assert_eq!((broken.code, broken.out.as_str()), (3, ""), "{}", broken.err);
}

#[test]
fn what_does_not_go_with_a_swarm_is_bad_input() {
    for (words, word) in [
        (&["--swarm", "--depth", "3"][..], "--depth"),
        (&["--swarm", "--partition", "1/2"], "--partition"),
        (&["--swarm", "--seed", "4"], "--seed"),
        (&["--swarm", "--memory", "4"], "--memory"),
        (&["--swarm", "--unpruned"], "--unpruned"),
        (&["--swarm", "--seeds", "0"], "0"),
        (&["--swarm", "--format", "html"], "html"),
        (&["--seeds", "4"], "--swarm"),
    ] {
        let ended = sagaproof(&[&["explore", "create-one"][..], words].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
        assert!(ended.err.contains(word), "{words:?}: {}", ended.err);
    }
}
