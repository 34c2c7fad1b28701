//! What could befall a world and what befell it, by the state that its journal was in. Who chooses and who observes write
//! into the same book, for only the one knows what was offered and only the other where the journal stands.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::kind::{Kind, Kinds};
use super::state::State;

/// What was seen of one state of the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The faults that could befall it.
    pub(super) offered: Kinds,
    /// Those that did.
    pub(super) met: Kinds,
}

/// The book of one world, shared.
#[derive(Debug, Clone)]
pub(super) struct Logbook(Rc<RefCell<Pages>>);

#[derive(Debug)]
struct Pages {
    /// Where the journal stands between two exchanges.
    stands: State,
    /// What is offered to the exchange that leaves next.
    offered: Kinds,
    /// Whether any call came with the journal's word.
    journal: bool,
    seen: BTreeMap<State, Seen>,
}

impl Logbook {
    pub(super) fn new() -> Self {
        let (offered, seen) = (Kinds::default(), BTreeMap::new());
        Self(Rc::new(RefCell::new(Pages { stands: State::Before, offered, journal: false, seen })))
    }

    /// Who chooses: these kinds may befall the exchange that leaves next.
    pub(super) fn offer(&self, kinds: Kinds) {
        self.0.borrow_mut().offered = kinds;
    }

    /// Who chooses: these kinds may befall the world where its journal stands, and this one does.
    pub(super) fn strike(&self, offered: Kinds, met: Option<Kind>) {
        let mut pages = self.0.borrow_mut();
        let stands = pages.stands;
        pages.note(stands, offered, met);
    }

    /// Who observes: an exchange leaves in this state, and this befalls it.
    pub(super) fn leave(&self, state: State, met: Option<Kind>) {
        let mut pages = self.0.borrow_mut();
        let offered = std::mem::take(&mut pages.offered);
        pages.note(state, offered, met);
    }

    /// Who observes: here the journal stands now.
    pub(super) fn stand(&self, state: State) {
        self.0.borrow_mut().stands = state;
    }

    /// Who observes: there is a journal.
    pub(super) fn has_journal(&self) {
        self.0.borrow_mut().journal = true;
    }

    /// All that was seen, in order of the states, and whether there is a journal.
    pub(super) fn read(&self) -> (Vec<(State, Seen)>, bool) {
        let mut pages = self.0.borrow_mut();
        (std::mem::take(&mut pages.seen).into_iter().collect(), pages.journal)
    }
}

impl Pages {
    fn note(&mut self, state: State, offered: Kinds, met: Option<Kind>) {
        if offered.is_empty() && met.is_none() {
            return;
        }
        let seen = self.seen.entry(state).or_default();
        seen.offered.join(offered);
        met.into_iter().for_each(|kind| seen.met.add(kind));
    }
}
