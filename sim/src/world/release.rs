//! Releases: processes that are replaced while the world works, and those that drain. Which process a client's
//! request comes to stands here, too; which release, with the rollout; what a release is, with whoever makes processes.

use super::{Due, World};
use crate::chaos::choices::Choices;
use crate::chaos::point::mix;
use crate::client::Clients;
use crate::clock::Nanos;
use crate::exchange::rollout::Replacement;
use crate::observation::{Observation, Observer};
use crate::process::{Process, Spawn};

/// So long a process is down that is replaced.
const DOWN: Nanos = Nanos::millis(500);

/// A process that is paused is asked again after so long.
const AGAIN: Nanos = Nanos::secs(1);

/// Sets what customers are called in a world apart from a seed's other draws.
const WHOM: u64 = 0x7768_6f6d_0000_0001;

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// Whom an operation is about, where that says which release it comes to. A world's few customers stand for many: under
    /// another seed they are others.
    pub(super) fn key_of(&self, operation: u32) -> Option<u64> {
        let key = if self.plan.settings.rollout.shares.is_empty() { None } else { self.parts.clients.key(operation) };
        key.map(|key| mix(self.latency_key ^ WHOM ^ key))
    }

    /// The process that a delivery of an exchange comes to now.
    pub(super) fn door_of(&self, slot: u32, again: bool) -> Option<u8> {
        let exchange = self.exchanges.get(slot)?;
        let release = self.plan.settings.rollout.wanted(self.now, exchange.key);
        self.door(release, exchange.draw.rotate_right(32 * u32::from(again)))
    }

    /// Schedules what the rollout wants.
    pub(super) fn roll_out(&mut self) {
        let rollout = &self.plan.settings.rollout;
        for Replacement { at, process, release } in &rollout.replacements {
            self.queue.push(*at, Due::Replace { process: *process, release: *release });
        }
        if let Some(at) = rollout.drains {
            self.queue.push(at, Due::Drain);
        }
    }

    /// Stops a process; one of this release follows. What is down comes back with it.
    pub(super) fn replace(&mut self, process: u8, release: u8) {
        let Some(host) = self.hosts.get_mut(usize::from(process)) else { return };
        if host.pause.is_some() {
            self.queue.push(self.now + AGAIN, Due::Replace { process, release });
            return;
        }
        host.release = release;
        host.drains = false;
        if host.process.is_some() {
            self.kill(process);
            self.turn_to(process);
            self.see(&Observation::Stopped { release });
            self.bury(process);
            self.queue.push(self.now + DOWN, Due::Restart { process });
        }
    }

    /// Processes of release 1 take up nothing more that others left.
    pub(super) fn drain(&mut self) {
        for host in self.hosts.iter_mut().filter(|host| host.release == 1) {
            host.drains = true;
            if let Some(process) = &mut host.process {
                process.drain();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::toy::{ToyWorld, Toys, settings, world};
    use super::*;
    use crate::chaos::choices::Quiet;
    use crate::clock::Instant;
    use crate::exchange::rollout::Rollout;

    /// A world of two processes with twenty requests, under this rollout.
    fn rolled(rollout: Rollout) -> ToyWorld<Quiet> {
        let mut settings = settings();
        settings.processes = 2;
        settings.rollout = rollout;
        let mut world = world(&settings, Toys::default(), Quiet);
        world.parts_mut().clients.work = (0..20).map(|n| Instant(n * 200_000_000)).collect();
        world.run();
        world
    }

    fn answered(world: &ToyWorld<Quiet>) -> usize {
        world.parts().clients.heard.iter().filter(|(_, _, answer)| answer.is_ok()).count()
    }

    #[test]
    fn who_has_no_key_comes_to_the_baseline() {
        let world = rolled(Rollout { releases: vec![1, 0], shares: vec![(Instant::ZERO, 100)], ..Rollout::default() });
        assert_eq!(answered(&world), 20);
        let commits = |process: usize| world.hosts[process].commits;
        assert_eq!((commits(0), commits(1)), (0, 20));
    }

    #[test]
    fn a_process_that_is_replaced_begins_another_life_of_the_next_release() {
        let replacement = |at, process| Replacement { at: Instant(at), process, release: 1 };
        let replacements = vec![replacement(1_000_000_000, 0), replacement(2_000_000_000, 1)];
        let world = rolled(Rollout { replacements, ..Rollout::default() });
        let observer = &world.parts().observer;
        let times = |what| observer.times(what);
        assert_eq!(times("Stopped"), [Instant(1_000_000_000), Instant(2_000_000_000)]);
        assert_eq!(times("Restarted"), [Instant(1_000_000_000) + DOWN, Instant(2_000_000_000) + DOWN]);
        assert!(world.hosts.iter().all(|host| host.release == 1 && host.life > 1));
        assert!(answered(&world) > 15, "the other one serves meanwhile: {}", answered(&world));
    }

    #[test]
    fn who_drains_says_so_to_the_lives_that_follow_too() {
        let rollout = Rollout { releases: vec![0, 1], drains: Some(Instant(1)), ..Rollout::default() };
        let world = rolled(rollout);
        assert_eq!(world.hosts.iter().map(|host| host.drains).collect::<Vec<_>>(), [false, true]);
    }
}
