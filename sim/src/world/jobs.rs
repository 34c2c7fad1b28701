//! Vendors' jobs in a world: how they go is part of the fate of the request that starts them, and when they end is an
//! event of the world. What a job does is its vendor's.

use super::World;
use super::phases::Stage;
use crate::chaos::choices::Choices;
use crate::chaos::fate::Fate;
use crate::client::Clients;
use crate::fleet::{Control, JobCourse, System};
use crate::observation::{Observation, Observer};
use crate::process::Spawn;

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// How a job goes that a request of this fate starts now. Once the world heals, all go as usual.
    pub(super) fn job_course(&self, fate: Fate) -> Option<JobCourse> {
        match fate {
            _ if self.stage != Stage::Work => None,
            Fate::JobStalls => Some(JobCourse::Stalls(self.now + self.plan.settings.job_stall)),
            Fate::JobFailsHalf => Some(JobCourse::FailsHalf),
            _ => None,
        }
    }

    /// Lets all jobs end whose time has come.
    pub(super) fn end_jobs(&mut self) {
        for system in System::VENDORS {
            while let Some(what) = self.parts.fleet.end_job(system, self.now) {
                self.see(&Observation::Vendor { system, what });
            }
        }
        self.job = self.parts.fleet.next_job();
    }

    /// What runs when the world heals ends within J.
    pub(super) fn heal_jobs(&mut self) {
        if self.job.is_none() {
            return;
        }
        let latest = self.now + self.plan.settings.job_time;
        for system in System::VENDORS {
            self.parts.fleet.control(system, self.now, &Control::JobsEndBy(latest));
        }
        self.job = self.parts.fleet.next_job();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::super::toy::{Picks, Test, ToyWorld, Toys, settings, world};
    use super::*;
    use crate::chaos::choices::Choices;
    use crate::chaos::point::Point;
    use crate::clock::{Instant, Nanos};

    /// Sent at 40 + 1 ms, handled 40 ms later.
    const HANDLED: Instant = Instant(81_000_000);
    const BULK: Toys = Toys { parked: 0, restless: false, not_after: None, idle: false, bulk: true };
    const CALL: Test = |point| matches!(point, Point::Exchange { system: System::Support, .. });

    /// A world whose one call starts a job, with this fate, and what was seen of the job's end.
    fn played(settings: &Settings, fate: Fate) -> (ToyWorld<Picks>, Vec<(Nanos, String)>) {
        let mut world = world(settings, BULK, Picks(vec![(CALL, fate.code())]));
        assert!(world.run().converged);
        let seen = world.parts().observer.0.iter().filter(|(_, text)| text.starts_with("Vendor"));
        let ended = seen.map(|(at, text)| (at.since(HANDLED), text.clone())).collect();
        (world, ended)
    }

    fn done(what: &str) -> String {
        format!("Vendor {{ system: Support, what: {what:?} }}")
    }

    #[test]
    fn a_job_ends_after_its_time_and_the_world_waits_for_it() {
        let (world, ended) = played(&settings(), Fate::Fine);
        assert_eq!(ended, [(Nanos::secs(2), done("a job is done"))]);
        assert_eq!(world.ending().at, HANDLED + Nanos::secs(2));
    }

    #[test]
    fn a_job_that_stalls_stays_pending_for_as_long_as_the_settings_say() {
        let patient = Settings { work_until: Instant::NEVER, ..settings() };
        let (world, ended) = played(&patient, Fate::JobStalls);
        assert_eq!(ended, [(Nanos::secs(3_600), done("a job is done"))]);
        assert_eq!(world.parts().clients.heard[0].2.clone().unwrap().status, 200, "the answer is as ever");
        assert_eq!(world.counts().fates[usize::from(Fate::JobStalls.code())], 1);
    }

    #[test]
    fn once_the_world_heals_a_stalled_job_ends_within_the_usual_time() {
        let (_, ended) = played(&settings(), Fate::JobStalls);
        let healed = settings().work_until;
        assert_eq!(ended, [((healed + Nanos::secs(2)).since(HANDLED), done("a job is done"))]);
    }

    #[test]
    fn a_job_may_fail_when_half_of_it_is_done() {
        let (_, ended) = played(&settings(), Fate::JobFailsHalf);
        assert_eq!(ended, [(Nanos::secs(2), done("a job fails when half of it is done"))]);
    }

    #[test]
    fn the_fates_of_jobs_are_offered_only_where_a_job_starts() {
        let mut without: ToyWorld<Counted> = world(&settings(), Toys::default(), Counted::default());
        without.run();
        assert_eq!(without.parts().choices.0, [0, 0]);
        let mut with: ToyWorld<Counted> = world(&settings(), BULK, Counted::default());
        with.run();
        assert_eq!(with.parts().choices.0, [1, 1]);
    }

    /// Counts how often each fate of a job is offered to a call.
    #[derive(Debug, Clone, Default)]
    struct Counted([u32; 2]);

    impl Choices for Counted {
        fn choose(&mut self, _: Point, menu: crate::chaos::choices::Menu<'_>) -> u16 {
            for (count, fate) in self.0.iter_mut().zip(Fate::OF_JOBS) {
                *count += u32::from(menu.options.contains(&fate.code()));
            }
            0
        }
    }
}
