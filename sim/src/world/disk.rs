//! The store of a simulated process: rows in memory under conditional commits. Its faults are choices of the world.

use std::collections::BTreeMap;

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
}
