//! The calls that landed after their caller had stopped waiting: what ghosts are made of. Only diagnoses use them.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::System;
use sagaproof_sim::wire::Method;

/// A mutating call whose fate was to land late.
#[derive(Debug, Clone)]
pub(super) struct Late {
    pub(super) call: u64,
    pub(super) system: System,
    /// When a vendor last handled it.
    pub(super) landed: Option<Instant>,
}

/// All such calls of a world.
#[derive(Debug, Clone, Default)]
pub(super) struct LateCalls(Vec<Late>);

impl LateCalls {
    pub(super) fn reset(&mut self) {
        self.0.clear();
    }

    /// The hub sent a call.
    pub(super) fn sent(&mut self, call: u64, system: System, method: Method, fate: Fate) {
        let late = matches!(fate, Fate::LateShort | Fate::LateLong | Fate::TwiceLate | Fate::Late504);
        if late && method.may_write() {
            self.0.push(Late { call, system, landed: None });
        }
    }

    /// A vendor handled a call.
    pub(super) fn handled(&mut self, now: Instant, call: u64) {
        if let Some(late) = self.0.iter_mut().find(|late| late.call == call) {
            late.landed = Some(now);
        }
    }

    /// Those that landed at this vendor after this moment.
    pub(super) fn at(&self, system: System, after: Instant) -> impl Iterator<Item = &Late> {
        self.0.iter().filter(move |late| late.system == system && late.landed.is_some_and(|at| at > after))
    }
}
