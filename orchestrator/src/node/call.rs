//! Calls: rendered by the connector, sent with a bound on their leaving, and read back. A 401 is met with one fresh
//! token at the same attempt; how tokens are come by stands in `token`.

use std::hash::Hasher;

use super::running::{Commit, Then};
use super::{Node, SagaId};
use crate::connector::{Ask, Operation, Profile, Reading, Vendor, retry_after, uuid};
use crate::customer::entry::{Entry, Intent};
use crate::customer::volatile::Vain;
use crate::effect::{CallNote, Direction, Effect};
use crate::fingerprint::Fingerprint;
use crate::message::{Answer, CallError};
use crate::saga::journal::push_hex;
use crate::saga::retry::mix;
use crate::time::{Instant, Nanos};

/// A call that is on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct InFlight {
    asker: Asker,
    vendor: Vendor,
    /// Which token it was sent with.
    token: u32,
}

/// For whom a call is made.
#[derive(Debug, Clone, Copy, Hash)]
enum Asker {
    Saga(SagaId),
    /// Whoever needs a token.
    Tokens,
    /// Somebody in an earlier life of this process: the vendor's wish to be left alone still binds.
    Nobody,
}

impl InFlight {
    /// The fetching of a token.
    pub(super) const fn for_token() -> Self {
        Self { asker: Asker::Tokens, vendor: Vendor::Identity, token: 0 }
    }

    /// The life in which it was made is over.
    pub(super) const fn outlive(&mut self) {
        self.asker = Asker::Nobody;
    }

    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { asker, vendor, token } = self;
        print.fold(&(asker, vendor, token));
    }
}

impl Node {
    /// A saga that stood in line goes on.
    pub(super) fn step_up(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        if let Some(running) = self.sagas.get_mut(&id) {
            running.in_line = false;
            self.drive(now, id, effects);
        }
    }

    /// Makes the call whose intent is durable.
    pub(super) fn call(&mut self, now: Instant, id: SagaId, intent: Intent, effects: &mut Vec<Effect>) {
        let without_lease = self.awaits_lease(now);
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let Some(vendor) = running.saga.definition[usize::from(intent.step)].act.vendor() else { return };
        if let Some(until) = self.gates[vendor as usize].paused(now).max(without_lease) {
            running.commit = Commit::Held;
            running.then = Then::Call(intent);
            return self.wake_saga(id, until);
        }
        let key = key(id, &intent);
        let note = CallNote {
            saga: id.0,
            step: intent.step,
            direction: intent.direction,
            mutating: true,
            attempt: intent.attempt,
            key,
        };
        self.send(now, id, vendor, &intent.operation, note, effects);
    }

    pub(super) fn call_held(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        running.commit = Commit::None;
        if let Then::Call(intent) = std::mem::replace(&mut running.then, Then::Drive) {
            self.call(now, id, intent, effects);
        }
    }

