//! A store that hands recovery other journals than were written: it knows which read asks for them, and passes all else
//! on as it is. What becomes of the journals is each bug's own.

use std::fmt::Debug;

use sagaproof_orchestrator::customer::encode;
use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::{Event, Row};
use sagaproof_orchestrator::saga::journal;
use sagaproof_orchestrator::time::Instant;

use crate::adapter::Wrapper;

/// What becomes of the journals' rows.
pub(super) trait Handback: Debug + Clone + Default {
    /// Changes them.
    fn hand_back(rows: &mut Vec<Row>);
}

/// The store; without `PLANTED` it hands back what was written.
#[derive(Debug, Clone, Default)]
pub(super) struct Recovery<H, const PLANTED: bool> {
    /// The read that asks for the journals.
    journals: Option<u64>,
    handback: std::marker::PhantomData<H>,
}

impl<H: Handback, const PLANTED: bool> Wrapper for Recovery<H, PLANTED> {
    fn on_event(&mut self, _: Instant, mut event: Event) -> Option<Event> {
        if let Event::Rows { read, rows } = &mut event
            && PLANTED
            && self.journals == Some(*read)
        {
            H::hand_back(rows);
        }
        Some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Read { read, prefix } = effect
                && prefix == journal::PREFIX
            {
                self.journals = Some(*read);
            }
        }
    }
}

/// The saga that a journal's row belongs to, as its key says.
pub(super) fn saga(row: &Row) -> &str {
    row.key.rsplit_once('/').map_or("", |(saga, _)| saga)
}

/// The row's entries; none where it cannot be read.
pub(super) fn entries(row: &Row) -> Vec<Entry> {
    serde_json::from_slice(&row.value).unwrap_or_default()
}

/// Writes the entries into the row.
pub(super) fn rewrite(row: &mut Row, entries: &[Entry]) {
    row.value = encode::entries(entries);
}
