//! The network between clients and the hub: exchanges are asked, taken in, answered and told, under the same fates
//! as calls. What clients do is the workload's.

use std::collections::VecDeque;

use super::queue::Key;
use super::slab::Slab;
use super::{Due, World};
use crate::chaos::choices::Choices;
use crate::chaos::fate::Fate;
use crate::chaos::point::{EventKind, mix};
use crate::client::{ClientAction, Clients, subject_of};
use crate::clock::{Instant, Nanos};
use crate::exchange::answers::{disguised, instead};
use crate::exchange::course::{Course, Hears};
use crate::fleet::{Control, System};
use crate::observation::{Observation, Observer, Phase};
use crate::process::{Event, Spawn};
use crate::wire::{Answer, CallError, Request, Response};

/// A client's exchange with the hub, from its asking until nothing of it can happen any more.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    /// Unique in the world, and even: the odd number after it names the second delivery to the process.
    pub(super) number: u64,
    pub(super) operation: u32,
    /// Kept until its last delivery.
    pub(super) request: Option<Request>,
    pub(super) fate: Fate,
    deadline: Instant,
    back: Nanos,
    not_before: Instant,
    /// Whether the answer to the first delivery can still be what the client hears.
    waits: bool,
    /// Whether a process has it in its hands.
    pub(super) taken: bool,
    /// Which process that is.
    pub(super) process: u8,
    /// Where there are several processes: what says which one it comes to.
    pub(super) draw: u64,
    /// Whom it is about, where that says which release it comes to.
    pub(super) key: Option<u64>,
    /// Deliveries still to come.
    pub(super) deliveries: u8,
    second: Option<Key>,
    /// When the client gives up, while it waits.
    time_out: Option<Key>,
    /// What the client will hear, once that is settled; until then: nothing.
    pub(super) answer: Option<Answer>,
    told: bool,
}

/// The exchanges that are under way, found by slot or by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Exchanges {
    slab: Slab<Exchange>,
    /// From the oldest exchange under way on: the slot of each, or `GONE`.
    slots: VecDeque<u32>,
    /// The number of the first of these, halved.
    oldest: u64,
}

const GONE: u32 = u32::MAX;

/// Sets the draws of doors apart from a seed's others.
const DOOR: u64 = 0x646f_6f72_0000_0001;

impl Exchanges {
    /// The number of the exchange that is asked next.
    fn next_number(&self) -> u64 {
        (self.oldest + self.slots.len() as u64) * 2
    }

    fn insert(&mut self, exchange: Exchange) -> u32 {
        let slot = self.slab.insert(exchange);
        self.slots.push_back(slot);
        slot
    }

    pub(super) fn get(&self, slot: u32) -> Option<&Exchange> {
        self.slab.get(slot)
    }

    fn slot_of(&self, number: u64) -> Option<u32> {
        let place = (number / 2).checked_sub(self.oldest)?;
        self.slots.get(usize::try_from(place).ok()?).copied().filter(|slot| *slot != GONE)
    }

    /// Forgets an exchange of which nothing can happen any more.
    fn tidy(&mut self, slot: u32) {
        if !self.slab.get(slot).is_some_and(|exchange| exchange.told && exchange.deliveries == 0) {
            return;
        }
        let Some(exchange) = self.slab.remove(slot) else { return };
        let place = usize::try_from(exchange.number / 2 - self.oldest).unwrap_or(usize::MAX);
        if let Some(place) = self.slots.get_mut(place) {
            *place = GONE;
        }
        while self.slots.front() == Some(&GONE) {
            self.slots.pop_front();
            self.oldest += 1;
        }
    }

