//! Which rows may hold a key (an e-mail, a tag, a vendor-made name), in worlds of one record or of a hundred thousand.
//! Only hashes are kept, so it costs no copy of any text; whoever asks compares the row itself.

use std::collections::BTreeSet;

use crate::chaos::point::mix;

/// So many entries are looked through one by one: most worlds never have more, and need no tree.
const FEW: usize = 24;

/// Hashed keys with the rows that hold them. Letters count without case. Costs nothing while empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    few: Vec<(u64, u32)>,
    /// Holds what no longer fitted into `few`.
    many: BTreeSet<(u64, u32)>,
}

impl Keys {
    /// Notes that a row holds this value in this field (fields are numbered by each dialect).
    pub(super) fn add(&mut self, field: u8, value: &str, row: u32) {
        let entry = (slot(field, value), row);
        if self.few.len() < FEW {
            self.few.push(entry);
        } else {
            self.many.insert(entry);
        }
    }

    /// Forgets that a row holds this value in this field.
    pub(super) fn remove(&mut self, field: u8, value: &str, row: u32) {
        let entry = (slot(field, value), row);
        match self.few.iter().position(|known| *known == entry) {
            Some(place) => drop(self.few.swap_remove(place)),
            None => drop(self.many.remove(&entry)),
        }
    }

    /// The rows that may hold this value in this field, in no particular order, some perhaps twice.
    pub(super) fn candidates(&self, field: u8, value: &str) -> impl Iterator<Item = usize> {
        let slot = slot(field, value);
        let few = self.few.iter().filter(move |entry| entry.0 == slot);
        let many = (!self.many.is_empty()).then(|| self.many.range((slot, 0)..=(slot, u32::MAX)));
        few.chain(many.into_iter().flatten()).map(|&(_, row)| row as usize)
    }

    /// Forgets everything, and keeps what it has allocated.
    pub(super) fn clear(&mut self) {
        self.few.clear();
        self.many.clear();
    }
}

/// Folds eight bytes at a time. Bit 5 is set in each, which makes letters of both cases alike (and some other signs,
/// which is harmless here).
fn slot(field: u8, value: &str) -> u64 {
    let fold = |hash: u64, word: [u8; 8]| mix(hash ^ (u64::from_le_bytes(word) | 0x2020_2020_2020_2020));
    let mut rest = value.as_bytes();
    let mut hash = u64::from(field);
    while let Some((word, after)) = rest.split_first_chunk() {
        hash = fold(hash, *word);
        rest = after;
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    fold(hash, last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(keys: &Keys, field: u8, value: &str) -> Vec<usize> {
        let mut rows: Vec<_> = keys.candidates(field, value).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    #[test]
    fn a_value_is_found_in_its_field_whatever_its_case() {
        let mut keys = Keys::default();
        keys.add(0, "Ann@Example.com", 3);
        keys.add(0, "ann@example.com", 1);
        keys.add(1, "ann@example.com", 2);
        assert_eq!(sorted(&keys, 0, "ANN@example.com"), [1, 3]);
        keys.remove(0, "ann@example.COM", 1);
        assert_eq!(sorted(&keys, 0, "ann@example.com"), [3]);
    }

    proptest! {
        /// However many there are and whatever was removed, exactly the holders are candidates.
        #[test]
        fn exactly_the_holders_are_found(steps in prop::collection::vec((any::<bool>(), 0..20_u32, 0..3_u32), 0..120)) {
            let (mut keys, mut model) = (Keys::default(), BTreeSet::new());
            for (add, value, row) in steps {
                let text = format!("value-{value}");
                if add && model.insert((value, row)) {
                    keys.add(7, &text, row);
                } else if !add && model.remove(&(value, row)) {
                    keys.remove(7, &text, row);
                }
            }
            for value in 0..20 {
                let holders: Vec<_> = model.iter().filter(|held| held.0 == value).map(|held| held.1 as usize).collect();
                prop_assert_eq!(sorted(&keys, 7, &format!("value-{value}")), holders);
            }
        }
    }
}
