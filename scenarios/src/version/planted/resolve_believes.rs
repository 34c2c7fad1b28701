//! Resolve believes the person: the look at the parked step is answered as the person says, *it is gone*, without asking
//! the vendor. What was to be taken back or closed stays. Anomaly: an operator's word is taken for a fact.
//! Seam: event/effect wrapper. Convicted by `serial-equivalent`.

use std::collections::{BTreeMap, BTreeSet};

use sagaproof_orchestrator::connector::Vendor;
use sagaproof_orchestrator::effect::{Effect, Note};
use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::{Headers, Response};
use sagaproof_orchestrator::time::Instant;

use super::pressed::pressed;
use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "resolve-believes",
    summary: "Takes an operator's word that a record is gone.",
    origin: "an operator's word taken for a fact",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "operators-press-anything",
    mistake: Mistake::Wrapper(fresh::<Believing<true>>, fresh::<Believing<false>>),
};

#[derive(Debug, Clone, Default)]
struct Believing<const PLANTED: bool> {
    /// Sagas that take something away, or take something back.
    removing: BTreeSet<u64>,
    /// The step at which each saga was parked last.
    parked: BTreeMap<u64, u8>,
    resolved: BTreeSet<u64>,
    /// Looks that need no asking, and whom they would ask.
    believed: BTreeMap<u64, Vendor>,
}

impl<const PLANTED: bool> Wrapper for Believing<PLANTED> {
    fn on_event(&mut self, _: Instant, event: Event) -> Option<Event> {
        let saga = pressed(&event, "resolve").filter(|saga| self.parked.contains_key(saga));
        self.resolved.extend(saga);
        let Event::Answer { call, answer } = event else { return Some(event) };
        let answer = match self.believed.remove(&call) {
            Some(vendor) if PLANTED => Ok(gone(vendor)),
            _ => answer,
        };
        Some(Event::Answer { call, answer })
    }

    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Note(Note::Began { saga, kind: "create" | "close", .. }) => drop(self.removing.insert(*saga)),
                Effect::Note(Note::Parked { saga, step, .. }) => {
                    self.parked.insert(*saga, *step);
                    self.resolved.remove(saga);
                }
                Effect::Call { call, to, request, note: Some(note), .. }
                    if !note.mutating
                        && !request.target.contains('?')
                        && self.removing.contains(&note.saga)
                        && self.resolved.contains(&note.saga)
                        && self.parked.get(&note.saga) == Some(&note.step) =>
                {
                    self.believed.insert(*call, *to);
                }
                _ => {}
            }
        }
    }
}

/// How a vendor says that there is no such record.
fn gone(vendor: Vendor) -> Response {
    let body = match vendor {
        Vendor::Commerce => r#"{"errors":"Not Found"}"#,
        Vendor::Support => r#"{"error":"RecordNotFound","description":"Not found"}"#,
        Vendor::Identity | Vendor::Messaging => {
            r#"{"statusCode":404,"error":"Not Found","message":"The user does not exist.","errorCode":"inexistent_user"}"#
        }
    };
    let mut headers = Headers::default();
    headers.push("content-type", "application/json");
    Response { status: 404, headers, body: body.into() }
}
