//! A slab: things in numbered slots that are used again. Small worlds run in it without allocating.

/// Things in numbered slots.
#[derive(Debug, Clone)]
pub(super) struct Slab<T> {
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    /// Keeps a thing, and tells where.
    pub(super) fn insert(&mut self, thing: T) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = Some(thing);
            return slot;
        }
        self.slots.push(Some(thing));
        (self.slots.len() - 1) as u32
    }

    /// The thing in this slot.
    pub(super) fn get(&self, slot: u32) -> Option<&T> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The thing in this slot, to change.
    pub(super) fn get_mut(&mut self, slot: u32) -> Option<&mut T> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    /// Takes the thing out of this slot.
    pub(super) fn remove(&mut self, slot: u32) -> Option<T> {
        self.remove_if(slot, |_| true)
    }

    /// Drops the thing in this slot, where it is.
    pub(super) fn discard(&mut self, slot: u32) {
        if let Some(thing) = self.slots.get_mut(slot as usize).filter(|thing| thing.is_some()) {
            *thing = None;
            self.free.push(slot);
        }
    }

    /// Takes the thing out of this slot if it is the one that is meant.
    pub(super) fn remove_if(&mut self, slot: u32, is_meant: impl FnOnce(&T) -> bool) -> Option<T> {
        let thing = self.slots.get_mut(slot as usize)?.take_if(|thing| is_meant(thing))?;
        self.free.push(slot);
        Some(thing)
    }

    /// How many things it keeps.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Empties it, and keeps what it has allocated.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.free.clear();
    }
}
