//! The calls of a world as coverage follows them: sent, handled, heard. What they mean to their sagas is `sagas`'.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::fleet::{Fingerprint, System};
use sagaproof_sim::process::{CallNote, Direction};
use sagaproof_sim::wire::{Answer, CallError, Method, Request, Response};

use super::{Heard, Marks, Matrix};
use crate::scenario::Mark;

/// One call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    number: u64,
    pub(super) to: System,
    pub(super) method: Method,
    /// Method and target, hashed: the same for attempts at one operation. Only kept for mutating calls.
    pub(super) what: u64,
    pub(super) mutating: bool,
    fate: Fate,
    pub(super) note: Option<CallNote>,
    life: u64,
    /// Whether the vendor handled it, and said yes.
    handled: bool,
    pub(super) accepted: bool,
    /// When it was heard, by the count of observations; 0: not yet.
    heard: u32,
    timed_out: bool,
    gateway_answered: bool,
    /// Whether it gives an order or a ticket to another customer.
    moves: bool,
    /// What its caller heard.
    heard_as: Heard,
    /// Whether its caller cannot know what became of it.
    pub(super) unknown: bool,
}

impl Call {
    /// Whether it compensates, and may write.
    pub(super) fn compensates(&self) -> bool {
        self.mutating && self.note.is_some_and(|note| note.direction == Direction::Compensate)
    }
}

/// All calls, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls(Vec<Call>);

impl Calls {
    pub(super) fn reset(&mut self) {
        self.0.clear();
    }

    pub(super) fn at(&self, place: usize) -> &Call {
        &self.0[place]
    }

    pub(super) fn sent(
        &mut self,
        number: u64,
        to: System,
        request: &Request,
        fate: Fate,
        note: Option<CallNote>,
        life: u64,
    ) -> usize {
        let mutating = note.map_or(request.method.may_write(), |note| note.mutating);
        let what = if mutating { what(request) } else { 0 };
        self.0.push(Call {
            number,
            to,
            method: request.method,
            what,
            mutating,
            fate,
            note,
            life,
            handled: false,
            accepted: false,
            heard: 0,
            timed_out: false,
            gateway_answered: false,
            moves: mutating && moves(to, request),
            heard_as: Heard::Nothing,
            unknown: false,
        });
        self.0.len() - 1
    }

    pub(super) fn handled(
        &mut self,
        number: u64,
        response: &Response,
        again: bool,
        marks: &mut Marks,
    ) -> Option<&Call> {
        let call = self.find(number)?;
        let accepts = (200..300).contains(&response.status);
        if call.mutating {
            marks.add_if(Mark::MovedSingly, call.moves && accepts && !says(&response.body, REFUSED));
            marks.add_if(Mark::LateLandedAfterTimeOut, call.timed_out);
            marks.add_if(Mark::LateLandedAfterGatewayAnswer, call.gateway_answered);
            marks.add_if(Mark::DuplicateDelivered, again);
            marks.add_if(Mark::AnswerLostAfterEffect, accepts && call.unknown && call.heard > 0);
        }
        marks.add_if(Mark::QuotaHit, response.status == 429);
        marks.add_if(Mark::MessageRecognised, call.to == System::Messaging && response.status == 409);
        call.handled = true;
        call.accepted |= accepts;
        Some(call)
    }

    pub(super) fn heard(&mut self, number: u64, answer: &Answer, clock: u32, marks: &mut Marks) -> Option<&Call> {
        let call = self.find(number)?;
        call.heard = clock;
        let garbled = matches!(call.fate, Fate::Truncated | Fate::Malformed | Fate::Html | Fate::Empty);
        let lost = match answer {
            Ok(response) => {
                call.gateway_answered = matches!(response.status, 408 | 502 | 504);
                response.status == 408 || response.status >= 500
            }
            Err(error) => {
                call.timed_out = *error == CallError::TimedOut;
                !matches!(error, CallError::Refused | CallError::NotSent)
            }
        };
        call.unknown = lost || garbled;
        call.heard_as = Heard::of(answer, garbled);
        if call.mutating && call.accepted {
            marks.add_if(Mark::AnswerLostAfterEffect, lost);
            marks.add_if(Mark::SuccessUnreadable, garbled);
        }
        Some(call)
    }

    /// Counts all calls.
    pub(super) fn count_into(&self, matrix: &mut Matrix) {
        self.0.iter().for_each(|call| matrix.add(call.fate, call.heard_as));
    }

    /// Whether a mutating call of this life was handled, and no commit applied since its answer was heard.
    pub(super) fn any_undecided(&self, life: u64, applied: u32) -> bool {
        let lives = self.0.iter().rev().take_while(|call| call.life == life);
        lives.into_iter().any(|call| call.mutating && call.handled && (call.heard == 0 || call.heard > applied))
    }

    /// Numbers ascend, and none is left out as a rule.
    fn find(&mut self, number: u64) -> Option<&mut Call> {
        let direct = number as usize;
        let place = match self.0.get(direct) {
            Some(call) if call.number == number => direct,
            _ => self.0.binary_search_by_key(&number, |call| call.number).ok()?,
        };
        self.0.get_mut(place)
    }
}

/// How the shop's GraphQL begins to say what it refuses.
const REFUSED: &[u8] = br#""userErrors":[{"#;

fn says(body: &[u8], words: &[u8]) -> bool {
    body.windows(words.len()).any(|window| window == words)
}

fn moves(to: System, request: &Request) -> bool {
    match to {
        // After every call of a sweep, so no body is searched that cannot say it.
        System::Commerce => request.target.ends_with("/graphql.json") && says(&request.body, b"orderCustomerSet("),
        System::Support => request.target.starts_with("/api/v2/tickets/"),
        System::Identity | System::Messaging | System::Hub => false,
    }
}

fn what(request: &Request) -> u64 {
    let mut print = Fingerprint::default();
    print.number(request.method as u64);
    print.bytes(request.target.as_bytes());
    print.finish()
}
