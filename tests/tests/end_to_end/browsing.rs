//! The pages of `--format html`, looked at in a browser: Chromium opens each, light and dark, wide and as narrow as a
//! phone, and a script that only the test adds measures what a person would mind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binary::{ended, sagaproof};

/// Measures the page, and leaves what it found in the title.
const MEASURES: &str = include_str!("browsing/measures.js");

/// The browser. Pages are made for people with browsers, so a machine without one cannot test them.
fn browser() -> PathBuf {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let paths = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&paths).flat_map(|folder| names.map(|name| folder.join(name)));
    found
        .into_iter()
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("install Chromium (apt-get install chromium)"))
}

/// Writes a report as a page: how the command ended, and the page.
fn page(folder: &TempDir, words: &[&str]) -> (i32, String) {
    let path = folder.path().join("page.html");
    let ended = sagaproof(&[words, &["--format", "html", "--output", path.to_str().unwrap()]].concat());
    assert_eq!((ended.out.as_str(), ended.err), ("", format!("the report is in {}\n", path.display())), "{words:?}");
    (ended.code, fs::read_to_string(path).unwrap())
}

/// What the script measures in a window this wide; dark where that is preferred.
fn measured(folder: &Path, page: &str, width: u32, dark: bool) -> Value {
    let file = folder.join("measured.html");
    fs::write(&file, page.replace("</body>", &format!("<script>{MEASURES}</script></body>"))).unwrap();
    let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!dark));
    let (size, profile) = (format!("--window-size={width},900"), format!("--user-data-dir={}", folder.display()));
    let mut command = Command::new(browser());
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "--virtual-time-budget=2000"]);
    let ended = ended(command.args([scheme, size, profile]).arg(format!("file://{}", file.display())));
    assert_eq!(ended.code, 0, "{}", ended.err);
    let (_, rest) = ended.out.split_once("<title>").unwrap();
    serde_json::from_str(&rest.split_once("</title>").unwrap().0.replace("&amp;", "&").replace("&lt;", "<")).unwrap()
}

/// A page, looked at in all four ways.
fn looked_at(words: &[&str]) -> (i32, Vec<Value>, String) {
    let folder = tempfile::tempdir().unwrap();
    let (code, page) = page(&folder, words);
    assert!(page.len() < 2 << 20, "{} bytes", page.len());
    for outside in ["http:", "https:", "src=", "url(", "@import", "<script", "<link"] {
        let said = page.replace("http://www.w3.org/", "");
        assert!(!said.contains(outside) || is_quoted(&said, outside), "{outside}");
    }
    let looks = [(1280, false), (1280, true), (500, false), (390, true)];
    let looks = looks.map(|(width, dark)| measured(folder.path(), &page, width, dark));
    for look in &looks {
        assert_eq!(look["overflow"], json!(0), "wider than its window: {look}");
        assert_eq!(look["faint"], json!([]), "text without contrast: {look}");
        assert_eq!(look["nameless"], json!([]), "no name for a screen reader: {look}");
        assert_eq!(look["unreachable"], json!([]), "not for the keyboard: {look}");
        assert_eq!(
            (&look["language"], &look["headings"], &look["twice"]),
            (&json!("en"), &json!("in order"), &json!([]))
        );
    }
    assert_ne!(looks[0]["paper"], looks[1]["paper"], "light and dark");
    (code, looks.to_vec(), page)
}

/// Whether this stands in quoted messages and records only, which hold addresses of simulated vendors.
fn is_quoted(page: &str, what: &str) -> bool {
    let mut rest = page;
    let mut outside = String::new();
    while let Some((before, after)) = rest.split_once("<pre") {
        outside.push_str(before);
        rest = after.split_once("</pre>").map_or("", |(_, after)| after);
    }
    outside.push_str(rest);
    !outside.contains(what)
}

