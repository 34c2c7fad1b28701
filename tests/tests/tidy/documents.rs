//! The documents keep up with the tree: every module has its line in ARCHITECTURE.md, and every path and test that a
//! document names exists. Whether what the README quotes is what the program prints is tested end to end.

use std::collections::BTreeSet;
use std::fs;

use crate::none;
use crate::source::{files, root, sources};

const DOCUMENTS: [&str; 4] = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "README.md"];

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// All that stands between back-quotes on one line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

#[test]
fn every_module_has_its_line_in_the_code_map() {
    let text = document("ARCHITECTURE.md");
    let mut broken = Vec::new();
    for member in ["sim", "orchestrator", "scenarios"] {
        let named = mapped(&text, member);
        let modules = modules(member);
        let missing = modules.iter().filter(|(module, parent)| *parent && !named.contains(module.as_str()));
        broken.extend(missing.map(|(module, _)| format!("ARCHITECTURE.md, `{member}`: no line on `{module}`")));
        let known = |name: &&str| modules.iter().any(|(module, _)| module == *name);
        let stray = named.iter().filter(|name| !known(name));
        broken.extend(stray.map(|name| format!("ARCHITECTURE.md, `{member}`: `{name}` is no module")));
    }
    none(broken);
}

/// The modules on which the code map has a line under the member's heading.
fn mapped<'t>(text: &'t str, member: &str) -> BTreeSet<&'t str> {
    let heading = format!("### `{member}`");
    let section = text.split_once(&heading).map_or("", |(_, rest)| rest);
    let section = section.split("\n#").next().unwrap_or_default();
    let items = section.lines().filter(|line| line.starts_with("- `"));
    items.flat_map(|line| quoted(line.split("`: ").next().unwrap_or_default())).collect()
}

/// A member's modules by path, and whether the code map owes them a line: top-level ones, and those with a folder.
fn modules(member: &str) -> BTreeSet<(String, bool)> {
    let prefix = format!("{member}/src/");
    let files: BTreeSet<String> = files().into_iter().collect();
    let within = files.iter().filter_map(|path| path.strip_prefix(&prefix)?.strip_suffix(".rs"));
    let outside_tests = within.filter(|module| !matches!(*module, "lib" | "main") && !module.ends_with("tests"));
    let has_folder = |module: &str| {
        let folder = format!("{prefix}{module}/");
        let tests = format!("{folder}tests");
        files.iter().any(|path| path.starts_with(&folder) && !path.starts_with(&tests))
    };
    outside_tests
        .map(|module| {
            let top = !module.contains('/');
            let beside = module.matches('/').count() == 1 && has_folder(module);
            (module.to_owned(), top || beside)
        })
        .collect()
}

#[test]
fn every_path_that_a_document_names_exists() {
    let files = files();
    let folders: BTreeSet<&str> = files.iter().filter_map(|path| path.split_once('/')).map(|(top, _)| top).collect();
    let mut broken = Vec::new();
    for name in DOCUMENTS {
        let text = document(name);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        let paths = quoted(&text).chain(links).filter(|path| !path.contains([' ', '…', '{']));
        for path in paths.filter(|path| path.split_once('/').is_some_and(|(top, _)| folders.contains(top))) {
            let exists =
                files.iter().any(|file| file == path || file.starts_with(&format!("{}/", path.trim_end_matches('/'))));
            // The code map names modules from within their crates.
            let module = || files.iter().any(|file| file.ends_with(&format!("/src/{path}.rs")));
            if !exists && !module() {
                broken.push(format!("{name}: there is no `{path}`"));
            }
        }
    }
    none(broken);
}

#[test]
fn every_test_that_a_document_names_exists() {
    let sources = sources();
    let exists = |test: &str| sources.iter().any(|source| source.code.contains(&format!("fn {test}(")));
    let mut broken = Vec::new();
    for name in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = document(name);
        let is_sentence =
            |word: &&str| word.matches('_').count() >= 3 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        broken.extend(
            quoted(&text)
                .filter(is_sentence)
                .filter(|test| !exists(test))
                .map(|test| format!("{name}: there is no test `{test}`")),
        );
    }
    none(broken);
}
