//! The shop's job is waited for until it runs no longer, and then counts as having succeeded: a job that failed with part
//! of the orders moved leaves them where they are. Shopify, `Job`: `done` says that a job has ended, not how. Anomaly:
//! partial success. Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use std::collections::BTreeSet;

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::Response;
use sagaproof_orchestrator::time::Instant;
use serde_json::Value;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "half-moved-is-done",
    summary: "Takes a merge's job that has ended for one that has succeeded.",
    origin: "Shopify, Job",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-job-stalls",
    mistake: Mistake::Wrapper(fresh::<Hopeful<true>>, fresh::<Hopeful<false>>),
};

const MERGES: &str = "customerMerge(";
const ASKS: &str = "customerMergePreview(";
const GOES: &str = "goes";

#[derive(Debug, Clone, Default)]
struct Hopeful<const PLANTED: bool> {
    /// Whether a merge was sent.
    sent: bool,
    /// Looks at it that are out.
    looks: BTreeSet<u64>,
}

impl<const PLANTED: bool> Wrapper for Hopeful<PLANTED> {
    fn on_event(&mut self, _: Instant, mut event: Event) -> Option<Event> {
        if let Event::Answer { call, answer } = &mut event
            && self.looks.remove(call)
            && PLANTED
            && let Ok(response) = answer
        {
            believe(response);
        }
        Some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Call { call, to: Vendor::Commerce, request, .. } = effect {
                let says = |word: &str| request.body.windows(word.len()).any(|window| window == word.as_bytes());
                if says(ASKS) && self.sent {
                    self.looks.insert(*call);
                }
                self.sent |= says(MERGES);
            }
        }
    }
}

/// Where no merge is under way any more, the customer that goes is taken to be gone.
fn believe(response: &mut Response) {
    let Ok(mut said) = serde_json::from_slice::<Value>(&response.body) else { return };
    let ended = said["data"]["preview"]["customerMergeErrors"].as_array().is_none_or(Vec::is_empty);
    if ended && let Some(goes) = said["data"].get_mut(GOES) {
        *goes = Value::Null;
        response.body = said.to_string().into_bytes();
    }
}
