//! Files that a server leaves while it runs, the ready file above all: there whole or not at all, gone when it has ended.

use std::fs;
use std::io;
use std::path::Path;

use super::Failure;
use crate::diagnostic::Diagnostic;

/// Writes such a file.
pub(super) fn say(path: &Path, text: &str) -> Result<(), Failure> {
    write_whole(path, text).map_err(|error| unwritable(path, &error))
}

/// Writes a file that is there whole or not at all.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", std::process::id()));
    fs::write(&draft, text)?;
    fs::rename(&draft, path)
}

/// Takes back what an earlier server, or this one, said of being ready.
pub(super) fn withdraw(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(path, &error)),
        _ => Ok(()),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("{}: cannot be written: {error}", path.display());
    Diagnostic::new(message).fix("name a file in a folder that can be written to").into()
}
