//! Where scenarios come from: suites built into the binary, and files and folders that a person names. What is in them
//! is not read here.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::validate::{Placed, suite};
use super::{Origin, Scenario};
use crate::diagnostic::{Diagnostic, Place, Source, shown};

/// The most that a scenario file may hold, in bytes; looked at before anything is read.
pub const MOST_BYTES: u64 = 1 << 20;

/// The suites built into the binary: name and text.
const SUITES: &[(&str, &str)] = &[
    ("one", include_str!("../../suites/one.yaml")),
    ("messages", include_str!("../../suites/messages.yaml")),
    ("vendors", include_str!("../../suites/vendors.yaml")),
    ("hub", include_str!("../../suites/hub.yaml")),
    ("sagas", include_str!("../../suites/sagas.yaml")),
    ("merges", include_str!("../../suites/merges.yaml")),
    ("operators", include_str!("../../suites/operators.yaml")),
    ("hubs", include_str!("../../suites/hubs.yaml")),
    ("beyond", include_str!("../../suites/beyond.yaml")),
];

/// The scenarios built into the binary, in the order of their suites.
///
/// # Errors
/// Where a built-in suite is broken; a test keeps that from happening.
pub fn built_in() -> Result<Vec<Scenario>, Diagnostic> {
    let mut all = Vec::new();
    for (name, text) in SUITES {
        all.extend(suite(&Source::new(&format!("built-in suite {name}"), text), &Origin::BuiltIn(name))?);
    }
    distinct(all)
}

/// The scenarios in these files, and in the `.yaml` and `.yml` files directly in these folders, in order.
///
/// # Errors
/// The first thing that is wrong: a path that does not exist or holds no scenarios, a file that is too large, not
/// UTF-8 or not right, or a name that two scenarios share.
pub fn load<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<Scenario>, Diagnostic> {
    let mut all = Vec::new();
    for path in paths {
        for file in files(path.as_ref())? {
            let text = text(&file)?;
            all.extend(suite(&Source::new(&file.to_string_lossy(), &text), &Origin::File(file))?);
        }
    }
    distinct(all)
}

/// The files that a path stands for.
fn files(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let kind = fs::metadata(path).map_err(|error| unreachable(path, &error))?;
    if !kind.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut files: Vec<PathBuf> = entries
        .map_err(|error| unreachable(path, &error))?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml"))
        .collect();
    if files.is_empty() {
        return Err(about(path, "is a folder without scenario files").fix("scenario files end in .yaml or .yml"));
    }
    files.sort();
    Ok(files)
}

/// The text of a file, if it is one, not too large and UTF-8.
pub(super) fn text(path: &Path) -> Result<String, Diagnostic> {
    let kind = fs::metadata(path).map_err(|error| unreachable(path, &error))?;
    if !kind.is_file() {
        return Err(about(path, "is neither a file nor a folder").fix("name a scenario file or a folder of them"));
    }
    if kind.len() > MOST_BYTES {
        return Err(too_large(path));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| unreachable(path, &error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(too_large(path));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        let source = Source::new(&path.to_string_lossy(), &good);
        about(path, "is not UTF-8")
            .at(source.place(good.len()..good.len()), "the first bad byte")
            .fix("save it as UTF-8")
    })
}

fn about(path: &Path, problem: &str) -> Diagnostic {
    Diagnostic::new(format!("`{}` {problem}", shown(&path.to_string_lossy())))
}

fn unreachable(path: &Path, error: &io::Error) -> Diagnostic {
    match error.kind() {
        io::ErrorKind::NotFound => about(path, "does not exist"),
        _ => about(path, &format!("cannot be read: {error}")),
    }
    .fix("name a scenario file or a folder of them; without any, the built-in scenarios run")
}

fn too_large(path: &Path) -> Diagnostic {
    about(path, "is larger than 1 MiB").fix("a scenario file is small; split it, and check that it is the right file")
}

/// Refuses scenarios that share a name.
fn distinct(all: Vec<Placed>) -> Result<Vec<Scenario>, Diagnostic> {
    let mut names: BTreeMap<&str, &Place> = BTreeMap::new();
    for (scenario, place) in &all {
        if let Some(first) = names.insert(&scenario.name, place) {
            return Err(Diagnostic::new(format!("two scenarios are named `{}`", scenario.name))
                .at(place.clone(), "again here")
                .earlier(first.clone())
                .field("name")
                .value(&*scenario.name)
                .fix("give each its own name; --filter and replay find scenarios by it"));
        }
    }
    Ok(all.into_iter().map(|(scenario, _)| scenario).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE: &str = "scenarios:\n  - name: one\n    proves: Something holds.\n    level: basic\n    \
        workload: {population: 1, operations: 1, mix: {create: 100%}}\n";

    fn told(file: &str, bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(file);
        fs::write(&path, bytes).unwrap();
        told_of(&path, folder.path())
    }

    fn told_of(path: &Path, folder: &Path) -> String {
        load(&[path]).unwrap_err().to_string().replace(&*folder.to_string_lossy(), "FOLDER")
    }

    #[test]
    fn a_path_that_does_not_exist_is_told() {
        let folder = tempfile::tempdir().unwrap();
        insta::assert_snapshot!(told_of(&folder.path().join("no.yaml"), folder.path()), @r"
        error: `FOLDER/no.yaml` does not exist
         |
         = help: name a scenario file or a folder of them; without any, the built-in scenarios run
        ");
        insta::assert_snapshot!(told_of(folder.path(), folder.path()), @r"
        error: `FOLDER` is a folder without scenario files
         |
         = help: scenario files end in .yaml or .yml
        ");
    }

    #[test]
    fn a_file_of_100_mb_is_told_without_being_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.yaml");
        File::create(&path).unwrap().set_len(100_000_000).unwrap();
        insta::assert_snapshot!(told_of(&path, folder.path()), @r"
        error: `FOLDER/large.yaml` is larger than 1 MiB
         |
         = help: a scenario file is small; split it, and check that it is the right file
        ");
    }

    #[test]
    fn a_device_is_not_read() {
        assert!(load(&["/dev/null"]).unwrap_err().to_string().contains("is neither a file nor a folder"));
    }

    #[test]
    fn a_file_that_is_not_utf_8_is_told_with_the_place() {
        insta::assert_snapshot!(told("x.yaml", b"scenarios:\n  - name: caf\xe9\n"), @r"
        error: `FOLDER/x.yaml` is not UTF-8
         --> FOLDER/x.yaml:2:14
          |
        2 |   - name: caf
          |              ^ the first bad byte
          |
          = help: save it as UTF-8
        ");
    }

    #[test]
    fn names_are_distinct_over_all_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yaml"), ONE).unwrap();
        fs::write(folder.path().join("b.yml"), ONE).unwrap();
        fs::write(folder.path().join("c.txt"), "not read").unwrap();
        insta::assert_snapshot!(told_of(folder.path(), folder.path()), @r"
        error: two scenarios are named `one`
         --> FOLDER/b.yml:2:11
          |
        2 |   - name: one
          |           ^^^ again here
          |
         ::: FOLDER/a.yaml:2:11
          |
        2 |   - name: one
          |           --- first here
          |
          = help: give each its own name; --filter and replay find scenarios by it
        ");
        fs::remove_file(folder.path().join("b.yml")).unwrap();
        let read = load(&[folder.path()]).unwrap();
        assert_eq!(read[0].origin, Origin::File(folder.path().join("a.yaml")));
    }

    proptest! {
        #[test]
        fn whatever_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x.yaml");
            fs::write(&path, bytes).unwrap();
            prop_assert!(load(&[path]).is_err());
        }
    }
}
