//! A saga begins from a cached copy of its customer's row and writes over whatever stands there by then: it takes back
//! what others have changed since, and revives who was closed. Anomaly: lost update, write conflict, update during close.
//! Seam: store adapter. Convicted by `serial-equivalent`.

use std::collections::BTreeMap;

use sagaproof_orchestrator::effect::{Effect, Expect};
use sagaproof_orchestrator::event::{Event, Row};
use sagaproof_orchestrator::message::Method;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "last-writer-wins",
    summary: "Begins from a cached row, and overwrites what others have written since.",
    origin: "lost update",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "two-at-once",
    mistake: Mistake::Store(fresh::<Cache<true>>, fresh::<Cache<false>>),
};

const CUSTOMERS: &str = "c/";

#[derive(Debug, Clone, Default)]
struct Cache<const PLANTED: bool> {
    /// Customers' rows as they were first read.
    rows: BTreeMap<String, Vec<Row>>,
    /// Reads of customers' rows for a saga, and what they ask for.
    reads: BTreeMap<u64, String>,
    /// Whether the event in hand is a client's question: it is answered from the store itself.
    question: bool,
}

impl<const PLANTED: bool> Wrapper for Cache<PLANTED> {
    fn on_event(&mut self, _: Instant, mut event: Event) -> Option<Event> {
        self.question = matches!(&event, Event::Request { request, .. } if request.method == Method::Get);
        if let Event::Rows { read, rows } = &mut event
            && let Some(key) = self.reads.remove(read)
            && !rows.is_empty()
            && PLANTED
        {
            rows.clone_from(self.rows.entry(key).or_insert_with(|| rows.clone()));
        }
        Some(event)
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Read { read, prefix } if prefix.starts_with(CUSTOMERS) && !self.question => {
                    self.reads.insert(*read, prefix.clone());
                }
                Effect::Commit { writes, .. } if PLANTED => {
                    for write in writes.iter_mut().filter(|write| write.key.starts_with(CUSTOMERS)) {
                        write.expect = Expect::Any;
                    }
                }
                _ => {}
            }
        }
    }
}
