//! The list of parked sagas is made of jobs that are still open: a saga that was given up, whose client was told so, and whose
//! compensation is parked is not on it. Nobody redrives it, and it holds its customer for ever. AWS Step Functions: a failed
//! execution is closed, whatever it left behind. Anomaly: parked for longer than the budget, unseen. Seam: event/effect
//! wrapper. Convicted by `parked-report-is-true`.

use serde_json::Value;

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "failed-is-over",
    summary: "Leaves sagas out of the list of the parked whose clients were told that they failed.",
    origin: "AWS Step Functions, failed executions",
    convicted_by: CheckerName::ParkedReportIsTrue,
    hunted_in: "crash-while-compensating",
    mistake: Mistake::Wrapper(fresh::<OpenOnes<true>>, fresh::<OpenOnes<false>>),
};

#[derive(Debug, Clone, Default)]
struct OpenOnes<const PLANTED: bool> {
    /// The exchange in which an operator wants the list.
    wanted: Option<u64>,
}

impl<const PLANTED: bool> Wrapper for OpenOnes<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        if let Event::Request { exchange, request } = &event
            && request.target.starts_with("/operator/sagas?state=parked")
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
            if PLANTED && let Some(list) = open_ones(&response.body) {
                response.body = list;
            }
        }
    }
}

/// Past its pivot a parked saga's job is still open.
fn open_ones(body: &[u8]) -> Option<Vec<u8>> {
    let mut list: Value = serde_json::from_slice(body).ok()?;
    list["sagas"].as_array_mut()?.retain(|saga| saga["past_pivot"] == true);
    serde_json::to_vec(&list).ok()
}
