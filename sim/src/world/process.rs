//! The process on its machine: it is started, handed events, has its effects done, crashes and starts again; its
//! store answers here too. What the process is, is not known.

use super::network::Wanted;
use super::phases::Stage;
use super::{Due, World};
use crate::chaos::choices::Choices;
use crate::chaos::point::{CommitFate, EventKind, Point, Subject};
use crate::client::Clients;
use crate::clock::Instant;
use crate::observation::{Observation, Observer};
use crate::process::{Effect, Event, Process, Spawn, Verdict, Write};

/// The number of the one process, as points name it.
const PROCESS: u8 = 0;

/// Where the process runs.
#[derive(Debug, Clone)]
pub(super) struct Host<P> {
    /// The process; `None` while it is down.
    pub(super) process: Option<P>,
    /// Its life, from 0.
    pub(super) life: u64,
    /// When it wants to be woken, and that wish's place in the order of sending.
    pub(super) wake: Option<(Instant, u64)>,
    /// Commits that landed so far.
    pub(super) commits: u32,
    /// Choices about commits in flight so far.
    pub(super) in_flight: u32,
}

impl<P> Host<P> {
    /// A host before the first life.
    pub(super) const fn new() -> Self {
        Self { process: None, life: 0, wake: None, commits: 0, in_flight: 0 }
    }
}

