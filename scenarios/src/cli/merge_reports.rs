//! `sagaproof merge-reports`: joins the reports of all parts of a run or a search to the one that the whole would have
//! written.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, file};
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::report::github;
use crate::report::merge::{File, merge};

/// A longer file is no report: the violations that one tells are few.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The reports of all parts, in any order
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let files = arguments.files.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    let joined = merge(files)?;
    out.write_all(joined.report.as_bytes())?;
    if github::listens() {
        github::write(&joined.news, err)?;
    }
    Ok(joined.verdict.into())
}

fn read(path: &Path) -> Result<File, Failure> {
    let bytes = file::read(path, MOST_BYTES)?;
    let wrong = |what| Diagnostic::new(format!("{}: {what}", path.display()));
    if bytes.len() as u64 > MOST_BYTES {
        return Err(wrong("is larger than 64 MiB").fix("name reports of sagaproof").into());
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8").fix("name reports of sagaproof"))?;
    Ok(File { name: path.display().to_string(), text })
}
