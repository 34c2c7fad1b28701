//! The network between the process and the vendors: calls leave, arrive, and are heard or not. What a fate makes of
//! a call stands in `course`; what it sounds like, in `answers`.

use super::phases::Stage;
use super::process::Handed;
use super::{Due, World};
use crate::chaos::choices::Choices;
use crate::chaos::fate::Fate;
use crate::chaos::point::{EventKind, Point, Route, Subject, mix};
use crate::client::Clients;
use crate::clock::{Instant, Nanos};
use crate::exchange::answers::{disguised, instead};
use crate::exchange::course::{Course, Hears, Times};
use crate::exchange::windows::{Turn, Weather};
use crate::fleet::{Control, Fingerprint, System};
use crate::observation::{Observation, Observer};
use crate::process::{CallNote, Event, Spawn};
use crate::wire::{Answer, CallError, Request, Response};

/// A call of the process to a vendor, from its sending until nothing of it can happen any more.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// Unique in the world.
    id: u64,
    /// The process's own number for it.
    pub(super) number: u64,
    /// The life of the process that sent it.
    pub(super) life: u64,
    pub(super) to: System,
    pub(super) request: Request,
    pub(super) fate: Fate,
    pub(super) subject: Subject,
    /// Whether the answer to the first delivery is what the caller will hear.
    waits: bool,
    /// What the caller will hear, once that is settled; until then: nothing.
    pub(super) answer: Option<Answer>,
    /// Deliveries still to come.
    pub(super) deliveries: u8,
    /// A digest of the first answer, where there is a second delivery.
    first: u64,
    heard: bool,
}

