//! Who chooses: the one trait that random, recorded, replayed and systematic worlds implement. Rates are `rule`'s.

use super::point::{Point, mix};

/// What may be chosen at a point besides option 0, and how likely each is when drawn at random.
#[derive(Debug, Clone, Copy)]
pub struct Menu<'a> {
    /// The codes of the options other than 0.
    pub options: &'a [u16],
    /// For each of them its probability, in parts of 2³².
    pub odds: &'a [u32],
}

/// A source of decisions. Option 0 is always allowed and is the uneventful one.
pub trait Choices {
    /// Chooses at this point: 0, or one of the menu's options.
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16;
}

/// A choice other than option 0. A schedule is a list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deviation {
    /// Where.
    pub point: Point,
    /// The option chosen.
    pub pick: u16,
}

/// Nothing ever befalls anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Choices for Quiet {
    fn choose(&mut self, _point: Point, _menu: Menu<'_>) -> u16 {
        0
    }
}

/// Draws by hashing the seed and the point, so that a draw depends on nothing that happened before. Pinned.
#[derive(Debug, Clone, Copy)]
pub struct Random {
    key: u64,
}

impl Random {
    /// The draws of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { key: mix(seed) }
    }
}

impl Choices for Random {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        let draw = mix(self.key ^ point.hash()) >> 32;
        let mut reached = 0_u64;
        for (&option, &odds) in menu.options.iter().zip(menu.odds) {
            // `u32::MAX` counts as always, so it must outweigh every draw.
            reached += u64::from(odds) + u64::from(odds == u32::MAX);
            if draw < reached {
                return option;
            }
        }
        0
    }
}

/// Lets another choose, and keeps what it chose.
#[derive(Debug, Clone, Default)]
pub struct Recording<C> {
    inner: C,
    chosen: Vec<Deviation>,
}

impl<C> Recording<C> {
    /// Records what `inner` chooses.
    #[must_use]
    pub const fn new(inner: C) -> Self {
        Self { inner, chosen: Vec::new() }
    }

    /// What was chosen so far, other than option 0, in order.
    #[must_use]
    pub fn chosen(&self) -> &[Deviation] {
        &self.chosen
    }

    /// What was chosen, and who chose it.
    #[must_use]
    pub fn into_parts(self) -> (C, Vec<Deviation>) {
        (self.inner, self.chosen)
    }
}

impl<C: Choices> Choices for Recording<C> {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        let pick = self.inner.choose(point, menu);
        if pick != 0 {
            self.chosen.push(Deviation { point, pick });
        }
        pick
    }
}

/// What became of a deviation that is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// The world never came to its point.
    Never,
    /// The world came there, but its pick was not on the menu: option 0 was taken.
    OffMenu,
    /// It was taken.
    Taken,
}

/// Chooses as a schedule says, and option 0 wherever the schedule says nothing.
#[derive(Debug, Clone, Default)]
pub struct Replay {
    /// In order of their points, each once.
    deviations: Vec<(Deviation, Met)>,
}

impl Replay {
    /// Replays these deviations. Where a point stands twice, the first counts.
    #[must_use]
    pub fn new(deviations: &[Deviation]) -> Self {
        let mut deviations: Vec<_> = deviations.iter().map(|&deviation| (deviation, Met::Never)).collect();
        deviations.sort_by_key(|(deviation, _)| deviation.point);
        deviations.dedup_by_key(|(deviation, _)| deviation.point);
        Self { deviations }
    }

    /// The deviations that could not be taken, each with the reason, in order of their points.
    pub fn stale(&self) -> impl Iterator<Item = (Deviation, Met)> {
        self.deviations.iter().copied().filter(|(_, met)| *met != Met::Taken)
    }
}