/// Where an event's effects are cut off.
struct Cut {
    point: Point,
    kept: u16,
}

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// Whether this life of the process goes on.
    pub(super) fn is_living(&self, life: u64) -> bool {
        self.host.life == life && self.host.process.is_some()
    }

    /// Starts the process.
    pub(super) fn start(&mut self) {
        let mut process = self.parts.spawn.spawn(self.host.life);
        process.mount(&mut self.disk.rows());
        self.host.process = Some(process);
        self.deliver(EventKind::Start, Subject::NONE, Event::Start);
    }

    /// Starts the process again.
    pub(super) fn restart(&mut self) {
        self.host.life += 1;
        self.see(&Observation::Restarted { life: self.host.life });
        self.start();
    }

    /// Hands an event to the process and does its effects, all of them or those before a crash.
    pub(super) fn deliver(&mut self, kind: EventKind, subject: Subject, event: Event) {
        let Some(process) = &mut self.host.process else { return };
        let mut effects = std::mem::take(&mut self.effects);
        process.on_event(self.now, event, &mut effects);
        let cut = self.choose_crash(kind, subject, &effects);
        let mut done = 0;
        for effect in effects.drain(..) {
            if counts(&effect) {
                if cut.as_ref().is_some_and(|cut| cut.kept == done) {
                    break;
                }
                done += 1;
            }
            self.perform(effect);
        }
        self.effects = effects;
        if let Some(cut) = cut {
            self.crash(&cut);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Call { call: number, to, request, time_out, not_after, note } => {
                self.call(Wanted { number, to, request, time_out, not_after, note });
            }
            Effect::Answer { exchange, response } => self.answer(exchange, response),
            Effect::Commit { commit, writes } => {
                self.queue.push(self.now + self.plan.settings.commit, Due::Landing { commit, writes });
            }
            Effect::Read { read, prefix } => {
                self.queue.push(self.now + self.plan.settings.read, Due::Read { read, prefix });
            }
            Effect::Wake(at) => {
                let rank = self.queue.next_rank();
                self.host.wake = at.map(|at| (at.max(self.now), rank));
            }
            Effect::Note(note) => self.see(&Observation::Noted(&note)),
            Effect::Log(line) => self.see(&Observation::Logged(&line)),
        }
    }

    /// Wakes the process.
    pub(super) fn wake(&mut self) {
        self.host.wake = None;
        self.deliver(EventKind::Wake, Subject::NONE, Event::Wake);
    }

    /// A commit lands: it is decided and acknowledged at one instant. Nobody but the process could see its store in
    /// between, and whether a commit in flight survives a crash is a choice of its own, so nothing is lost by that.
    pub(super) fn land(&mut self, commit: u64, writes: Vec<Write>) {
        let fate = self.choose_commit();
        let holds = self.disk.allows(&writes);
        let (verdict, applied) = match fate {
            CommitFate::Fine if holds => (Verdict::Committed, true),
            CommitFate::Fine | CommitFate::Conflict => (Verdict::Conflict, false),
            CommitFate::UnknownApplied => (Verdict::Unknown, holds),
            CommitFate::UnknownLost => (Verdict::Unknown, false),
            CommitFate::Full => (Verdict::Full, false),
        };
        if fate != CommitFate::Fine && (holds || fate != CommitFate::Conflict) {
            self.counts.struck += 1;
            self.counts.effective += 1;
        }
        self.conclude(writes, verdict, applied);
        self.deliver(EventKind::Committed, Subject::NONE, Event::Committed { commit, verdict });
    }

    /// A read is answered.
    pub(super) fn read(&mut self, read: u64, prefix: &str) {
        let rows = self.disk.read(prefix);
        self.deliver(EventKind::Rows, Subject::NONE, Event::Rows { read, rows });
    }

    fn conclude(&mut self, writes: Vec<Write>, verdict: Verdict, applied: bool) {
        self.counts.commits += 1;
        self.see(&Observation::Committed { verdict, rows: writes.len(), applied });
        if applied {
            self.disk.apply(writes);
        }
    }

    fn choose_commit(&mut self) -> CommitFate {
        let point = Point::Commit { process: PROCESS, nth: self.host.commits };
        self.host.commits += 1;
        if self.stage != Stage::Work {
            return CommitFate::Fine;
        }
        let menu = self.allowance.commit();
        let pick = if menu.options.is_empty() { 0 } else { self.parts.choices.choose(point, menu) };
        let fates =
            [CommitFate::UnknownApplied, CommitFate::UnknownLost, CommitFate::Full, CommitFate::Conflict].into_iter();
        let fate = fates.into_iter().find(|fate| *fate as u16 == pick).unwrap_or(CommitFate::Fine);
        self.counts.drawn += u32::from(fate != CommitFate::Fine);
        fate
    }

    fn choose_crash(&mut self, event: EventKind, subject: Subject, effects: &[Effect]) -> Option<Cut> {
        if self.stage != Stage::Work || !self.allowance.may_crash(&self.plan) {
            return None;
        }
        let first = Point::Crash { process: PROCESS, event, subject, nth: 0 };
        let nth = self.tally.next(first.hash());
        let point = Point::Crash { process: PROCESS, event, subject, nth };
        let effects = effects.iter().filter(|effect| counts(effect)).count();
        let menu = self.allowance.crash(&self.plan, u16::try_from(effects).unwrap_or(u16::MAX - 1));
        let pick = self.parts.choices.choose(point, menu);
        pick.checked_sub(1).map(|kept| Cut { point, kept })
    }

    /// The process is gone, with its memory and what it had not done. What had left it goes on.
    fn crash(&mut self, cut: &Cut) {
        self.counts.crashes += 1;
        self.counts.drawn += 1;
        self.counts.struck += 1;
        self.counts.effective += 1;
        self.allowance.spend_crash();
        if let Some(process) = self.host.process.take() {
            process.crash();
        }
        self.host.wake = None;
        self.see(&Observation::Crashed { point: cut.point, kept: cut.kept });
        self.reset_exchanges();
        let own = self
            .queue
            .iter()
            .filter(|(_, due)| matches!(due, Due::Landing { .. } | Due::Read { .. } | Due::Unsent { .. }));
        let mut own: Vec<_> = own.map(|(key, _)| key).collect();
        own.sort_unstable();
        for key in own {
            if let Some(Due::Landing { writes, .. }) = self.queue.take(key) {
                self.settle_in_flight(writes);
            }
        }
        self.queue.push(self.now + self.plan.settings.chaos.crash.restart_after, Due::Restart);
    }

    /// Whether a commit survives that was in flight when its process crashed.
    fn settle_in_flight(&mut self, writes: Vec<Write>) {
        let point = Point::InFlight { process: PROCESS, nth: self.host.in_flight };
        self.host.in_flight += 1;
        let survives = self.parts.choices.choose(point, self.allowance.even(1)) == 1;
        let applied = survives && self.disk.allows(&writes);
        self.conclude(writes, Verdict::Unknown, applied);
    }
}

