//! The fingerprint of a world: all that can still matter, so that two worlds that alike prints may be taken for one.
//! Times count as distances from now. What clients keep and what checkers fold is theirs to feed.

use super::phases::Stage;
use super::{Due, World};
use crate::chaos::choices::Choices;
use crate::chaos::fate::Fate;
use crate::client::{ClientAction, Clients};
use crate::clock::{Instant, Nanos};
use crate::fleet::{Control, Fingerprint, JobCourse};
use crate::observation::Observer;
use crate::process::{Expect, Process, Spawn};
use crate::wire::Answer;

impl<S: Spawn, K: Clients, C: Choices, O: Observer> World<S, K, C, O> {
    /// Feeds all that can still matter into a fingerprint: process, store, fleet, what is under way, windows, phase,
    /// and what chaos is left. `false` where the process cannot (then nothing may be pruned).
    ///
    /// Clients and observers are left out: whoever prunes feeds their states beside this. How often a point was met
    /// before is only its name where nothing is drawn by names, and counts where something is.
    pub fn feed(&self, print: &mut Fingerprint) -> bool {
        let mut whole = true;
        for host in &self.hosts {
            let process = host.process.as_ref();
            whole &= process.is_none_or(|process| process.feed(host.clock.shows(self.now), print));
            let wake = host.wake.map_or(u64::MAX, |(at, _)| at.since(self.now).0);
            for number in [
                wake,
                host.wake.map_or(0, |wake| self.ahead_of(wake)),
                u64::from(process.is_some()),
                host.life,
                host.clock.phase(self.now),
                host.runs(),
            ] {
                print.number(number);
            }
            if let Some(pause) = &host.pause {
                pause.feed(self.now, print);
            }
        }
        print.number(self.lives);
        print.number(self.rest_since.map_or(u64::MAX, |since| self.now.since(since).0));
        self.disk.feed(print);
        self.parts.fleet.feed(self.now, print);
        self.feed_stage(print);
        // Where there are several doors, the name of an exchange says which one it comes to.
        let names = if self.plan.even && self.hosts.len() == 1 { 0 } else { self.tally.digest() };
        // After the work nothing is chosen any more.
        let chaos = if self.is_working() { self.allowance.digest(&self.plan, self.now) } else { 0 };
        for number in [self.windows.digest(self.now), names, chaos] {
            print.number(number);
        }
        let mut due: Vec<_> = self.queue.iter().collect();
        due.sort_unstable_by_key(|(key, _)| *key);
        let mut numbers: Vec<(u8, u64)> = due.iter().filter_map(|(_, due)| self.number(due)).collect();
        numbers.sort_unstable();
        for (key, due) in due {
            print.instant(self.now, key.at);
            print.number(self.number(due).map_or(0, |(process, _)| u64::from(process)));
            print.number(self.number(due).map_or(0, |number| numbers.partition_point(|other| *other < number) as u64));
            self.feed_due(due, print);
        }
        whole
    }

    /// How many other things are due at the same instant as a wake-up, and before it.
    fn ahead_of(&self, (at, rank): (Instant, u64)) -> u64 {
        let due = self.queue.iter().filter(|(key, _)| key.at == at && key.rank < rank).count();
        let wakes =
            self.hosts.iter().filter(|host| host.wake.is_some_and(|(other, before)| other == at && before < rank));
        (due + wakes.count()) as u64
    }

    fn feed_stage(&self, print: &mut Fingerprint) {
        let settings = &self.plan.settings;
        let (number, rounds, left) = match self.stage {
            Stage::Ahead => (0, 0, Nanos::ZERO),
            // How much longer chaos may last. Ample time is all alike: whatever ends at all has ended before.
            Stage::Work => (1, 0, settings.work_until.since(self.now).min(settings.settle_bound.times(2))),
            Stage::Heal { until } => (2, 0, until.since(self.now)),
            Stage::Redrive { rounds, until } => (3, rounds, until.since(self.now)),
            Stage::Inspect { until } => (4, 0, until.since(self.now)),
            Stage::Over => (5, 0, Nanos::ZERO),
        };
        for number in [number, u64::from(rounds), u64::from(self.converged), left.0] {
            print.number(number);
        }
    }

    /// The process that waits for this, and under which number. Only their order among all that is under way counts.
    fn number(&self, due: &Due) -> Option<(u8, u64)> {
        match due {
            Due::Hear { call } => {
                let call = self.calls.get(*call)?;
                Some((self.living(call.life)?, call.number))
            }
            Due::Unsent { process, call, .. } => Some((*process, *call)),
            Due::Landing { process, commit, .. } => Some((*process, *commit)),
            Due::Read { process, read, .. } => Some((*process, *read)),
            _ => None,
        }
    }

    fn feed_due(&self, due: &Due, print: &mut Fingerprint) {
        match due {
            Due::Arrival { call, again } => {
                print.number(1 + (u64::from(*again) << 8));
                self.feed_call(*call, print);
            }
            Due::Hear { call } => {
                print.number(2);
                self.feed_call(*call, print);
            }
            Due::Unsent { error, .. } => print.number(3 + ((*error as u64) << 8)),
            Due::Action { action } => {
                print.number(4);
                feed_action(self.now, self.actions.get(*action), print);
            }
            Due::HubArrival { exchange, again } => {
                print.number(5 + (u64::from(*again) << 8));
                self.feed_exchange(*exchange, print);
            }
            Due::Told { exchange } => {
                print.number(6);
                self.feed_exchange(*exchange, print);
            }
            Due::Landing { writes, .. } => {
                print.number(7);
                for write in writes {
                    print.bytes(write.key.as_bytes());
                    print.number(match write.expect {
                        Expect::Any => 0,
                        Expect::Absent => 1,
                        Expect::Version(version) => 2 + version,
                    });
                    print.bytes(write.value.as_deref().unwrap_or_default());
                    print.number(u64::from(write.value.is_some()));
                }
            }
            Due::Read { prefix, .. } => {
                print.number(8);
                print.bytes(prefix.as_bytes());
            }
            Due::Restart { process } => print.number(9 + (u64::from(*process) << 8)),
            Due::Resume { process } => print.number(10 + (u64::from(*process) << 8)),
            Due::Replace { process, release } => {
                print.number(11 + (u64::from(*process) << 8) + (u64::from(*release) << 16));
            }
            Due::Drain => print.number(12),
        }
    }

