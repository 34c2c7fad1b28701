//! Checking a store's file: whether SQLite finds it sound, and whether every row can be read.

use std::path::Path;

use super::{OpenError, Sqlite};
use crate::store::Store;

/// The most complaints of SQLite that are told.
const MOST: usize = 20;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How many rows can be read.
    pub rows: usize,
    /// What is wrong.
    pub problems: Vec<String>,
}

/// Checks the store in this file, which no process may hold meanwhile.
///
/// # Errors
/// Where it cannot be opened.
pub fn check(path: &Path) -> Result<Checked, OpenError> {
    let mut store = Sqlite::open_existing(path)?;
    let mut problems = Vec::new();
    let told = store.connection.pragma_query(None, "integrity_check", |row| {
        let line: String = row.get(0)?;
        if line != "ok" && problems.len() < MOST {
            problems.push(line);
        }
        Ok(())
    });
    problems.extend(told.err().map(|error| error.to_string()));
    let rows = match store.read("") {
        Ok(rows) => rows.len(),
        Err(broken) => {
            problems.push(broken.to_string());
            0
        }
    };
    Ok(Checked { rows, problems })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::{Expect, Write};

    #[test]
    fn a_sound_store_has_no_problems_and_a_damaged_one_has() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let mut store = Sqlite::open(&path).unwrap();
        let write = |n: usize| Write { key: format!("k{n:04}"), expect: Expect::Absent, value: Some(vec![7; 400]) };
        store.commit(&[(0..200).map(write).collect()]).unwrap();
        drop(store);
        assert_eq!(check(&path).unwrap(), Checked { rows: 200, problems: Vec::new() });
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 4096].fill(0xff);
        std::fs::write(&path, bytes).unwrap();
        assert!(check(&path).is_ok_and(|checked| !checked.problems.is_empty()));
    }
}
