//! Giving up discards what the saga had done so far, so that its compensation cannot see what there is to take back.
//! cgreeno/temporalex#77. Anomaly: crash during compensation. Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery, entries, rewrite, saga};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "abort-discards-steps",
    summary: "After a crash a saga that had given up does not know what it had done.",
    origin: "cgreeno/temporalex#77",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "leaked-record",
    mistake: Mistake::Store(fresh::<Recovery<Discarding, true>>, fresh::<Recovery<Discarding, false>>),
};

#[derive(Debug, Clone, Default)]
struct Discarding;

impl Handback for Discarding {
    /// Journals come back without the calls that were made before the saga gave up.
    fn hand_back(rows: &mut Vec<Row>) {
        for place in 0..rows.len() {
            let found = entries(&rows[place]);
            let Some(aborted) = found.iter().position(|entry| matches!(entry, Entry::Aborted(_))) else { continue };
            let (before, after) = found.split_at(aborted);
            rewrite(&mut rows[place], &[&without_calls(before), after].concat());
            let own = saga(&rows[place]).to_owned();
            for row in rows[..place].iter_mut().filter(|row| saga(row) == own) {
                rewrite(row, &without_calls(&entries(row)));
            }
        }
    }
}

fn without_calls(entries: &[Entry]) -> Vec<Entry> {
    let call = |entry: &&Entry| !matches!(entry, Entry::Intent(_) | Entry::Heard(_) | Entry::Adopted(..));
    entries.iter().filter(call).cloned().collect()
}