    /// Empties it, and keeps what it has allocated.
    pub(super) fn clear(&mut self) {
        self.slab.clear();
        self.slots.clear();
        self.oldest = 0;
    }
}

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// Tells the clients that a phase begins, and schedules what they do.
    pub(super) fn clients_begin(&mut self, phase: Phase) {
        let mut actions = std::mem::take(&mut self.wanted);
        self.parts.clients.on_phase(self.now, phase, &mut actions);
        self.schedule(actions);
    }

    fn schedule(&mut self, mut actions: Vec<ClientAction>) {
        for action in actions.drain(..) {
            let (ClientAction::Ask { at, .. } | ClientAction::Touch { at, .. }) = action;
            let action = self.actions.insert(action);
            self.queue.push(at.max(self.now), Due::Action { action });
        }
        self.wanted = actions;
    }

    /// A client or an outsider acts.
    pub(super) fn act(&mut self, slot: u32) {
        match self.actions.remove(slot) {
            Some(ClientAction::Ask { operation, route, request, time_out, .. }) => {
                let subject = subject_of(operation);
                let point = self.point(System::Hub, route, subject);
                let fate = self.fate(point, System::Hub, route);
                let times = self.times(System::Hub, point.hash(), time_out, self.plan.settings.client_horizon);
                let exchange = self.exchanges.next_number();
                self.see(&Observation::Asked { operation, exchange, request: &request, fate, point });
                let draw = if self.hosts.len() > 1 { mix(self.latency_key ^ DOOR ^ point.hash()) } else { 0 };
                self.ask(operation, request, (fate, draw), Course::of(fate, times), self.now + time_out);
            }
            Some(ClientAction::Touch { system, control, .. }) => {
                let added = self.parts.fleet.control(system, self.now, &control);
                match &control {
                    Control::AddChild(cust_no) => {
                        self.see(&Observation::ChildAdded { system, cust_no, id: added.as_deref() });
                    }
                    _ => self.see(&Observation::Vendor { system, what: touched(&control) }),
                }
                self.job = self.parts.fleet.next_job();
            }
            None => {}
        }
    }

    fn ask(&mut self, operation: u32, request: Request, fated: (Fate, u64), course: Course, deadline: Instant) {
        let (fate, draw) = fated;
        let key = self.key_of(operation);
        self.counts.exchanges += 1;
        let (waits, back, not_before) = match course.hears {
            Hears::Answer { back, not_before } => (true, back, not_before),
            Hears::Instead(_) | Hears::Nothing => (false, Nanos(1), deadline),
        };
        let (told_at, answer) = match course.hears {
            Hears::Instead(at) if at < deadline => (at, instead(fate)),
            Hears::Instead(_) | Hears::Answer { .. } | Hears::Nothing => (deadline, None),
        };
        let slot = self.exchanges.insert(Exchange {
            number: self.exchanges.next_number(),
            operation,
            request: Some(request),
            fate,
            deadline,
            back,
            not_before,
            waits,
            taken: false,
            process: 0,
            draw,
            key,
            deliveries: u8::from(course.first.is_some()) + u8::from(course.second.is_some()),
            second: None,
            time_out: None,
            answer,
            told: false,
        });
        if let Some(at) = course.first {
            self.queue.push(at, Due::HubArrival { exchange: slot, again: false });
        }
        let second = course.second.map(|at| self.queue.push(at, Due::HubArrival { exchange: slot, again: true }));
        let time_out = self.queue.push(told_at, Due::Told { exchange: slot });
        if let Some(exchange) = self.exchanges.slab.get_mut(slot) {
            exchange.second = second;
            exchange.time_out = waits.then_some(time_out);
        }
    }

    /// A client's request arrives at the hub, at one of the processes that are up.
    pub(super) fn arrive_at_hub(&mut self, slot: u32, again: bool) {
        let door = self.door_of(slot, again);
        let Some(exchange) = self.exchanges.slab.get_mut(slot) else { return };
        exchange.deliveries -= 1;
        let Some(process) = door else { return self.refuse(slot, again) };
        let request = if exchange.deliveries > 0 { exchange.request.clone() } else { exchange.request.take() };
        exchange.taken |= exchange.waits && !again;
        exchange.process = if again { exchange.process } else { process };
        let (operation, number) = (exchange.operation, exchange.number);
        self.counts.effective += u32::from(again && exchange.fate == Fate::Twice);
        self.exchanges.tidy(slot);
        self.turn_to(process);
        self.see(&Observation::TakenIn { operation, exchange: number });
        if let Some(request) = request {
            let event = Event::Request { exchange: number + u64::from(again), request };
            self.deliver(process, EventKind::Request, subject_of(operation), event);
        }
    }

    /// Nobody listens at the hub. Whoever is told so may be sure of it: a second delivery does not follow.
    fn refuse(&mut self, slot: u32, again: bool) {
        if let Some(exchange) = self.exchanges.slab.get_mut(slot).filter(|exchange| exchange.waits && !again) {
            if exchange.second.take().is_some_and(|second| self.queue.take(second).is_some()) {
                exchange.deliveries -= 1;
            }
            self.settle(slot, Err(CallError::Refused));
        }
        self.exchanges.tidy(slot);
    }

    /// The process answers a request; heard if it is the first answer to a first delivery.
    pub(super) fn answer(&mut self, number: u64, response: Response) {
        let slot = if number.is_multiple_of(2) { self.exchanges.slot_of(number) } else { None };
        let Some(slot) = slot else { return };
        if let Some(exchange) = self.exchanges.get(slot).filter(|exchange| exchange.taken)
            && let Some(answer) = disguised(exchange.fate, response)
        {
            self.settle(slot, answer);
        }
    }

    /// The connections of all requests that the process has in its hands break.
    pub(super) fn reset_exchanges(&mut self, process: u8) {
        for place in 0..self.exchanges.slots.len() {
            let slot = self.exchanges.slots[place];
            if self.exchanges.get(slot).is_some_and(|exchange| exchange.taken && exchange.process == process) {
                self.settle(slot, Err(CallError::Reset));
            }
        }
    }

    /// Settles what the client will hear, unless it gives up before.
    fn settle(&mut self, slot: u32, answer: Answer) {
        let Some(exchange) = self.exchanges.slab.get_mut(slot) else { return };
        exchange.waits = false;
        exchange.taken = false;
        let at = (self.now + exchange.back).max(exchange.not_before);
        if at < exchange.deadline {
            exchange.answer = Some(answer);
            if let Some(time_out) = exchange.time_out.take() {
                self.queue.take(time_out);
            }
            self.queue.push(at, Due::Told { exchange: slot });
        }
    }

    /// The client hears its answer, or gives up.
    pub(super) fn tell(&mut self, slot: u32) {
        let Some(exchange) = self.exchanges.slab.get_mut(slot) else { return };
        let answer = exchange.answer.take().unwrap_or(Err(CallError::TimedOut));
        let (operation, number) = (exchange.operation, exchange.number);
        exchange.told = true;
        exchange.waits = false;
        exchange.taken = false;
        self.exchanges.tidy(slot);
        self.see(&Observation::Told { operation, exchange: number, answer: &answer });
        let mut actions = std::mem::take(&mut self.wanted);
        self.parts.clients.on_answer(self.now, operation, number, &answer, &mut actions);
        self.schedule(actions);
    }
}