/// A call as the process asks for it.
pub(super) struct Wanted {
    pub(super) number: u64,
    pub(super) to: System,
    pub(super) request: Request,
    pub(super) time_out: Nanos,
    pub(super) not_after: Instant,
    pub(super) note: Option<CallNote>,
}

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// Sends a call, or holds it back where it came too late.
    pub(super) fn call(&mut self, process: u8, wanted: Wanted) {
        let Wanted { number, to, request, time_out, not_after, note } = wanted;
        let host = &self.hosts[usize::from(process)];
        let (life, clock) = (host.life, host.clock);
        let time_out = clock.lasts(self.now, time_out);
        if not_after < clock.shows(self.now) || to == System::Hub {
            let error = if to == System::Hub { CallError::Refused } else { CallError::NotSent };
            if error == CallError::NotSent {
                self.see(&Observation::HeldBack { to, note });
            }
            self.queue.push(self.now, Due::Unsent { process, call: number, error });
            return;
        }
        let (route, subject) = self.parts.fleet.route(to, &request);
        let point = self.point(to, route, subject);
        let key = point.hash();
        let fate = self.fate_of_call(point, to, route, key);
        let times = self.times(to, key, time_out, self.plan.settings.horizon);
        let course = Course::of(fate, times);
        let id = u64::from(self.counts.calls);
        self.counts.calls += 1;
        self.see(&Observation::Sent { call: id, to, request: &request, fate, point, note, life });
        let deadline = self.now + time_out;
        let (heard_at, waits, answer) = match course.hears {
            Hears::Instead(at) if at < deadline => (at, false, instead(fate)),
            Hears::Answer { back, not_before } => {
                let at = course.first.map_or(deadline, |first| (first + back).max(not_before));
                (at.min(deadline), at < deadline, None)
            }
            Hears::Instead(_) | Hears::Nothing => (deadline, false, None),
        };
        let deliveries = u8::from(course.first.is_some()) + u8::from(course.second.is_some());
        let call =
            Call { id, number, life, to, request, fate, subject, waits, answer, deliveries, first: 0, heard: false };
        let call = self.calls.insert(call);
        for (at, again) in [(course.first, false), (course.second, true)] {
            if let Some(at) = at {
                self.queue.push(at, Due::Arrival { call, again });
            }
        }
        self.queue.push(heard_at, Due::Hear { call });
    }

    /// A request arrives at its vendor.
    pub(super) fn arrive(&mut self, slot: u32, again: bool) {
        let down = self.calls.get(slot).is_some_and(|call| self.windows.is_down(call.to, self.now));
        let course = self.calls.get(slot).and_then(|call| self.job_course(call.fate));
        let Some(call) = self.calls.get_mut(slot) else { return };
        call.deliveries -= 1;
        if down {
            self.counts.windows += 1;
            if call.waits && !again {
                call.answer = Some(Err(CallError::Reset));
            }
        } else {
            if let Some(course) = course {
                self.parts.fleet.control(call.to, self.now, &Control::NextJob(course));
            }
            let response = self.parts.fleet.handle(call.to, self.now, &call.request);
            self.job = self.parts.fleet.next_job();
            let handled = Observation::Handled { call: call.id, by: call.to, response: &response, again };
            self.parts.observer.see(self.now, &handled);
            if call.deliveries > 0 {
                call.first = digest(&response);
            } else if again && call.fate == Fate::Twice && call.first != digest(&response) {
                self.counts.effective += 1;
            }
            if call.waits && !again {
                call.answer = disguised(call.fate, response);
            }
        }
        if call.heard && call.deliveries == 0 {
            self.calls.discard(slot);
        }
    }

    /// The caller hears its answer, or that there is none.
    pub(super) fn hear(&mut self, slot: u32) {
        let Some(call) = self.calls.get_mut(slot) else { return };
        let answer = call.answer.take().unwrap_or(Err(CallError::TimedOut));
        let (id, number, life, from, subject) = (call.id, call.number, call.life, call.to, call.subject);
        call.heard = true;
        call.waits = false;
        if call.deliveries == 0 {
            self.calls.discard(slot);
        }
        if let Some(process) = self.living(life) {
            let (heard, event) = (Some((id, from)), Event::Answer { call: number, answer });
            self.hand(process, Handed { kind: EventKind::Answer, subject, heard, event });
        }
    }

    /// The caller hears that its call was not sent.
    pub(super) fn hear_unsent(&mut self, process: u8, number: u64, error: CallError) {
        self.deliver(process, EventKind::Answer, Subject::NONE, Event::Answer { call: number, answer: Err(error) });
    }

    /// The point of an exchange that is sent now; counts it.
    pub(super) fn point(&mut self, system: System, route: Route, subject: Subject) -> Point {
        let key = mix(subject.0 ^ (u64::from(route.0) << 8 | system as u64));
        Point::Exchange { system, route, subject, nth: self.tally.next(key) }
    }

    /// The ways of an exchange that is sent now; `key` is the hash of its point.
    pub(super) fn times(&self, system: System, key: u64, time_out: Nanos, horizon: Nanos) -> Times {
        let draw = mix(self.latency_key ^ key);
        let latency = &self.plan.settings.latency(system).0;
        let (there, back) = (latency[(draw & 15) as usize], latency[(draw >> 4 & 15) as usize]);
        Times { sent: self.now, time_out, there, back, horizon }
    }

    /// Lets the fate of an exchange be chosen.
    pub(super) fn fate(&mut self, point: Point, system: System, route: Route) -> Fate {
        if self.stage != Stage::Work {
            return Fate::Fine;
        }
        let menu = self.allowance.exchange(&self.plan, system, route, self.now);
        if menu.options.is_empty() {
            return Fate::Fine;
        }
        let fate = Fate::from_code(self.parts.choices.choose(point, menu)).unwrap_or(Fate::Fine);
        if fate == Fate::Fine {
            return fate;
        }
        self.allowance.spend(&self.plan, system, route, self.now, fate);
        self.counts.drawn += 1;
        if fate != Fate::Slow {
            self.counts.struck += 1;
            self.counts.fates[usize::from(fate.code())] += 1;
            // Whether a second delivery changed anything shows when it is answered.
            self.counts.effective += u32::from(fate != Fate::Twice);
        }
        fate
    }

    /// The fate of a call: the vendor's windows, then choice.
    fn fate_of_call(&mut self, point: Point, to: System, route: Route, key: u64) -> Fate {
        let weather = self.windows.weather(to, self.now, key);
        if weather == Weather::Down {
            self.counts.windows += 1;
            return Fate::Refused;
        }
        let chosen = self.fate(point, to, route);
        if weather == Weather::Clear || chosen != Fate::Fine {
            return chosen;
        }
        self.counts.windows += 1;
        if weather == Weather::Busy { Fate::Before503 } else { Fate::Slow }
    }

    /// A window begins or ends at a vendor.
    pub(super) fn turn(&mut self, turn: &Turn) {
        self.see(&Observation::Vendor { system: turn.system, what: turn.what });
        if let Some(control) = &turn.control {
            self.parts.fleet.control(turn.system, self.now, control);
        }
    }
}

/// Tells answers apart.
fn digest(response: &Response) -> u64 {
    let mut print = Fingerprint::default();
    print.number(u64::from(response.status));
    print.bytes(&response.body);
    print.finish()
}

#[cfg(test)]
mod tests {
    use super::super::toy::{Picks, TIME_OUT, ToyWorld, Toys, call, fated, settings, world};
    use super::*;
    use crate::chaos::choices::Quiet;
    use crate::process::Process;

    /// Sent at 40 + 1 ms (the client's way and one commit); each way takes 40 ms.
    const SENT: Instant = Instant(41_000_000);
    const WAY: Nanos = Nanos::millis(40);

    /// What the toy heard (as the status it passes on), when, and when the vendor handled the request.
    fn played(fate: Fate) -> (u16, Nanos, Vec<Nanos>) {
        let mut world = fated(call, fate);
        assert!(world.run().converged);
        let told = world.parts().clients.heard[0].2.clone().unwrap().status;
        let observer = &world.parts().observer;
        assert_eq!(observer.times("Sent"), [SENT]);
        let heard = observer.times("Heard");
        assert_eq!(heard.len(), 1, "{}", fate.name());
        assert_eq!(world.counts().fates[usize::from(fate.code())], u32::from(fate != Fate::Slow));
        assert_eq!(world.calls.len(), 0, "nothing is left under way");
        (told, heard[0].since(SENT), observer.times("Handled").iter().map(|at| at.since(SENT)).collect())
    }