    /// Makes a read; it needs no intent.
    pub(super) fn look(
        &mut self,
        now: Instant,
        id: SagaId,
        step: u8,
        operation: Operation,
        direction: Direction,
        effects: &mut Vec<Effect>,
    ) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let Some(vendor) = running.saga.definition[usize::from(step)].act.vendor() else { return };
        let attempt = running.saga.volatile.trying.as_ref().map_or(0, |trying| trying.attempts) + 1;
        let note = CallNote { saga: id.0, step, direction, mutating: false, attempt, key: 0 };
        running.saga.volatile.looking = Some((step, operation.clone(), direction));
        self.send(now, id, vendor, &operation, note, effects);
    }

    fn send(
        &mut self,
        now: Instant,
        id: SagaId,
        vendor: Vendor,
        operation: &Operation,
        note: CallNote,
        effects: &mut Vec<Effect>,
    ) {
        let call = self.next_number();
        let Some(running) = self.sagas.get_mut(&id) else { return };
        running.saga.volatile.calls += 1;
        let nobody = Profile::default();
        let mut traceparent = String::with_capacity(55);
        traceparent.push_str(&running.trace);
        push_hex(&mut traceparent, mix(call ^ id.0), 16);
        traceparent.push_str("-01");
        let key = if note.key == 0 { String::new() } else { uuid(note.key) };
        let (want, owner) = running.saga.asked(operation, note.direction);
        let request = self.engine.connectors[vendor as usize].render(&Ask {
            operation,
            want: want.unwrap_or(&nobody),
            cust_no: &running.saga.began.wish.cust_no,
            owner,
            token: self.token.value(),
            key: &key,
            correlation: &running.saga.began.correlation,
            traceparent: &traceparent,
        });
        self.calls.insert(call, InFlight { asker: Asker::Saga(id), vendor, token: self.token.number() });
        let policy = &self.engine.policy;
        let not_after = self.not_after(now + policy.leave_within);
        effects.push(Effect::Call {
            call,
            to: vendor,
            request,
            time_out: policy.time_out,
            not_after,
            note: Some(note),
        });
    }

    pub(super) fn on_answer(&mut self, now: Instant, call: u64, answer: Answer, effects: &mut Vec<Effect>) {
        let Some(in_flight) = self.calls.remove(call) else { return };
        let id = match in_flight.asker {
            Asker::Saga(id) => id,
            Asker::Tokens => return self.on_token(now, &answer, effects),
            Asker::Nobody => return self.heed(now, in_flight.vendor, &answer),
        };
        let policy = self.engine.policy;
        let gate = &mut self.gates[in_flight.vendor as usize];
        let healthy = answer.as_ref().is_ok_and(|response| response.status < 500);
        let next = gate.ended(now, healthy, policy.breaker_failures, policy.breaker_open);
        if let Some(running) = self.sagas.get_mut(&id) {
            let looking = running.saga.volatile.looking.take();
            let operation = looking.as_ref().map(|(_, operation, _)| operation);
            let operation = operation.or(running.saga.open.as_ref().map(|intent| &intent.operation));
            let reading = match (&answer, operation) {
                (Ok(response), Some(operation)) => self.engine.connector(in_flight.vendor).read(operation, response),
                (Err(CallError::Refused | CallError::NotSent), _) => Reading::NotDone(None),
                (Err(_), _) => Reading::Unknown("no answer"),
                (Ok(_), None) => return,
            };
            let mut wait = told_to_wait(&reading, &answer).map(|told| policy.by_any_clock(told));
            if let Some(told) = wait {
                gate.pause(now + told);
            }
            let tried_in_vain = matches!(reading, Reading::NotDone(_) | Reading::Unknown(_));
            if tried_in_vain && !gate.spend_retry() {
                wait = Some(wait.unwrap_or_default().max(policy.backoff_cap));
            }
            let throttled = answer.is_ok() && matches!(reading, Reading::NotDone(_));
            self.hear(now, id, looking, reading, Vain { wait, throttled }, in_flight.token, effects);
        }
        if let Some(next) = next {
            self.step_up(now, next, effects);
        }
    }

    /// Of an answer to an earlier life only counts until when the vendor wants to be left alone.
    fn heed(&mut self, now: Instant, vendor: Vendor, answer: &Answer) {
        let busy = answer.as_ref().ok().filter(|response| matches!(response.status, 429 | 503));
        if let Some(told) = busy.and_then(|response| retry_after(&response.headers)) {
            self.gates[vendor as usize].pause(now + self.engine.policy.by_any_clock(told));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one answer, taken apart once")]
    fn hear(
        &mut self,
        now: Instant,
        id: SagaId,
        looking: Option<(u8, Operation, Direction)>,
        reading: Reading,
        vain: Vain,
        token: u32,
        effects: &mut Vec<Effect>,
    ) {
        let fresh = self.renew_after(&reading, token, id);
        let Some(running) = self.sagas.get_mut(&id) else { return };
        running.last_error = last_error(&reading, running.last_error);
        let failed = matches!(reading, Reading::NotDone(_) | Reading::Unknown(_) | Reading::Unauthorized);
        let step = looking.as_ref().map(|(step, ..)| *step).or(running.saga.open.as_ref().map(|intent| intent.step));
        let entry = match looking {
            Some((step, operation, direction)) => match reading {
                // Given up meanwhile: what was asked on the way forward counts no more.
                _ if direction == Direction::Forward && running.saga.aborted.is_some() => None,
                Reading::NotDone(_) | Reading::Unknown(_) | Reading::Unauthorized if !fresh => {
                    running.saga.failed(now, step, operation, direction, vain, &self.engine)
                }
                Reading::NotDone(_) | Reading::Unknown(_) | Reading::Unauthorized => None,
                reading => running.saga.looked(now, step, &operation, reading, &self.engine),
            },
            None => {
                let Some(intent) = running.saga.open.clone() else { return };
                let heard = running.saga.heard_in(&intent, reading, &self.engine);
                let outcome = heard.outcome();
                if running.saga.apply(Entry::Heard(heard.clone()), &self.engine).is_ok() {
                    running.enter(Entry::Heard(heard));
                    running.note_pivot(id, intent.step);
                }
                if fresh { None } else { running.saga.answered(now, intent, outcome, vain, &self.engine) }
            }
        };
        if let Some(entry) = entry {
            self.write(id, entry);
        }
        self.log_call(id, step, failed, effects);
        self.drive(now, id, effects);
    }

    /// Whether a 401 is met with a fresh token, so that it costs no attempt: once a call.
    fn renew_after(&mut self, reading: &Reading, token: u32, id: SagaId) -> bool {
        let Some(running) = self.sagas.get_mut(&id) else { return false };
        if *reading != Reading::Unauthorized {
            running.refreshed = false;
            return false;
        }
        self.token.refused(token);
        !std::mem::replace(&mut running.refreshed, true)
    }
}

/// Idempotency key = saga / step / direction / operation / look, hashed. The attempt is not in it.
fn key(id: SagaId, intent: &Intent) -> u64 {
    let name = match &intent.operation {
        Operation::Create => 1,
        Operation::Update(_) => 2,
        Operation::PromoteEmail(..) => 3,
        Operation::DropEmail(..) => 4,
        Operation::Delete(_) => 5,
        Operation::Purge(_) => 6,
        Operation::Blank(_) => 7,
        Operation::Push => 8,
        Operation::Merge(..) => 9,
        Operation::Unmerge(..) => 10,
        Operation::Restore(..) => 11,
        Operation::Own(_) => 12,
        Operation::MoveChild(..) => 13,
        Operation::Token
        | Operation::Read(_)
        | Operation::ReadDeleted(_)
        | Operation::ReadEmails(_)
        | Operation::FindByOwner
        | Operation::FindByEmail
        | Operation::ReadMerge(..)
        | Operation::ReadKept(_)
        | Operation::ListChildren(_)
        | Operation::ListOn(..) => 0,
    };
    let place = u64::from(intent.step) << 8 | (intent.direction as u64) << 16 | name | u64::from(intent.look) << 32;
    let mut key = mix(mix(id.0) ^ place);
    let second = match &intent.operation {
        Operation::PromoteEmail(_, second)
        | Operation::DropEmail(_, second)
        | Operation::Merge(_, second)
        | Operation::Unmerge(_, second)
        | Operation::MoveChild(_, second) => second.as_str(),
        _ => "",
    };
    for byte in intent.operation.record().unwrap_or_default().bytes().chain(second.bytes()) {
        key = (key ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(key).max(1)
}

/// How long the vendor bids to wait. RFC 9110 gives `Retry-After` to a 503 as well, which says nothing else that is certain.
pub(super) fn told_to_wait(reading: &Reading, answer: &Answer) -> Option<Nanos> {
    match (reading, answer) {
        (Reading::NotDone(told), _) => *told,
        (Reading::Unknown(_), Ok(response)) if response.status == 503 => retry_after(&response.headers),
        _ => None,
    }
}

const fn last_error(reading: &Reading, before: &'static str) -> &'static str {
    match reading {
        Reading::Unknown(why) => why,
        Reading::NotDone(_) => "not done",
        Reading::Unauthorized => "unauthorized",
        Reading::Refused(_) => "refused",
        Reading::Conflict => "conflict",
        Reading::Undeletable => "undeletable",
        Reading::Record(_)
        | Reading::Records(_)
        | Reading::Emails(_)
        | Reading::Merge(_)
        | Reading::Kept(_)
        | Reading::Children(..)
        | Reading::Token(..)
        | Reading::Accepted
        | Reading::Absent => before,
    }
}

/// The `traceparent` of a saga's calls (W3C Trace Context), up to the span: the trace is a hash of the correlation id.
pub(super) fn trace(correlation: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in correlation.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let mut text = String::with_capacity(36);
    text.push_str("00-");
    push_hex(&mut text, mix(hash), 16);
    push_hex(&mut text, mix(!hash), 16);
    text.push('-');
    text
}
