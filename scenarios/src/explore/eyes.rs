//! Who watches an explored world: the checkers, and the one that sends compensations again. Unlike those who watch a
//! sweep they are copied with the world, and their folds are part of its fingerprint.

use std::sync::Arc;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Fingerprint, Fleet};
use sagaproof_sim::observation::{Observation, Observer};

use crate::check::Checkers;
use crate::check::compensation_idempotent::Resender;
use crate::operation::Plan;

/// The checkers of one world.
#[derive(Debug, Clone)]
pub(super) struct Eyes {
    pub(super) checkers: Checkers,
    pub(super) resender: Resender,
}

impl Eyes {
    pub(super) fn new(plan: &Arc<Plan>) -> Self {
        Self { checkers: Checkers::new(Arc::clone(plan)), resender: Resender::default() }
    }

    /// After an event: sends a compensation that has just been done again, to a copy of the fleet.
    pub(super) fn resend(&mut self, now: Instant, fleet: &Fleet) {
        if self.resender.is_due() {
            self.resender.resend(now, fleet);
        }
    }

    /// Feeds what can still matter to a verdict.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        self.checkers.feed(now, print);
        self.resender.feed(print);
    }
}

impl Observer for Eyes {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        self.checkers.see(now, observation);
        self.resender.see(now, observation);
    }
}
