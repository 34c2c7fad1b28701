//! Admission: from a valid wish to a saga whose beginning is being committed. The client's key is looked at first; a
//! synchronous request that meets a held customer is told so, an asynchronous one becomes a queued job.

use std::hash::Hasher;

use super::call::trace;
use super::grant::{Denied, Read, expected, grant};
use super::running::{Running, Waiter, feed_waiters, put};
use super::{Node, ReadFor, SagaId};
use crate::customer::definition::Definitions;
use crate::customer::encode;
use crate::customer::entry::{Began, Entry, Wish};
use crate::customer::row::{self, CustomerRow, KeyRow};
use crate::customer::state::Saga;
use crate::effect::{Effect, Expect};
use crate::event::Verdict;
use crate::fingerprint::Fingerprint;
use crate::gateway::{answer, validate};
use crate::message::{Request, Response};
use crate::time::Instant;

/// A request on its way to become a saga.
#[derive(Debug, Clone)]
pub(super) struct Admission {
    began: Began,
    /// Clients that wait: the first, and those that resent its key.
    waiters: Vec<Waiter>,
    /// A refusal whose row is being committed under the client's key.
    refusal: Option<(u16, String)>,
    /// The row of the customer that a merge lets go, once read.
    goner: Option<Read>,
}

impl Admission {
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { began, waiters, refusal, goner } = self;
        print.fold(&(began, refusal, goner));
        feed_waiters(waiters, print);
    }

    /// Nothing began: those who wait may come again.
    pub(super) fn turn_away_busy(self, effects: &mut Vec<Effect>) {
        for waiter in self.waiters {
            let response = answer::busy(&self.began.correlation);
            effects.push(Effect::Answer { exchange: waiter.exchange, response });
        }
    }
}

impl Running {
    /// A saga that has just begun: with this it is only in memory, its first commit makes it durable.
    pub(super) fn begun(id: SagaId, began: Began, definitions: &Definitions, now: Instant) -> Box<Self> {
        let mut running = Box::new(Self::new(Saga::new(id, began.clone(), definitions), now));
        running.carries.key = began.client_key.is_some();
        running.trace = trace(&began.correlation);
        running.enter(Entry::Began(Box::new(began)));
        running
    }
}

impl Node {
    pub(super) fn admit(
        &mut self,
        exchange: u64,
        wish: Wish,
        asynchronous: bool,
        request: &Request,
        effects: &mut Vec<Effect>,
    ) {
        let given = validate::correlation(request);
        let key = match validate::client_key(request) {
            Ok(key) => key,
            Err(error) => {
                let response = answer::invalid(&error, given.unwrap_or_default());
                return effects.push(Effect::Answer { exchange, response });
            }
        };
        let hash = if key.is_some() { validate::request_hash(request) } else { 0 };
        if let Some((known, id)) = key.and_then(|key| self.keys.get(key)).copied() {
            return self.join(exchange, id, known == hash, effects);
        }
        let id = self.new_saga_id();
        let correlation = given.map_or_else(|| ["hub-", &id.to_string()].concat(), str::to_owned);
        let client_key = key.map(str::to_owned);
        let began =
            Began { version: self.engine.definitions.version, wish, correlation, client_key, hash, asynchronous };
        let waiters = vec![Waiter { exchange, due: None }];
        let reads_key = key.map(row::client_key);
        if let Some(key) = key {
            self.keys.insert(key.to_owned(), (hash, id));
        }
        self.admissions.insert(id, Admission { began, waiters, refusal: None, goner: None });
        match reads_key {
            Some(key) => self.read(ReadFor::Key(id), key, effects),
            None => self.on_key_row(id, None, effects),
        }
    }

    /// A client resent the key of something unfinished: it waits for the same answer, or has it at once.
    fn join(&mut self, exchange: u64, id: SagaId, same: bool, effects: &mut Vec<Effect>) {
        if !same {
            let response = answer::problem(422, "refused", "this Idempotency-Key came with another request", "");
            return effects.push(Effect::Answer { exchange, response });
        }
        let waiter = Waiter { exchange, due: None };
        if let Some(admission) = self.admissions.get_mut(&id) {
            admission.waiters.push(waiter);
        } else if let Some(running) = self.sagas.get_mut(&id) {
            let correlation = &running.saga.began.correlation;
            match &running.told {
                _ if running.saga.began.asynchronous && running.rows > 0 => {
                    effects.push(Effect::Answer { exchange, response: answer::accepted(&id.to_string(), correlation) });
                }
                Some((status, body)) => {
                    effects.push(Effect::Answer { exchange, response: answer::answer(*status, body, correlation) });
                }
                // Its first client's patience is its own: this one waits for the answer as long as it likes.
                None => running.waiters.push(waiter),
            }
        }
    }

    /// What stands under the client's key: nothing, or what the same request was told before.
    pub(super) fn on_key_row(&mut self, id: SagaId, known: Option<KeyRow>, effects: &mut Vec<Effect>) {
        let Some(admission) = self.admissions.get(&id) else { return };
        let correlation = admission.began.correlation.clone();
        let Some(known) = known else { return self.look_up(id, effects) };
        let response = match (known.hash == admission.began.hash, known.saga, known.answer) {
            (false, ..) => {
                answer::problem(422, "refused", "this Idempotency-Key came with another request", &correlation)
            }
            (true, _, Some((status, body))) => answer::answer(status, &body, &correlation),
            (true, Some(saga), None) if admission.began.asynchronous => {
                answer::accepted(&saga.to_string(), &correlation)
            }
            (true, Some(saga), None) => {
                for waiter in self.leave(id, effects) {
                    self.read(ReadFor::Resent(waiter.exchange, saga), row::job_key(saga), effects);
                }
                return;
            }
            (true, None, None) => {
                answer::problem(500, "unknown", "the row under this key cannot be read", &correlation)
            }
        };
        self.turn_away(id, &response, effects);
    }

