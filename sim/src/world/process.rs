//! The processes on their machines: they are started, handed events, have their effects done, crash and start again;
//! their one store answers here too. What a process is, is not known.

use super::host::{Clock, Host};
use super::network::Wanted;
use super::phases::Stage;
use super::{Due, World};
use crate::chaos::choices::Choices;
use crate::chaos::point::{CommitFate, EventKind, Point, Subject, mix};
use crate::client::Clients;
use crate::clock::Nanos;
use crate::fleet::System;
use crate::observation::{Observation, Observer};
use crate::process::{Effect, Event, Process, Spawn, Verdict, Write};

/// Where an event's effects are cut off.
pub(super) struct Cut {
    pub(super) point: Point,
    pub(super) kept: u16,
}

/// An event on its way into a process.
#[derive(Debug, Clone)]
pub(super) struct Handed {
    pub(super) kind: EventKind,
    pub(super) subject: Subject,
    /// The call that it answers, and whose answer it is.
    pub(super) heard: Option<(u64, System)>,
    pub(super) event: Event,
}

/// Sets the choice of an operator's door apart from other draws.
const OPERATOR: u64 = 0x6f70_6572_6174_6f72;

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// Makes the hosts of a world of this seed.
    pub(super) fn make_hosts(&mut self, seed: u64) {
        let settings = &self.plan.settings;
        let clock = |process| if settings.chaos.clocks { Clock::drawn(seed, process) } else { Clock::TRUE };
        let hosts = (0..settings.processes.max(1))
            .map(|process| Host::new(u64::from(process), clock(process), settings.rollout.first(process)));
        self.hosts.clear();
        self.hosts.extend(hosts);
        self.lives = self.hosts.len() as u64;
    }

    /// The process that leads this life, if it goes on.
    pub(super) fn living(&self, life: u64) -> Option<u8> {
        let place = self.hosts.iter().position(|host| host.life == life && host.process.is_some())?;
        u8::try_from(place).ok()
    }

    /// Whether this life of a process goes on.
    pub(super) fn is_living(&self, life: u64) -> bool {
        self.living(life).is_some()
    }

    /// The process whose door somebody comes to who is sent to one of those that are up, of this release where it matters,
    /// by this draw.
    pub(super) fn door(&self, release: Option<u8>, draw: u64) -> Option<u8> {
        let open =
            |host: &Host<S::Process>| host.process.is_some() && release.is_none_or(|release| host.release == release);
        let up = || (0_u8..).zip(&self.hosts).filter(|(_, host)| open(host)).map(|(process, _)| process);
        let count = up().count() as u64;
        if count == 0 { None } else { up().nth((draw % count) as usize) }
    }

    /// The process at which the operator presses for the nth time.
    pub(super) fn operators_door(&self, nth: u32) -> Option<u8> {
        self.door(None, mix(self.latency_key ^ OPERATOR ^ u64::from(nth)))
    }

    /// Whether nothing has been under way for long enough but what processes do that only keep watch.
    pub(super) fn is_at_rest(&mut self) -> bool {
        let watch = |due: &Due| matches!(due, Due::Landing { .. } | Due::Read { .. });
        // Asked before every step: a process that is busy says so at once, the queue may be long.
        let mut rests = self.hosts.iter().map(|host| host.running().and_then(Process::at_rest));
        let span = rests.try_fold(Nanos::ZERO, |longest, rest| Some(longest.max(rest?)));
        let span = span.filter(|_| self.job.is_none() && self.queue.iter().all(|(_, due)| watch(due)));
        self.rest_since = span.map(|_| self.rest_since.unwrap_or(self.now));
        span.zip(self.rest_since).is_some_and(|(span, since)| self.now.since(since) >= span)
    }

    /// Says whose turn it is, where there are several.
    pub(super) fn turn_to(&mut self, process: u8) {
        if self.hosts.len() > 1 {
            let life = self.hosts[usize::from(process)].life;
            self.see(&Observation::Turn { process, life });
        }
    }

    /// Starts a process.
    pub(super) fn start(&mut self, process: u8) {
        let host = &mut self.hosts[usize::from(process)];
        let mut fresh = self.parts.spawn.spawn_release(host.life, host.release);
        if host.drains {
            fresh.drain();
        }
        fresh.mount(&mut self.disk.rows());
        host.process = Some(fresh);
        self.deliver(process, EventKind::Start, Subject::NONE, Event::Start);
    }

    /// Starts a process again.
    pub(super) fn restart(&mut self, process: u8) {
        let life = self.lives;
        self.lives += 1;
        self.hosts[usize::from(process)].life = life;
        self.turn_to(process);
        self.see(&Observation::Restarted { life });
        self.start(process);
    }

    /// Hands an event to a process and does its effects, all of them or those before a crash or a pause.
    pub(super) fn deliver(&mut self, process: u8, kind: EventKind, subject: Subject, event: Event) {
        self.hand(process, Handed { kind, subject, heard: None, event });
    }

    /// The same for an event that may be the answer to a call. While a process is paused, it waits.
    pub(super) fn hand(&mut self, process: u8, handed: Handed) {
        let Some(host) = self.hosts.get_mut(usize::from(process)).filter(|host| host.process.is_some()) else { return };
        if let Some(pause) = &mut host.pause {
            return pause.waiting.push_back(handed);
        }
        let Handed { kind, subject, heard, event } = handed;
        self.turn_to(process);
        if let (Some((call, from)), Event::Answer { answer, .. }) = (heard, &event) {
            self.see(&Observation::Heard { call, from, answer });
        }
        let mut effects = std::mem::take(&mut self.effects);
        let host = &mut self.hosts[usize::from(process)];
        let shown = host.clock.shows(self.now);
        if let Some(process) = &mut host.process {
            process.on_event(shown, event, &mut effects);
        }
        let crash = self.choose_crash(process, kind, subject, &effects);
        let pause = if crash.is_none() { self.choose_pause(process, kind, subject, &effects) } else { None };
        let kept = crash.as_ref().or(pause.as_ref()).map(|cut| cut.kept);
        let mut done = 0;
        let mut left = Vec::new();
        for effect in effects.drain(..) {
            done += u16::from(counts(&effect));
            // Once an effect has stayed behind, so do all after it.
            if !left.is_empty() || kept.is_some_and(|kept| done > kept) {
                left.push(effect);
            } else {
                self.perform(process, effect);
            }
        }
        self.effects = effects;
        if let Some(cut) = crash {
            self.crash(process, &cut);
        } else if let Some(cut) = pause {
            self.pause(process, &cut, left);
        }
    }

    pub(super) fn perform(&mut self, process: u8, effect: Effect) {
        match effect {
            Effect::Call { call: number, to, request, time_out, not_after, note } => {
                self.call(process, Wanted { number, to, request, time_out, not_after, note });
            }
            Effect::Answer { exchange, response } => self.answer(exchange, response),
            Effect::Commit { commit, writes } => {
                self.queue.push(self.now + self.plan.settings.commit, Due::Landing { process, commit, writes });
            }
            Effect::Read { read, prefix } => {
                self.queue.push(self.now + self.plan.settings.read, Due::Read { process, read, prefix });
            }
            Effect::Wake(at) => {
                let rank = self.queue.next_rank();
                let host = &mut self.hosts[usize::from(process)];
                host.wake = at.map(|at| (host.clock.when(at).max(self.now), rank));
            }
            Effect::Note(note) => self.see(&Observation::Noted(&note)),
            Effect::Log(line) => self.see(&Observation::Logged(&line)),
        }
    }

    /// Wakes a process.
    pub(super) fn wake(&mut self, process: u8) {
        self.hosts[usize::from(process)].wake = None;
        self.deliver(process, EventKind::Wake, Subject::NONE, Event::Wake);
    }

    /// A commit lands: it is decided and, unless its process is paused, acknowledged at one instant. Whether a commit in
    /// flight survives a crash is a choice of its own, so nothing is lost by that.
    pub(super) fn land(&mut self, process: u8, commit: u64, writes: Vec<Write>) {
        let fate = self.choose_commit(process);
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
        self.turn_to(process);
        self.conclude(writes, verdict, applied);
        self.deliver(process, EventKind::Committed, Subject::NONE, Event::Committed { commit, verdict });
    }

    /// A read is answered.
    pub(super) fn read(&mut self, process: u8, read: u64, prefix: &str) {
        let rows = self.disk.read(prefix);
        self.deliver(process, EventKind::Rows, Subject::NONE, Event::Rows { read, rows });
    }

    fn conclude(&mut self, writes: Vec<Write>, verdict: Verdict, applied: bool) {
        self.counts.commits += 1;
        self.see(&Observation::Committed { verdict, rows: writes.len(), applied });
        if applied {
            self.disk.apply(writes);
        }
    }

    fn choose_commit(&mut self, process: u8) -> CommitFate {
        let host = &mut self.hosts[usize::from(process)];
        let point = Point::Commit { process, nth: host.commits };
        host.commits += 1;
        if !self.is_at_work() {
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

    fn choose_crash(&mut self, process: u8, event: EventKind, subject: Subject, effects: &[Effect]) -> Option<Cut> {
        if !self.is_at_work() || !self.allowance.may_crash(&self.plan) {
            return None;
        }
        let first = Point::Crash { process, event, subject, nth: 0 };
        let nth = self.tally.next(first.hash());
        let point = Point::Crash { process, event, subject, nth };
        let effects = effects.iter().filter(|effect| counts(effect)).count();
        let menu = self.allowance.crash(&self.plan, u16::try_from(effects).unwrap_or(u16::MAX - 1));
        let pick = self.parts.choices.choose(point, menu);
        pick.checked_sub(1).map(|kept| Cut { point, kept })
    }

    pub(super) fn is_at_work(&self) -> bool {
        self.stage == Stage::Work
    }

    /// A process is gone, with its memory and what it had not done. What had left it goes on.
    fn crash(&mut self, process: u8, cut: &Cut) {
        self.counts.crashes += 1;
        self.counts.drawn += 1;
        self.counts.struck += 1;
        self.counts.effective += 1;
        self.allowance.spend_crash();
        self.kill(process);
        self.see(&Observation::Crashed { point: cut.point, kept: cut.kept });
        self.bury(process);
        self.queue.push(self.now + self.plan.settings.chaos.crash.restart_after, Due::Restart { process });
    }

    /// A process is gone.
    pub(super) fn kill(&mut self, process: u8) {
        let host = &mut self.hosts[usize::from(process)];
        if let Some(process) = host.process.take() {
            process.crash();
        }
        host.wake = None;
    }

    /// What ends with the life of a process ends; what had left it goes on.
    pub(super) fn bury(&mut self, process: u8) {
        self.reset_exchanges(process);
        let own = self.queue.iter().filter(|(_, due)| due.of_process() == Some(process));
        let mut own: Vec<_> = own.map(|(key, _)| key).collect();
        own.sort_unstable();
        for key in own {
            if let Some(Due::Landing { writes, .. }) = self.queue.take(key) {
                self.settle_in_flight(process, writes);
            }
        }
    }

    /// Whether a commit survives that was in flight when its process crashed.
    fn settle_in_flight(&mut self, process: u8, writes: Vec<Write>) {
        let host = &mut self.hosts[usize::from(process)];
        let point = Point::InFlight { process, nth: host.in_flight };
        host.in_flight += 1;
        let survives = self.is_at_work() && self.parts.choices.choose(point, self.allowance.even(1)) == 1;
        let applied = survives && self.disk.allows(&writes);
        self.conclude(writes, Verdict::Unknown, applied);
    }
}

impl Due {
    /// The process of which it is the business, where it ends with its life.
    const fn of_process(&self) -> Option<u8> {
        match self {
            Self::Landing { process, .. } | Self::Read { process, .. } | Self::Unsent { process, .. } => Some(*process),
            _ => None,
        }
    }
}

/// Whether a crash or a pause can fall before this effect.
pub(super) const fn counts(effect: &Effect) -> bool {
    !matches!(effect, Effect::Note(_) | Effect::Log(_))
}

#[cfg(test)]
mod tests;
