//! Redrive puts every job on its list back to work, also those that have ended, done or failed: what clients were told
//! will never be is done after all. Anomaly: redrive of something finished.
//! Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use std::collections::{BTreeMap, VecDeque};

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::{Method, Request};
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "redrive-runs-again",
    summary: "Redrive runs jobs again that have ended.",
    origin: "redrive of something finished",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "redrive-spares-the-ended",
    mistake: Mistake::Wrapper(fresh::<Rerunning<true>>, fresh::<Rerunning<false>>),
};

const KEY: &str = "idempotency-key: ";

/// What a saga tells that has ended; with another status none began.
const ENDS: [u16; 5] = [200, 201, 204, 422, 503];

#[derive(Debug, Clone, Default)]
struct Rerunning<const PLANTED: bool> {
    /// What clients wait for, by exchange.
    asked: BTreeMap<u64, Request>,
    /// The jobs that have ended.
    ended: Vec<Request>,
    /// Jobs to be run again, for nobody who waits.
    again: VecDeque<(u64, Request)>,
}

impl<const PLANTED: bool> Wrapper for Rerunning<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        match &event {
            Event::Request { exchange, request } if request.method != Method::Get => {
                self.asked.insert(*exchange, request.clone());
            }
            Event::Redrive if PLANTED => {
                let nobody = (0..).map(|nth| u64::MAX - nth);
                self.again.extend(nobody.zip(self.ended.iter().map(without_key)));
            }
            _ => {}
        }
        Some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Answer { exchange, response } = effect
                && let Some(request) = self.asked.remove(exchange)
                && ENDS.contains(&response.status)
            {
                self.ended.push(request);
            }
        }
    }

    fn at_once(&mut self) -> Option<Event> {
        self.again.pop_front().map(|(exchange, request)| Event::Request { exchange, request })
    }
}

/// The client's key would find the answer that it had.
fn without_key(job: &Request) -> Request {
    let mut job = job.clone();
    let lines = job.headers.0.split_inclusive("\r\n");
    job.headers.0 = lines.filter(|line| !line.starts_with(KEY)).collect();
    job
}
