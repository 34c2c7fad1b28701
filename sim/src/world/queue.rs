//! The queue of what is due: by time, then in order of sending. What was called off leaves it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::slab::Slab;
use crate::clock::Instant;

/// Where something stands in the queue. It also names it, once and for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// When it is due.
    pub(super) at: Instant,
    /// Its place in the order of sending, and below that its slot: one number, so that keys compare quickly.
    pub(super) rank: u64,
}

/// So many bits of a rank are the slot: sixteen million things may be due at once.
const SLOT_BITS: u32 = 24;

impl Key {
    const fn slot(self) -> u32 {
        (self.rank & ((1 << SLOT_BITS) - 1)) as u32
    }

    /// Whether it is the key of what was sent at this place in the order of sending.
    const fn is(self, sent: u64) -> bool {
        self.rank >> SLOT_BITS == sent >> SLOT_BITS
    }
}

/// What is due, each at its time.
#[derive(Debug, Clone)]
pub(super) struct Queue<T> {
    heap: BinaryHeap<Reverse<Key>>,
    items: Slab<(u64, T)>,
    sent: u64,
    /// Keys in the heap whose items were called off.
    stale: usize,
}

/// Below so many stale keys the heap is not swept.
const SWEEP_FROM: usize = 64;

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), items: Slab::default(), sent: 0, stale: 0 }
    }
}

impl<T> Queue<T> {
    /// Makes something due then.
    pub(super) fn push(&mut self, at: Instant, item: T) -> Key {
        let rank = self.next_rank();
        let slot = self.items.insert((rank, item));
        let key = Key { at, rank: rank | u64::from(slot) };
        self.heap.push(Reverse(key));
        key
    }

    /// A place in the order of sending, for what is kept outside of the queue.
    pub(super) fn next_rank(&mut self) -> u64 {
        self.sent += 1;
        self.sent << SLOT_BITS
    }

    /// Where what is due first stands.
    pub(super) fn first(&mut self) -> Option<Key> {
        while let Some(&Reverse(key)) = self.heap.peek() {
            if self.get(key).is_some() {
                return Some(key);
            }
            self.heap.pop();
            self.stale -= 1;
        }
        None
    }

    /// Takes out what stands there; `None` where it is gone.
    pub(super) fn take(&mut self, key: Key) -> Option<T> {
        let (_, item) = self.items.remove_if(key.slot(), |(rank, _)| key.is(*rank))?;
        if self.heap.peek() == Some(&Reverse(key)) {
            self.heap.pop();
            return Some(item);
        }
        self.stale += 1;
        if self.stale >= SWEEP_FROM && self.stale * 2 > self.heap.len() {
            let items = &self.items;
            self.heap.retain(|Reverse(key)| stands(items, *key).is_some());
            self.stale = 0;
        }
        Some(item)
    }

    /// What stands there.
    pub(super) fn get(&self, key: Key) -> Option<&T> {
        stands(&self.items, key)
    }

    /// Everything that is due, in no order that matters.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        self.heap.iter().filter_map(|&Reverse(key)| self.get(key).map(|item| (key, item)))
    }

    /// Whether several things may be due at the same instant as the first. Cheap; errs on the side of *yes*.
    pub(super) fn may_tie(&self) -> bool {
        let mut keys = self.heap.iter().take(3).map(|Reverse(key)| key.at);
        // The children of a binary heap's root hold the next key in order.
        let Some(first) = keys.next() else { return false };
        keys.any(|at| at == first)
    }

    /// Empties it, and keeps what it has allocated.
    pub(super) fn clear(&mut self) {
        self.heap.clear();
        self.items.clear();
        self.sent = 0;
        self.stale = 0;
    }
}

/// What stands there, unless it was taken and its slot used again.
fn stands<T>(items: &Slab<(u64, T)>, key: Key) -> Option<&T> {
    items.get(key.slot()).filter(|(rank, _)| key.is(*rank)).map(|(_, item)| item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drain(queue: &mut Queue<u32>) -> Vec<u32> {
        let mut items = Vec::new();
        while let Some(key) = queue.first() {
            items.extend(queue.take(key));
        }
        items
    }

    #[test]
    fn what_is_due_at_the_same_instant_comes_in_order_of_sending() {
        let mut queue = Queue::default();
        for (at, item) in [(5, 0), (3, 1), (5, 2), (3, 3)] {
            queue.push(Instant(at), item);
        }
        assert_eq!(drain(&mut queue), [1, 3, 0, 2]);
    }

    #[test]
    fn what_was_called_off_leaves_the_queue_and_its_key_stays_void() {
        let mut queue = Queue::default();
        let first = queue.push(Instant(1), 1);
        queue.push(Instant(2), 2);
        assert_eq!(queue.take(first), Some(1));
        let reused = queue.push(Instant(0), 3);
        assert_eq!(queue.take(first), None);
        assert_eq!(queue.get(reused), Some(&3));
        assert_eq!(drain(&mut queue), [3, 2]);
    }

    #[test]
    fn a_thousand_called_off_time_outs_do_not_stay_in_the_heap() {
        let mut queue = Queue::default();
        for round in 0..1000 {
            let key = queue.push(Instant(1_000_000 + round), 0);
            queue.push(Instant(round), 1);
            queue.take(key);
            let next = queue.first().unwrap();
            queue.take(next);
        }
        assert!(queue.heap.len() < 2 * SWEEP_FROM);
    }

    proptest! {
        #[test]
        fn it_orders_as_a_sorted_list_does(times in prop::collection::vec(0_u64..50, 0..200), off in any::<u64>()) {
            let mut queue = Queue::default();
            let mut expected = Vec::new();
            let mut keys = Vec::new();
            for (index, &at) in times.iter().enumerate() {
                keys.push(queue.push(Instant(at), index as u32));
                expected.push((at, index as u32));
            }
            for (index, key) in keys.into_iter().enumerate() {
                if off >> (index % 64) & 1 == 1 {
                    queue.take(key);
                    expected.retain(|(_, item)| *item != index as u32);
                }
            }
            expected.sort();
            prop_assert_eq!(drain(&mut queue), expected.into_iter().map(|(_, item)| item).collect::<Vec<_>>());
        }
    }
}
