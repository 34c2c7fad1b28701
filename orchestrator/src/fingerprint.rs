//! Fingerprints: all of a node that can still matter, folded into a hasher, so that a search may take two nodes for one.
//! Moments count by their distance from now. Each type folds itself in beside its definition, and takes itself apart
//! whole, so that a field that is forgotten does not compile.

use std::hash::{Hash, Hasher};

use crate::time::{Instant, Nanos};

/// A fingerprint in the making.
#[derive(Debug)]
pub struct Fingerprint<'h, H> {
    now: Instant,
    hasher: &'h mut H,
}

impl<'h, H: Hasher> Fingerprint<'h, H> {
    /// A fingerprint, at this moment, that folds into this hasher.
    pub const fn new(now: Instant, hasher: &'h mut H) -> Self {
        Self { now, hasher }
    }

    /// The moment.
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// Folds in what holds no moment.
    pub fn fold(&mut self, value: &(impl Hash + ?Sized)) {
        value.hash(self.hasher);
    }

    /// From so far away on, deadlines count alike: no life that is searched lasts so long.
    const FAR: Nanos = Nanos::secs(7_200);

    /// Folds in a deadline. All that are past count alike, and so do all that are far away.
    pub fn deadline(&mut self, at: Option<Instant>) {
        at.map(|at| at.since(self.now).min(Self::FAR)).hash(self.hasher);
    }

    /// Folds in a moment from which something is counted on.
    pub fn origin(&mut self, at: Option<Instant>) {
        at.map(|at| at.0.wrapping_sub(self.now.0)).hash(self.hasher);
    }
}
