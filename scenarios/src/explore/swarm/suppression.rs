//! What suppresses what: which kinds of faults, switched on, keep worlds from pairs of other kinds that they meet when it is
//! off. Counted over the worlds that were drawn freely, for there a kind is on or off whatever the others are, and like is
//! compared with like.

use std::collections::BTreeMap;

use super::kind::{Kind, Kinds};
use super::logbook::Seen;
use super::state::State;

/// A kind hides or shows the pairs of others where more of them than chance allows are met only with it off, or only with
/// it on, by so many standard deviations. Five, because the pairs of one world come together.
const CLEAR: u128 = 5;

/// The same for the pairs of one other kind, in a row that is clear as a whole.
const CLEAR_OF_ONE: u128 = 3;

/// With fewer worlds than these on either side nothing is told, for one world brings many pairs.
const ENOUGH: u128 = 100;

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Suppression {
    worlds: u64,
    /// Worlds with each kind on.
    on: Counts,
    pairs: BTreeMap<(State, Kind), Counted>,
}

/// The worlds that met a pair, its own kind being on; of these, those with each kind on.
#[derive(Debug, Default)]
struct Counted {
    worlds: u64,
    with: Counts,
}

/// A count by kind.
#[derive(Debug)]
struct Counts([u64; Kind::COUNT]);

impl Default for Counts {
    fn default() -> Self {
        Self([0; Kind::COUNT])
    }
}

impl Counts {
    fn add(&mut self, kinds: Kinds) {
        kinds.iter().for_each(|kind| self.0[kind.number()] += 1);
    }

    const fn of(&self, kind: Kind) -> u64 {
        self.0[kind.number()]
    }
}

/// What a kind does to the pairs of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// With it on, clearly fewer of them are met.
    Hides,
    /// With it on, clearly more of them are met.
    Shows,
    /// What difference there is may be chance.
    Unclear,
    /// There are too few worlds, or pairs, to tell: even if none were met with it on, that might be chance.
    TooFewWorlds,
}

impl Effect {
    /// Its name, as reports write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hides => "hides",
            Self::Shows => "shows",
            Self::Unclear => "unclear",
            Self::TooFewWorlds => "too-few-worlds",
        }
    }
}

/// A kind, and how the pairs of the others fare with it on and with it off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The kind.
    pub kind: Kind,
    /// Freely drawn worlds with it on, and with it off.
    pub worlds: [u64; 2],
    /// Pairs of other kinds met in the worlds with it on, and with it off.
    pub pairs: [u64; 2],
    /// Those of them that are met only with it on, and only with it off.
    pub only: [u64; 2],
    /// What that says.
    pub effect: Effect,
    /// Where it hides: the kinds whose pairs are met clearly less with it on, and how many of them only with it on, and only
    /// with it off. Most hidden first.
    pub hides: Vec<(Kind, [u64; 2])>,
}

impl Suppression {
    /// Adds a freely drawn world: the kinds that it had on, and what was seen in it.
    pub(super) fn add(&mut self, on: Kinds, seen: &[(State, Seen)]) {
        self.worlds += 1;
        self.on.add(on);
        for (state, seen) in seen {
            // What befell although its kind was off is a vendor's window's or the store's own doing.
            for kind in seen.met.iter().filter(|kind| on.has(*kind)) {
                let counted = self.pairs.entry((*state, kind)).or_default();
                counted.worlds += 1;
                counted.with.add(on);
            }
        }
    }

    /// What each of these kinds does to the others, most suppressing first.
    pub(super) fn rows(&self, kinds: Kinds) -> Vec<Row> {
        let mut rows: Vec<Row> = kinds.iter().map(|kind| self.row(kind)).collect();
        rows.sort_by_key(|row| (-Compared { only: row.only, worlds: row.worlds }.excess(), row.kind));
        rows
    }

    fn row(&self, kind: Kind) -> Row {
        let on = self.on.of(kind);
        let worlds = [on, self.worlds - on];
        let (mut pairs, mut only) = ([0, 0], [0, 0]);
        let mut of: BTreeMap<Kind, [u64; 2]> = BTreeMap::new();
        for ((_, other), counted) in self.pairs.iter().filter(|((_, other), _)| *other != kind) {
            let with = counted.with.of(kind);
            let met = [with > 0, with < counted.worlds];
            let of = of.entry(*other).or_default();
            for side in 0..2 {
                pairs[side] += u64::from(met[side]);
                only[side] += u64::from(met[side] && !met[1 - side]);
                of[side] += u64::from(met[side] && !met[1 - side]);
            }
        }
        let effect = Compared { only, worlds }.effect(CLEAR);
        let is_hidden = |only| effect == Effect::Hides && Compared { only, worlds }.effect(CLEAR_OF_ONE) == effect;
        let mut hides: Vec<_> = of.into_iter().filter(|(_, only)| is_hidden(*only)).collect();
        hides.sort_by_key(|(other, only)| (-Compared { only: *only, worlds }.excess(), *other));
        Row { kind, worlds, pairs, only, effect, hides }
    }
}

