//! The phases of a world, one after the other: work, healing, the operator's redrive, inspection. When one is over,
//! and what begins with the next, stands here.

use super::World;
use crate::chaos::choices::Choices;
use crate::chaos::point::{EventKind, Subject};
use crate::client::Clients;
use crate::clock::Instant;
use crate::observation::{Observation, Observer, Phase};
use crate::process::{Event, Process, Spawn};

/// Where a world stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not begun.
    Ahead,
    /// Clients work, chaos strikes.
    Work,
    /// Chaos has ended; quiet by then, or not converged.
    Heal { until: Instant },
    /// The operator has redriven so many times; 0: there was no reason to.
    Redrive { rounds: u32, until: Instant },
    /// The clients look at the outcome.
    Inspect { until: Instant },
    /// Ended.
    Over,
}

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// Lets one thing happen: an event, or the passage to the next phase. `false` once it has ended.
    pub fn step(&mut self) -> bool {
        let limit = match self.stage {
            Stage::Ahead => {
                self.begin();
                return true;
            }
            Stage::Work => self.plan.settings.work_until,
            Stage::Heal { until } | Stage::Redrive { until, .. } | Stage::Inspect { until } => until,
            Stage::Over => return false,
        };
        match self.next() {
            Some((at, next)) if at <= limit => {
                self.now = at;
                let next = self.untie(next);
                self.happen(next);
                true
            }
            // Nothing more before the limit: either all is quiet, or the phase took too long.
            later => {
                if later.is_some() {
                    self.now = self.now.max(limit);
                }
                self.pass_on(later.is_some())
            }
        }
    }

    /// Passes on to what follows a phase that became quiet, or that did not in time.
    fn pass_on(&mut self, unquiet: bool) -> bool {
        match self.stage {
            Stage::Ahead | Stage::Work => self.heal(),
            Stage::Heal { .. } | Stage::Redrive { .. } if unquiet => {
                self.converged = false;
                self.inspect();
            }
            Stage::Heal { .. } => self.begin_redrive(),
            Stage::Redrive { rounds, .. } => {
                if rounds == 0 || !self.redrive(rounds) {
                    self.inspect();
                }
            }
            Stage::Inspect { .. } | Stage::Over => {
                self.converged &= !unquiet;
                self.stage = Stage::Over;
            }
        }
        self.stage != Stage::Over
    }

    fn begin(&mut self) {
        self.stage = Stage::Work;
        self.see(&Observation::Phase(Phase::Work));
        self.start();
        self.clients_begin(Phase::Work);
    }

    fn heal(&mut self) {
        self.stage = Stage::Heal { until: self.bound() };
        self.see(&Observation::Phase(Phase::Heal));
        while let Some(turn) = self.windows.close(self.now, &self.plan.settings) {
            self.turn(&turn);
        }
        self.clients_begin(Phase::Heal);
    }

    fn begin_redrive(&mut self) {
        self.stage = Stage::Redrive { rounds: 0, until: self.bound() };
        self.see(&Observation::Phase(Phase::Redrive));
        self.clients_begin(Phase::Redrive);
        self.redrive(0);
    }

    /// Lets the operator press *redrive* once more where something is parked, or where the process does not say.
    /// Whether there was reason to.
    fn redrive(&mut self, rounds: u32) -> bool {
        let said = self.host.process.as_ref().and_then(Process::unfinished);
        let wanted = said.is_none_or(|(_, parked)| parked > 0) && rounds < self.plan.settings.redrive_rounds;
        if wanted {
            self.stage = Stage::Redrive { rounds: rounds + 1, until: self.bound() };
            self.deliver(EventKind::Operate, Subject::NONE, Event::Redrive);
        }
        wanted
    }

    fn inspect(&mut self) {
        self.stage = Stage::Inspect { until: self.bound() };
        self.see(&Observation::Phase(Phase::Inspect));
        self.clients_begin(Phase::Inspect);
    }

    fn bound(&self) -> Instant {
        self.now + self.plan.settings.settle_bound
    }
}
