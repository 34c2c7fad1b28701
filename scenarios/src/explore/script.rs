//! Who chooses in an explored world: a script for the next few choices, option 0 after it, and a note of every choice
//! that was met beyond the script, for those are what branches off.

use sagaproof_sim::chaos::choices::{Choices, Deviation, Menu};
use sagaproof_sim::chaos::point::Point;

/// A choice that was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Met {
    /// How many choices had been met since the script began.
    pub(super) place: usize,
    /// Where.
    pub(super) point: Point,
    /// What could have been chosen besides option 0.
    pub(super) options: Vec<u16>,
}

impl Met {
    /// Every way in which it could have gone otherwise.
    pub(super) fn deviations(&self) -> impl Iterator<Item = Deviation> + '_ {
        self.options.iter().map(|&pick| Deviation { point: self.point, pick })
    }
}

/// Picks by place: in order, option 0 where none is given.
#[derive(Debug, Clone, Default)]
pub(super) struct Script {
    /// The picks that are not option 0, by place, in order.
    picks: Vec<(usize, u16)>,
    /// The next choice's place.
    next: usize,
    /// Choices from this place on are noted; `None`: none is.
    note_from: Option<usize>,
    met: Vec<Met>,
}

impl Script {
    /// These picks, by place; choices after the last of them are noted if `noting`.
    pub(super) fn new(picks: &[(usize, u16)], noting: bool) -> Self {
        let after = picks.last().map_or(0, |(place, _)| place + 1);
        Self { picks: picks.to_vec(), next: 0, note_from: noting.then_some(after), met: Vec::new() }
    }

    /// What was met beyond the picks.
    pub(super) fn into_met(self) -> Vec<Met> {
        self.met
    }
}

impl Choices for Script {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        let place = self.next;
        self.next += 1;
        if self.note_from.is_some_and(|from| from <= place) {
            self.met.push(Met { place, point, options: menu.options.to_vec() });
            return 0;
        }
        self.picks.iter().find(|(at, _)| *at == place).map_or(0, |(_, pick)| *pick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(nth: u32) -> Point {
        Point::Commit { process: 0, nth }
    }

    #[test]
    fn a_script_is_followed_and_what_comes_after_it_is_noted() {
        let menu = Menu { options: &[3, 5], odds: &[0, 0] };
        let mut script = Script::new(&[(1, 5)], true);
        let picked: Vec<u16> = (0..4).map(|nth| script.choose(point(nth), menu)).collect();
        assert_eq!(picked, [0, 5, 0, 0]);
        let met = script.into_met();
        assert_eq!(met.iter().map(|met| met.place).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(met[0].deviations().map(|deviation| deviation.pick).collect::<Vec<_>>(), [3, 5]);
    }
}
