//! The search for an order: which sequences of turns respect real time and the specification, and which of their ends
//! is nearest to what there is. Turns that may be left out are used sparingly: first the orders without any of them,
//! then those with one, and so on, so that a state reached again with more of them used up need not be looked at.

use std::collections::BTreeMap;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::Fingerprint;

use super::specification::{self, After, State, Whom};
use crate::check::outcome::Turn;

/// After so many states the search of one group of customers gives up.
const LIMIT: u32 = 50_000;

/// The best order that was found.
#[derive(Debug, Clone)]
pub(in crate::check) struct Found<'a> {
    /// How far its end is from what there is; 0: the order explains everything.
    pub(in crate::check) distance: u32,
    /// The turns in it, by their places; not kept where the straight order explains everything.
    pub(in crate::check) order: Vec<usize>,
    /// The customers' states at its end.
    pub(in crate::check) end: Vec<State<'a>>,
}

/// What the search came to.
#[derive(Debug, Clone)]
pub(in crate::check) struct Searched<'a> {
    /// The best order; `None` where no order respects real time and the specification.
    pub(in crate::check) best: Option<Found<'a>>,
    /// Whether all orders were considered, so that there is surely no better one.
    pub(in crate::check) exhausted: bool,
}

/// A turn with the place of its customer in the group.
#[derive(Debug, Clone)]
pub(in crate::check) struct Placed<'a> {
    pub(in crate::check) turn: Turn<'a>,
    pub(in crate::check) customer: usize,
    /// The place of the customer whom a merge lets go.
    pub(in crate::check) goner: Option<usize>,
}

impl Placed<'_> {
    pub(in crate::check) fn concerns(&self, customer: usize) -> bool {
        self.customer == customer || self.goner == Some(customer)
    }
}

/// Sorts turns as the search wants them: those that must be there first, by the end of their time.
pub(in crate::check) fn sort(turns: &mut [Placed<'_>]) {
    turns.sort_by_key(|placed| (!placed.turn.must, placed.turn.until, placed.turn.from));
}

/// Whether turns must obey the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Strictness {
    /// Each must be possible where it stands.
    Lawful,
    /// Each is done as far as it can be: for the nearest order where no lawful one exists.
    Forced,
}

/// Looks for an order of `turns`, sorted by [`sort`], whose end is at distance 0, else for the nearest.
pub(in crate::check) fn search<'a>(
    turns: &[Placed<'a>],
    initial: impl Fn() -> Vec<State<'a>>,
    strictness: Strictness,
    distance: impl Fn(&[State<'a>]) -> u32,
) -> Searched<'a> {
    let musts = turns.iter().take_while(|placed| placed.turn.must).count();
    let mut search = Search { turns, musts, strictness, distance, best: None, seen: BTreeMap::new() };
    let start = || Node { states: initial(), order: Vec::new(), done: vec![false; turns.len()], front: 0 };
    let exhausted = search.straight(initial()) || search.run(start());
    Searched { best: search.best, exhausted }
}

struct Search<'t, 'a, D> {
    turns: &'t [Placed<'a>],
    /// How many turns must be in every order; they come first.
    musts: usize,
    strictness: Strictness,
    distance: D,
    best: Option<Found<'a>>,
    /// By what must still come and the states: with which of the turns that may come used up it was looked at.
    seen: BTreeMap<u64, Vec<Vec<bool>>>,
}

/// The beginning of an order, and where it leads.
#[derive(Debug, Clone)]
struct Node<'a> {
    states: Vec<State<'a>>,
    order: Vec<usize>,
    done: Vec<bool>,
    /// The first turn that must still come, by the end of its time.
    front: usize,
}

impl<'a, D: Fn(&[State<'a>]) -> u32> Search<'_, 'a, D> {
    /// Tries what is right nearly always: everything that must be, in the order in which it ended.
    fn straight(&mut self, mut states: Vec<State<'a>>) -> bool {
        for turn in 0..self.musts {
            let Some(after) = self.after(&states, turn) else { return false };
            self.enter(&mut states, turn, &after);
        }
        let explained = (self.distance)(&states) == 0;
        if explained {
            self.best = Some(Found { distance: 0, order: Vec::new(), end: states });
        }
        explained
    }

