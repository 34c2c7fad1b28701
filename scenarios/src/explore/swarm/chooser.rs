//! Who chooses in a world of a swarm: by the world's own draw, where the scenario's chaos offers anything at all. How likely
//! the scenario says it is does not matter, unless it says that it is certain.

use sagaproof_sim::chaos::choices::{Choices, Deviation, Menu, Random};
use sagaproof_sim::chaos::point::Point;

use super::draw::Draw;
use super::kind::{Kind, Kinds};
use super::logbook::Logbook;

/// Draws by seed and point, as sweeps do, with the odds of one world's draw.
#[derive(Debug)]
pub(super) struct Chooser {
    random: Random,
    draw: Draw,
    logbook: Logbook,
    /// What was chosen other than option 0.
    chosen: Vec<Deviation>,
    /// The odds at one point, used again.
    odds: Vec<u32>,
}

impl Chooser {
    pub(super) fn new(seed: u64, draw: Draw, logbook: Logbook) -> Self {
        Self { random: Random::new(seed), draw, logbook, chosen: Vec::new(), odds: Vec::new() }
    }

    /// What was chosen, as a schedule.
    pub(super) fn into_chosen(self) -> Vec<Deviation> {
        self.chosen
    }

    /// Weighs the options of this menu: each kind by its own odds, all together within the world's most.
    fn weigh(&mut self, point: Point, menu: Menu<'_>) {
        self.odds.clear();
        if matches!(point, Point::InFlight { .. }) {
            return self.odds.extend(menu.odds);
        }
        // A crash, a pause and a tie are one kind with many options.
        let alike = match point {
            Point::Crash { .. } | Point::Pause { .. } | Point::Tie { .. } => menu.options.len().max(1) as u32,
            _ => 1,
        };
        let each =
            menu.options.iter().map(|&pick| Kind::of(point, pick).map_or(0, |kind| self.draw.odds(kind) / alike));
        self.odds.extend(each);
        if menu.odds == [u32::MAX] && self.odds[0] > 0 {
            self.odds[0] = u32::MAX;
            return;
        }
        let sum: u64 = self.odds.iter().map(|odds| u64::from(*odds)).sum();
        let most = u64::from(self.draw.most());
        if sum > most {
            for odds in &mut self.odds {
                *odds = (u64::from(*odds) * most / sum) as u32;
            }
        }
    }
}

impl Choices for Chooser {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        self.weigh(point, menu);
        let pick = self.random.choose(point, Menu { options: menu.options, odds: &self.odds });
        let offered: Kinds = menu.options.iter().filter_map(|&pick| Kind::of(point, pick)).collect();
        match point {
            Point::Exchange { .. } => self.logbook.offer(offered),
            _ => self.logbook.strike(offered, Kind::of(point, pick)),
        }
        if pick != 0 {
            self.chosen.push(Deviation { point, pick });
        }
        pick
    }
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::chaos::fate::Fate;
    use sagaproof_sim::chaos::point::{Route, Subject};
    use sagaproof_sim::fleet::System;

    use super::*;

    fn exchange(nth: u16) -> Point {
        Point::Exchange { system: System::Commerce, route: Route(0), subject: Subject::NONE, nth }
    }

    fn kind(fate: Fate) -> Kind {
        Kind::of_fate(fate).unwrap()
    }

    fn chooser(on: &[Fate]) -> Chooser {
        let none = Draw::free(Kinds::default(), 0);
        let draw = on.iter().fold(none, |draw, fate| draw.with(kind(*fate)));
        Chooser::new(3, draw, Logbook::new())
    }

    #[test]
    fn what_is_off_is_never_chosen_and_what_is_on_sometimes() {
        let mut chooser = chooser(&[Fate::Twice]);
        let options = [Fate::RequestLost.code(), Fate::Twice.code()];
        let menu = Menu { options: &options, odds: &[1, 1] };
        let picks: Vec<_> = (0..200).map(|nth| chooser.choose(exchange(nth), menu)).collect();
        assert!(picks.contains(&Fate::Twice.code()) && picks.contains(&0));
        assert!(!picks.contains(&Fate::RequestLost.code()));
        let struck = picks.iter().filter(|pick| **pick != 0).count();
        assert_eq!(chooser.into_chosen().len(), struck);
    }

    #[test]
    fn many_kinds_together_stay_within_the_worlds_most() {
        let fates: Vec<_> = Fate::ALL.into_iter().skip(1).collect();
        let mut chooser = chooser(&fates);
        let options: Vec<u16> = fates.iter().map(|fate| fate.code()).collect();
        let odds = vec![1; options.len()];
        chooser.weigh(exchange(0), Menu { options: &options, odds: &odds });
        let sum: u64 = chooser.odds.iter().map(|odds| u64::from(*odds)).sum();
        assert!(sum <= u64::from(chooser.draw.most()) && chooser.odds.iter().all(|odds| *odds > 0));
    }

    #[test]
    fn what_is_certain_is_certain_where_its_kind_is_on() {
        let certain = Menu { options: &[Fate::Empty.code()], odds: &[u32::MAX] };
        let picks = |on: &[Fate]| (0..50).map(|nth| chooser(on).choose(exchange(nth), certain)).collect::<Vec<_>>();
        assert!(picks(&[Fate::Empty]).iter().all(|pick| *pick == Fate::Empty.code()));
        assert!(picks(&[Fate::Html]).iter().all(|pick| *pick == 0));
    }

    #[test]
    fn what_was_offered_is_written_beside_what_befell() {
        use super::super::state::State;
        let chooser = &mut chooser(&[Fate::Twice]);
        let menu = Menu { options: &[Fate::Twice.code(), Fate::Slow.code()], odds: &[1, 1] };
        chooser.choose(exchange(0), menu);
        let state = State::Asked(Route(0), false);
        chooser.logbook.leave(state, Some(kind(Fate::Twice)));
        chooser.logbook.leave(State::Asked(Route(0), true), None);
        let (seen, journal) = chooser.logbook.read();
        assert_eq!((seen.len(), journal), (1, false), "nothing was offered the second time");
        let (at, seen) = seen[0];
        assert_eq!((at, seen.offered.len()), (state, 2));
        assert_eq!(seen.met.iter().collect::<Vec<_>>(), [kind(Fate::Twice)]);
    }
}