impl Choices for Replay {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        let Ok(place) = self.deviations.binary_search_by_key(&point, |(deviation, _)| deviation.point) else {
            return 0;
        };
        let (deviation, met) = &mut self.deviations[place];
        if menu.options.contains(&deviation.pick) {
            *met = Met::Taken;
            deviation.pick
        } else {
            *met = Met::OffMenu;
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::point::{EventKind, Route, Subject};
    use crate::fleet::System;
    use proptest::prelude::*;

    const MENU: Menu<'_> = Menu { options: &[3, 7, 9], odds: &[1 << 30, 1 << 29, 1 << 28] };

    fn commit(nth: u32) -> Point {
        Point::Commit { process: 0, nth }
    }

    fn create(nth: u16) -> Point {
        Point::Exchange { system: System::Commerce, route: Route(2), subject: Subject::of(b"a@example.com"), nth }
    }

    #[test]
    fn the_mixer_the_subjects_and_the_points_hash_as_they_always_did() {
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mix(1), 0x910a_2dec_8902_5cc1);
        assert_eq!(Subject::of(b"A@Example.com"), Subject::of(b"a@example.com"));
        let hashes = [
            Subject::of(b"a@example.com").0,
            create(0).hash(),
            create(1).hash(),
            Point::Crash { process: 0, event: EventKind::Answer, subject: Subject(7), nth: 2 }.hash(),
            commit(3).hash(),
            Point::InFlight { process: 0, nth: 3 }.hash(),
            Point::Tie { component: 16, nth: 3 }.hash(),
            Point::Pause { process: 1, event: EventKind::Answer, subject: Subject(7), nth: 2 }.hash(),
        ];
        let pinned = [
            0x3036_3417_2682_21cb,
            0x55d0_a398_ffc9_355f,
            0x7f2f_b6b8_ef22_50ff,
            0xac68_4dce_f3a4_13c2,
            0xdf01_8bab_5df7_96a8,
            0xb0fd_4776_d444_14d0,
            0x26bc_d048_917f_0278,
            0xdbc0_c732_a8ae_dad8,
        ];
        assert_eq!(hashes, pinned);
    }

    #[test]
    fn random_draws_as_it_always_did() {
        let drawn: Vec<_> = (0..16).map(|nth| Random::new(42).choose(create(nth), MENU)).collect();
        assert_eq!(drawn, [3, 3, 0, 0, 0, 0, 3, 3, 0, 0, 0, 3, 3, 9, 0, 7]);
    }

    #[test]
    fn random_draws_each_option_about_as_often_as_its_odds_say() {
        let mut random = Random::new(7);
        let mut drawn = [0; 10];
        for nth in 0..16_000 {
            drawn[usize::from(random.choose(commit(nth), MENU))] += 1;
        }
        for (option, expected) in [(3, 4000), (7, 2000), (9, 1000), (0, 9000)] {
            assert!((expected - 200..expected + 200).contains(&drawn[option]), "{option}: {}", drawn[option]);
        }
    }

    #[test]
    fn what_is_always_is_always_and_what_is_never_is_never() {
        for nth in 0..1000 {
            let always = Menu { options: &[4, 5], odds: &[0, u32::MAX] };
            assert_eq!(Random::new(1).choose(commit(nth), always), 5);
            assert_eq!(Random::new(1).choose(commit(nth), Menu { options: &[4], odds: &[0] }), 0);
        }
    }

    #[test]
    fn what_was_recorded_is_chosen_again_and_nothing_else() {
        let mut recording = Recording::new(Random::new(3));
        let first: Vec<_> = (0..50).map(|nth| recording.choose(commit(nth), MENU)).collect();
        let (_, chosen) = recording.into_parts();
        assert!(!chosen.is_empty() && chosen.iter().all(|deviation| deviation.pick != 0));
        let mut replay = Replay::new(&chosen);
        let second: Vec<_> = (0..50).map(|nth| replay.choose(commit(nth), MENU)).collect();
        assert_eq!(first, second);
        assert_eq!(replay.stale().count(), 0);
        assert_eq!(replay.choose(commit(50), MENU), 0);
    }

    #[test]
    fn a_replay_tells_what_it_never_met_and_what_was_not_on_the_menu() {
        let deviation = |nth, pick| Deviation { point: commit(nth), pick };
        let mut replay = Replay::new(&[deviation(2, 3), deviation(0, 3), deviation(1, 4)]);
        let picks: Vec<_> = (0..2).map(|nth| replay.choose(commit(nth), MENU)).collect();
        assert_eq!(picks, [3, 0]);
        let stale: Vec<_> = replay.stale().collect();
        assert_eq!(stale, [(deviation(1, 4), Met::OffMenu), (deviation(2, 3), Met::Never)]);
    }

    proptest! {
        #[test]
        fn a_draw_depends_on_seed_and_point_alone(
            seed in any::<u64>(),
            mut order in prop::collection::vec(0_u32..100, 1..50),
        ) {
            let mut one = Random::new(seed);
            let before: Vec<_> = order.iter().map(|nth| (*nth, one.choose(commit(*nth), MENU))).collect();
            order.reverse();
            let mut other = Random::new(seed);
            let after: Vec<_> = order.iter().map(|nth| (*nth, other.choose(commit(*nth), MENU))).collect();
            prop_assert!(before.iter().eq(after.iter().rev()));
        }
    }
}
