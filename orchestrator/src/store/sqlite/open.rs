//! Opening a store's file: locked for this process alone, of a schema that this program knows, or brought up to it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::Sqlite;

/// Marks the file as a hub's store: `SGPF`.
const APPLICATION: i32 = 0x5347_5046;
/// What brings a schema of the version that is the place in this list to the next one. Only ever added to.
const MIGRATIONS: &[&str] =
    &["CREATE TABLE rows (key TEXT PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID"];

/// The log is written back into the file once it has so many pages: what is written over and over is written back once.
const CHECKPOINT: i32 = 4_096;
/// So many pages are kept in memory.
const CACHE: i32 = 4_096;

/// Why a store could not be opened.
#[derive(Debug)]
pub struct OpenError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Locked,
    Foreign,
    Newer(usize),
    Sqlite(rusqlite::Error),
}

impl OpenError {
    /// Whether another process holds the store.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        matches!(self.why, Why::Locked)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.why {
            Why::Locked => write!(f, "{path} is held by another process: one hub at a time may have a store"),
            Why::Foreign => write!(f, "{path} is no hub's store"),
            Why::Newer(version) => {
                let known = MIGRATIONS.len();
                write!(f, "{path} has schema {version}, and this program knows {known} at most: use a newer one")
            }
            Why::Sqlite(error) => write!(f, "{path} cannot be opened as a store: {error}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<rusqlite::Error> for Why {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            _ => Self::Sqlite(error),
        }
    }
}

impl Sqlite {
    /// Opens the store in this file, and makes it where there is none.
    ///
    /// # Errors
    /// Where another process holds it, it is something else, it is newer than this program, or it cannot be read.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::with(path, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// The same, where there must be one already.
    ///
    /// # Errors
    /// As above, or where there is none.
    pub fn open_existing(path: &Path) -> Result<Self, OpenError> {
        Self::with(path, OpenFlags::empty())
    }

    fn with(path: &Path, more: OpenFlags) -> Result<Self, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
        let opened = Connection::open_with_flags(path, flags).map_err(Why::from).and_then(prepared);
        opened.map(|connection| Self { connection }).map_err(|why| OpenError { path: path.to_owned(), why })
    }

    /// Lets the file grow to so many pages at most; what does not fit is told as full.
    ///
    /// # Errors
    /// Where SQLite does not take the bound.
    pub fn bound_pages(&self, pages: u32) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "max_page_count", pages)
    }
}

/// Locks the file, looks whose it is, and brings its schema up to date.
fn prepared(mut connection: Connection) -> Result<Connection, Why> {
    // Whoever holds it holds it for as long as it lives, so there is nothing to wait for.
    connection.busy_timeout(Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    let version = version(&transaction)?;
    drop(transaction);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
    connection.pragma_update(None, "cache_size", CACHE)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    for (migration, number) in MIGRATIONS.iter().zip(1..).skip(version) {
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.commit()?;
    Ok(connection)
}

/// The version of the schema; 0 where the file is empty.
fn version(transaction: &Transaction<'_>) -> Result<usize, Why> {
    let number = |pragma| transaction.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (number("application_id")?, usize::try_from(number("user_version")?)) {
        (0, Ok(0)) if tables == 0 => Ok(0),
        (APPLICATION, Ok(version)) if version <= MIGRATIONS.len() => Ok(version),
        (APPLICATION, Ok(version)) => Err(Why::Newer(version)),
        _ => Err(Why::Foreign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_store_is_held_by_one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let first = Sqlite::open(&path).unwrap();
        let refused = Sqlite::open(&path).unwrap_err();
        assert!(refused.is_locked());
        assert!(refused.to_string().ends_with("hub.db is held by another process: one hub at a time may have a store"));
        drop(first);
        assert!(Sqlite::open(&path).is_ok());
    }

    #[test]
    fn what_is_no_store_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "a text that is long enough to be taken for something else, perhaps").unwrap();
        assert!(Sqlite::open(&path).unwrap_err().to_string().ends_with("notes.txt is no hub's store"));
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("a text"));
        let foreign = folder.path().join("foreign.db");
        Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
        assert!(Sqlite::open(&foreign).unwrap_err().to_string().ends_with("foreign.db is no hub's store"));
    }

    #[test]
    fn a_newer_schema_is_refused_and_a_missing_file_is_made_only_where_it_may_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        assert!(Sqlite::open_existing(&path).is_err());
        let mut store = Sqlite::open(&path).unwrap();
        assert_eq!(store.read("").unwrap(), []);
        let newer = MIGRATIONS.len() + 1;
        store.connection.pragma_update(None, "user_version", i32::try_from(newer).unwrap()).unwrap();
        drop(store);
        let refused = Sqlite::open(&path).unwrap_err().to_string();
        assert!(refused.contains(&format!("has schema {newer}, and this program knows {} at most", MIGRATIONS.len())));
    }
}
