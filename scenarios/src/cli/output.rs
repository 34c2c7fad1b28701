//! Where a report goes, to standard output or into a file, and in which form where three will do.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Failure;

/// How a report is written that has no lines and no test runners' form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Terminal,
    /// One object on one line
    Json,
    /// A page for browsers, complete in one file
    Html,
}

#[derive(Debug, Args)]
pub(super) struct Output {
    /// Writes the report into this file instead of to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Output {
    /// Opens the file, where one is wanted: at once, for what comes first may take long, and a path that cannot be had
    /// should be known before.
    pub(super) fn open(&self) -> Result<Option<Opened<'_>>, Failure> {
        let Some(path) = &self.output else { return Ok(None) };
        let file = File::create(path).map_err(|error| unwritable(path, &error))?;
        Ok(Some(Opened { path, file: BufWriter::new(file) }))
    }
}

/// A file that a report goes into.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    path: &'a Path,
    file: BufWriter<File>,
}

/// Writes the beginning of a report, before what it reports has been done.
pub(super) fn begin(
    opened: Option<&mut Opened<'_>>,
    out: &mut dyn Write,
    beginning: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    match opened {
        None => Ok(beginning(out)?),
        Some(Opened { path, file }) => beginning(file).map_err(|error| unwritable(path, &error)),
    }
}

/// Writes a report into the file, or to `out` where there is none; says on `err` where it is.
pub(super) fn write(
    opened: Option<Opened<'_>>,
    out: &mut dyn Write,
    err: &mut dyn Write,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let Some(Opened { path, mut file }) = opened else { return Ok(report(out)?) };
    report(&mut file).and_then(|()| file.flush()).map_err(|error| unwritable(path, &error))?;
    Ok(writeln!(err, "the report is in {}", path.display())?)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Run(format!("{}: the report cannot be written: {error}", path.display()))
}
