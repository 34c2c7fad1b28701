//! An insert succeeds, the hub crashes before the outcome is recorded, and recovery takes the step for one that never
//! began. When its retry is refused, a connection or the very key that the record holds, the step counts as one that did
//! nothing: nothing is taken back, and the record leaks for ever. oxidecomputer/steno#66.
//! Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery, entries, rewrite, saga};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "steno-66",
    summary: "Recovery forgets a step that was begun and whose outcome it does not know.",
    origin: "oxidecomputer/steno#66",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "leaked-record",
    mistake: Mistake::Store(fresh::<Recovery<Forgetful, true>>, fresh::<Recovery<Forgetful, false>>),
};

#[derive(Debug, Clone, Default)]
struct Forgetful;

impl Handback for Forgetful {
    /// Journals come back without the intent that ends them.
    fn hand_back(rows: &mut Vec<Row>) {
        for place in 0..rows.len() {
            if rows.get(place + 1).is_some_and(|next| saga(next) == saga(&rows[place])) {
                continue;
            }
            let mut kept = entries(&rows[place]);
            if kept.pop_if(|entry| matches!(entry, Entry::Intent(_))).is_some() {
                rewrite(&mut rows[place], &kept);
            }
        }
    }
}
