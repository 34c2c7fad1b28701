//! `parked-is-justified`: a saga is parked only after a definite refusal at that step, or when a budget of attempts was
//! truly spent on it. A crash may take an attempt with it that was decided and never left.

use super::journal::{End, Noted, Saga};
use super::{CheckerName, Finding};

/// What a saga says as it parks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parked {
    pub(super) step: u8,
    pub(super) attempts: u32,
    pub(super) refused: bool,
    /// The crashes and pauses since the saga began.
    pub(super) interrupted: u64,
}

/// Judges a saga at the moment in which it is parked. `budget` is the fewest attempts that may be called a budget.
pub(super) fn judge(saga: &Saga, parked: Parked, budget: u32) -> Option<Finding> {
    let own: Vec<&Noted> = saga.calls.iter().filter(|noted| noted.note.step == parked.step).collect();
    let why = if parked.refused {
        if own.iter().any(|noted| noted.end == End::Refused) {
            return None;
        }
        "it says that it was refused, but no vendor said a definite no at that step".to_owned()
    } else {
        let tried = own.iter().filter(|noted| noted.end != End::Fine || !noted.note.mutating).count() as u64;
        if parked.attempts >= budget && tried + parked.interrupted >= u64::from(parked.attempts) {
            return None;
        }
        format!("it says that it tried {} times; {tried} attempts failed, and {budget} are the least", parked.attempts)
    };
    let message = format!("saga {} was parked at step {} without need\n  {why}\n", saga.id, parked.step);
    let calls = own.iter().map(|noted| noted.call).collect();
    Some(Finding { checker: CheckerName::ParkedIsJustified, calls, message })
}
