//! Redrive of one saga puts its job back into the queue whatever the saga is doing: what runs is run a second time, after
//! what others asked meanwhile. Anomaly: two sagas for one job. Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use std::collections::{BTreeMap, VecDeque};

use sagaproof_orchestrator::effect::{Effect, Note};
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::{Method, Request};
use sagaproof_orchestrator::time::Instant;

use super::pressed::pressed;
use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "redrive-runs-the-running",
    summary: "Redrive of a saga that runs starts it a second time.",
    origin: "two sagas for one job",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "operators-press-anything",
    mistake: Mistake::Wrapper(fresh::<Queueing<true>>, fresh::<Queueing<false>>),
};

#[derive(Debug, Clone, Default)]
struct Queueing<const PLANTED: bool> {
    /// What clients asked, by correlation id.
    asked: BTreeMap<String, Request>,
    /// The jobs of the sagas that have not ended.
    jobs: BTreeMap<u64, Request>,
    again: VecDeque<Request>,
    /// How often a job was put back.
    count: u64,
}

impl<const PLANTED: bool> Wrapper for Queueing<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        if let Some(job) = pressed(&event, "redrive").and_then(|saga| self.jobs.get(&saga))
            && PLANTED
        {
            self.again.push_back(queued(job));
        }
        if let Event::Request { request, .. } = &event
            && request.method != Method::Get
            && let Some(correlation) = request.headers.get("x-correlation-id")
        {
            self.asked.insert(correlation.to_owned(), request.clone());
        }
        Some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Note(Note::Began { saga, correlation, .. }) => {
                    self.jobs.extend(self.asked.get(&*correlation).map(|job| (*saga, job.clone())));
                }
                Effect::Note(Note::Ended(saga)) => drop(self.jobs.remove(saga)),
                _ => {}
            }
        }
    }

    fn at_once(&mut self) -> Option<Event> {
        let request = self.again.pop_front()?;
        self.count += 1;
        Some(Event::Request { exchange: u64::MAX - self.count, request })
    }
}

/// The job, for nobody who waits: the client's key would find the first one.
fn queued(job: &Request) -> Request {
    let mut job = job.clone();
    job.target = job.target.replace("/api/customers", "/api/async/customers");
    let lines = job.headers.0.split_inclusive("\r\n");
    job.headers.0 = lines.filter(|line| !line.starts_with("idempotency-key: ")).collect();
    job
}
