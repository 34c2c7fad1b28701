//! A store in one SQLite file: write-ahead log, every commit synced, one process at a time. Commits that are handed over
//! together share one transaction and so one sync.

mod check;
mod open;

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};

pub use self::check::{Checked, check};
pub use self::open::OpenError;

use super::{Broken, Store};
use crate::effect::{Expect, Write};
use crate::event::{Row, Verdict};

/// Rows in a file. Whoever holds this holds the file alone.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// All commits in one transaction: all verdicts, or nothing happened.
    fn together(&mut self, commits: &[Vec<Write>]) -> rusqlite::Result<Vec<Verdict>> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let verdicts = commits.iter().map(|writes| apply(&transaction, writes)).collect::<Result<_, _>>()?;
        transaction.commit()?;
        Ok(verdicts)
    }
}

impl Store for Sqlite {
    fn read(&mut self, prefix: &str) -> Result<Vec<Row>, Broken> {
        rows(&self.connection, prefix).map_err(broken)
    }

    fn commit(&mut self, commits: &[Vec<Write>]) -> Result<Vec<Verdict>, Broken> {
        match self.together(commits) {
            Err(error) if is_full(&error) && commits.len() > 1 => {
                // One of them does not fit, and took the others back with it.
                let alone = |writes: &Vec<Write>| self.commit(std::slice::from_ref(writes));
                commits.iter().map(alone).collect::<Result<Vec<_>, _>>().map(|verdicts| verdicts.concat())
            }
            Err(error) if is_full(&error) => Ok(vec![Verdict::Full]),
            done => done.map_err(broken),
        }
    }
}

fn rows(connection: &Connection, prefix: &str) -> rusqlite::Result<Vec<Row>> {
    let mut statement =
        connection.prepare_cached("SELECT key, version, value FROM rows WHERE key >= ?1 ORDER BY key")?;
    let mut found = statement.query([prefix])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let key: String = row.get(0)?;
        if !key.starts_with(prefix) {
            break;
        }
        rows.push(Row { key, version: row.get::<_, i64>(1)?.cast_unsigned(), value: row.get(2)? });
    }
    Ok(rows)
}

/// One commit within a transaction: all of its writes, or none where a condition does not hold.
fn apply(transaction: &Transaction<'_>, writes: &[Write]) -> rusqlite::Result<Verdict> {
    let mut version_of = transaction.prepare_cached("SELECT version FROM rows WHERE key = ?1")?;
    for write in writes {
        let holds = match write.expect {
            Expect::Any => true,
            Expect::Absent => !version_of.exists([&write.key])?,
            Expect::Version(expected) => {
                version_of.query_row([&write.key], |row| row.get::<_, i64>(0)).optional()?
                    == Some(expected.cast_signed())
            }
        };
        if !holds {
            return Ok(Verdict::Conflict);
        }
    }
    let mut put = transaction.prepare_cached(
        "INSERT INTO rows (key, version, value) VALUES (?1, 1, ?2) \
         ON CONFLICT (key) DO UPDATE SET version = version + 1, value = excluded.value",
    )?;
    let mut remove = transaction.prepare_cached("DELETE FROM rows WHERE key = ?1")?;
    for Write { key, value, .. } in writes {
        match value {
            Some(value) => put.execute(params![key, value])?,
            None => remove.execute([key])?,
        };
    }
    Ok(Verdict::Committed)
}

fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

#[expect(clippy::needless_pass_by_value, reason = "to be handed to map_err")]
fn broken(error: rusqlite::Error) -> Broken {
    Broken(error.to_string())
}
