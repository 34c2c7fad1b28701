//! Files that a command reads whole. What is in them is not looked at here.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::Failure;
use crate::diagnostic::Diagnostic;

/// What is in a file: never much more than `most` bytes, so that whoever reads it can tell that it is too long.
pub(super) fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let wrong = |what: String| Diagnostic::new(format!("{}: {what}", path.display()));
    let unreadable = |error: io::Error| Failure::Input(wrong(format!("cannot be read: {error}")));
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(wrong("is not a file".to_owned()).into());
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    Ok(bytes)
}
