//! The store of a simulated process: rows in memory under conditional commits. Its faults are choices of the world.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::fleet::Fingerprint;
use crate::process::{Expect, Row, Write};

/// The rows that survive crashes.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    rows: BTreeMap<String, (u64, Vec<u8>)>,
}

impl Disk {
    /// All rows, in order of their keys: key, version, value.
    pub fn rows(&self) -> impl Iterator<Item = (&str, u64, &[u8])> {
        self.rows.iter().map(|(key, (version, value))| (key.as_str(), *version, value.as_slice()))
    }

    /// Puts a row there before the world begins, in version 1: what stood in the store already.
    pub fn put(&mut self, key: String, value: Vec<u8>) {
        self.rows.insert(key, (1, value));
    }

    /// Whether every write's condition holds.
    pub(super) fn allows(&self, writes: &[Write]) -> bool {
        writes.iter().all(|write| match write.expect {
            Expect::Any => true,
            Expect::Absent => !self.rows.contains_key(&write.key),
            Expect::Version(expected) => self.rows.get(&write.key).is_some_and(|(version, _)| *version == expected),
        })
    }

    /// Applies all writes, in order.
    pub(super) fn apply(&mut self, writes: Vec<Write>) {
        for Write { key, value, .. } in writes {
            let Some(value) = value else {
                self.rows.remove(&key);
                continue;
            };
            let row = self.rows.entry(key).or_insert((0, Vec::new()));
            *row = (row.0 + 1, value);
        }
    }

    /// Copies of the rows whose keys begin with this prefix, in order.
    #[must_use]
    pub fn read(&self, prefix: &str) -> Vec<Row> {
        let from = self.rows.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let rows = from.take_while(|(key, _)| key.starts_with(prefix));
        rows.map(|(key, (version, value))| Row { key: key.clone(), version: *version, value: value.clone() }).collect()
    }

    /// Feeds all rows into a fingerprint.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        print.number(self.rows.len() as u64);
        for (key, version, value) in self.rows() {
            print.bytes(key.as_bytes());
            print.number(version);
            print.bytes(value);
        }
    }

    /// Forgets every row.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(key: &str, expect: Expect, value: Option<&str>) -> Write {
        Write { key: key.to_owned(), expect, value: value.map(|value| value.as_bytes().to_vec()) }
    }

    fn commit(disk: &mut Disk, writes: Vec<Write>) -> bool {
        let allowed = disk.allows(&writes);
        if allowed {
            disk.apply(writes);
        }
        allowed
    }

    #[test]
    fn a_new_row_has_version_one_and_each_write_raises_it() {
        let mut disk = Disk::default();
        assert!(commit(&mut disk, vec![write("a", Expect::Absent, Some("1"))]));
        assert!(commit(&mut disk, vec![write("a", Expect::Version(1), Some("2"))]));
        assert_eq!(disk.rows().collect::<Vec<_>>(), [("a", 2, b"2".as_slice())]);
    }

    #[test]
    fn a_commit_whose_condition_fails_writes_nothing_at_all() {
        let mut disk = Disk::default();
        assert!(commit(&mut disk, vec![write("a", Expect::Any, Some("1"))]));
        for expect in [Expect::Absent, Expect::Version(2)] {
            assert!(!commit(&mut disk, vec![write("b", Expect::Any, Some("1")), write("a", expect, Some("2"))]));
        }
        assert!(!commit(&mut disk, vec![write("missing", Expect::Version(1), None)]));
        assert_eq!(disk.rows().count(), 1);
    }

    #[test]
    fn a_row_that_was_removed_begins_again_at_version_one() {
        let mut disk = Disk::default();
        assert!(commit(&mut disk, vec![write("a", Expect::Any, Some("1"))]));
        assert!(commit(&mut disk, vec![write("a", Expect::Version(1), None)]));
        assert!(commit(&mut disk, vec![write("a", Expect::Absent, Some("2"))]));
        assert_eq!(disk.rows().collect::<Vec<_>>(), [("a", 1, b"2".as_slice())]);
    }

    #[test]
    fn a_read_gives_the_rows_under_its_prefix_in_order() {
        let mut disk = Disk::default();
        for key in ["b/2", "a/1", "b/1", "c", "b"] {
            assert!(commit(&mut disk, vec![write(key, Expect::Absent, Some("v"))]));
        }
        let keys: Vec<_> = disk.read("b/").into_iter().map(|row| row.key).collect();
        assert_eq!(keys, ["b/1", "b/2"]);
        assert_eq!(disk.read("").len(), 5);
    }
}
