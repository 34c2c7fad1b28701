//! What a world draws before it begins: which kinds of faults it has, how often each, and how many of its chances it
//! spends at most. Swarm testing (Groce et al., 2012): a fault that is absent cannot hide what others would show.

use sagaproof_sim::chaos::point::mix;

use super::kind::{Kind, Kinds};

/// How often a kind strikes where it may, in parts of 2³²: one in 128, in 32, in 8.
const RATES: [u32; 3] = [1 << 25, 1 << 27, 1 << 29];

/// How much of its chances at one point a world spends at most, in parts of 2³²: one in 16, in 8, in 4, in 2.
const MOST: [u32; 4] = [1 << 28, 1 << 29, 1 << 30, 1 << 31];

/// Sets these draws of a seed apart from its others.
const SWARM: u64 = 0x7377_6172_6d00_0002;

/// One world's kinds and rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Draw {
    /// By kind: 0 where it is off, else one more than the place of its rate.
    rates: [u8; Kind::COUNT],
    /// The place of its most.
    most: u8,
}

impl Draw {
    /// What this seed draws: each kind with even odds, each rate as well as another.
    pub(super) fn free(kinds: Kinds, seed: u64) -> Self {
        let key = mix(mix(seed) ^ SWARM);
        let mut rates = [0; Kind::COUNT];
        for kind in kinds.iter() {
            let draw = mix(key ^ (kind.number() as u64 + 1));
            if draw & 1 == 1 {
                rates[kind.number()] = 1 + ((draw >> 32) % RATES.len() as u64) as u8;
            }
        }
        Self { rates, most: (key % MOST.len() as u64) as u8 }
    }

    /// The same, and this kind as often as any.
    pub(super) const fn with(mut self, kind: Kind) -> Self {
        self.rates[kind.number()] = RATES.len() as u8;
        self
    }

    /// The kinds that it has.
    pub(super) fn kinds(&self, among: Kinds) -> Kinds {
        among.iter().filter(|kind| self.rates[kind.number()] > 0).collect()
    }

    /// How often this kind strikes where it may, in parts of 2³².
    pub(super) fn odds(&self, kind: Kind) -> u32 {
        self.rates[kind.number()].checked_sub(1).map_or(0, |place| RATES[usize::from(place)])
    }

    /// What the odds at one point may add up to.
    pub(super) fn most(&self) -> u32 {
        MOST[usize::from(self.most)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::built_in;

    #[test]
    fn each_kind_is_on_in_about_half_of_the_worlds_at_each_rate_alike() {
        let kinds = Kinds::of(&built_in().unwrap()[0].chaos);
        let draws: Vec<_> = (0..3_000).map(|seed| Draw::free(kinds, seed)).collect();
        for kind in kinds.iter() {
            let with = |odds| draws.iter().filter(|draw| draw.odds(kind) == odds).count();
            assert!((1_400..1_600).contains(&with(0)), "{}: {}", kind.name(), with(0));
            for rate in RATES {
                assert!((430..570).contains(&with(rate)), "{}: {}", kind.name(), with(rate));
            }
        }
    }

    #[test]
    fn a_kind_that_is_added_is_as_often_as_any_and_moves_no_other() {
        let kinds = Kinds::of(&built_in().unwrap()[0].chaos);
        let draw = Draw::free(kinds, 7);
        let added = kinds.without(draw.kinds(kinds)).iter().next().unwrap();
        let with = draw.with(added);
        assert_eq!((draw.odds(added), with.odds(added)), (0, RATES[2]));
        assert!(kinds.iter().filter(|kind| *kind != added).all(|kind| draw.odds(kind) == with.odds(kind)));
        assert_eq!(draw.most(), with.most());
    }
}