/// What an outsider did, as fixed words.
const fn touched(control: &Control) -> &'static str {
    match control {
        Control::Seed(_) => "a record is added",
        Control::AddChild(_) => "an order or ticket is added",
        Control::Lose(_) => "a record is lost",
        Control::Rename(_) => "a stranger renames a record",
        Control::Part(_) => "a stranger parts two linked records",
        Control::Bar(_) => "a record can no longer be merged",
        Control::NextJob(_) => "the next job is settled",
        Control::JobsEndBy(_) => "jobs are hurried",
        Control::RevokeTokens => "tokens revoked",
        Control::ExhaustQuota(_) => "quota spent",
        Control::IndexLag(_) => "index lag set",
        Control::Drift(true) => "schema drift begins",
        Control::Drift(false) => "schema drift ends",
    }
}

#[cfg(test)]
mod tests {
    use super::super::toy::{CLIENT_TIME_OUT, Picks, TIME_OUT, Test, ToyWorld, Toys, exchange, fated, settings, world};
    use super::*;
    use crate::chaos::choices::Quiet;
    use crate::chaos::point::Point;

    const WAY: Nanos = Nanos::millis(40);

    /// What the client heard, when, and when the hub took the request in.
    fn played(fate: Fate) -> (Result<u16, CallError>, Nanos, Vec<Nanos>) {
        let mut world = fated(exchange, fate);
        assert!(world.run().converged);
        let heard = &world.parts().clients.heard;
        assert_eq!(heard.len(), 1, "{} is heard once", fate.name());
        let (at, _, answer) = heard[0].clone();
        let taken = world.parts().observer.times("TakenIn").iter().map(|at| at.since(Instant::ZERO)).collect();
        assert!(world.exchanges.slots.is_empty(), "nothing is left under way");
        (answer.map(|response| response.status), at.since(Instant::ZERO), taken)
    }

