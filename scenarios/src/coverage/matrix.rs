//! The matrix of fates and outcomes: what befell calls to vendors, and what the hub heard of them.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::wire::{Answer, CallError};

/// What an orchestrator heard of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Heard {
    /// A success that can be read.
    Done,
    /// A no of the vendor's business.
    Refused,
    /// That nothing happened.
    NotDone,
    /// Something that leaves it open.
    Unknown,
    /// Nothing: it had crashed, or the world had ended.
    #[default]
    Nothing,
}

impl Heard {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Done, Self::Refused, Self::NotDone, Self::Unknown, Self::Nothing];

    /// Its name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::NotDone => "not done",
            Self::Unknown => "unknown",
            Self::Nothing => "not heard",
        }
    }

    /// What it means, in one sentence.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "A success that can be read.",
            Self::Refused => "A no of the vendor's business: 400, 403, 404, 409, 422.",
            Self::NotDone => "Surely nothing happened: connection refused, held back, 401, 429.",
            Self::Unknown => "It may have happened: a time-out, a reset, a 5xx or 408, an answer that cannot be read.",
            Self::Nothing => "The process had crashed, or the world had ended.",
        }
    }

    /// What this answer is to whoever hears it; `garbled`: a success in it cannot be read.
    pub(super) fn of(answer: &Answer, garbled: bool) -> Self {
        match answer {
            Err(CallError::Refused | CallError::NotSent) => Self::NotDone,
            Err(_) => Self::Unknown,
            Ok(response) => match response.status {
                200..300 if garbled => Self::Unknown,
                200..300 => Self::Done,
                401 | 429 | 430 => Self::NotDone,
                408 | 500.. => Self::Unknown,
                _ => Self::Refused,
            },
        }
    }
}

/// How many calls of each fate were heard as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matrix([[u64; Heard::ALL.len()]; Fate::ALL.len()]);

impl Default for Matrix {
    fn default() -> Self {
        Self([[0; Heard::ALL.len()]; Fate::ALL.len()])
    }
}

impl Matrix {
    /// Counts a call.
    pub fn add(&mut self, fate: Fate, heard: Heard) {
        self.0[usize::from(fate.code())][heard as usize] += 1;
    }

    /// Adds all of another one.
    pub fn merge(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *sum = sum.saturating_add(*more);
        }
    }

    /// How many calls of this fate were heard so.
    #[must_use]
    pub fn get(&self, fate: Fate, heard: Heard) -> u64 {
        self.0[usize::from(fate.code())][heard as usize]
    }

    /// How many calls had this fate.
    #[must_use]
    pub fn of_fate(&self, fate: Fate) -> u64 {
        self.0[usize::from(fate.code())].iter().sum()
    }
}