    /// Nothing stands under the key: a job is queued, a synchronous request needs the customer free.
    fn look_up(&mut self, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(admission) = self.admissions.get(&id) else { return };
        if admission.began.asynchronous {
            return self.begin(id, effects);
        }
        let rows = admission.began.wish.rows();
        if self.claims.claim(id, rows.iter().map(String::as_str)).is_err() {
            let response = answer::busy(&admission.began.correlation);
            return self.turn_away(id, &response, effects);
        }
        self.read_customers(rows, id, ReadFor::Wanted(id), effects);
    }

    /// The row of the customer that a merge lets go is read. Returns the key of the row that comes next.
    pub(super) fn admitted_goner(&mut self, id: SagaId, read: Read) -> Option<String> {
        let admission = self.admissions.get_mut(&id)?;
        admission.goner = Some(read);
        Some(row::customer_key(&admission.began.wish.cust_no))
    }

    pub(super) fn on_wanted_row(
        &mut self,
        now: Instant,
        id: SagaId,
        known: Option<CustomerRow>,
        on: Expect,
        effects: &mut Vec<Effect>,
    ) {
        let Some(admission) = self.admissions.get(&id) else { return };
        let goner = admission.goner.as_ref();
        let claim = grant(id, &admission.began.wish, known.as_ref(), goner);
        let on = expected(on, goner);
        let correlation = &admission.began.correlation;
        match claim {
            Ok((granted, claimed)) if self.claims.claim(id, claimed.iter().map(String::as_str)).is_ok() => {
                self.begin(id, effects);
                if let Some(running) = self.sagas.get_mut(&id) {
                    running.granted(granted, claimed, on, &self.engine);
                }
                self.drive(now, id, effects);
            }
            Ok(_) | Err(Denied::Busy) => {
                let response = answer::busy(correlation);
                self.turn_away(id, &response, effects);
            }
            Err(Denied::Refused(status, why)) => self.refuse(id, status, why, effects),
        }
    }

    /// The saga begins: with this it is only in memory; its first commit makes it durable.
    fn begin(&mut self, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(Admission { began, waiters, .. }) = self.admissions.remove(&id) else { return };
        let asynchronous = began.asynchronous;
        let mut running = Running::begun(id, began, &self.engine.definitions, self.now);
        running.waiters = waiters;
        self.sagas.insert(id, running);
        if asynchronous {
            self.commit(id, effects);
        }
    }

    /// A definite no that began nothing. Under a client's key it is kept, so that the key gives the same answer.
    fn refuse(&mut self, id: SagaId, status: u16, why: &str, effects: &mut Vec<Effect>) {
        let Some(admission) = self.admissions.get(&id) else { return };
        let body = answer::problem_json(status, "refused", why);
        let Some(key) = &admission.began.client_key else {
            let response = answer::answer(status, &body, &admission.began.correlation);
            return self.turn_away(id, &response, effects);
        };
        let row = KeyRow { hash: admission.began.hash, saga: None, answer: Some((status, body.clone())) };
        let write = put(row::client_key(key), Expect::Absent, encode::key(&row));
        let commit = self.next_number();
        if let Some(admission) = self.admissions.get_mut(&id) {
            admission.refusal = Some((status, body));
        }
        self.commits.insert(commit, id);
        effects.push(Effect::Commit { commit, writes: vec![write] });
    }

    /// The commit of a refusal ended. Not surely kept, it is told as something that a resend may find otherwise.
    pub(super) fn on_refusal(&mut self, id: SagaId, verdict: Verdict, effects: &mut Vec<Effect>) {
        let Some(admission) = self.admissions.get(&id) else { return };
        let Some((status, body)) = &admission.refusal else { return };
        let response = match verdict {
            // Whether the row is there or not, this exchange never takes effect.
            Verdict::Committed | Verdict::Unknown => answer::answer(*status, body, &admission.began.correlation),
            // Another process may have begun something under this key.
            Verdict::Conflict if self.lease.is_some() => answer::busy(&admission.began.correlation),
            Verdict::Conflict | Verdict::Full => {
                answer::problem(503, "not-applied", "the store takes nothing now", &admission.began.correlation)
            }
        };
        self.turn_away(id, &response, effects);
    }

    /// Answers all who wait for this admission, and ends it.
    fn turn_away(&mut self, id: SagaId, response: &Response, effects: &mut Vec<Effect>) {
        for waiter in self.leave(id, effects) {
            effects.push(Effect::Answer { exchange: waiter.exchange, response: response.clone() });
        }
    }

    /// Ends an admission and what it holds; jobs that it kept waiting may try. Returns who waited for its answer.
    fn leave(&mut self, id: SagaId, effects: &mut Vec<Effect>) -> Vec<Waiter> {
        let Some(admission) = self.admissions.remove(&id) else { return Vec::new() };
        if let Some(key) = &admission.began.client_key {
            self.keys.remove(key);
        }
        self.let_go(self.now, id, &admission.began.wish.rows(), effects);
        admission.waiters
    }
}
