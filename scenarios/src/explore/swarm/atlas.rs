//! The atlas of a swarm: which pairs of a journal's state and a fault its worlds have met, which they could have met, and
//! what follows for the worlds to come: where to aim, and how likely something new still is.

use std::collections::{BTreeMap, BTreeSet};

use sagaproof_sim::chaos::point::mix;

use super::draw::Draw;
use super::kind::{Kind, Kinds};
use super::logbook::Seen;
use super::state::State;
use super::{Saturation, Task};

/// So many draws are kept that led to a state.
const WAYS: usize = 4;

/// What is known of all worlds so far. Worlds are added in order of their seeds, so it is the same whoever ran them.
#[derive(Debug, Default)]
pub(super) struct Atlas {
    states: BTreeMap<State, Place>,
    /// Worlds that were drawn freely.
    free: u64,
    /// How many pairs were met.
    met: u64,
}

/// What is known of one state.
#[derive(Debug, Default)]
struct Place {
    seen: Seen,
    /// By pair: what is known of it.
    pairs: BTreeMap<Kind, Pair>,
    /// The draws of the first worlds that came here.
    ways: Vec<Draw>,
}

/// What is known of one pair.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    /// How many worlds met it.
    worlds: u64,
    /// The first of them, if it was drawn freely.
    first: Option<u64>,
    /// How many worlds were aimed at it.
    aimed: u64,
}

/// A pair that could be met and was not, as a place to aim at.
#[derive(Debug, Clone, Copy)]
struct Target {
    state: State,
    kind: Kind,
    aimed: u64,
}

impl Atlas {
    /// Adds a world.
    pub(super) fn add(&mut self, task: &Task, seen: &[(State, Seen)]) {
        self.free += u64::from(!task.aimed);
        for (state, seen) in seen {
            let place = self.states.entry(*state).or_default();
            place.seen.offered.join(seen.offered);
            place.seen.met.join(seen.met);
            if place.ways.len() < WAYS {
                place.ways.push(task.draw);
            }
            for kind in seen.met.iter() {
                let pair = place.pairs.entry(kind).or_default();
                self.met += u64::from(pair.worlds == 0);
                if pair.worlds == 0 && !task.aimed {
                    pair.first = Some(task.seed);
                }
                pair.worlds += 1;
            }
        }
    }

    /// How many states were reached in which something could befall.
    pub(super) fn states(&self) -> u64 {
        self.states.len() as u64
    }

    /// How many pairs were met.
    pub(super) const fn met(&self) -> u64 {
        self.met
    }

    /// Pairs that were met or could have been.
    pub(super) fn known(&self) -> u64 {
        let known = |place: &Place| {
            let Seen { mut offered, met } = place.seen;
            offered.join(met);
            offered.len() as u64
        };
        self.states.values().map(known).sum()
    }

    /// The kinds that could befall any world.
    pub(super) fn offered(&self) -> Kinds {
        let mut kinds = Kinds::default();
        self.states.values().for_each(|place| kinds.join(place.seen.offered));
        kinds
    }

    /// Pairs that could be met and were not, in order.
    pub(super) fn unmet(&self) -> impl Iterator<Item = (State, Kind)> {
        self.states
            .iter()
            .flat_map(|(state, place)| place.seen.offered.without(place.seen.met).iter().map(|kind| (*state, kind)))
    }

    /// Draws for so many worlds that are aimed at pairs never met: the kinds and rates of a world that came to the state,
    /// and the fault of the pair as often as any. Pairs that were aimed at least come first; none: nothing is unmet.
    pub(super) fn aim(&mut self, worlds: usize, generation: u64) -> Vec<Draw> {
        let salt = |place: u64| mix(mix(generation) ^ place);
        let aimed = |(state, kind): &(State, Kind)| self.states[state].pairs.get(kind).map_or(0, |pair| pair.aimed);
        let targets = self.unmet().map(|pair| Target { state: pair.0, kind: pair.1, aimed: aimed(&pair) });
        let mut targets: Vec<(u64, Target)> = (0..).map(salt).zip(targets).collect();
        targets.sort_by_key(|(salt, target)| (target.aimed, *salt));
        let mut draws = Vec::with_capacity(worlds);
        for (number, (salt, Target { state, kind, .. })) in (0..worlds).zip(targets.iter().cycle()) {
            let Some(place) = self.states.get_mut(state) else { continue };
            let way = mix(salt ^ number as u64) % place.ways.len().max(1) as u64;
            let Some(way) = place.ways.get(way as usize) else { continue };
            draws.push(way.with(*kind));
            place.pairs.entry(*kind).or_default().aimed += 1;
        }
        draws
    }

