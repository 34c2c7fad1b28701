//! Joining the parts of a run to the report that one run would have written. What is true of the parts of any format (one
//! format, one version, each part once) is seen to here; what is in them stands with each format.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::case::Case;
use super::{Verdict, explored, part, wire};
use crate::diagnostic::{Diagnostic, shown};
use crate::run::Partition;

/// The version that writes parts, and the only one whose parts are joined: another may write other bytes.
pub(super) const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// So many missing parts are named.
const NAMED: usize = 8;

/// A file that holds a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, as its owner knows it.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// The parts of a run, joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The report of the whole run, as the run would have written it.
    pub report: String,
    /// How the whole run ended.
    pub verdict: Verdict,
    /// What is wrong that no part could tell.
    pub news: Vec<Case>,
}

/// A format whose parts can be joined.
struct Format {
    name: &'static str,
    /// Joins all parts of a run, given in their order.
    join: fn(&[File]) -> Result<Joined, Diagnostic>,
}

static FORMATS: [Format; 2] =
    [Format { name: wire::FORMAT, join: part::join }, Format { name: explored::FORMAT, join: explored::join }];

/// What the parts of every format say.
#[derive(Deserialize)]
struct Head {
    format: String,
    part: Option<HeadOfPart>,
}

#[derive(Deserialize)]
struct HeadOfPart {
    number: u64,
    of: u64,
    program: String,
}

/// Joins the parts of a run.
///
/// # Errors
/// Where they are not the parts of one run, each of them once.
pub fn merge(files: Vec<File>) -> Result<Joined, Diagnostic> {
    let mut run: Option<(&Format, u64)> = None;
    let mut parts: BTreeMap<u64, File> = BTreeMap::new();
    for file in files {
        let (format, partition) = head(&file)?;
        let (first, of) = *run.get_or_insert((format, partition.of()));
        if first.name != format.name {
            return Err(
                about(&file, &format!("is `{}`, those before it are `{}`", format.name, first.name)).fix(ONE_RUN)
            );
        }
        if of != partition.of() {
            return Err(about(&file, &format!("is part {partition}, those before it are of {of} parts")).fix(ONE_RUN));
        }
        if let Some(same) = parts.get(&partition.number()) {
            let problem = format!("is part {partition}, and so is `{}`", shown(&same.name));
            return Err(about(&file, &problem).fix("give each part once"));
        }
        parts.insert(partition.number(), file);
    }
    let Some((format, of)) = run else { return Err(Diagnostic::new("there is nothing to join").fix(PARTS)) };
    let missing: Vec<u64> = (1..=of).filter(|number| !parts.contains_key(number)).take(NAMED + 1).collect();
    if !missing.is_empty() {
        return Err(incomplete(&missing, of));
    }
    (format.join)(&parts.into_values().collect::<Vec<_>>())
}

const PARTS: &str = "name the files that the runs with `--partition` and `--format json` wrote";

pub(super) const ONE_RUN: &str = "join the parts of one run: all arguments alike but for `--partition`";

/// The format of a file, and which part it is.
fn head(file: &File) -> Result<(&'static Format, Partition), Diagnostic> {
    let head: Head = serde_json::from_str(&file.text)
        .map_err(|error| about(file, &format!("is not a report of one JSON object: {error}")).fix(PARTS))?;
    let Some(format) = FORMATS.iter().find(|format| format.name == head.format) else {
        let problem = format!("is of the format `{}`, which cannot be joined", shown(&head.format));
        return Err(about(file, &problem).fix(PARTS));
    };
    let Some(part) = head.part else {
        return Err(about(file, "is the report of a whole run, not of a part").fix(PARTS));
    };
    if part.program != PROGRAM {
        let problem = format!("was written by sagaproof {}, this is {PROGRAM}", shown(&part.program));
        return Err(about(file, &problem).fix("join parts with the version that wrote them"));
    }
    let partition = Partition::new(part.number, part.of).ok_or_else(|| {
        about(file, &format!("is part {} of {}, which there is not", part.number, part.of)).fix(PARTS)
    })?;
    Ok((format, partition))
}

fn incomplete(missing: &[u64], of: u64) -> Diagnostic {
    let named: Vec<String> = missing.iter().take(NAMED).map(u64::to_string).collect();
    let (named, more) = (named.join(", "), if missing.len() > NAMED { " and more" } else { "" });
    let (parts, are) = if missing.len() == 1 { ("part", "is") } else { ("parts", "are") };
    Diagnostic::new(format!("{parts} {named}{more} of {of} {are} missing"))
        .fix("wait for all parts, and run again those that did not end")
}

/// What is wrong with a file.
pub(super) fn about(file: &File, problem: &str) -> Diagnostic {
    Diagnostic::new(format!("`{}` {problem}", shown(&file.name)))
}

#[cfg(test)]
mod tests;
