//! Choosers: who decides in a world that a test plays, besides those that the simulation brings. Each is deterministic.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sagaproof_sim::chaos::choices::{Choices, Deviation, Menu};
use sagaproof_sim::chaos::point::Point;

/// Deviates after so many uneventful points, and picks by number from what is then on the menu. Drawn by proptest, so
/// that a schedule shrinks without knowing the points of the world that it will meet.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Points still to be passed uneventfully, and the pick thereafter; the next one last.
    left: Vec<(u8, u16)>,
}

impl Drawn {
    /// Arbitrary schedules of at most so many deviations.
    pub fn any(deviations: usize) -> impl Strategy<Value = Self> {
        prop::collection::vec((0..24_u8, any::<u16>()), 0..=deviations).prop_map(|left| Self { left })
    }
}

impl Choices for Drawn {
    fn choose(&mut self, _point: Point, menu: Menu<'_>) -> u16 {
        match self.left.last_mut() {
            None => 0,
            Some((uneventful, _)) if *uneventful > 0 => {
                *uneventful -= 1;
                0
            }
            Some(_) if menu.options.is_empty() => 0,
            Some((_, pick)) => {
                let pick = menu.options[usize::from(*pick) % menu.options.len()];
                self.left.pop();
                pick
            }
        }
    }
}

/// Lets another choose, and keeps every point that was met, its menu and its pick.
#[derive(Debug, Clone, Default)]
pub struct Probe<C> {
    inner: C,
    /// By point: what was on the menu besides option 0, and what was picked.
    pub met: BTreeMap<Point, (Vec<u16>, u16)>,
}

impl<C> Probe<C> {
    /// Watches what `inner` is asked.
    pub const fn new(inner: C) -> Self {
        Self { inner, met: BTreeMap::new() }
    }

    /// Every deviation that could have been, in order of the points.
    pub fn deviations(&self) -> Vec<Deviation> {
        let each = |(point, (options, _)): (&Point, &(Vec<u16>, u16))| {
            let point = *point;
            options.clone().into_iter().map(move |pick| Deviation { point, pick })
        };
        self.met.iter().flat_map(each).collect()
    }
}

impl<C: Choices> Choices for Probe<C> {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        let pick = self.inner.choose(point, menu);
        self.met.insert(point, (menu.options.to_vec(), pick));
        pick
    }
}

/// Chooses as another does, except at one point.
#[derive(Debug, Clone)]
pub struct Except<C> {
    inner: C,
    exception: Deviation,
}

impl<C> Except<C> {
    /// Chooses as `inner` does, but this here.
    pub const fn new(inner: C, exception: Deviation) -> Self {
        Self { inner, exception }
    }
}

impl<C: Choices> Choices for Except<C> {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        let pick = self.inner.choose(point, menu);
        let here = point == self.exception.point && menu.options.contains(&self.exception.pick);
        if here { self.exception.pick } else { pick }
    }
}
