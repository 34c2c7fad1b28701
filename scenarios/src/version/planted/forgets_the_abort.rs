//! A journal written while compensating is not understood when it is read back: recovery drops the entry that says the
//! saga gave up, and goes forward again, although its client was told that nothing would be applied.
//! Anomaly: crash during compensation. Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery, entries, rewrite};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "forgets-the-abort",
    summary: "After a crash a saga that was compensating goes forward again.",
    origin: "crash during compensation",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "crash-while-compensating",
    mistake: Mistake::Store(fresh::<Recovery<Forgetful, true>>, fresh::<Recovery<Forgetful, false>>),
};

#[derive(Debug, Clone, Default)]
struct Forgetful;

impl Handback for Forgetful {
    /// Journals come back without the entry that says that the saga gave up.
    fn hand_back(rows: &mut Vec<Row>) {
        for row in rows {
            let mut kept = entries(row);
            kept.retain(|entry| !matches!(entry, Entry::Aborted(_)));
            rewrite(row, &kept);
        }
    }
}
