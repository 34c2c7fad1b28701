//! An operator's report is made from the first page of the saga's journal, taken for the whole: that the saga was given
//! up stands on the second, so the report intends what the saga takes back. The saga itself goes on as it should.
//! Anomaly: parked for longer than the budget, with a difference that is not true. Seam: event/effect wrapper. Convicted
//! by `parked-report-is-true`.

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

/// Entries on a page.
const PAGE: usize = 8;

pub(super) const BUG: Bug = Bug {
    name: "reports-from-one-page",
    summary: "Makes an operator's report from the first page of the journal.",
    origin: "lists in pages, of which only the first is read",
    convicted_by: CheckerName::ParkedReportIsTrue,
    hunted_in: "crash-while-compensating",
    mistake: Mistake::Wrapper(fresh::<OnePage<true>>, fresh::<OnePage<false>>),
};

#[derive(Debug, Clone, Default)]
struct OnePage<const PLANTED: bool> {
    /// The exchange in which an operator wants a journal.
    wanted: Option<u64>,
}

impl<const PLANTED: bool> Wrapper for OnePage<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        if let Event::Request { exchange, request } = &event
            && request.target.starts_with("/operator/sagas/")
            && request.target.ends_with("/journal")
        {
            self.wanted = Some(*exchange);
        }
        Some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            let Effect::Answer { exchange, response } = effect else { continue };
            if self.wanted != Some(*exchange) {
                continue;
            }
            self.wanted = None;
            if PLANTED && let Some(page) = first_page(&response.body) {
                response.body = page;
            }
        }
    }
}

fn first_page(body: &[u8]) -> Option<Vec<u8>> {
    let mut entries: Vec<serde_json::Value> = serde_json::from_slice(body).ok()?;
    entries.truncate(PAGE);
    serde_json::to_vec(&entries).ok()
}
