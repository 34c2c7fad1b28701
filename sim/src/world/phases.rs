//! The phases of a world, one after the other: work, healing, the operator's redrive, inspection. When one is over,
//! and what begins with the next, stands here.

use super::World;
use crate::chaos::choices::Choices;
use crate::chaos::point::{EventKind, Subject};
use crate::client::Clients;
use crate::clock::Instant;
use crate::observation::{Observation, Observer, Phase};
use crate::process::{Event, Spawn};

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
        let next = if self.is_at_rest() { None } else { self.next() };
        match next {
            Some((at, next)) if at < limit => {
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

    /// Whether it has just become quiet, healed or redriven: what stands now is what an operator finds who comes.
    pub fn awaits_operator(&mut self) -> bool {
        let healed = matches!(self.stage, Stage::Heal { .. } | Stage::Redrive { rounds: 1.., .. });
        healed && (self.is_at_rest() || self.next().is_none())
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
        for process in (0_u8..).zip(0..self.hosts.len()).map(|(process, _)| process) {
            self.start(process);
        }
        self.roll_out();
        self.clients_begin(Phase::Work);
    }

    fn heal(&mut self) {
        self.stage = Stage::Heal { until: self.bound() };
        self.see(&Observation::Phase(Phase::Heal));
        while let Some(turn) = self.windows.close(self.now, &self.plan.settings) {
            self.turn(&turn);
        }
        self.heal_jobs();
        self.clients_begin(Phase::Heal);
    }

    fn begin_redrive(&mut self) {
        self.stage = Stage::Redrive { rounds: 0, until: self.bound() };
        self.see(&Observation::Phase(Phase::Redrive));
        self.clients_begin(Phase::Redrive);
        self.redrive(0);
    }

    /// Lets the operator press *redrive* once more, at one of the processes, where something is parked or they do not say.
    /// Whether there was reason to.
    fn redrive(&mut self, rounds: u32) -> bool {
        let said = self.ending().unfinished;
        let wanted = said.is_none_or(|(_, parked)| parked > 0) && rounds < self.plan.settings.redrive_rounds;
        if wanted {
            self.stage = Stage::Redrive { rounds: rounds + 1, until: self.bound() };
            let Some(process) = self.operators_door(rounds) else { return wanted };
            self.deliver(process, EventKind::Operate, Subject::NONE, Event::Redrive);
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

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::super::toy::{Toys, ask, settings, world};
    use super::*;
    use crate::chaos::choices::Quiet;
    use crate::clock::Nanos;

    fn phases(world: &super::super::toy::ToyWorld<Quiet>) -> Vec<(String, Instant)> {
        let phases = world.parts().observer.0.iter().filter(|(_, text)| text.starts_with("Phase"));
        phases.map(|(at, text)| (text["Phase(".len()..text.len() - 1].to_owned(), *at)).collect()
    }

    #[test]
    fn a_quiet_world_passes_through_its_phases_as_soon_as_nothing_is_under_way() {
        let mut world = world(&settings(), Toys::default(), Quiet);
        world.parts_mut().clients.inspect = true;
        let ending = world.run();
        // The wake-up, one second after the request was taken in, is the last thing of the work.
        let woken = Instant(1_040_000_000);
        let expected = [("Work", Instant::ZERO), ("Heal", woken), ("Redrive", woken), ("Inspect", woken)];
        let passed = phases(&world);
        assert!(passed.iter().map(|(phase, at)| (phase.as_str(), *at)).eq(expected), "{passed:?}");
        assert_eq!(world.parts().clients.heard.len(), 2);
        assert_eq!((ending.converged, ending.unfinished), (true, Some((0, 0))));
        assert!(!world.step(), "it stays ended");
    }

    #[test]
    fn work_ends_when_it_has_to_and_what_is_under_way_goes_on() {
        let short = Settings { work_until: Instant(10_000_000), ..settings() };
        let mut world = world(&short, Toys::default(), Quiet);
        assert!(world.run().converged);
        assert_eq!(phases(&world)[1], ("Heal".to_owned(), Instant(10_000_000)));
        assert_eq!(world.parts().clients.heard.len(), 1);
    }

    #[test]
    fn a_world_that_never_becomes_quiet_has_not_converged() {
        let bounded = Settings { settle_bound: Nanos::secs(60), work_until: Instant(1), ..settings() };
        let mut world = world(&bounded, Toys { restless: true, ..Toys::default() }, Quiet);
        world.parts_mut().clients.inspect = true;
        let ending = world.run();
        assert!(!ending.converged);
        assert_eq!(ending.at, Instant(1) + Nanos::secs(120));
        assert_eq!(world.parts().clients.heard.len(), 2, "clients are served and inspect all the same");
    }

    #[test]
    fn the_operator_redrives_as_long_as_something_is_parked_and_rounds_are_left() {
        for (parked, redriven, left) in [(0, 0, 0), (2, 2, 0), (9, 3, 1)] {
            let mut world = world(&settings(), Toys { parked, ..Toys::default() }, Quiet);
            let ending = world.run();
            let events = &world.process().unwrap().events;
            assert_eq!(events.iter().filter(|event| **event == "redrive").count(), redriven);
            assert_eq!(ending.unfinished, Some((left, left)));
        }
    }

    #[test]
    fn an_operator_is_awaited_once_all_has_healed_and_after_each_press() {
        for (parked, awaited) in [(0, 1), (2, 3)] {
            let mut world = world(&settings(), Toys { parked, ..Toys::default() }, Quiet);
            let mut seen = 0;
            while world.step() {
                seen += u32::from(world.awaits_operator());
            }
            assert_eq!(seen, awaited, "{parked}");
        }
    }

    #[test]
    fn a_world_goes_on_step_by_step_as_it_does_in_one_run() {
        let mut whole = world(&settings(), Toys::default(), Quiet);
        let mut stepped = whole.fork().unwrap();
        let ending = whole.run();
        while stepped.step() {
            stepped = stepped.fork().unwrap();
        }
        assert_eq!(stepped.ending(), ending);
        assert_eq!(stepped.parts().observer.0, whole.parts().observer.0);
    }

    #[test]
    fn what_clients_do_late_is_done_before_the_world_heals() {
        let mut world = world(&settings(), Toys { idle: true, ..Toys::default() }, Quiet);
        world.parts_mut().clients.touches = vec![ask(Instant(100_000_000_000), 9)];
        world.run();
        assert_eq!(phases(&world)[1].1, Instant(100_080_000_000));
    }
}
