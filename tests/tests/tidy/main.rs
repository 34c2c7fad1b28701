//! Style as a test: headers, sizes, dead files, bans, and which crate may name which. There is no list of exceptions.
//! Which room of a crate may name which is judged in `direction.rs`, what documents say of the tree in `documents.rs`;
//! how files are read stands in `source.rs`.

#![expect(clippy::unwrap_used, reason = "a workspace that cannot be read fails the test")]

mod direction;
mod documents;
mod source;

use std::collections::BTreeSet;
use std::fs;

use source::{Source, files, matching_brace, root, sources};

const LINES_A_FILE: usize = 400;
const LINES_A_FUNCTION: usize = 70;

/// Fails with one line for each offence.
fn none(offences: Vec<String>) {
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

#[test]
fn every_file_opens_with_a_header() {
    let bare = |source: &Source| !source.text.starts_with("//! ");
    none(sources().iter().filter(|source| bare(source)).map(|source| format!("{}: no `//!`", source.path)).collect());
}

#[test]
fn no_file_is_long() {
    let length = |source: &Source| source.text.lines().count();
    let long = |source: &Source| length(source) > LINES_A_FILE;
    let offence = |source: &Source| format!("{}: {} lines of {LINES_A_FILE}", source.path, length(source));
    none(sources().iter().filter(|source| long(source)).map(offence).collect());
}

#[test]
fn no_function_is_long() {
    let mut long = Vec::new();
    for source in sources() {
        for (start, _) in source.code.match_indices("fn ") {
            let word_before = source.code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let Some(open) = body(&source.code, start).filter(|_| !word_before) else { continue };
            let lines = source.code[start..matching_brace(&source.code, open)].lines().count();
            if lines > LINES_A_FUNCTION {
                let at = source.line(start);
                long.push(format!("{}:{at}: a function of {lines} lines of {LINES_A_FUNCTION}", source.path));
            }
        }
    }
    none(long);
}

/// Where the body of the function opens whose `fn` stands at `start`; none where it is only declared.
fn body(code: &str, start: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => return Some(at),
            b';' if depth == 0 => return None,
            _ => {}
        }
        if depth < 0 {
            return None; // A function's type among parameters.
        }
    }
    None
}

#[test]
fn no_file_is_dead() {
    let sources = sources();
    let dead = |source: &&Source| !is_root(&source.path) && !is_declared(source, &sources);
    none(sources.iter().filter(dead).map(|source| format!("{}: no `mod` leads here", source.path)).collect());
}

/// Whether cargo itself finds the file.
fn is_root(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(
        parts.as_slice(),
        [_, "build.rs"]
            | [_, "src", "lib.rs" | "main.rs"]
            | [_, "src", "bin", _]
            | [_, "tests" | "benches" | "examples", _]
            | [_, "tests" | "benches" | "examples", _, "main.rs"]
    )
}

fn is_declared(source: &Source, sources: &[Source]) -> bool {
    let Some((folder, file)) = source.path.rsplit_once('/') else { return false };
    let declaration = format!("mod {};", file.trim_end_matches(".rs"));
    let parents = [format!("{folder}.rs"), format!("{folder}/lib.rs"), format!("{folder}/main.rs")];
    let declares = |parent: &&Source| parents.contains(&parent.path) && parent.path != source.path;
    sources.iter().filter(declares).any(|parent| parent.code.contains(&declaration))
}

#[test]
fn parents_stand_beside_their_folders() {
    let vague = ["mod.rs", "utils.rs", "util.rs", "common.rs", "manager.rs", "helpers.rs", "misc.rs"];
    let offends = |path: &String| path.rsplit('/').next().is_some_and(|file| vague.contains(&file));
    none(files().into_iter().filter(offends).map(|path| format!("{path}: name it after what it is")).collect());
}

