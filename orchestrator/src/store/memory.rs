//! A store in memory, which survives nothing: for tests, and for a hub that is only tried out.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::{Broken, Store};
use crate::effect::{Expect, Write};
use crate::event::{Row, Verdict};

/// Rows in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    rows: BTreeMap<String, (u64, Vec<u8>)>,
    most: Option<usize>,
}

impl Memory {
    /// A store that is full with so many rows.
    #[must_use]
    pub const fn bounded(most: usize) -> Self {
        Self { rows: BTreeMap::new(), most: Some(most) }
    }

    fn allows(&self, writes: &[Write]) -> bool {
        writes.iter().all(|write| match write.expect {
            Expect::Any => true,
            Expect::Absent => !self.rows.contains_key(&write.key),
            Expect::Version(expected) => self.rows.get(&write.key).is_some_and(|(version, _)| *version == expected),
        })
    }

    /// Whether all rows find room; a commit that makes none is never too much.
    fn has_room(&self, writes: &[Write]) -> bool {
        let added = writes.iter().filter(|write| write.value.is_some() && !self.rows.contains_key(&write.key)).count();
        added == 0 || self.most.is_none_or(|most| self.rows.len() + added <= most)
    }

    fn commit_one(&mut self, writes: &[Write]) -> Verdict {
        if !self.allows(writes) {
            return Verdict::Conflict;
        }
        if !self.has_room(writes) {
            return Verdict::Full;
        }
        for Write { key, value, .. } in writes {
            let Some(value) = value else {
                self.rows.remove(key);
                continue;
            };
            let row = self.rows.entry(key.clone()).or_default();
            *row = (row.0 + 1, value.clone());
        }
        Verdict::Committed
    }
}

impl Store for Memory {
    fn read(&mut self, prefix: &str) -> Result<Vec<Row>, Broken> {
        let from = self.rows.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let under = from.take_while(|(key, _)| key.starts_with(prefix));
        Ok(under
            .map(|(key, (version, value))| Row { key: key.clone(), version: *version, value: value.clone() })
            .collect())
    }

    fn commit(&mut self, commits: &[Vec<Write>]) -> Result<Vec<Verdict>, Broken> {
        Ok(commits.iter().map(|writes| self.commit_one(writes)).collect())
    }
}
