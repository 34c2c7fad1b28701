//! The table of states that are known whole: by fingerprint, what lies below each. Shared by all threads. Two threads
//! that meet the same state at once both explore it and find the same.

use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::found::Found;

/// What is known of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// What lies below it.
    pub(super) found: Found,
    /// How often the ways that begin there come to a state again, before that one's own ways.
    pub(super) ways: u32,
}

/// How many bytes a state costs at most: a table has grown to twice its size when 44 % of it are used.
pub(super) const STATE_BYTES: u64 = 94;

const SHARDS: usize = 64;

#[expect(clippy::disallowed_types, reason = "looked up by key and summed, never listed in its own order")]
type Shard = std::collections::HashMap<u64, Known, BuildHasherDefault<Plain>>;

/// States by fingerprint.
#[derive(Debug)]
pub(super) struct Table {
    shards: [Mutex<Shard>; SHARDS],
    count: AtomicU64,
}

impl Default for Table {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), count: AtomicU64::new(0) }
    }
}

impl Table {
    pub(super) fn get(&self, state: u64) -> Option<Known> {
        self.shard(state).get(&state).copied()
    }

    pub(super) fn insert(&self, state: u64, known: Known) {
        if self.shard(state).insert(state, known).is_none() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many states are known.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// The ways of all states together.
    pub(super) fn ways(&self) -> u64 {
        let of_shard =
            |number| self.shard((number as u64) << 32).values().map(|known| u64::from(known.ways)).sum::<u64>();
        (0..SHARDS).map(of_shard).sum()
    }

    /// All states in order of their fingerprints, with their ways.
    pub(super) fn states(&self) -> Vec<(u64, u32)> {
        let mut states: Vec<_> = Vec::with_capacity(self.count() as usize);
        for number in 0..SHARDS {
            let shard = self.shard((number as u64) << 32);
            states.extend(shard.iter().map(|(state, known)| (*state, known.ways)));
        }
        states.sort_unstable();
        states
    }

    fn shard(&self, state: u64) -> std::sync::MutexGuard<'_, Shard> {
        // A thread that panicked left whole entries only.
        self.shards[(state >> 32) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fingerprints are hashes already.
#[derive(Default)]
struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}
