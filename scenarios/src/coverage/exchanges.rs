//! The clients' exchanges with the hub as coverage follows them: asked, taken in, told.

use std::sync::Arc;

use sagaproof_sim::wire::{Answer, Method, Request};

use super::Marks;
use crate::operation::Plan;
use crate::scenario::Mark;
use crate::told;

/// How an operation stands with its client.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    asked: bool,
    taken_in: bool,
    /// Whether the client was told how it ended.
    told: bool,
}

/// All exchanges.
#[derive(Debug, Clone, Default)]
pub(super) struct Exchanges {
    plan: Arc<Plan>,
    standings: Vec<Standing>,
    /// The exchanges that ask a job, and those that the asynchronous form began: number, and whether it is a job's.
    special: Vec<(u64, bool)>,
    /// What operators press: the exchange and the button.
    presses: Vec<(u64, Mark)>,
}

impl Exchanges {
    pub(super) fn reset(&mut self, plan: &Arc<Plan>) {
        self.plan = Arc::clone(plan);
        self.standings.clear();
        self.standings.resize(plan.operations.len(), Standing::default());
        self.special.clear();
        self.presses.clear();
    }

    pub(super) fn writes_taken_in(&self) -> u32 {
        let both = self.plan.operations.iter().zip(&self.standings);
        both.filter(|(operation, standing)| operation.kind.writes() && standing.taken_in).count() as u32
    }

    /// Whether the client that sent this correlation id was told how its operation ended.
    pub(super) fn told(&self, correlation: &str) -> bool {
        let mut both = self.plan.operations.iter().zip(&self.standings);
        both.any(|(operation, standing)| operation.correlation.as_deref() == Some(correlation) && standing.told)
    }

    pub(super) fn asked(&mut self, operation: u32, exchange: u64, request: &Request, marks: &mut Marks) {
        if let Some(button) = button(request) {
            return self.presses.push((exchange, button));
        }
        let Some(place) = self.plan.place(operation) else { return };
        let polls = request.target.starts_with("/api/jobs/");
        if polls || request.target.starts_with("/api/async/") {
            self.special.push((exchange, polls));
        }
        if !polls {
            marks.add_if(Mark::ClientResent, self.standings[place].asked);
            self.standings[place].asked = true;
        }
    }

    pub(super) fn taken_in(&mut self, operation: u32) {
        if let Some(place) = self.plan.place(operation) {
            self.standings[place].taken_in = true;
        }
    }

    pub(super) fn heard(&mut self, operation: u32, exchange: u64, answer: &Answer, marks: &mut Marks) {
        if let Some(place) = self.presses.iter().position(|(number, _)| *number == exchange) {
            let (_, button) = self.presses.swap_remove(place);
            match answer {
                Ok(response) if response.status == 200 && told::pressed(response) => marks.add(button),
                Ok(response) => marks.add_if(Mark::OperatorInVain, matches!(response.status, 200 | 409)),
                Err(_) => {}
            }
            return;
        }
        let Some(place) = self.plan.place(operation) else { return };
        let Ok(response) = answer else {
            marks.add(Mark::ClientGaveUp);
            return;
        };
        let kind =
            self.special.binary_search_by_key(&exchange, |(number, _)| *number).ok().map(|at| self.special[at].1);
        let (polls, asynchronous) = (kind == Some(true), kind == Some(false));
        let busy = response.status == 409 && response.headers.get("retry-after").is_some();
        marks.add_if(Mark::Busy409, busy);
        marks.add_if(Mark::AsyncQueued, response.status == 202 && asynchronous);
        marks.add_if(Mark::SyncBecameAsync, response.status == 202 && !asynchronous && !polls);
        let not_applied = told::not_applied(response);
        marks.add_if(Mark::NotAppliedTold, not_applied);
        let ended = matches!(response.status, 200 | 201 | 204 | 400 | 404 | 409 | 422) && !busy && !polls;
        self.standings[place].told |= ended || not_applied || (polls && told::job_ended(response) == Some(true));
    }
}

/// The button that this request presses, if it presses one.
fn button(request: &Request) -> Option<Mark> {
    let pressed = request.path().strip_prefix("/operator/").filter(|_| request.method == Method::Post)?;
    Some(match pressed.rsplit('/').next()? {
        "resolve" => Mark::OperatorResolved,
        "abandon" => Mark::OperatorAbandoned,
        _ => Mark::OperatorRedrove,
    })
}
