//! What comes next: the first thing due among queue, wake-up and windows, and the choice between things that are due
//! at the same instant at one component. What then happens stands with whom it happens to.

use super::phases::Stage;
use super::queue::Key;
use super::{Due, World};
use crate::chaos::choices::Choices;
use crate::chaos::point::Point;
use crate::client::Clients;
use crate::clock::Instant;
use crate::observation::Observer;
use crate::process::Spawn;

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A window begins or ends.
    Edge,
    /// The process wanted to be woken.
    Wake,
    /// This stands in the queue.
    Item(Key),
}

/// The process as a component of ties; systems are their own numbers.
pub(super) const PROCESS: u8 = 16;

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// What is due first, and when. A window's edge alone keeps no world going.
    pub(super) fn next(&mut self) -> Option<(Instant, Next)> {
        let (at, next) = match (self.queue.first(), self.host.wake) {
            (None, None) => return None,
            (Some(key), Some((at, order))) if (at, order) < (key.at, key.order) => (at, Next::Wake),
            (None, Some((at, _))) => (at, Next::Wake),
            (Some(key), _) => (key.at, Next::Item(key)),
        };
        match self.windows.next_edge() {
            Some(edge) if edge <= at => Some((edge, Next::Edge)),
            _ => Some((at, next)),
        }
    }

    /// Chooses among everything that is due now at the component where `next` would happen.
    pub(super) fn untie(&mut self, next: Next) -> Next {
        if self.stage != Stage::Work || !self.plan.settings.chaos.ties || next == Next::Edge {
            return next;
        }
        let wake = self.host.wake.filter(|(at, _)| *at == self.now);
        let beside_wake = wake.is_some() && self.queue.first().is_some_and(|key| key.at == self.now);
        if !self.queue.may_tie() && !beside_wake {
            return next;
        }
        let component = match next {
            Next::Item(key) => self.queue.get(key).and_then(|due| self.component(due)),
            Next::Wake | Next::Edge => Some(PROCESS),
        };
        let Some(component) = component else { return next };
        let due_now = self.queue.iter().filter(|(key, _)| key.at == self.now);
        let there = due_now.filter(|(_, due)| self.component(due) == Some(component));
        let mut tied: Vec<_> = there.map(|(key, _)| (key.order, Next::Item(key))).collect();
        if component == PROCESS {
            tied.extend(wake.map(|(_, order)| (order, Next::Wake)));
        }
        if tied.len() < 2 {
            return next;
        }
        tied.sort_unstable_by_key(|(order, _)| *order);
        let counter = &mut self.ties[usize::from(component.min(PROCESS_TIES))];
        let point = Point::Tie { component, nth: *counter };
        *counter += 1;
        let others = u16::try_from(tied.len() - 1).unwrap_or(u16::MAX);
        let pick = self.parts.choices.choose(point, self.allowance.even(others));
        tied.get(usize::from(pick)).map_or(next, |(_, chosen)| *chosen)
    }

    /// At which component something happens, where the order there can matter.
    fn component(&self, due: &Due) -> Option<u8> {
        match due {
            Due::Arrival { call, .. } => self.calls.get(*call).map(|call| call.to as u8),
            Due::Hear { call } => self.calls.get(*call).filter(|call| self.is_living(call.life)).map(|_| PROCESS),
            Due::HubArrival { .. } | Due::Unsent { .. } | Due::Landing { .. } | Due::Read { .. } => Some(PROCESS),
            Due::Action { .. } | Due::Told { .. } | Due::Restart => None,
        }
    }
}

/// The place of the process among the counters of ties, after the systems.
const PROCESS_TIES: u8 = 5;
