//! Draws by hashing, as worlds draw: a draw depends on a scenario's number and on what it is about, on no other draw. So a
//! setting more moves none of the others.

use sagaproof_sim::chaos::point::mix;

/// The draws of one scenario, or of a part of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The draws of the scenario with this number.
    pub(crate) const fn new(number: u64) -> Self {
        Self(mix(number))
    }

    /// The draws of a part, which may be there several times.
    pub(crate) fn of(self, part: &str, nth: u64) -> Self {
        Self(mix(self.hash(part) ^ nth))
    }

    fn hash(self, about: &str) -> u64 {
        about.bytes().fold(self.0, |hash, byte| mix(hash ^ u64::from(byte)))
    }

    /// A number below this one.
    pub(crate) fn below(self, about: &str, end: u64) -> u64 {
        self.hash(about) % end
    }

    /// Whether it is so, which it is in so many per cent of all scenarios.
    pub(crate) fn hits(self, about: &str, per_cent: u64) -> bool {
        self.of("whether", 0).below(about, 100) < per_cent
    }

    /// One of these, each as likely; what stands there twice is twice as likely.
    pub(crate) fn one<T: Copy>(self, about: &str, of: &[T]) -> T {
        of[self.below(about, of.len() as u64) as usize]
    }

    /// Some of these, at least one and at most so many, in their order.
    pub(crate) fn some<T: Copy>(self, about: &str, of: &[T], most: u64) -> Vec<T> {
        let wanted = 1 + self.of("how-many", 0).below(about, most.min(of.len() as u64)) as usize;
        let mut places: Vec<usize> = (0..of.len()).collect();
        places.sort_by_key(|place| self.of(about, *place as u64).0);
        places.truncate(wanted);
        places.sort_unstable();
        places.into_iter().map(|place| of[place]).collect()
    }
}
