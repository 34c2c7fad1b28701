//! What kind of difference it is. A diagnosis convicts nobody: it names for people what the law has found, by looking
//! at one customer, the nearest order, and what each system holds.

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::Condition;

use super::case::Party;
use super::holdings::{Held, differing, in_primary, in_system};
use super::search::Placed;
use super::specification::{Fields, State, Whom, forced};
use crate::check::late::LateCalls;
use crate::check::outcome::Act;
use crate::check::{Diagnosis, EndState};
use crate::operation::{Kind, Operation};

/// One customer that differs from the nearest order.
pub(super) struct Difference<'d, 'a> {
    pub(super) party: &'d Party<'a>,
    pub(super) records: &'d [Held<'a>],
    /// The customer's place in its group.
    pub(super) customer: usize,
    /// What should be.
    pub(super) state: State<'a>,
    /// The customer's turns in the nearest order.
    pub(super) order: &'d [&'d Placed<'a>],
    /// All of the customer's turns.
    pub(super) turns: &'d [&'d Placed<'a>],
    /// The operations on this customer of which clients were told that they take no effect.
    pub(super) refused: &'d [&'a Operation],
    pub(super) late: &'d LateCalls,
}

impl<'a> Difference<'_, 'a> {
    /// The name of the difference, where it has one.
    pub(super) fn diagnose(&self) -> Option<Diagnosis> {
        if (0..EndState::SYSTEMS.len()).any(|system| self.live(system).nth(1).is_some()) {
            return Some(Diagnosis::NoDuplicates);
        }
        match self.state {
            None => self.too_much(),
            Some(_) if self.is_missing_somewhere() => Some(self.too_little()),
            Some(fields) => Some(self.otherwise(&fields)),
        }
    }

    /// There should be nothing, yet there is.
    fn too_much(&self) -> Option<Diagnosis> {
        let was_there =
            self.party.initial.is_some() || self.order.iter().any(|placed| matches!(placed.turn.act, Act::Create(_)));
        if self.records.iter().all(|held| held.record.condition == Condition::Closed) {
            // Only the primary still shows the customer.
            return was_there.then_some(Diagnosis::AcknowledgedIsDurable).or_else(|| self.refusal());
        }
        if was_there || self.landed_late() {
            return Some(Diagnosis::NoLateGhosts);
        }
        let open = |placed: &&Placed<'_>| !placed.turn.must && matches!(placed.turn.act, Act::Create(_));
        if self.turns.iter().any(open) {
            return Some(Diagnosis::AllOrNothing);
        }
        self.refusal()
    }

    fn refusal(&self) -> Option<Diagnosis> {
        (!self.refused.is_empty()).then_some(Diagnosis::RefusedLeavesNothing)
    }

    /// The customer should be there, and is missing in the primary or a system.
    fn too_little(&self) -> Diagnosis {
        let closing = |placed: &&Placed<'_>| !placed.turn.must && matches!(placed.turn.act, Act::Close);
        if self.turns.iter().any(closing) {
            return Diagnosis::AllOrNothing;
        }
        if self.refused.iter().any(|operation| matches!(operation.kind, Kind::Close { .. })) {
            return Diagnosis::RefusedLeavesNothing;
        }
        let created = self.order.iter().rfind(|placed| matches!(placed.turn.act, Act::Create(_)));
        match created {
            Some(placed) if !placed.turn.must => Diagnosis::AllOrNothing,
            _ => Diagnosis::AcknowledgedIsDurable,
        }
    }

    /// The customer is there everywhere, once, but not as it should be.
    fn otherwise(&self, fields: &Fields<'_>) -> Diagnosis {
        let wrong: Vec<&Held<'_>> = self
            .records
            .iter()
            .filter(|held| held.record.condition == Condition::Live && differing(fields, held.record, held.system) > 0)
            .collect();
        let asked = |kind: &Kind| wrong.iter().any(|held| shows(held, kind));
        if self.refused.iter().any(|operation| asked(&operation.kind)) {
            return Diagnosis::RefusedLeavesNothing;
        }
        if wrong.iter().any(|held| self.landed_late_at(held.system)) {
            return Diagnosis::NoLateGhosts;
        }
        if self.turns.iter().any(|placed| !placed.turn.must) {
            return Diagnosis::AllOrNothing;
        }
        let earlier = self.earlier();
        let (last, older) = earlier.split_last().map_or((None, [].as_slice()), |(last, older)| (Some(last), older));
        let held_as = |state: &Fields<'_>| wrong.iter().any(|held| differing(state, held.record, held.system) == 0);
        if !last.is_some_and(held_as) && (older.iter().any(held_as) || wrong.is_empty() && self.primary_is_right()) {
            return Diagnosis::NoLateGhosts;
        }
        Diagnosis::AcknowledgedIsDurable
    }

    /// The customer's states in the nearest order before the last.
    fn earlier(&self) -> Vec<Fields<'_>> {
        let mut state = self.party.initial;
        let mut states: Vec<Fields<'_>> = Vec::new();
        for placed in self.order {
            let after = self.alone(placed, state);
            if after != state {
                states.extend(state);
            }
            state = after;
        }
        states
    }

    /// The customer's state after a turn, without regard to anybody else's.
    fn alone(&self, placed: &Placed<'a>, state: State<'a>) -> State<'a> {
        match placed.turn.act {
            Act::Merge if placed.goner == Some(self.customer) => None,
            Act::Merge => state.map(|fields| Fields { points: self.state.map_or(0, |end| end.points), ..fields }),
            _ => forced(&placed.turn, Whom { customer: 0, goner: None }, &[state]).state,
        }
    }

    fn live(&self, system: usize) -> impl Iterator<Item = &Held<'_>> {
        self.records.iter().filter(move |held| held.is(system, Condition::Live))
    }

    fn is_missing_somewhere(&self) -> bool {
        let primary = !self.primary_is_right() && self.party.holdings.primary == super::holdings::Primary::Absent;
        primary || (0..EndState::SYSTEMS.len()).any(|system| self.live(system).next().is_none())
    }

    fn primary_is_right(&self) -> bool {
        in_primary(&self.state, &self.party.holdings.primary) == 0
    }

    fn landed_late(&self) -> bool {
        (0..EndState::SYSTEMS.len())
            .any(|system| in_system(&self.state, self.records, system) > 0 && self.landed_late_at(system))
    }

    /// Whether a call landed late at this system since the first turn of this customer.
    fn landed_late_at(&self, system: usize) -> bool {
        let turns = self.turns.iter().map(|placed| placed.turn.from);
        let since = turns.min().unwrap_or(Instant::ZERO);
        self.late.at(EndState::SYSTEMS[system], since).next().is_some()
    }
}

/// Whether a record shows something that the operation asked for.
fn shows(held: &Held<'_>, kind: &Kind) -> bool {
    match kind {
        Kind::Create(wish) => differing(&Fields::of(wish), held.record, held.system) == 0,
        Kind::Update { changes, .. } => {
            let email =
                changes.email.as_deref().is_some_and(|new| held.record.email.as_deref() == Some(&new.to_lowercase()));
            let phone = changes.phone.as_ref().is_some_and(|new| new.is_some() && *new == held.record.phone);
            let given = changes.given_name.as_ref().is_some_and(|new| *new == held.record.given_name);
            let family = changes.family_name.as_ref().is_some_and(|new| *new == held.record.family_name);
            email || phone || given || family
        }
        Kind::Close { .. } | Kind::Merge { .. } | Kind::Read { .. } => false,
    }
}