    fn in_fair_weather() -> u16 {
        let mut world = world(&settings(), Toys::default(), Quiet);
        world.run();
        world.parts().clients.heard[0].2.clone().unwrap().status
    }

    #[test]
    fn a_fine_call_is_handled_after_one_way_and_heard_after_two() {
        let mut world: ToyWorld<Quiet> = world(&settings(), Toys::default(), Quiet);
        assert!(world.run().converged);
        let observer = &world.parts().observer;
        assert_eq!(observer.times("Handled"), [SENT + WAY]);
        assert_eq!(observer.times("Heard"), [SENT + WAY + WAY]);
        assert_eq!((world.counts().calls, world.counts().drawn), (1, 0));
    }

    #[test]
    fn a_refused_call_never_arrives() {
        assert_eq!(played(Fate::Refused), (601, WAY.times(2), vec![]));
    }

    #[test]
    fn a_lost_request_times_out_and_never_arrives() {
        assert_eq!(played(Fate::RequestLost), (603, TIME_OUT, vec![]));
    }

    #[test]
    fn a_late_request_arrives_just_after_the_time_out_or_at_the_end_of_the_horizon() {
        let micro = Nanos::micros(1);
        assert_eq!(played(Fate::LateShort), (603, TIME_OUT, vec![TIME_OUT + micro]));
        assert_eq!(played(Fate::LateLong), (603, TIME_OUT, vec![Nanos::secs(60) - micro]));
    }

    #[test]
    fn twice_is_handled_twice_before_the_first_answer_is_heard() {
        let (status, heard, handled) = played(Fate::Twice);
        assert_eq!((status, heard), (in_fair_weather(), WAY.times(2)));
        assert_eq!(handled, [WAY, WAY + Nanos::millis(20)]);
    }

    #[test]
    fn twice_late_is_handled_again_at_the_end_of_the_horizon_and_never_answered() {
        let late = Nanos::secs(60) - Nanos::micros(1);
        assert_eq!(played(Fate::TwiceLate), (603, TIME_OUT, vec![WAY, late]));
    }

    #[test]
    fn a_late_504_is_heard_at_once_and_handled_at_the_end_of_the_horizon() {
        assert_eq!(played(Fate::Late504), (504, WAY.times(2), vec![Nanos::secs(60) - Nanos::micros(1)]));
    }

    #[test]
    fn an_answer_before_any_effect_comes_from_a_request_that_is_never_handled() {
        let fates = [
            (Fate::Before400, 400),
            (Fate::Before401, 401),
            (Fate::Before403, 403),
            (Fate::Before408, 408),
            (Fate::Before429After, 429),
            (Fate::Before429, 429),
            (Fate::Before500, 500),
            (Fate::Before502, 502),
            (Fate::Before503, 503),
            (Fate::Before504, 504),
        ];
        for (fate, status) in fates {
            assert_eq!(played(fate), (status, WAY.times(2), vec![]));
        }
    }

    #[test]
    fn an_answer_after_the_effect_comes_from_a_request_that_is_handled() {
        let fates = [
            (Fate::After500, 500),
            (Fate::After502, 502),
            (Fate::After503, 503),
            (Fate::After504, 504),
            (Fate::AnswerReset, 602),
            (Fate::Truncated, 604),
            (Fate::Malformed, in_fair_weather()),
            (Fate::Html, 200),
            (Fate::Empty, in_fair_weather()),
        ];
        for (fate, status) in fates {
            assert_eq!(played(fate), (status, WAY.times(2), vec![WAY]), "{}", fate.name());
        }
        assert_eq!(played(Fate::AnswerLost), (603, TIME_OUT, vec![WAY]));
    }

    #[test]
    fn a_slow_call_is_answered_just_within_the_time_out_and_is_no_fault() {
        let (status, heard, handled) = played(Fate::Slow);
        assert_eq!(status, in_fair_weather());
        assert_eq!((heard, handled), (TIME_OUT - Nanos(TIME_OUT.0 / 16), vec![Nanos(TIME_OUT.0 / 2)]));
    }

    #[test]
    fn a_call_that_may_no_longer_leave_is_not_sent() {
        let toys = Toys { not_after: Some(Instant(1)), ..Toys::default() };
        let mut world = world(&settings(), toys, Quiet);
        world.run();
        assert_eq!(world.parts().clients.heard[0].2.clone().unwrap().status, 605);
        assert_eq!(world.counts().calls, 0);
        assert!(world.parts().observer.times("Sent").is_empty());
    }

    #[test]
    fn faults_befall_work_only() {
        let mut quiet_after = settings();
        quiet_after.work_until = Instant(1);
        let mut world = world(&quiet_after, Toys::default(), Picks(vec![(call, Fate::Refused.code())]));
        world.run();
        assert_eq!(world.counts().drawn, 0);
        assert_eq!(world.process().unwrap().unfinished(), Some((0, 0)));
    }
}
