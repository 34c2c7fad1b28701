//! Pauses: a process does nothing for a while, after a prefix of an event's effects. What was left to do leaves late, and
//! what comes to it waits; what had left it goes on, its commits too.

use std::collections::VecDeque;

use super::process::{Cut, Handed, counts};
use super::{Due, World};
use crate::chaos::choices::Choices;
use crate::chaos::point::{EventKind, Point, Subject, mix};
use crate::client::Clients;
use crate::clock::Instant;
use crate::fleet::Fingerprint;
use crate::observation::{Observation, Observer};
use crate::process::{Effect, Spawn};

/// What waits until a process goes on.
#[derive(Debug, Clone)]
pub(super) struct Pause {
    /// The effects of the event in hand that have not left.
    pub(super) left: Vec<Effect>,
    /// What came meanwhile, in order.
    pub(super) waiting: VecDeque<Handed>,
}

impl Pause {
    /// Folds in all that waits, with moments and numbers as they are: what prints alike is alike.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(now.0);
        print.bytes(format!("{self:?}").as_bytes());
    }
}

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// Whether the process pauses while it handles an event, and after which effects.
    pub(super) fn choose_pause(
        &mut self,
        process: u8,
        event: EventKind,
        subject: Subject,
        effects: &[Effect],
    ) -> Option<Cut> {
        if !self.is_at_work() || !self.allowance.may_pause(&self.plan) {
            return None;
        }
        let first = Point::Pause { process, event, subject, nth: 0 };
        let nth = self.tally.next(first.hash());
        let point = Point::Pause { process, event, subject, nth };
        let effects = effects.iter().filter(|effect| counts(effect)).count();
        let menu = self.allowance.pause(&self.plan, u16::try_from(effects).unwrap_or(u16::MAX - 1));
        let pick = self.parts.choices.choose(point, menu);
        pick.checked_sub(1).map(|kept| Cut { point, kept })
    }

    /// The process pauses; these effects have not left.
    pub(super) fn pause(&mut self, process: u8, cut: &Cut, left: Vec<Effect>) {
        self.counts.pauses += 1;
        self.counts.drawn += 1;
        self.counts.struck += 1;
        self.counts.effective += 1;
        self.allowance.spend_pause();
        let draw = mix(self.latency_key ^ cut.point.hash());
        let until = self.now + self.plan.settings.chaos.pause.lasts[(draw & 15) as usize];
        self.see(&Observation::Paused { point: cut.point, kept: cut.kept, until });
        self.hosts[usize::from(process)].pause = Some(Pause { left, waiting: VecDeque::new() });
        self.queue.push(until, Due::Resume { process });
    }

    /// The process goes on: with what was left to do, then with what came meanwhile.
    pub(super) fn resume(&mut self, process: u8) {
        let host = &mut self.hosts[usize::from(process)];
        let Some(Pause { left, waiting }) = host.pause.take() else { return };
        host.wake = host.wake.map(|(at, rank)| (at.max(self.now), rank));
        self.turn_to(process);
        self.see(&Observation::Resumed);
        for effect in left {
            self.perform(process, effect);
        }
        for handed in waiting {
            self.hand(process, handed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::toy::{Kept, Picks, Test, ToyWorld, Toys, print, settings, world};
    use super::*;
    use crate::chaos::choices::Quiet;
    use crate::chaos::rule::{CrashRule, Odds, PauseRule};
    use crate::clock::Nanos;

    const REQUEST: Test = |point| matches!(point, Point::Pause { event: EventKind::Request, .. });
    const COMMITTED: Test = |point| matches!(point, Point::Pause { event: EventKind::Committed, .. });
    const PAUSE: Nanos = Nanos::secs(7);

    /// A world of so many processes in which these choices are taken, and pauses may be.
    fn played(processes: u8, toys: Toys, picks: &[(Test, u16)]) -> ToyWorld<Picks> {
        let mut settings = settings();
        settings.processes = processes;
        settings.chaos.pause = PauseRule { odds: Odds::ppm(10_000), at_most: 1, lasts: [PAUSE; 16] };
        let mut world = world(&settings, toys, Picks(picks.to_vec()));
        world.run();
        world
    }

    fn first(observer: &Kept, beginning: &str) -> Instant {
        observer.times(beginning)[0]
    }

    #[test]
    fn a_pause_keeps_effects_back_and_lets_events_wait() {
        // The toy answers a request with: note, commit, wake, note.
        let world = played(1, Toys::default(), &[(REQUEST, 1)]);
        let observer = &world.parts().observer;
        let paused = first(observer, "Paused");
        assert_eq!(first(observer, "Resumed"), paused + PAUSE);
        assert_eq!(first(observer, "Committed"), paused + PAUSE + Nanos::millis(1), "the commit had not left");
        assert_eq!((world.counts().pauses, world.counts().effective), (1, 1));
    }

    #[test]
    fn what_had_left_before_a_pause_goes_on_and_is_heard_after_it() {
        let world = played(1, Toys::default(), &[(REQUEST, 2)]);
        let observer = &world.parts().observer;
        let paused = first(observer, "Paused");
        assert_eq!(first(observer, "Committed"), paused + Nanos::millis(1), "the commit lands");
        assert_eq!(first(observer, "Sent"), paused + PAUSE, "and is acted upon later");
        assert_eq!(world.parts().clients.heard.len(), 1);
    }

    #[test]
    fn a_call_does_not_leave_after_its_time() {
        let toys = Toys { not_after: Some(Instant(1_000_000_000)), ..Toys::default() };
        let world = played(1, toys, &[(COMMITTED, 1)]);
        assert!(world.parts().observer.times("Sent").is_empty());
        assert_eq!(world.parts().clients.heard[0].2.clone().unwrap().status, 605);
    }

    #[test]
    fn of_several_processes_one_is_paused_and_the_others_work_on() {
        let mut settings = settings();
        settings.processes = 3;
        let mut quiet = world(&settings, Toys::default(), Quiet);
        quiet.parts_mut().clients.work = (0..20).map(|n| Instant(n * 1_000_000)).collect();
        quiet.run();
        let turns = |process: u8| quiet.parts().observer.times(&format!("Turn {{ process: {process}")).len();
        assert!((0..3).all(|process| turns(process) > 8), "clients come to all of them");
        let heard = quiet.parts().clients.heard.iter().filter(|(_, _, answer)| answer.is_ok()).count();
        assert_eq!(heard, 20);
    }

    #[test]
    fn a_crash_breaks_the_connections_of_its_own_process_only() {
        let crash: Test = |point| matches!(point, Point::Crash { process: 1, event: EventKind::Committed, .. });
        let mut settings = settings();
        settings.processes = 2;
        settings.chaos.crash = CrashRule { odds: Odds::ppm(10_000), at_most: 1, restart_after: Nanos::secs(2) };
        let mut world = world(&settings, Toys::default(), Picks(vec![(crash, 1)]));
        world.parts_mut().clients.work = vec![Instant::ZERO; 8];
        world.run();
        let broken = world.parts().clients.heard.iter().filter(|(_, _, answer)| answer.is_err()).count();
        assert!((1..8).contains(&broken), "{broken}");
        assert_eq!(world.parts().observer.times("Restarted").len(), 1);
    }

    #[test]
    fn a_paused_world_goes_on_alike_when_it_is_copied() {
        let mut world = played(2, Toys::default(), &[]);
        world.reset(0);
        world.parts_mut().choices = Picks(vec![(REQUEST, 2)]);
        world.parts_mut().clients.work = vec![Instant::ZERO];
        while world.parts().observer.times("Paused").is_empty() && world.step() {}
        let mut copy = world.fork().unwrap();
        assert_eq!(print(&copy), print(&world));
        world.run();
        copy.run();
        assert_eq!(copy.parts().observer.0, world.parts().observer.0);
    }
}
