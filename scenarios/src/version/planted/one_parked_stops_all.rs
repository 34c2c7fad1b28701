//! Recovery goes through the journals in order, and returns at the first saga that it cannot resume, where it should go
//! on with the next: one that is parked leaves all after it dead. oxidecomputer/omicron#5947. Anomaly: poison message.
//! Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery, entries, saga};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "one-parked-stops-all",
    summary: "Recovery stops at the first saga that is parked, and leaves the others dead.",
    origin: "oxidecomputer/omicron#5947",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "redrive-spares-the-ended",
    mistake: Mistake::Store(fresh::<Recovery<Stopping, true>>, fresh::<Recovery<Stopping, false>>),
};

#[derive(Debug, Clone, Default)]
struct Stopping;

impl Handback for Stopping {
    /// Nothing comes back after the journal of the first saga that is parked.
    fn hand_back(rows: &mut Vec<Row>) {
        let mut parked = false;
        for place in 0..rows.len() {
            if parked && saga(&rows[place]) != saga(&rows[place - 1]) {
                return rows.truncate(place);
            }
            for entry in entries(&rows[place]) {
                parked = matches!(entry, Entry::Parked(..)) || parked && entry != Entry::Redriven;
            }
        }
    }
}