    /// How likely the next world is to show something new. The estimate is Good's and Turing's for whole worlds: of the
    /// worlds drawn freely, the share of those that alone showed some pair. Each of them, had it been the last one, would
    /// have been new. Aimed worlds are not drawn alike and count only as having met a pair.
    pub(super) fn saturation(&self) -> Saturation {
        let pairs = || self.states.values().flat_map(|place| place.pairs.values());
        let once = |pair: &&Pair| pair.worlds == 1;
        let alone: BTreeSet<u64> = pairs().filter(once).filter_map(|pair| pair.first).collect();
        Saturation { met_once: pairs().filter(once).count() as u64, alone: alone.len() as u64, free: self.free }
    }
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::chaos::fate::Fate;
    use sagaproof_sim::chaos::point::Route;

    use super::*;

    const HERE: State = State::Asked(Route(0), false);
    const THERE: State = State::Before;

    fn kinds(fates: &[Fate]) -> Kinds {
        fates.iter().copied().filter_map(Kind::of_fate).collect()
    }

    fn seen(offered: &[Fate], met: &[Fate]) -> Seen {
        Seen { offered: kinds(offered), met: kinds(met) }
    }

    fn task(seed: u64, aimed: bool) -> Task {
        Task { seed, draw: Draw::free(Kinds::default(), seed), aimed }
    }

    fn met_here(atlas: &mut Atlas, seed: u64, aimed: bool, met: &[Fate]) {
        atlas.add(&task(seed, aimed), &[(HERE, seen(&[], met))]);
    }

    #[test]
    fn the_estimate_is_the_share_of_free_worlds_that_alone_met_a_pair() {
        let mut atlas = Atlas::default();
        met_here(&mut atlas, 0, false, &[Fate::Twice, Fate::Slow]);
        met_here(&mut atlas, 1, false, &[Fate::Twice]);
        met_here(&mut atlas, 2, false, &[Fate::Empty, Fate::Html]); // alone with two pairs: one world
        met_here(&mut atlas, 3, true, &[Fate::Refused]); // alone, but aimed
        met_here(&mut atlas, 4, true, &[Fate::Slow]); // so world 0 is alone with nothing
        let saturation = atlas.saturation();
        assert_eq!(saturation, Saturation { met_once: 3, alone: 1, free: 3 });
        assert_eq!(saturation.next_new_ppm(), 333_333);
        assert_eq!((atlas.met(), atlas.known(), atlas.states()), (5, 5, 1));
        assert_eq!(Atlas::default().saturation().next_new_ppm(), 1_000_000, "nothing is known yet");
    }

    #[test]
    fn what_was_never_met_is_aimed_at_and_what_was_met_is_not() {
        let mut atlas = Atlas::default();
        let offered = [Fate::Twice, Fate::Slow, Fate::Html];
        atlas.add(
            &task(0, false),
            &[(HERE, seen(&offered, &[Fate::Twice])), (THERE, seen(&[Fate::Slow], &[Fate::Slow]))],
        );
        assert_eq!((atlas.met(), atlas.known()), (2, 4));
        let often = |draws: &[Draw], fate| {
            let kind = Kind::of_fate(fate).unwrap();
            draws.iter().filter(|draw| draw.odds(kind) > 0).count()
        };
        let draws = atlas.aim(10, 1);
        assert_eq!([Fate::Twice, Fate::Slow, Fate::Html].map(|fate| often(&draws, fate)), [0, 5, 5]);
        atlas.add(&task(1, true), &[(HERE, seen(&offered, &[Fate::Slow, Fate::Html]))]);
        assert!(atlas.aim(10, 2).is_empty(), "nothing is unmet any more");
    }

    #[test]
    fn pairs_that_were_aimed_at_least_come_first() {
        let mut atlas = Atlas::default();
        atlas.add(&task(0, false), &[(HERE, seen(&[Fate::Twice], &[]))]);
        atlas.aim(3, 1);
        atlas.add(&task(1, false), &[(HERE, seen(&[Fate::Twice, Fate::Slow], &[]))]);
        let draws = atlas.aim(1, 2);
        assert!(draws[0].odds(Kind::of_fate(Fate::Slow).unwrap()) > 0);
    }
}
