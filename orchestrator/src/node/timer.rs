//! Timers: the node keeps its own and asks for one wake-up only, so that an answered wait leaves nothing behind.

use super::running::Commit;
use super::{Node, SagaId};
use crate::effect::Effect;
use crate::gateway::answer;
use crate::time::Instant;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    /// A saga wants to go on.
    Saga(SagaId),
    /// A synchronous client has waited long enough and is given the job.
    Client(SagaId, u64),
    /// The token may be asked for again.
    Token,
    /// The lease is to be renewed, and the others' looked at.
    Watch,
    /// The operator's press was not taken: once more.
    Press,
    /// Every process has seen by now what the operator pressed.
    Pressed,
    /// This life's number is to be asked for again.
    Start,
}

impl Node {
    /// Sets the saga's one timer.
    pub(super) fn wake_saga(&mut self, id: SagaId, at: Instant) {
        if let Some(running) = self.sagas.get_mut(&id)
            && running.timer != Some(at)
        {
            if let Some(before) = running.timer.replace(at) {
                self.timers.remove(&(before, Timer::Saga(id)));
            }
            self.timers.insert((at, Timer::Saga(id)));
        }
    }

    pub(super) fn on_wake(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        while let Some((at, timer)) = self.timers.first().copied() {
            if at > now {
                break;
            }
            self.timers.remove(&(at, timer));
            match timer {
                Timer::Saga(id) => self.on_saga_timer(now, id, effects),
                Timer::Client(id, exchange) => {
                    if let Some(running) = self.sagas.get_mut(&id)
                        && let Some(place) = running.waiters.iter().position(|waiter| waiter.exchange == exchange)
                    {
                        running.waiters.remove(place);
                        let response = answer::accepted(&id.to_string(), &running.saga.began.correlation);
                        effects.push(Effect::Answer { exchange, response });
                    }
                }
                Timer::Token => self.fetch_token(now, effects),
                Timer::Watch => self.renew(now, effects),
                Timer::Press => self.press_everywhere(effects),
                Timer::Pressed => {}
                Timer::Start => self.read_life(effects),
            }
        }
    }

    fn on_saga_timer(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        running.timer = None;
        match running.commit {
            Commit::Again(_) => self.commit(id, effects),
            Commit::None if self.lease.is_some() && running.saga.grant.is_none() => self.try_grant(now, id, effects),
            Commit::None => self.drive(now, id, effects),
            Commit::Held => self.call_held(now, id, effects),
            Commit::InFlight | Commit::Checking => {}
        }
    }

    /// Asks for the one wake-up, if the earliest timer changed.
    pub(super) fn set_wake(&mut self, effects: &mut Vec<Effect>) {
        let first = self.timers.first().map(|(at, _)| *at);
        if first != self.wake {
            self.wake = first;
            effects.push(Effect::Wake(first));
        }
    }
}
