//! A journal written while compensating is rejected when it is read back, so that nobody goes on with the compensation.
//! oxidecomputer/steno#462. Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::customer::entry::{Entry, Intent};
use sagaproof_orchestrator::effect::Direction;
use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery, entries};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "rejects-its-own-journal",
    summary: "A journal that was written while compensating cannot be read back.",
    origin: "oxidecomputer/steno#462",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "crash-while-compensating",
    mistake: Mistake::Store(fresh::<Recovery<Rejecting, true>>, fresh::<Recovery<Rejecting, false>>),
};

#[derive(Debug, Clone, Default)]
struct Rejecting;

impl Handback for Rejecting {
    /// A row with a compensation in it comes back unreadable.
    fn hand_back(rows: &mut Vec<Row>) {
        for row in rows {
            let back = |entry: &Entry| matches!(entry, Entry::Intent(Intent { direction: Direction::Compensate, .. }));
            if entries(row).iter().any(back) {
                row.value.clear();
            }
        }
    }
}
