//! A merge that is resumed after a crash adds up the loyalty points anew, from a sum that holds the other customer's already.
//! Anomaly: partial move of points, started over. Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery, entries, rewrite};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "points-twice",
    summary: "Adds a customer's loyalty points again when the merge is resumed.",
    origin: "partial move, started over",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-crash-everywhere",
    mistake: Mistake::Store(fresh::<Recovery<Adding, true>>, fresh::<Recovery<Adding, false>>),
};

#[derive(Debug, Clone, Default)]
struct Adding;

impl Handback for Adding {
    fn hand_back(rows: &mut Vec<Row>) {
        for row in rows {
            let mut entries = entries(row);
            let mut added = false;
            for entry in &mut entries {
                if let Entry::Granted(grant) = entry
                    && let Some(goner) = &grant.from
                {
                    grant.points += goner.points;
                    added = true;
                }
            }
            if added {
                rewrite(row, &entries);
            }
        }
    }
}
