//! The sagas of a world as coverage follows them, by the journal's neutral notes: how far each came, and what its steps
//! have seen. An orchestrator without a journal has none.

use std::collections::BTreeMap;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::System;
use sagaproof_sim::process::{CallNote, Direction};
use sagaproof_sim::wire::{Answer, Method, Response};

use super::Marks;
use super::calls::Call;
use crate::scenario::Mark;
use crate::told;

/// Room for the steps of a usual saga.
const STEPS: usize = 4;

#[derive(Debug, Clone, Default)]
struct Saga {
    began: bool,
    life: u64,
    correlation: String,
    /// Whether nobody asked for it but reconciliation.
    reconciles: bool,
    rejoins: bool,
    pivoted: bool,
    aborted: bool,
    ended: bool,
    /// Whether a process met it that could not read it.
    left_alone: bool,
    /// Whether a forward call met a conflict.
    conflict: bool,
    /// Whether a forward call took effect that was unknown to its caller.
    unknown_effect: bool,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Step {
    /// Whether a vendor handled a mutating forward call.
    forward_handled: bool,
    /// Whether a mutating call that compensates was sent.
    compensated: bool,
    /// The latest mutating call that a vendor handled.
    latest_handled: Option<u64>,
    /// The last unknown forward call: its operation and key.
    unknown: Option<(u64, u64)>,
    /// Until when a vendor bade it wait.
    wait_until: Option<Instant>,
    unauthorized: bool,
    undeletable: bool,
}

/// All sagas, in the order in which they were first seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Sagas {
    sagas: Vec<Saga>,
    /// Where each one is.
    places: BTreeMap<u64, usize>,
    /// Which one was asked for last, and where it is: mostly the next one, too.
    last: Option<(u64, usize)>,
}

impl Sagas {
    pub(super) fn reset(&mut self) {
        self.sagas.clear();
        self.places.clear();
        self.last = None;
    }

    pub(super) fn len(&self) -> u32 {
        self.sagas.iter().filter(|saga| saga.began).count() as u32
    }

    /// The correlation ids of the sagas that passed their pivot and have not ended.
    pub(super) fn pivoted(&self) -> impl Iterator<Item = &str> {
        self.sagas.iter().filter(|saga| saga.pivoted && !saga.ended).map(|saga| saga.correlation.as_str())
    }

    pub(super) fn any_compensating(&self) -> bool {
        self.sagas.iter().any(|saga| saga.aborted && !saga.ended)
    }

    /// The saga with this number; a new one where it is not known.
    fn saga(&mut self, number: u64) -> &mut Saga {
        let place = match self.last {
            Some((last, place)) if last == number => place,
            _ => *self.places.entry(number).or_insert_with(|| {
                self.sagas.push(Saga { steps: Vec::with_capacity(STEPS), ..Saga::default() });
                self.sagas.len() - 1
            }),
        };
        self.last = Some((number, place));
        &mut self.sagas[place]
    }

    pub(super) fn began(&mut self, number: u64, life: u64, kind: &str, correlation: &str) {
        let saga = self.saga(number);
        if !saga.began {
            saga.began = true;
            saga.life = life;
            saga.reconciles = matches!(kind, "reconcile" | "rejoin");
            saga.rejoins = kind == "rejoin";
            saga.correlation.push_str(correlation);
        }
    }

    pub(super) fn pivot(&mut self, number: u64, marks: &mut Marks) {
        let saga = self.saga(number);
        saga.pivoted = true;
        marks.add_if(Mark::ConflictAdopted, saga.conflict);
        marks.add_if(Mark::UnknownResolvedAsDone, saga.unknown_effect);
    }

    pub(super) fn abort(&mut self, number: u64, marks: &mut Marks) {
        let saga = self.saga(number);
        saga.aborted = true;
        marks.add_if(Mark::ConflictRefused, saga.conflict);
    }

    pub(super) fn left_alone(&mut self, number: u64) {
        self.saga(number).left_alone = true;
    }

