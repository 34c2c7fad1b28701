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
const SUITES: &[(&str, &str)] = &[("one", include_str!("../../suites/one.yaml"))];

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
fn text(path: &Path) -> Result<String, Diagnostic> {
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
