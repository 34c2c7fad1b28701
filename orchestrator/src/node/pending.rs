//! What is under way, by number. Numbers only rise and little is under way at once, so a sorted list serves better than
//! a tree: it keeps its room and finds the newest at its end.

use std::collections::VecDeque;

/// What is under way.
#[derive(Debug, Clone)]
pub(super) struct Pending<T> {
    items: VecDeque<(u64, T)>,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { items: VecDeque::new() }
    }
}

impl<T> Pending<T> {
    /// Adds what goes under this number, which must be higher than all before it.
    pub(super) fn insert(&mut self, number: u64, item: T) {
        debug_assert!(self.items.back().is_none_or(|(last, _)| *last < number), "numbers rise");
        self.items.push_back((number, item));
    }

    /// Whether nothing is.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What is under way, in order of the numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.items.iter().map(|(number, item)| (*number, item))
    }

    /// Does this to each.
    pub(super) fn change(&mut self, change: impl FnMut(&mut T)) {
        self.items.iter_mut().map(|(_, item)| item).for_each(change);
    }

    /// Forgets what is not wanted.
    pub(super) fn retain(&mut self, mut wanted: impl FnMut(&T) -> bool) {
        self.items.retain(|(_, item)| wanted(item));
    }

    /// Takes out what is under this number.
    pub(super) fn remove(&mut self, number: u64) -> Option<T> {
        let place = self.items.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.items.remove(place).map(|(_, item)| item)
    }
}

#[cfg(test)]
mod tests {
    use super::Pending;

    #[test]
    fn things_are_taken_out_once_and_in_any_order() {
        let mut pending = Pending::default();
        for number in [1, 4, 9] {
            pending.insert(number, number * 10);
        }
        assert_eq!([4, 4, 2, 9, 1].map(|number| pending.remove(number)), [Some(40), None, None, Some(90), Some(10)]);
    }
}