    pub(super) fn end(&mut self, number: u64, marks: &mut Marks) {
        let saga = self.saga(number);
        saga.ended = true;
        marks.add_if(Mark::LeftAloneThenEnded, saga.left_alone);
    }

    pub(super) fn sent(&mut self, now: Instant, call: &Call, note: &CallNote, life: u64, marks: &mut Marks) {
        let (saga, place) = self.step(note);
        marks.add_if(Mark::RestartResumed, saga.began && saga.life < life);
        marks.add_if(Mark::QuietLooked, note.direction == Direction::Settle && !note.mutating);
        marks.add_if(Mark::Retried, note.direction == Direction::Forward && note.attempt > 1);
        let step = &mut saga.steps[place];
        if let Some(until) = step.wait_until.take() {
            marks.add_if(Mark::RetryAfterObeyed, now >= until);
        }
        if !note.mutating {
            return;
        }
        if note.direction == Direction::Compensate {
            marks.add_if(Mark::CompensationRepeated, step.compensated);
            step.compensated = true;
        }
        if let Some((what, key)) = step.unknown {
            marks.add_if(Mark::UnknownResolvedAsAbsent, what == call.what && key != note.key);
        }
    }

    pub(super) fn handled(&mut self, number: u64, call: &Call, response: &Response, marks: &mut Marks) {
        let Some(note) = &call.note else { return };
        let accepts = (200..300).contains(&response.status);
        let (saga, place) = self.step(note);
        if accepts && call.mutating && call.unknown && note.direction == Direction::Forward {
            saga.unknown_effect = true;
            marks.add_if(Mark::UnknownResolvedAsDone, saga.pivoted);
        }
        let (reconciles, rejoins) = (saga.reconciles, saga.rejoins);
        let step = &mut saga.steps[place];
        marks.add_if(Mark::TokenRefreshed, step.unauthorized && accepts);
        step.unauthorized |= response.status == 401;
        if !call.mutating {
            return;
        }
        marks.add_if(Mark::LateLandedAfterLaterCall, step.latest_handled.is_some_and(|latest| latest > number));
        step.latest_handled = step.latest_handled.max(Some(number));
        marks.add_if(Mark::BlankedUndeletable, step.undeletable && accepts);
        step.undeletable |= call.to == System::Commerce && call.method == Method::Delete && response.status == 422;
        match note.direction {
            Direction::Forward => step.forward_handled = true,
            Direction::Compensate => {
                marks.add(Mark::CompensationRan);
                marks.add_if(Mark::CompensationEmpty, !step.forward_handled);
            }
            Direction::Settle => {
                marks.add(Mark::QuietLookMended);
                marks.add_if(Mark::Reconciled, reconciles && accepts);
                marks.add_if(Mark::Rejoined, rejoins && accepts);
            }
        }
    }

    pub(super) fn heard(&mut self, now: Instant, call: &Call, answer: &Answer, marks: &mut Marks) {
        let Some(note) = &call.note else { return };
        let forward = note.direction == Direction::Forward;
        let (saga, place) = self.step(note);
        if let Ok(response) = answer {
            let conflicts = matches!(response.status, 409 | 422) && call.to != System::Messaging;
            saga.conflict |= conflicts && forward;
            let bidden = if response.status >= 400 { told::retry_after(response) } else { None };
            saga.steps[place].wait_until = bidden.map(|pause| now + pause);
        }
        if forward && call.mutating && call.unknown {
            saga.steps[place].unknown = Some((call.what, note.key));
            if call.accepted {
                saga.unknown_effect = true;
                marks.add_if(Mark::UnknownResolvedAsDone, saga.pivoted);
            }
        }
    }

    fn step(&mut self, note: &CallNote) -> (&mut Saga, usize) {
        let saga = self.saga(note.saga);
        let place = usize::from(note.step);
        if saga.steps.len() <= place {
            saga.steps.resize(place + 1, Step::default());
        }
        (saga, place)
    }
}