    fn feed_call(&self, slot: u32, print: &mut Fingerprint) {
        let Some(call) = self.calls.get(slot) else { return };
        let heard = self.is_living(call.life);
        print.number((call.to as u64) << 16 | u64::from(call.deliveries) << 8 | u64::from(heard));
        if call.deliveries > 0 {
            print.request(&call.request);
            // What becomes of a job that it starts, whoever hears of it.
            print.number(if Fate::OF_JOBS.contains(&call.fate) { call.fate.code().into() } else { 0 });
        }
        if heard {
            // What is settled needs its fate no more.
            print.number(if call.answer.is_some() { 0 } else { u64::from(call.fate.code()) });
            feed_answer(call.answer.as_ref(), print);
        }
    }

    fn feed_exchange(&self, slot: u32, print: &mut Fingerprint) {
        let Some(exchange) = self.exchanges.get(slot) else { return };
        let taken = u64::from(exchange.taken);
        let deliveries = u64::from(exchange.deliveries);
        let fate = u64::from(exchange.fate.code());
        print.number(exchange.key.unwrap_or_default());
        let door = if exchange.deliveries > 0 { exchange.draw } else { u64::from(exchange.process) };
        for number in [exchange.number, u64::from(exchange.operation), fate, deliveries, taken, door] {
            print.number(number);
        }
        if let Some(request) = &exchange.request {
            print.request(request);
        }
        feed_answer(exchange.answer.as_ref(), print);
    }
}

fn feed_answer(answer: Option<&Answer>, print: &mut Fingerprint) {
    match answer {
        None => print.number(0),
        Some(Err(error)) => print.number(1 + *error as u64),
        Some(Ok(response)) => {
            print.number(u64::from(response.status));
            print.bytes(response.headers.0.as_bytes());
            print.bytes(&response.body);
        }
    }
}

fn feed_action(now: Instant, action: Option<&ClientAction>, print: &mut Fingerprint) {
    match action {
        Some(ClientAction::Ask { operation, route, request, time_out, .. }) => {
            print.number(u64::from(*operation));
            print.number(u64::from(route.0));
            print.number(time_out.0);
            print.request(request);
        }
        Some(ClientAction::Touch { system, control, .. }) => {
            print.number(*system as u64);
            feed_control(now, control, print);
        }
        None => {}
    }
}

fn feed_control(now: Instant, control: &Control, print: &mut Fingerprint) {
    match control {
        Control::Seed(record) => {
            print.number(1);
            for text in [&record.tag, &record.email, &record.phone] {
                print.bytes(text.as_deref().unwrap_or_default().as_bytes());
            }
            print.bytes(record.given_name.as_bytes());
            print.bytes(record.family_name.as_bytes());
            print.number(u64::from(record.children));
        }
        Control::AddChild(cust_no) => {
            print.number(2);
            print.bytes(cust_no.as_bytes());
        }
        Control::Lose(cust_no) | Control::Rename(cust_no) => {
            print.number(11 + u64::from(matches!(control, Control::Rename(_))));
            print.bytes(cust_no.as_bytes());
        }
        Control::Part(cust_no) => {
            print.number(13);
            print.bytes(cust_no.as_bytes());
        }
        Control::Bar(cust_no) => {
            print.number(14);
            print.bytes(cust_no.as_bytes());
        }
        Control::RevokeTokens => print.number(3),
        Control::ExhaustQuota(until) => {
            print.number(4);
            print.instant(now, *until);
        }
        Control::IndexLag(lag) => {
            print.number(5);
            print.number(*lag);
        }
        Control::Drift(drifts) => print.number(6 + u64::from(*drifts)),
        Control::NextJob(JobCourse::Stalls(until)) => {
            print.number(8);
            print.instant(now, *until);
        }
        Control::NextJob(JobCourse::FailsHalf) => print.number(9),
        Control::JobsEndBy(latest) => {
            print.number(10);
            print.instant(now, *latest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::toy::{Toys, print, settings, world};
    use super::*;
    use crate::chaos::choices::Quiet;

    #[test]
    fn worlds_that_did_the_same_at_different_times_print_alike() {
        let later = |at: u64| {
            let mut world = world(&settings(), Toys { idle: true, ..Toys::default() }, Quiet);
            world.parts_mut().clients.work = vec![Instant(at)];
            // The start, the read, the asking: then one request is on its way.
            (0..3).for_each(|_| assert!(world.step()));
            let mut print = Fingerprint::default();
            world.queue.iter().for_each(|(key, due)| {
                print.instant(world.now, key.at);
                world.feed_due(due, &mut print);
            });
            print.finish()
        };
        assert_eq!(later(5_000_000), later(9_000_000));
    }

    #[test]
    fn a_print_tells_worlds_apart_whose_requests_under_way_differ() {
        let mut one = world(&settings(), Toys::default(), Quiet);
        let mut other = one.fork().unwrap();
        assert!(one.step() && one.step() && other.step() && other.step());
        assert_eq!(print(&one), print(&other));
        one.step();
        assert_ne!(print(&one), print(&other));
    }
}
