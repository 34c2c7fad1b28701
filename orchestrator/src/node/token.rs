//! The identity provider's access token: fetched once for all who need one, and again when it expires or is refused.
//! Who needs one waits here in line; what calls do with it stands in `call`.

use std::hash::Hasher;

use super::call::{InFlight, told_to_wait};
use super::timer::Timer;
use super::{Node, SagaId};
use crate::connector::{Ask, Operation, Profile, Reading, Vendor};
use crate::customer::plan::Next;
use crate::customer::volatile::Vain;
use crate::effect::Effect;
use crate::fingerprint::Fingerprint;
use crate::message::Answer;
use crate::saga::retry;
use crate::time::{Instant, Nanos};

/// A token counts as expired so long before it does, or half its life, where that is shorter.
const TOKEN_MARGIN: Nanos = Nanos::secs(10);

/// The identity provider's access token.
#[derive(Debug, Clone, Default)]
pub(super) struct Token {
    value: String,
    /// When it counts as expired.
    expires: Instant,
    /// Rises with each token.
    number: u32,
    /// Whether one is being fetched, or will be at a set time.
    fetching: bool,
    failures: u32,
    waiting: Vec<SagaId>,
}

impl Token {
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { value, expires, number, fetching, failures, waiting } = self;
        print.fold(&(value, number, fetching, failures, waiting));
        print.deadline(Some(*expires));
    }

    /// The token, as it is sent.
    pub(super) fn value(&self) -> &str {
        &self.value
    }

    /// Which one it is.
    pub(super) const fn number(&self) -> u32 {
        self.number
    }

    /// The token of this number was refused: if it is the one that stands, it is used no more.
    pub(super) fn refused(&mut self, number: u32) {
        if number == self.number {
            self.value.clear();
        }
    }

    /// Whether it may be used now.
    pub(super) fn usable(&self, now: Instant) -> bool {
        !self.value.is_empty() && now < self.expires
    }
}

impl Node {
    /// Puts the saga in line for a token.
    pub(super) fn await_token(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        if let Some(running) = self.sagas.get_mut(&id) {
            running.in_line = true;
        }
        self.token.waiting.push(id);
        if !self.token.fetching {
            self.fetch_token(now, effects);
        }
    }

    pub(super) fn fetch_token(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        self.token.fetching = true;
        if let Some(until) = self.gates[Vendor::Identity as usize].paused(now) {
            self.timers.insert((until, Timer::Token));
            return;
        }
        let asker = self.token.waiting.first().copied();
        let none = (Profile::default(), String::new());
        let (correlation, trace) = asker
            .and_then(|id| self.sagas.get(&id))
            .map_or((&none.1, &none.1), |running| (&running.saga.began.correlation, &running.trace));
        let traceparent = [trace, "0000000000000001-01"].concat();
        let request = self.engine.connector(Vendor::Identity).render(&Ask {
            operation: &Operation::Token,
            want: &none.0,
            cust_no: "",
            owner: "",
            token: "",
            key: "",
            correlation,
            traceparent: &traceparent,
        });
        let call = self.next_number();
        self.calls.insert(call, InFlight::for_token());
        let policy = &self.engine.policy;
        let not_after = now + policy.leave_within;
        effects.push(Effect::Call {
            call,
            to: Vendor::Identity,
            request,
            time_out: policy.time_out,
            not_after,
            note: None,
        });
    }

    pub(super) fn on_token(&mut self, now: Instant, answer: &Answer, effects: &mut Vec<Effect>) {
        let reading = match answer {
            Ok(response) => self.engine.connector(Vendor::Identity).read(&Operation::Token, response),
            Err(_) => Reading::Unknown("no answer"),
        };
        let wait = told_to_wait(&reading, answer).map(|told| self.engine.policy.by_any_clock(told));
        if let Reading::Token(value, life) = reading {
            self.token.value = value;
            self.token.expires = now + (life - TOKEN_MARGIN.min(Nanos(life.0 / 2)));
            self.token.number += 1;
            self.token.failures = 0;
            self.token.fetching = false;
            for id in std::mem::take(&mut self.token.waiting) {
                self.step_up(now, id, effects);
            }
            return;
        }
        if let Some(told) = wait {
            self.gates[Vendor::Identity as usize].pause(now + told);
        }
        // Those who may give up now spend an attempt each; the others stay in line for the next fetch.
        self.token.failures += 1;
        let policy = &self.engine.policy;
        let backoff = retry::backoff(
            policy.backoff_base,
            policy.backoff_cap,
            self.token.failures,
            u64::from(self.token.failures),
        );
        self.timers.insert((now + wait.unwrap_or(backoff).max(backoff), Timer::Token));
        for id in std::mem::take(&mut self.token.waiting) {
            self.token_failed(now, id, effects);
        }
    }

    fn token_failed(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        running.last_error = "no access token";
        if running.saga.pivoted || running.saga.aborted.is_some() || !running.may_write() {
            return self.token.waiting.push(id);
        }
        running.in_line = false;
        let (step, operation, direction) = match running.saga.next(now, &self.engine) {
            Next::Call(intent) => (intent.step, intent.operation, intent.direction),
            Next::Look(step, operation, direction) => (step, operation, direction),
            _ => return self.drive(now, id, effects),
        };
        if let Some(entry) = running.saga.failed(now, step, operation, direction, Vain::default(), &self.engine) {
            self.write(id, entry);
        }
        self.drive(now, id, effects);
    }
}
