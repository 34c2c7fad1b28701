//! `sagaproof audit`: the checklist, its answers, and the worlds that they rest on.

use serde_json::json;

use crate::binary::sagaproof;

#[test]
fn the_shipped_hub_holds_every_item_and_something_tried_each() {
    let ended = sagaproof(&["audit", "--seeds", "60", "--format", "json"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["format"], &report["verdict"]), (0, &json!("sagaproof-audit/1"), &json!("held")));
    let items = report["items"].as_array().unwrap();
    assert_eq!((items.len(), &report["held"]), (12, &json!(12)));
    for item in items {
        let trail = ["audit trail", "correlation id"].contains(&item["name"].as_str().unwrap());
        assert_eq!(item["reached"].as_array().unwrap().is_empty(), trail, "{item}");
        assert_eq!(item["witness"], json!(null));
    }
}

#[test]
fn what_naive_violates_is_shown_by_the_world_that_is_named() {
    let report = sagaproof(&["audit", "--orchestrator", "naive", "--seeds", "20", "--format", "json"]).json();
    assert_eq!(report["verdict"], "violated");
    let items = report["items"].as_array().unwrap();
    let witnessed = |name: &str| items.iter().find(|item| item["name"] == name).unwrap()["witness"].clone();
    for name in ["compensation", "Retry-After", "late arrivals"] {
        let replay = witnessed(name)["replay"].as_str().unwrap().to_owned();
        let words: Vec<&str> = replay.split(' ').skip(1).collect();
        let ended = sagaproof(&words);
        assert!(ended.code == 1 && ended.out.contains(witnessed(name)["convicts"].as_str().unwrap()), "{replay}");
    }
}

#[test]
fn a_planted_bug_shows_in_its_item() {
    let item = |orchestrator: &str| {
        let report = sagaproof(&["audit", "--orchestrator", orchestrator, "--seeds", "60", "--format", "json"]).json();
        let items = report["items"].as_array().unwrap().clone();
        let violated = items.into_iter().filter(|item| item["answer"] == "violated");
        violated.map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(item("deaf-to-retry-after"), ["Retry-After"]);
    assert!(item("gone-is-failure").contains(&"already gone".to_owned()));
    assert!(item("lost-correlation").contains(&"correlation id".to_owned()));
    assert!(item("no-quiet").contains(&"late arrivals".to_owned()));
    assert!(item("steno-66").contains(&"journal".to_owned()));
}

#[test]
fn what_nothing_tried_is_not_said_to_hold() {
    // A single world of each scenario exercises little.
    let ended = sagaproof(&["audit", "--seeds", "1", "--format", "json"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"], &report["violated"]), (4, &json!("undecided"), &json!(0)));
    assert!(report["not_exercised"].as_u64().unwrap() > 0);
    let told = sagaproof(&["audit", "--seeds", "1"]);
    assert!(told.out.contains("not exercised") && told.out.contains("never reached"), "{}", told.out);
}

#[test]
fn a_table_in_markdown_has_a_row_for_each_item() {
    let ended = sagaproof(&["audit", "--orchestrator", "naive", "--seeds", "20", "--format", "markdown"]);
    assert_eq!(ended.code, 1);
    insta::assert_snapshot!(ended.out);
}

#[test]
fn a_program_is_audited_by_what_it_does() {
    let program = "python3 scenarios/examples/own_orchestrator.py";
    let (root, words) = (crate::binary::root(), ["audit", "--process", program, "--seeds", "5", "--format", "json"]);
    let mut command = std::process::Command::new(crate::binary::path());
    let ended = crate::binary::ended(command.args(words).current_dir(root));
    assert!(matches!(ended.code, 1 | 4), "{}", ended.err);
    assert_eq!(ended.json()["items"].as_array().unwrap().len(), 12);
    let wrong = sagaproof(&["audit", "--orchestrator", "sagas"]);
    assert_eq!((wrong.code, wrong.err.contains("did you mean `saga`?")), (2, true), "{}", wrong.err);
}