/// Whether a crash can fall before this effect.
const fn counts(effect: &Effect) -> bool {
    !matches!(effect, Effect::Note(_) | Effect::Log(_))
}

#[cfg(test)]
mod tests {
    use super::super::toy::{CLIENT_TIME_OUT, Kept, Picks, Test, ToyWorld, Toys, settings, world};
    use super::*;
    use crate::chaos::choices::Quiet;
    use crate::chaos::rule::{CrashRule, DiskRule, Odds};
    use crate::clock::Nanos;
    use crate::wire::CallError;

    const REQUEST: Test = |point| matches!(point, Point::Crash { event: EventKind::Request, .. });
    const ANSWER: Test = |point| matches!(point, Point::Crash { event: EventKind::Answer, .. });
    const COMMITTED: Test = |point| matches!(point, Point::Crash { event: EventKind::Committed, .. });
    const IN_FLIGHT: Test = |point| matches!(point, Point::InFlight { .. });
    const COMMIT: Test = |point| matches!(point, Point::Commit { .. });

    /// A world in which these choices are taken, and crashes and disk faults may be.
    fn played(picks: &[(Test, u16)]) -> ToyWorld<Picks> {
        let mut settings = settings();
        let odds = Odds::ppm(10_000);
        settings.chaos.crash = CrashRule { odds, at_most: 1, restart_after: Nanos::secs(2) };
        settings.chaos.disk = DiskRule { unknown_applied: odds, unknown_lost: odds, full: odds, conflict: odds };
        let mut world = world(&settings, Toys::default(), Picks(picks.to_vec()));
        assert!(world.run().converged);
        world
    }

    fn told(world: &ToyWorld<Picks>) -> Result<u16, CallError> {
        world.parts().clients.heard[0].2.clone().map(|response| response.status)
    }

    fn notes(observer: &Kept) -> usize {
        observer.times("Noted").len()
    }

    #[test]
    fn a_crash_keeps_a_prefix_of_the_effects_and_the_notes_before_the_cut() {
        // The toy answers a request with: note, commit, wake, note.
        for (pick, kept, noted) in [(1, 0, 1), (2, 1, 1), (3, 2, 2)] {
            let world = played(&[(REQUEST, pick), (IN_FLIGHT, 1)]);
            let observer = &world.parts().observer;
            assert!(observer.0.iter().any(|(_, text)| text.ends_with(&format!("kept: {kept} }}"))));
            assert_eq!(notes(observer), noted);
            assert_eq!(world.disk().rows().count(), usize::from(kept > 0), "the commit was sent if it was kept");
            assert_eq!((world.counts().crashes, world.counts().effective), (1, 1));
        }
    }

    #[test]
    fn a_commit_in_flight_at_a_crash_survives_only_by_choice() {
        assert_eq!(played(&[(REQUEST, 3)]).disk().rows().count(), 0);
        assert_eq!(played(&[(REQUEST, 3), (IN_FLIGHT, 1)]).disk().rows().count(), 1);
    }

    #[test]
    fn a_crash_breaks_the_connections_of_clients_and_forgets_the_wake_up() {
        let world = played(&[(REQUEST, 3)]);
        assert_eq!(told(&world), Err(CallError::Reset));
        assert!(!world.process().unwrap().events.contains(&"wake"));
    }

