//! Everyone who watches a world: the checkers and coverage always, the others where they are wanted.

use std::sync::Arc;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::observation::{Observation, Observer};

use super::aftermath::Touched;
use super::costs::Costs;
use super::load::Load;
use super::trace::Trace;
use crate::check::Checkers;
use crate::check::compensation_idempotent::Resender;
use crate::coverage::Coverage;
use crate::operation::Plan;
use crate::timeline::Timeline;

/// The observers of one world.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) checkers: Checkers,
    /// In the worlds whose compensations are sent again.
    pub(super) resender: Option<Resender>,
    pub(super) coverage: Coverage,
    pub(super) trace: Option<Trace>,
    pub(super) costs: Option<Costs>,
    pub(super) load: Option<Load>,
    pub(super) timeline: Option<Timeline>,
    pub(super) touched: Option<Touched>,
}

impl Watch {
    pub(super) fn new(plan: &Arc<Plan>) -> Self {
        let mut watch = Self {
            checkers: Checkers::new(Arc::clone(plan)),
            resender: None,
            coverage: Coverage::default(),
            trace: None,
            costs: None,
            load: None,
            timeline: None,
            touched: None,
        };
        watch.coverage.reset(plan);
        watch
    }

    /// Makes them fresh for a world of this plan.
    pub(super) fn reset(&mut self, plan: &Arc<Plan>) {
        self.checkers.reset(Arc::clone(plan));
        self.resender = None;
        self.coverage.reset(plan);
        self.trace = None;
        self.costs = None;
        self.load = None;
        self.timeline = None;
        self.touched = None;
    }
}

impl Observer for Watch {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        self.checkers.see(now, observation);
        if let Some(resender) = &mut self.resender {
            resender.see(now, observation);
        }
        self.coverage.see(now, observation);
        if let Some(trace) = &mut self.trace {
            trace.see(now, observation);
        }
        if let Some(costs) = &mut self.costs {
            costs.see(now, observation);
        }
        if let Some(load) = &mut self.load {
            load.see(now, observation);
        }
        if let Some(timeline) = &mut self.timeline {
            timeline.see(now, observation);
        }
        if let Some(touched) = &mut self.touched {
            touched.see(now, observation);
        }
    }
}
