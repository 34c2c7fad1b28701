//! The draws of a workload: each decision hashes the seed with its own topic and number, so that a decision more or
//! less elsewhere moves none. What is decided stands with the plan.

use sagaproof_sim::chaos::point::mix;
use sagaproof_sim::chaos::rule::Odds;
use sagaproof_sim::clock::Nanos;

/// What a draw decides. The numbers are fixed: a seed means the same workload in every version of this format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Topic {
    Kind = 1,
    Whom = 2,
    Fields = 3,
    GivenName = 4,
    FamilyName = 5,
    Clash = 6,
    ClashWith = 7,
    Asynchronous = 8,
    Twice = 9,
    Moment = 10,
    StrangerWhere = 11,
    StrangerWhen = 12,
    StrangerEmail = 13,
    ChildOf = 14,
    ChildWhen = 15,
    MergeWith = 16,
    MergeBlindly = 17,
    PressWhen = 18,
    PressParked = 19,
    PressOn = 20,
    Press = 21,
    PressTwice = 22,
    PressAgain = 23,
    HarmTo = 24,
    HarmWhen = 25,
    HarmWhere = 26,
    BlockerOn = 27,
    BlockerWhen = 28,
}

/// The draws of one seed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Draw {
    key: u64,
}

impl Draw {
    /// Draws for a workload; apart from those of chaos under the same seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self { key: mix(mix(seed) ^ 0x776f_726b_6c6f_6164) }
    }

    const fn bits(self, topic: Topic, nth: u32) -> u64 {
        mix(self.key ^ ((topic as u64) << 32 | nth as u64)) >> 32
    }

    /// A number below `bound`; zero where that is zero.
    pub(super) const fn below(self, topic: Topic, nth: u32, bound: u32) -> u32 {
        ((self.bits(topic, nth) * bound as u64) >> 32) as u32
    }

    /// Whether a thing of these odds happens.
    pub(super) const fn hits(self, topic: Topic, nth: u32, odds: Odds) -> bool {
        odds.0 == u32::MAX || self.bits(topic, nth) < odds.0 as u64
    }

    /// A length of time below `bound`.
    pub(super) const fn within(self, topic: Topic, nth: u32, bound: Nanos) -> Nanos {
        Nanos(((self.bits(topic, nth) as u128 * bound.0 as u128) >> 32) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_draws_for_ever() {
        let draw = Draw::new(17);
        let drawn = [0, 1, 2, 3].map(|nth| draw.below(Topic::Kind, nth, 100));
        assert_eq!(drawn, [79, 75, 25, 85]);
    }

    #[test]
    fn bounds_hold_and_zero_bounds_draw_zero() {
        let draw = Draw::new(3);
        for nth in 0..1_000 {
            assert!(draw.below(Topic::Whom, nth, 7) < 7);
            assert!(draw.within(Topic::Moment, nth, Nanos(5)) < Nanos(5));
        }
        assert_eq!(draw.below(Topic::Whom, 0, 0), 0);
        assert!(!draw.hits(Topic::Clash, 0, Odds::NEVER));
        assert!(draw.hits(Topic::Clash, 0, Odds::ALWAYS));
    }
}
