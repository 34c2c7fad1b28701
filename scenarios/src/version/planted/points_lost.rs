//! A merge writes the row of the customer that stays from what it read of that customer alone: the loyalty points of the
//! one that goes are deleted with its row. Anomaly: partial move of points. Seam: store adapter.
//! Convicted by `serial-equivalent`.

use std::collections::BTreeMap;

use sagaproof_orchestrator::customer::row::CustomerRow;
use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::{Event, Row};
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "points-lost",
    summary: "Leaves the loyalty points of a merged customer where they were.",
    origin: "partial move of points",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-one",
    mistake: Mistake::Store(fresh::<Forgetful<true>>, fresh::<Forgetful<false>>),
};

const CUSTOMERS: &str = "c/";

#[derive(Debug, Clone, Default)]
struct Forgetful<const PLANTED: bool> {
    /// The points of each customer, by its row's key, as they were read.
    points: BTreeMap<String, u64>,
}

impl<const PLANTED: bool> Wrapper for Forgetful<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        if let Event::Rows { rows, .. } = &event {
            let customers = rows.iter().filter(|row| row.key.starts_with(CUSTOMERS));
            let read = |Row { key, value, .. }: &Row| customer(value).map(|row| (key.clone(), row.points));
            self.points.extend(customers.filter_map(read));
        }
        Some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            let Effect::Commit { writes, .. } = effect else { continue };
            for write in writes.iter_mut().filter(|_| PLANTED) {
                if let (Some(value), Some(known)) = (&mut write.value, self.points.get(&write.key))
                    && let Some(mut row) = customer(value)
                {
                    row.points = *known;
                    // Writing plain data into memory cannot fail.
                    *value = serde_json::to_vec(&row).unwrap_or_default();
                }
            }
        }
    }
}

/// The customer's row; none where it is no such row.
fn customer(value: &[u8]) -> Option<CustomerRow> {
    serde_json::from_slice(value).ok()
}