    /// Looks at all orders; `false` where there were too many.
    fn run(&mut self, start: Node<'a>) -> bool {
        let (mut level, mut next) = (vec![start], Vec::new());
        let mut looked = 0;
        while !level.is_empty() {
            while let Some(node) = level.pop() {
                if self.is_seen(&node) {
                    continue;
                }
                looked += 1;
                if looked > LIMIT {
                    return false;
                }
                if self.arrive(&node) {
                    return true;
                }
                self.branch(&node, &mut level, &mut next);
            }
            std::mem::swap(&mut level, &mut next);
        }
        true
    }

    /// Looks at an end; `true` where there can be no better one.
    fn arrive(&mut self, node: &Node<'a>) -> bool {
        if node.front < self.musts {
            return false;
        }
        let distance = (self.distance)(&node.states);
        if self.best.as_ref().is_none_or(|best| distance < best.distance) {
            self.best = Some(Found { distance, order: node.order.clone(), end: node.states.clone() });
        }
        distance == 0
    }

    /// All that can come next: what must come into this level, what may come into the next.
    fn branch(&self, node: &Node<'a>, level: &mut Vec<Node<'a>>, next: &mut Vec<Node<'a>>) {
        let open = self.turns.get(node.front).filter(|front| front.turn.must);
        let horizon = open.map_or(Instant::NEVER, |front| front.turn.until);
        for turn in (node.front..self.turns.len()).rev() {
            let placed = &self.turns[turn];
            if node.done[turn] || placed.turn.from > horizon {
                continue;
            }
            let Some(left) = self.after(&node.states, turn) else { continue };
            // What may be left out and changes nothing is left out.
            if placed.turn.must || left.goner.is_some() || left.state != node.states[placed.customer] {
                let mut after = node.clone();
                self.take(&mut after, turn, &left);
                if placed.turn.must { level.push(after) } else { next.push(after) }
            }
        }
    }

    /// What this turn leaves, if it can come now.
    fn after(&self, states: &[State<'a>], turn: usize) -> Option<After<'a>> {
        let Placed { turn, customer, goner } = &self.turns[turn];
        let whom = Whom { customer: *customer, goner: *goner };
        match self.strictness {
            Strictness::Lawful => specification::after(turn, whom, states),
            Strictness::Forced => Some(specification::forced(turn, whom, states)),
        }
    }

    fn enter(&self, states: &mut [State<'a>], turn: usize, after: &After<'a>) {
        after.enter(self.turns[turn].customer, states);
    }

    fn take(&self, node: &mut Node<'a>, turn: usize, after: &After<'a>) {
        self.enter(&mut node.states, turn, after);
        node.done[turn] = true;
        node.order.push(turn);
        while node.front < self.musts && node.done[node.front] {
            node.front += 1;
        }
    }

    /// Whether the same was looked at before with at least as much left to do; if not, it is from now on.
    fn is_seen(&mut self, node: &Node<'a>) -> bool {
        let used = &node.done[self.musts..];
        let before = self.seen.entry(self.key(node)).or_default();
        if before.iter().any(|other| other.iter().zip(used).all(|(other, here)| !other || *here)) {
            return true;
        }
        before.push(used.to_vec());
        false
    }

    /// A hash of what of that which must come is still to come, and of the states.
    fn key(&self, node: &Node<'a>) -> u64 {
        let mut print = Fingerprint::default();
        print.number(node.front as u64);
        for chunk in node.done[node.front..self.musts.max(node.front)].chunks(63) {
            print.number(chunk.iter().fold(1, |bits, done| bits << 1 | u64::from(*done)));
        }
        for state in &node.states {
            print.number(u64::from(state.is_some()));
            let Some(fields) = state else { continue };
            for text in [fields.email, fields.given_name, fields.family_name] {
                print.bytes(text.as_bytes());
            }
            print.number(fields.points);
            print.number(fields.into.map_or(0, |into| into as u64 + 1) << 1 | u64::from(fields.linked));
            print.number(u64::from(fields.phone.is_some()));
            print.bytes(fields.phone.unwrap_or_default().as_bytes());
        }
        print.finish()
    }
}
