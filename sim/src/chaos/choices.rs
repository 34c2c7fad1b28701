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
