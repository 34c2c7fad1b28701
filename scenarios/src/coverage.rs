//! Coverage: which marks a world reached, folded from observations alone. What a mark means is written with the mark;
//! what a scenario asks for and what a sweep makes of it stands elsewhere.

mod calls;
mod exchanges;
mod matrix;
mod sagas;

use std::sync::Arc;

use sagaproof_sim::chaos::point::{EventKind, Point};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::process::{Note, Verdict};

use self::calls::Calls;
use self::exchanges::Exchanges;
use self::sagas::Sagas;
use crate::operation::Plan;
use crate::scenario::Mark;

pub use self::matrix::{Heard, Matrix};

/// A set of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks(u64);

const _: () = assert!(Mark::ALL.len() <= 64, "a set of marks is one word");

impl Marks {
    /// Adds a mark.
    pub const fn add(&mut self, mark: Mark) {
        self.0 |= 1 << mark as u8;
    }

    /// Adds a mark where this holds.
    const fn add_if(&mut self, mark: Mark, holds: bool) {
        self.0 |= (holds as u64) << mark as u8;
    }

    /// Adds all of another set.
    pub const fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether this mark is in it.
    #[must_use]
    pub const fn has(self, mark: Mark) -> bool {
        self.0 & 1 << mark as u8 != 0
    }
}

/// What one world reached, while it runs.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    marks: Marks,
    calls: Calls,
    sagas: Sagas,
    exchanges: Exchanges,
    /// Counts every observation: which of two came first.
    clock: u32,
    /// The last commit that was applied, by that count.
    applied: u32,
    /// Whether the last commit that ended was applied.
    last_applied: bool,
    life: u64,
    process: u8,
    /// The processes that are paused, and those of them during whose pause a saga was taken over: a bit each.
    paused: u8,
    missed: u8,
    /// The process in which the first saga began.
    first: Option<u8>,
    compensations: u32,
    parked: u32,
}

impl Coverage {
    /// Makes it fresh for a world of this plan, and keeps what it has allocated.
    pub fn reset(&mut self, plan: &Arc<Plan>) {
        self.calls.reset();
        self.sagas.reset();
        self.exchanges.reset(plan);
        let (calls, sagas) = (std::mem::take(&mut self.calls), std::mem::take(&mut self.sagas));
        let exchanges = std::mem::take(&mut self.exchanges);
        *self = Self { calls, sagas, exchanges, ..Self::default() };
    }

    /// The marks reached.
    #[must_use]
    pub const fn marks(&self) -> Marks {
        self.marks
    }

    /// How many sagas began; where the orchestrator keeps no journal, how many operations that ask for a change came to
    /// the hub.
    #[must_use]
    pub fn sagas(&self) -> u32 {
        match self.sagas.len() {
            0 => self.exchanges.writes_taken_in(),
            began => began,
        }
    }

    /// Counts the world's calls.
    pub fn count_into(&self, matrix: &mut Matrix) {
        self.calls.count_into(matrix);
    }

    /// How many compensating calls vendors handled.
    #[must_use]
    pub const fn compensations(&self) -> u32 {
        self.compensations
    }

    /// How often a saga was parked.
    #[must_use]
    pub const fn parked(&self) -> u32 {
        self.parked
    }

    /// The bit of the process whose turn it is.
    const fn bit(&self) -> u8 {
        1 << (self.process & 7)
    }

    fn crashed(&mut self, point: Point, kept: u16) {
        let hearing = matches!(point, Point::Crash { event: EventKind::Committed, .. });
        self.marks.add_if(Mark::CrashBetweenIntentAndCall, hearing && kept == 0 && self.last_applied);
        let undecided = self.calls.any_undecided(self.life, self.applied);
        self.marks.add_if(Mark::CrashBetweenCallAndOutcome, undecided);
        let untold = self.sagas.pivoted().any(|correlation| !self.exchanges.told(correlation));
        self.marks.add_if(Mark::CrashBetweenOutcomeAndAnswer, untold);
        self.marks.add_if(Mark::CrashWhileCompensating, self.sagas.any_compensating());
    }