/// How many pairs are met on one side only, and how many worlds each side has: on, then off.
#[derive(Debug, Clone, Copy)]
struct Compared {
    only: [u64; 2],
    worlds: [u64; 2],
}

impl Compared {
    /// How many more are met only with the kind off than its share of the worlds lets expect.
    fn excess(self) -> i128 {
        let [only_on, only_off] = self.only.map(i128::from);
        let [on, off] = self.worlds.map(i128::from);
        (only_off * on - only_on * off).checked_div(on + off).unwrap_or(0)
    }

    /// Whether that is more, or less, than chance allows: each such pair is met on either side as its worlds are many.
    fn effect(self, deviations: u128) -> Effect {
        let [on, off] = self.worlds.map(u128::from);
        let variance = |pairs: u128| (pairs * on * off).checked_div((on + off) * (on + off)).unwrap_or(0) + 1;
        let clear = |compared: Self| {
            let excess = compared.excess().unsigned_abs();
            excess * excess > deviations * deviations * variance(compared.only.map(u128::from).iter().sum())
        };
        if on.min(off) < ENOUGH {
            Effect::TooFewWorlds
        } else if clear(self) {
            if self.excess() > 0 { Effect::Hides } else { Effect::Shows }
        } else if clear(Self { only: [0, self.only[0] + self.only[1]], ..self }) {
            Effect::Unclear
        } else {
            Effect::TooFewWorlds
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sagaproof_sim::chaos::fate::Fate;
    use sagaproof_sim::chaos::point::{Route, mix};

    use super::*;

    fn kind(fate: Fate) -> Kind {
        Kind::of_fate(fate).unwrap()
    }

    /// Worlds that draw among three kinds. Each meets one of 200 pairs of `slow`, unless `refused` is on too.
    fn drawn(worlds: u64) -> Vec<Row> {
        let all = [Fate::Refused, Fate::Twice, Fate::Slow].map(kind);
        let mut suppression = Suppression::default();
        for seed in 0..worlds {
            let draw = mix(seed);
            let on: Kinds = (0..).zip(all).filter(|(bit, _)| draw >> bit & 1 == 1).map(|(_, kind)| kind).collect();
            let meets = on.has(all[2]) && !on.has(all[0]);
            let met = meets.then_some(all[2]).into_iter().collect();
            let state = State::Asked(Route((draw >> 8) as u8 % 200), false);
            suppression.add(on, &[(state, Seen { offered: on, met })]);
        }
        suppression.rows(all.into_iter().collect())
    }

    #[test]
    fn what_hides_another_is_told_and_nothing_else() {
        let rows = drawn(1_000);
        let told: Vec<_> = rows.iter().map(|row| (row.kind.name(), row.effect.name())).collect();
        assert_eq!(told, [("refused", "hides"), ("slow", "too-few-worlds"), ("twice", "unclear")]);
        let Row { pairs: [on, off], only, .. } = rows[0];
        assert_eq!((on, only), (0, [0, off]));
        assert_eq!(rows[0].hides, [(kind(Fate::Slow), only)]);
        assert!(rows[1].hides.is_empty() && rows[2].hides.is_empty());
        assert_eq!(rows[0].worlds.iter().sum::<u64>(), 1_000);
    }

    #[test]
    fn too_few_worlds_say_so() {
        assert!(drawn(150).iter().all(|row| row.effect == Effect::TooFewWorlds));
        assert_eq!(
            Suppression::default().rows([kind(Fate::Slow)].into_iter().collect())[0].effect,
            Effect::TooFewWorlds
        );
    }

    #[test]
    fn what_is_met_only_with_a_kind_on_is_shown_by_it() {
        assert_eq!(Compared { only: [300, 100], worlds: [500, 500] }.effect(CLEAR), Effect::Shows);
        assert_eq!(Compared { only: [300, 100], worlds: [1_500, 500] }.effect(CLEAR), Effect::Unclear);
    }

    proptest! {
        #[test]
        fn no_count_is_too_large_and_what_is_expected_is_unclear_at_most(
            on in 1_u64..1 << 40,
            off in 1_u64..1 << 40,
            share in 1_u64..100,
        ) {
            let effect = Compared { only: [on / share, off / share], worlds: [on, off] }.effect(CLEAR);
            prop_assert!(matches!(effect, Effect::Unclear | Effect::TooFewWorlds));
        }
    }
}
