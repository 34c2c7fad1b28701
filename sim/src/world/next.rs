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
    /// A vendor's job ends.
    Job,
    /// This process wanted to be woken.
    Wake(u8),
    /// This stands in the queue.
    Item(Key),
}

/// The first process as a component of ties, the others after it; systems are their own numbers.
pub(super) const PROCESS: u8 = 16;

/// So many processes have counters of ties of their own; a world of more is not foreseen.
const PROCESSES: usize = 8;

/// Where ties happen.
pub(super) const TIES: usize = SYSTEMS + PROCESSES;

const SYSTEMS: usize = 5;

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// What is due first, and when. A window's edge alone keeps no world going.
    pub(super) fn next(&mut self) -> Option<(Instant, Next)> {
        let waiting = match (self.queue.first(), self.first_wake()) {
            (None, None) => None,
            (Some(key), Some((at, rank, process))) if (at, rank) < (key.at, key.rank) => {
                Some((at, Next::Wake(process)))
            }
            (None, Some((at, _, process))) => Some((at, Next::Wake(process))),
            (Some(key), _) => Some((key.at, Next::Item(key))),
        };
        let (at, next) = match (self.job, waiting) {
            (Some(job), Some((at, _))) if at < job => waiting,
            (Some(job), _) => Some((job, Next::Job)),
            (None, waiting) => waiting,
        }?;
        match self.windows.next_edge() {
            Some(edge) if edge <= at => Some((edge, Next::Edge)),
            _ => Some((at, next)),
        }
    }

    /// The first wake-up of a process that is not paused, its rank, and whose it is.
    fn first_wake(&self) -> Option<(Instant, u64, u8)> {
        let awake = (0_u8..).zip(&self.hosts).filter(|(_, host)| host.pause.is_none());
        awake.filter_map(|(process, host)| host.wake.map(|(at, rank)| (at, rank, process))).min()
    }

    /// Chooses among everything that is due now at the component where `next` would happen.
    pub(super) fn untie(&mut self, next: Next) -> Next {
        if self.stage != Stage::Work || !self.plan.settings.chaos.ties || matches!(next, Next::Edge | Next::Job) {
            return next;
        }
        let beside_wake = self.first_wake().is_some_and(|(at, ..)| at == self.now)
            && self.queue.first().is_some_and(|key| key.at == self.now);
        if !self.queue.may_tie() && !beside_wake {
            return next;
        }
        let component = match next {
            Next::Item(key) => self.queue.get(key).and_then(|due| self.component(due)),
            Next::Wake(process) => Some(PROCESS + process),
            Next::Edge | Next::Job => Some(PROCESS),
        };
        let Some(component) = component else { return next };
        let due_now = self.queue.iter().filter(|(key, _)| key.at == self.now);
        let there = due_now.filter(|(_, due)| self.component(due) == Some(component));
        let mut tied: Vec<_> = there.map(|(key, _)| (key.rank, Next::Item(key))).collect();
        if let Some(process) = component.checked_sub(PROCESS)
            && let Some(host) = self.hosts.get(usize::from(process)).filter(|host| host.pause.is_none())
        {
            let wake = host.wake.filter(|(at, _)| *at == self.now);
            tied.extend(wake.map(|(_, rank)| (rank, Next::Wake(process))));
        }
        if tied.len() < 2 {
            return next;
        }
        tied.sort_unstable_by_key(|(rank, _)| *rank);
        let place =
            component.checked_sub(PROCESS).map_or(usize::from(component), |process| SYSTEMS + usize::from(process));
        let Some(counter) = self.ties.get_mut(place) else { return next };
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
            Due::Hear { call } => self.living(self.calls.get(*call)?.life).map(|process| PROCESS + process),
            Due::HubArrival { exchange, again } => Some(PROCESS + self.door_of(*exchange, *again).unwrap_or(0)),
            Due::Unsent { process, .. } | Due::Landing { process, .. } | Due::Read { process, .. } => {
                Some(PROCESS + process)
            }
            Due::Action { .. }
            | Due::Told { .. }
            | Due::Restart { .. }
            | Due::Resume { .. }
            | Due::Replace { .. }
            | Due::Drain => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::toy::{Picks, Test, ToyWorld, Toys, settings, world};
    use super::*;
    use crate::clock::Nanos;
    use crate::fleet::System;

    /// Two clients ask at the same instant; ties may be chosen.
    fn played(ties: bool, picks: &[(Test, u16)]) -> ToyWorld<Picks> {
        let mut settings = settings();
        settings.chaos.ties = ties;
        let mut world = world(&settings, Toys::default(), Picks(picks.to_vec()));
        world.parts_mut().clients.work = vec![Instant::ZERO; 2];
        world.run();
        world
    }

    fn taken_in(world: &ToyWorld<Picks>) -> Vec<&str> {
        let taken = world.parts().observer.0.iter().filter(|(_, text)| text.starts_with("TakenIn"));
        taken.map(|(_, text)| if text.contains("operation: 1") { "first" } else { "second" }).collect()
    }

    const AT_PROCESS: Test = |point| matches!(point, Point::Tie { component: PROCESS, nth: 0 });

    #[test]
    fn of_two_events_due_at_once_at_the_process_choice_says_which_comes_first() {
        assert_eq!(taken_in(&played(true, &[])), ["first", "second"]);
        assert_eq!(taken_in(&played(true, &[(AT_PROCESS, 1)])), ["second", "first"]);
    }

    #[test]
    fn without_ties_the_first_sent_comes_first() {
        assert_eq!(taken_in(&played(false, &[(AT_PROCESS, 1)])), ["first", "second"]);
        assert_eq!(played(false, &[]).ties, [0; TIES]);
    }

    #[test]
    fn ties_are_met_at_one_component_only_and_counted_there() {
        let world = played(true, &[]);
        // Requests, commits and answers come to the process in pairs; the vendor gets two calls at once.
        assert_eq!(world.ties[System::Commerce as usize], 1);
        assert_eq!(world.ties[SYSTEMS], 3);
        assert_eq!(world.ties.iter().sum::<u32>(), 4);
    }

    #[test]
    fn a_wake_up_ties_with_what_else_is_due_at_the_process() {
        let mut settings = settings();
        settings.commit = Nanos::secs(1);
        let mut world = world(&settings, Toys::default(), Picks(vec![(AT_PROCESS, 1)]));
        world.run();
        let events = &world.process().unwrap().events;
        assert_eq!(events[2..5], ["request", "wake", "committed"], "the commit was sent first");
    }
}
