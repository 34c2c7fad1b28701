//! The merge at the shop is journaled after its call, so that a crash in between forgets it: it is asked for again as if for
//! the first time, refused because the customers are one or being merged, and taken back. Anomaly: crash between call and
//! outcome. Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::connector::Operation;
use sagaproof_orchestrator::customer::entry::{Entry, Intent};
use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery, entries, rewrite, saga};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "merges-again-blindly",
    summary: "Recovery forgets a merge whose outcome it does not know.",
    origin: "crash between call and outcome",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-crash-everywhere",
    mistake: Mistake::Store(fresh::<Recovery<Forgetting, true>>, fresh::<Recovery<Forgetting, false>>),
};

#[derive(Debug, Clone, Default)]
struct Forgetting;

impl Handback for Forgetting {
    /// The last entry of a journal, where it is the intent to merge.
    fn hand_back(rows: &mut Vec<Row>) {
        for place in 0..rows.len() {
            let last = rows.get(place + 1).is_none_or(|next| saga(next) != saga(&rows[place]));
            let mut entries = entries(&rows[place]);
            let merges =
                |entry: &mut Entry| matches!(entry, Entry::Intent(Intent { operation: Operation::Merge(..), .. }));
            if last && entries.pop_if(merges).is_some() {
                rewrite(&mut rows[place], &entries);
            }
        }
    }
}