    fn committed(&mut self, verdict: Verdict, applied: bool) {
        self.last_applied = applied;
        if applied {
            self.applied = self.clock;
        }
        match verdict {
            Verdict::Committed => {}
            Verdict::Conflict => self.marks.add(Mark::CommitConflict),
            Verdict::Unknown if applied => self.marks.add(Mark::CommitUnknownApplied),
            Verdict::Unknown => self.marks.add(Mark::CommitUnknown),
            Verdict::Full => self.marks.add(Mark::StoreFull),
        }
    }

    fn noted(&mut self, note: &Note) {
        match note {
            Note::Began { saga, kind, correlation } => {
                let first = *self.first.get_or_insert(self.process);
                self.marks.add_if(Mark::Shared, first != self.process);
                self.sagas.began(*saga, self.life, kind, correlation);
            }
            Note::LeftAlone { saga } => self.sagas.left_alone(*saga),
            Note::TakenOver { .. } => {
                self.marks.add(Mark::TakenOver);
                self.missed |= self.paused;
            }
            Note::Pivoted { saga } => self.sagas.pivot(*saga, &mut self.marks),
            Note::Aborted { saga } => {
                self.marks.add(Mark::Aborted);
                self.sagas.abort(*saga, &mut self.marks);
            }
            Note::Parked { .. } => {
                self.marks.add(Mark::Parked);
                self.parked += 1;
            }
            Note::Redriven { .. } => self.marks.add(Mark::Redriven),
            Note::Released { .. } => {}
            Note::Ended { saga } => self.sagas.end(*saga, &mut self.marks),
        }
    }
}

impl Observer for Coverage {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        self.clock += 1;
        match observation {
            Observation::Asked { operation, exchange, request, .. } => {
                self.exchanges.asked(*operation, *exchange, request, &mut self.marks);
            }
            Observation::TakenIn { operation, .. } => self.exchanges.taken_in(*operation),
            Observation::Told { operation, exchange, answer } => {
                self.exchanges.heard(*operation, *exchange, answer, &mut self.marks);
            }
            Observation::Sent { call, to, request, fate, note, life, .. } => {
                self.life = *life;
                let place = self.calls.sent(*call, *to, request, *fate, *note, *life);
                if let Some(note) = note {
                    self.sagas.sent(now, self.calls.at(place), note, *life, &mut self.marks);
                }
            }
            Observation::Handled { call, response, again, .. } => {
                let Some(handled) = self.calls.handled(*call, response, *again, &mut self.marks) else { return };
                self.compensations += u32::from(handled.compensates());
                self.sagas.handled(*call, handled, response, &mut self.marks);
            }
            Observation::Heard { call, answer, .. } => {
                let Some(heard) = self.calls.heard(*call, answer, self.clock, &mut self.marks) else { return };
                self.sagas.heard(now, heard, answer, &mut self.marks);
            }
            Observation::Committed { verdict, applied, .. } => self.committed(*verdict, *applied),
            Observation::Crashed { point, kept } => self.crashed(*point, *kept),
            Observation::HeldBack { .. } => self.marks.add(Mark::HeldBack),
            Observation::Restarted { life } => self.life = *life,
            Observation::Turn { process, life } => (self.process, self.life) = (*process, *life),
            Observation::Paused { .. } => {
                self.marks.add(Mark::Paused);
                self.paused |= self.bit();
            }
            Observation::Resumed => {
                self.marks.add_if(Mark::WokeAfterTakeover, self.missed & self.bit() != 0);
                self.paused &= !self.bit();
                self.missed &= !self.bit();
            }
            Observation::Noted(note) => self.noted(note),
            Observation::Vendor { what, .. } => {
                self.marks.add(match *what {
                    "a merge is completed" => Mark::CustomersMerged,
                    "a merge fails" => Mark::MergeFailedHalf,
                    _ => Mark::VendorStateChanged,
                });
            }
            Observation::ChildAdded { id: Some(_), .. } => self.marks.add(Mark::ChildAddedMeanwhile),
            Observation::Phase(_)
            | Observation::Stopped { .. }
            | Observation::Logged(_)
            | Observation::ChildAdded { id: None, .. } => {}
        }
    }
}

#[cfg(test)]
mod tests;