    #[test]
    fn a_call_that_left_before_the_crash_goes_on_but_its_answer_goes_nowhere() {
        let world = played(&[(COMMITTED, 2)]);
        let observer = &world.parts().observer;
        assert_eq!((observer.times("Handled").len(), observer.times("Heard").len()), (1, 0));
        assert_eq!(told(&world), Err(CallError::Reset));
        let cut = played(&[(COMMITTED, 1)]);
        assert!(cut.parts().observer.times("Sent").is_empty());
    }

    #[test]
    fn an_answer_that_left_before_the_crash_arrives() {
        assert!(told(&played(&[(ANSWER, 2)])).is_ok());
        assert_eq!(told(&played(&[(ANSWER, 1)])), Err(CallError::Reset));
    }

    #[test]
    fn a_crashed_process_begins_a_new_life_with_its_disk() {
        let world = played(&[(ANSWER, 1)]);
        let process = world.process().unwrap();
        assert_eq!((process.life, process.events.as_slice()), (1, ["start", "rows"].as_slice()));
        assert_eq!(process.mounted, ["x/0"], "and is handed it before it starts");
        let observer = &world.parts().observer;
        let crashed = observer.times("Crashed")[0];
        assert_eq!(observer.times("Restarted"), [crashed + Nanos::secs(2)]);
    }

    #[test]
    fn nobody_listens_while_the_process_is_down() {
        let mut settings = settings();
        settings.chaos.crash = CrashRule { odds: Odds::ALWAYS, at_most: 1, restart_after: Nanos::secs(2) };
        let start: Test = |point| matches!(point, Point::Crash { event: EventKind::Start, .. });
        let mut world = world(&settings, Toys::default(), Picks(vec![(start, 1)]));
        world.run();
        assert_eq!(told(&world), Err(CallError::Refused));
        assert!(world.parts().observer.times("TakenIn").is_empty());
    }

    #[test]
    fn a_request_refused_by_a_dead_process_is_not_delivered_a_second_time() {
        let mut settings = settings();
        settings.chaos.crash = CrashRule { odds: Odds::ALWAYS, at_most: 1, restart_after: Nanos::millis(50) };
        let start: Test = |point| matches!(point, Point::Crash { event: EventKind::Start, .. });
        let twice = crate::chaos::fate::Fate::Twice.code();
        let picks = Picks(vec![(start, 1), (super::super::toy::exchange, twice)]);
        let mut world = world(&settings, Toys::default(), picks);
        world.run();
        assert_eq!(told(&world), Err(CallError::Refused));
        assert!(world.parts().observer.times("TakenIn").is_empty());
    }

    #[test]
    fn each_commit_fate_is_what_it_says() {
        for (fate, heard, rows) in [
            (CommitFate::UnknownApplied, "unknown", 1),
            (CommitFate::UnknownLost, "unknown", 0),
            (CommitFate::Full, "full", 0),
            (CommitFate::Conflict, "conflict", 0),
        ] {
            let world = played(&[(COMMIT, fate as u16)]);
            assert!(world.process().unwrap().events.contains(&heard), "{fate:?}");
            assert_eq!(world.disk().rows().count(), rows, "{fate:?}");
            assert_eq!((world.counts().drawn, world.counts().struck), (1, 1));
        }
    }

    #[test]
    fn only_the_last_wake_up_asked_for_comes() {
        let mut world = world(&settings(), Toys::default(), Quiet);
        world.parts_mut().clients.work = vec![Instant::ZERO, Instant(500_000_000)];
        world.run();
        assert_eq!(world.process().unwrap().events.iter().filter(|event| **event == "wake").count(), 1);
    }

    #[test]
    fn a_crash_that_is_not_allowed_is_not_on_the_menu() {
        let mut world = world(&settings(), Toys::default(), Picks(vec![(REQUEST, 1)]));
        world.run();
        assert_eq!(world.counts().crashes, 0);
        assert!(world.parts().clients.heard[0].0.since(Instant::ZERO) < CLIENT_TIME_OUT);
    }
}