#[test]
fn the_page_of_a_canary_shows_the_witness_and_every_message_opens() {
    let words = ["canary", "--baseline", "saga", "--candidate", "steno-66", "--filter", "leaked", "--seeds", "40"];
    let (code, looks, page) = looked_at(&words);
    assert_eq!(code, 1);
    assert!(looks[0]["heading"].as_str().unwrap().contains("steno-66 against saga"));
    assert!(looks[0]["verdict"].as_str().unwrap().starts_with("FAIL"));
    // Three witnesses; in each the crash, the new life, and messages that open to what was said.
    assert_eq!(looks[0]["sequences"], json!(3));
    assert!(looks[0]["messages"].as_u64().unwrap() >= 3 * 5, "{}", looks[0]);
    assert_eq!(looks[0]["opened"], looks[0]["messages"]);
    for word in ["crashes, after 0", "starts again: life 1", "idempotency-key: ", "as a regression test"] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn the_page_of_a_split_shows_where_it_was_rolled_back_and_whom_it_had_touched() {
    let words = ["canary", "--baseline", "saga", "--candidate", "time-out-means-nothing", "--split"];
    let (code, looks, page) = looked_at(&[&words[..], &["--filter", "hubs-takeover", "--witnesses", "1"]].concat());
    assert_eq!((code, &looks[0]["sequences"]), (1, &json!(1)));
    assert_eq!(looks[0]["opened"], looks[0]["messages"]);
    assert!(looks[0]["heading"].as_str().unwrap().contains("time-out-means-nothing beside saga"));
    assert!(looks[0]["verdict"].as_str().unwrap().contains("rolled back at 50 %"));
    for word in [
        "ROLLED BACK",
        "not reached",
        "mended by reconciliation",
        "mended what the candidate had left at <b>support</b> of 1 customer, at <b>identity</b> of 1 customer",
    ] {
        assert!(page.contains(word), "{word}");
    }
    // A customer, what reconciliation mended, and the world that shows it, rolled back.
    for word in [
        "<td class=\"text\">identity</td><td class=\"text\">hubs-takeover, seed 148</td>",
        "sagaproof replay --scenario hubs-takeover --seed 148 --orchestrator saga+time-out-means-nothing@25,50,0",
    ] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn the_page_of_a_split_that_passes_has_no_blast_radius() {
    let words = ["canary", "--baseline", "saga", "--candidate", "saga", "--split", "--filter", "hubs-takeover"];
    let (code, looks, page) = looked_at(&[&words[..], &["--seeds", "3"]].concat());
    assert_eq!((code, &looks[0]["sequences"]), (0, &json!(0)));
    assert!(looks[0]["verdict"].as_str().unwrap().contains("the candidate has 100 % of the customers"));
    assert!(!page.contains("Blast radius") && !page.contains("not reached"));
}

#[test]
fn the_page_of_a_run_shows_scenarios_latencies_and_what_fates_became() {
    let words = ["run", "--orchestrator", "naive", "--seeds", "20", "--filter", "^(create|update|close)-one"];
    let (code, looks, page) = looked_at(&words);
    assert_eq!((code, &looks[0]["sequences"]), (1, &json!(4)));
    for word in ["create-one-fault", "Latencies of operations on a logarithmic scale", "answer-lost", "not heard"] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn the_page_of_an_exploration_tells_what_is_excluded() {
    let (code, looks, page) = looked_at(&["explore", "create-one", "--depth", "1"]);
    assert_eq!((code, &looks[0]["sequences"]), (0, &json!(0)));
    assert!(looks[0]["verdict"].as_str().unwrap().starts_with("HELD"));
    assert!(page.contains("229 schedules of at most 1 deviation, 0 violations"));
}

#[test]
fn the_page_of_the_gallery_leads_from_each_bug_to_its_counterexample() {
    let (code, looks, page) = looked_at(&["bugs", "--filter", "^(steno-66|no-quiet|retry-storm)$"]);
    assert_eq!((code, &looks[0]["sequences"], &looks[0]["dangling"]), (0, &json!(3), &json!([])));
    assert!(page.contains("<a href=\"#steno-66\">"));
}

#[test]
fn the_page_of_an_audit_shrinks_each_witness() {
    let (code, looks, page) = looked_at(&["audit", "--orchestrator", "naive", "--seeds", "20"]);
    assert_eq!(code, 1);
    assert!(looks[0]["sequences"].as_u64().unwrap() >= 8, "{}", looks[0]);
    assert!(page.contains("a write of which no journal tells"));
}

#[test]
fn a_page_is_the_same_bytes_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    for words in [
        &["run", "--orchestrator", "naive", "--seeds", "30", "--filter", "^create-one$"][..],
        &["canary", "--baseline", "saga", "--candidate", "naive", "--seeds", "30", "--filter", "^create-one$"],
        &["canary", "--baseline", "saga", "--candidate", "no-compensation", "--split", "--filter", "^permission-lost$"],
        &["explore", "leaked-record", "--orchestrator", "steno-66", "--depth", "1"],
        &["bugs", "--filter", "^steno-66$"],
    ] {
        let [one, three] = ["1", "3"].map(|threads| page(&folder, &[words, &["--threads", threads]].concat()));
        assert_eq!(one, three, "{words:?}");
    }
}

#[test]
fn a_page_goes_to_standard_output_where_no_file_is_named_and_a_file_that_cannot_be_had_is_told_first() {
    let words = ["explore", "create-one", "--depth", "0", "--format", "html"];
    assert!(sagaproof(&words).out.starts_with("<!DOCTYPE html>"));
    let ended = sagaproof(&[&words[..], &["--output", "no-such-folder/page.html"]].concat());
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    assert!(ended.err.contains("no-such-folder/page.html: the report cannot be written"), "{}", ended.err);
}
