//! Which rows may hold a key (an e-mail, a tag, a vendor-made name), in worlds of one record or of a hundred thousand.
//! Only hashes are kept, so it costs no copy of any text; whoever asks compares the row itself.

use std::collections::BTreeSet;

use crate::chaos::point::{Subject, mix};

/// Hashed keys with the rows that hold them. Letters count without case. Costs nothing while empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys(BTreeSet<(u64, u32)>);

impl Keys {
    /// Notes that a row holds this value in this field (fields are numbered by each dialect).
    pub(super) fn add(&mut self, field: u8, value: &str, row: u32) {
        self.0.insert((slot(field, value), row));
    }

    /// Forgets that a row holds this value in this field.
    pub(super) fn remove(&mut self, field: u8, value: &str, row: u32) {
        self.0.remove(&(slot(field, value), row));
    }

    /// The rows that may hold this value in this field, in order.
    pub(super) fn candidates(&self, field: u8, value: &str) -> impl Iterator<Item = usize> {
        let slot = slot(field, value);
        self.0.range((slot, 0)..=(slot, u32::MAX)).map(|&(_, row)| row as usize)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

fn slot(field: u8, value: &str) -> u64 {
    mix(Subject::of(value.as_bytes()).0 ^ u64::from(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_its_field_whatever_its_case() {
        let mut keys = Keys::default();
        keys.add(0, "Ann@Example.com", 3);
        keys.add(0, "ann@example.com", 1);
        keys.add(1, "ann@example.com", 2);
        assert_eq!(keys.candidates(0, "ANN@example.com").collect::<Vec<_>>(), [1, 3]);
        keys.remove(0, "ann@example.COM", 1);
        assert_eq!(keys.candidates(0, "ann@example.com").collect::<Vec<_>>(), [3]);
    }
}
