//! Rollout: which release of the orchestrator each process runs, which of them a client's request comes to, and when
//! processes are replaced. What a release is, is known to whoever makes processes.

use crate::chaos::point::mix;
use crate::clock::Instant;

/// So many buckets there are: a customer is in one of them for good.
const BUCKETS: u64 = 10_000;

/// Which process runs what, and when. As it is by default, all run one release and nobody asks which.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rollout {
    /// The release that each process begins with; 0 for all that are not in the list.
    pub releases: Vec<u8>,
    /// From when on so many per cent of the customers come to release 1, the others to release 0; in order of time. None:
    /// everybody comes to any process.
    pub shares: Vec<(Instant, u8)>,
    /// When a process goes down and comes back with a release.
    pub replacements: Vec<Replacement>,
    /// From when on processes of release 1 take up nothing more that another process left.
    pub drains: Option<Instant>,
}

/// A process is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replacement {
    /// When.
    pub at: Instant,
    /// Which process.
    pub process: u8,
    /// What it runs from then on.
    pub release: u8,
}

impl Rollout {
    /// What a process begins with.
    pub(crate) fn first(&self, process: u8) -> u8 {
        self.releases.get(usize::from(process)).copied().unwrap_or(0)
    }

    /// The release to which whoever has this key comes now; none where it does not matter. What has no key, as operators'
    /// requests have none, comes to release 0.
    pub(crate) fn wanted(&self, now: Instant, key: Option<u64>) -> Option<u8> {
        let begun = self.shares.iter().rev().find(|(from, _)| *from <= now);
        let share = begun.or(self.shares.first())?.1;
        Some(key.map_or(0, |key| u8::from(is_among(key, share))))
    }
}

/// Whether whoever has this key is among the first so many per cent. Who is among the first five is among the first ten.
#[must_use]
pub const fn is_among(key: u64, per_cent: u8) -> bool {
    mix(key) % BUCKETS < per_cent as u64 * (BUCKETS / 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_many_are_among_the_first_as_the_share_says() {
        for share in [0_u8, 5, 25, 50, 100] {
            let among = (0..20_000_u64).filter(|key| is_among(*key, share)).count();
            assert!(among.abs_diff(usize::from(share) * 200) <= 300, "{share}: {among}");
        }
    }

    #[test]
    fn the_share_is_that_of_the_moment_and_who_has_no_key_stays() {
        let shares = vec![(Instant(10), 0), (Instant(20), 100), (Instant(30), 0)];
        let rollout = Rollout { shares, ..Rollout::default() };
        let wanted = |at| rollout.wanted(Instant(at), Some(7));
        assert_eq!([5, 15, 20, 29, 30].map(wanted), [0, 0, 1, 1, 0].map(Some));
        assert_eq!(rollout.wanted(Instant(25), None), Some(0));
        assert_eq!(Rollout::default().wanted(Instant(0), Some(7)), None);
    }

    proptest! {
        #[test]
        fn who_is_among_few_is_among_more(key in any::<u64>(), few in 0_u8..=100, more in 0_u8..=100) {
            let (few, more) = (few.min(more), few.max(more));
            prop_assert!(!is_among(key, few) || is_among(key, more));
        }
    }
}