    fn in_fair_weather() -> (u16, Nanos) {
        let mut world: ToyWorld<Quiet> = world(&settings(), Toys::default(), Quiet);
        world.run();
        let (at, _, answer) = world.parts().clients.heard[0].clone();
        (answer.unwrap().status, at.since(Instant::ZERO))
    }

    #[test]
    fn a_fine_exchange_is_taken_in_after_one_way_and_told_one_way_after_its_answer() {
        let (_, told) = in_fair_weather();
        // To the hub, a commit, to the vendor and back, to the client.
        assert_eq!(told, WAY.times(4) + Nanos::millis(1));
        assert_eq!(played(Fate::Fine).2, [WAY]);
    }

    #[test]
    fn what_never_reaches_the_hub_is_told_by_the_network_or_not_at_all() {
        assert_eq!(played(Fate::Refused), (Err(CallError::Refused), WAY.times(2), vec![]));
        assert_eq!(played(Fate::RequestLost), (Err(CallError::TimedOut), CLIENT_TIME_OUT, vec![]));
        assert_eq!(played(Fate::Before503), (Ok(503), WAY.times(2), vec![]));
        assert_eq!(played(Fate::Before429), (Ok(429), WAY.times(2), vec![]));
    }

    #[test]
    fn a_late_request_is_taken_in_after_the_client_gave_up() {
        let micro = Nanos::micros(1);
        let horizon = Nanos::secs(60);
        assert_eq!(played(Fate::LateShort), (Err(CallError::TimedOut), CLIENT_TIME_OUT, vec![CLIENT_TIME_OUT + micro]));
        assert_eq!(played(Fate::LateLong), (Err(CallError::TimedOut), CLIENT_TIME_OUT, vec![horizon - micro]));
        assert_eq!(played(Fate::Late504), (Ok(504), WAY.times(2), vec![horizon - micro]));
        assert_eq!(played(Fate::TwiceLate), (Err(CallError::TimedOut), CLIENT_TIME_OUT, vec![WAY, horizon - micro]));
    }

    #[test]
    fn twice_is_taken_in_twice_and_the_first_answer_is_told() {
        let (status, told) = in_fair_weather();
        assert_eq!(played(Fate::Twice), (Ok(status), told, vec![WAY, WAY + Nanos::millis(20)]));
    }

    #[test]
    fn an_answer_that_suffers_is_told_as_it_arrives() {
        let (_, told) = in_fair_weather();
        for (fate, heard) in [
            (Fate::After500, Ok(500)),
            (Fate::AnswerReset, Err(CallError::Reset)),
            (Fate::Truncated, Err(CallError::Truncated)),
            (Fate::Html, Ok(200)),
        ] {
            assert_eq!(played(fate), (heard, told, vec![WAY]), "{}", fate.name());
        }
        assert_eq!(played(Fate::AnswerLost), (Err(CallError::TimedOut), CLIENT_TIME_OUT, vec![WAY]));
    }

    #[test]
    fn slow_is_told_just_within_the_time_out() {
        let (heard, told, taken) = played(Fate::Slow);
        assert_eq!(heard, Ok(in_fair_weather().0));
        assert_eq!(told, CLIENT_TIME_OUT - Nanos(CLIENT_TIME_OUT.0 / 16));
        assert_eq!(taken, [Nanos(CLIENT_TIME_OUT.0 / 2)]);
    }

    #[test]
    fn a_client_that_gave_up_is_not_told_the_late_answer() {
        let mut settings = settings();
        settings.horizon = Nanos::secs(600);
        let slow_call: Test = |point| matches!(point, Point::Exchange { system: System::Commerce, .. });
        let mut world = world(&settings, Toys::default(), Picks(vec![(slow_call, Fate::RequestLost.code())]));
        world.run();
        assert_eq!(world.parts().observer.times("Told"), [Instant::ZERO + TIME_OUT + WAY.times(2) + Nanos::millis(1)]);
    }
}