#[test]
fn the_simulation_and_the_orchestrator_never_name_each_other() {
    let bans = [
        ("sim/", ["sagaproof-orchestrator", "sagaproof_orchestrator"]),
        ("orchestrator/", ["sagaproof-sim", "sagaproof_sim"]),
    ];
    let mut broken = Vec::new();
    for (prefix, names) in bans {
        for path in files().into_iter().filter(|path| path.starts_with(prefix)) {
            let text = fs::read_to_string(root().join(&path)).unwrap();
            broken.extend(names.iter().filter(|name| text.contains(*name)).map(|name| format!("{path}: names {name}")));
            if path.ends_with("Cargo.toml") && text.lines().any(|line| line.starts_with("sagaproof.")) {
                broken.push(format!("{path}: depends on the scenarios"));
            }
        }
    }
    none(broken);
}

/// What must be right names no I/O, clock, thread, randomness, or hash order. Floats are the lints'.
#[test]
fn pure_code_names_nothing_impure() {
    let impure = [
        "std::fs",
        "std::net",
        "std::io",
        "std::thread",
        "std::process",
        "std::env",
        "std::time",
        "HashMap",
        "HashSet",
        "RandomState",
        "SystemTime",
        "tokio",
        "hyper",
        "rusqlite",
        "rand::",
        "unsafe ",
    ];
    let mut broken = Vec::new();
    for source in sources().into_iter().filter(|source| is_pure(&source.path)) {
        let code = source.production();
        for word in impure {
            for (at, _) in code.match_indices(word) {
                if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    broken.push(format!("{}:{}: {word}", source.path, source.line(at)));
                }
            }
        }
    }
    none(broken);
}

fn is_pure(path: &str) -> bool {
    let doors = [
        "sim/src/server",
        "orchestrator/src/driver",
        "orchestrator/src/store/sqlite",
        "orchestrator/src/store/postgres",
    ];
    let inside = path.starts_with("sim/src/") || path.starts_with("orchestrator/src/");
    inside && !doors.iter().any(|door| path.starts_with(door))
}

#[test]
fn nothing_is_left_unfinished_or_waved_through() {
    let unfinished = ["TO\u{44}O", "FIX\u{4d}E", "X\u{58}X"];
    let waved = ["todo!", "unimplemented!", "dbg!", "#[allow(", "#![allow(", "#[ignore"];
    let mut found = Vec::new();
    for source in sources() {
        for (line, (text, code)) in source.text.lines().zip(source.code.lines()).enumerate() {
            let marked = unfinished.iter().filter(|mark| text.contains(*mark));
            let marked = marked.chain(waved.iter().filter(|mark| code.contains(*mark)));
            found.extend(marked.map(|mark| format!("{}:{}: {mark}", source.path, line + 1)));
        }
    }
    none(found);
}

#[test]
fn no_file_names_a_place_that_readers_do_not_have() {
    let places = [
        concat!("..", "/shared"),
        concat!("ANOMA", "LIES"),
        concat!("DES", "IGN.md"),
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("static.", "crates.io"),
        concat!("index.", "crates.io"),
        concat!("registry.", "npmjs"),
        concat!("pypi", ".org"),
        concat!("pythonhosted", ".org"),
        concat!("deb.", "debian"),
    ];
    let mut found = Vec::new();
    for path in files() {
        let text = String::from_utf8_lossy(&fs::read(root().join(&path)).unwrap()).into_owned();
        for (line, text) in text.lines().enumerate() {
            found.extend(
                places
                    .iter()
                    .filter(|place| text.contains(*place))
                    .map(|place| format!("{path}:{}: {place}", line + 1)),
            );
        }
    }
    none(found);
}

#[test]
fn every_member_takes_the_workspaces_lints_edition_and_licence() {
    let shared = [
        "edition.workspace = true",
        "license.workspace = true",
        "rust-version.workspace = true",
        "[lints]\nworkspace = true",
    ];
    let mut bare = Vec::new();
    let members: BTreeSet<String> = files().into_iter().filter(|path| path.ends_with("/Cargo.toml")).collect();
    assert!(members.len() >= 5);
    for path in members {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        bare.extend(shared.iter().filter(|line| !text.contains(*line)).map(|line| format!("{path}: no `{line}`")));
    }
    none(bare);
}
