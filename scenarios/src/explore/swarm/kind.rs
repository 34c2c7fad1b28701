//! The kinds of faults that a swarm switches on and off: each fate of an exchange, the crash, the pause, each way in which
//! a commit ends, the tie. Windows are no kinds: a seed draws them, and so they go again in a replay.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{CommitFate, Point};
use sagaproof_sim::chaos::rule::{Chaos, Odds};

/// A kind of fault: a fate by its number, then the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind(u8);

/// The other kinds' numbers leave room for fates to come, so that a fate more changes no world's draw of the others.
const CRASH: u8 = 48;
const TIE: u8 = CRASH + 1 + COMMITS.len() as u8;
const PAUSE: u8 = TIE + 1;
const COMMITS: [(CommitFate, &str); 4] = [
    (CommitFate::UnknownApplied, "commit-unknown-applied"),
    (CommitFate::UnknownLost, "commit-unknown-lost"),
    (CommitFate::Full, "commit-full"),
    (CommitFate::Conflict, "commit-conflict"),
];

const _: () = assert!(Fate::ALL.len() <= CRASH as usize && Kind::COUNT <= u64::BITS as usize);

impl Kind {
    /// All numbers are below this one; not every one is a kind's.
    pub(super) const COUNT: usize = PAUSE as usize + 1;

    /// The kind of a pick at this point; `None` where what is picked there is no fault of its own.
    pub(super) fn of(point: Point, pick: u16) -> Option<Self> {
        let number = match point {
            _ if pick == 0 => return None,
            Point::Exchange { .. } => u8::try_from(pick).ok().filter(|code| usize::from(*code) < Fate::ALL.len())?,
            Point::Crash { .. } => CRASH,
            Point::Pause { .. } => PAUSE,
            Point::Commit { .. } => u8::try_from(pick).ok().filter(|code| usize::from(*code) <= COMMITS.len())? + CRASH,
            Point::Tie { .. } => TIE,
            // What becomes of a commit in flight belongs to the crash.
            Point::InFlight { .. } => return None,
        };
        Some(Self(number))
    }

    /// The kind of this fate; `None` where it is none.
    pub(super) fn of_fate(fate: Fate) -> Option<Self> {
        (fate != Fate::Fine).then_some(Self(fate as u8))
    }

    /// Its number, below [`Self::COUNT`].
    pub(super) const fn number(self) -> usize {
        self.0 as usize
    }

    /// Its name, as reports write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            CRASH => "crash",
            TIE => "tie",
            PAUSE => "pause",
            number if number > CRASH => COMMITS[usize::from(number - CRASH - 1)].1,
            number => Fate::from_code(number.into()).map_or("another fate", Fate::name),
        }
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds(u64);

impl Kinds {
    /// All that this chaos allows, however seldom.
    pub(super) fn of(chaos: &Chaos) -> Self {
        let fates = chaos.rules.iter().flat_map(|rule| &rule.fates).copied();
        let mut kinds: Self = fates.filter_map(Kind::of_fate).collect();
        let disk = [chaos.disk.unknown_applied, chaos.disk.unknown_lost, chaos.disk.full, chaos.disk.conflict];
        let odds = [(CRASH, chaos.crash.odds), (PAUSE, chaos.pause.odds)].into_iter().chain((CRASH + 1..).zip(disk));
        odds.filter(|(_, odds)| *odds > Odds::NEVER).for_each(|(number, _)| kinds.add(Kind(number)));
        if chaos.ties {
            kinds.add(Kind(TIE));
        }
        kinds
    }

    pub(super) const fn add(&mut self, kind: Kind) {
        self.0 |= 1 << kind.0;
    }

    pub(super) const fn has(self, kind: Kind) -> bool {
        self.0 >> kind.0 & 1 == 1
    }

    pub(super) const fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    pub(super) const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Each of them, in order.
    pub(super) fn iter(self) -> impl Iterator<Item = Kind> {
        (0..Kind::COUNT as u8).map(Kind).filter(move |kind| self.has(*kind))
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        let mut set = Self::default();
        kinds.into_iter().for_each(|kind| set.add(kind));
        set
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scenario::built_in;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_one_scenario_offers_all() {
        let scenarios = built_in().unwrap();
        let everything = scenarios.iter().find(|scenario| scenario.name == "create-one").unwrap();
        let kinds = Kinds::of(&everything.chaos);
        let others = Kind::COUNT - usize::from(CRASH);
        assert_eq!(kinds.len(), Fate::ALL.len() - 1 + others - 1, "all but `fine` and the pause");
        let names: BTreeSet<_> = kinds.iter().map(Kind::name).collect();
        assert_eq!(names.len(), kinds.len());
    }

    #[test]
    fn a_pick_is_of_the_kind_that_its_point_says() {
        let named = |point, pick| Kind::of(point, pick).map(Kind::name);
        let commit = Point::Commit { process: 0, nth: 0 };
        assert_eq!(named(commit, CommitFate::Conflict as u16), Some("commit-conflict"));
        assert_eq!(named(commit, CommitFate::UnknownApplied as u16), Some("commit-unknown-applied"));
        assert_eq!(named(Point::Tie { component: 16, nth: 0 }, 3), Some("tie"));
        assert_eq!(named(Point::InFlight { process: 0, nth: 0 }, 1), None);
        assert_eq!((named(commit, 0), named(commit, 5)), (None, None));
        assert_eq!(Kind::of_fate(Fate::Slow).map(Kind::name), Some("slow"));
    }
}
