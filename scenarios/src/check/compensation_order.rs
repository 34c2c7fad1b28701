//! `compensation-order`: the first compensation of each step leaves in the reverse of the order in which the steps were
//! first tried. Settling is exempt. A step that never called, or was only looked at, needs no compensation; a look that
//! comes before the first compensating write counts as its beginning. Parallel steps have no order.

use sagaproof_sim::process::Direction;

use super::journal::{Noted, Saga, firsts};
use super::wording::At;
use super::{CheckerName, Finding};

/// Two steps that were taken back in the order in which they were tried.
pub(super) fn judge(saga: &Saga) -> Option<Finding> {
    if !saga.calls.iter().any(|noted| noted.note.direction == Direction::Compensate) {
        return None;
    }
    let tried: Vec<&Noted> = firsts(&saga.calls, Direction::Forward).collect();
    let back: Vec<&Noted> = firsts(&saga.calls, Direction::Compensate).collect();
    let undone = |step: u8| back.iter().find(|noted| noted.note.step == step);
    for (at, earlier) in tried.iter().enumerate() {
        for later in &tried[at + 1..] {
            let (Some(first), Some(second)) = (undone(earlier.note.step), undone(later.note.step)) else { continue };
            if earlier.sent < later.sent && first.sent < second.sent {
                let message = message(saga.id, [earlier, later, first, second]);
                return Some(Finding {
                    checker: CheckerName::CompensationOrder,
                    calls: vec![first.call, second.call],
                    message,
                });
            }
        }
    }
    None
}

fn message(saga: u64, [earlier, later, first, second]: [&Noted; 4]) -> String {
    format!(
        "saga {saga} took its steps back in the order in which it had tried them\n  \
         step {} was tried at {}, and taken back at {}\n  \
         step {} was tried at {}, and taken back at {}: this had to come first\n",
        earlier.note.step,
        At(earlier.sent),
        At(first.sent),
        later.note.step,
        At(later.sent),
        At(second.sent),
    )
}
