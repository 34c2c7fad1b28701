//! `converged`: when the world has settled, everything that began has ended: no saga is under way or parked, no job
//! that was accepted is still undecided or unknown, and the hub answers reads.

use sagaproof_sim::clock::Instant;

use super::answer::{Sort, Word};
use super::exchanges::Exchange;
use super::outcome::{by_operation, whom};
use super::wording::{At, told};
use super::{CheckerName, EndState, Violation};
use crate::operation::Plan;

/// Convicts for what has not ended.
pub(super) fn judge(plan: &Plan, exchanges: &[Exchange], ending: &EndState, violations: &mut Vec<Violation>) {
    let open = ending.unfinished.filter(|(sagas, _)| *sagas > 0);
    if !ending.settled || open.is_some() {
        let what = match open {
            Some((sagas, parked)) => format!("{sagas} sagas have not ended, {parked} of them parked"),
            None => "the world never came to rest".to_owned(),
        };
        let message = format!("the world has not settled within its bound: at {} {what}\n", At(ending.at));
        violations.push(violation(String::new(), message, ending.at));
    }
    if !exchanges.iter().any(is_open) {
        return;
    }
    by_operation(exchanges, |place, own| {
        let operation = place.and_then(|place| plan.operations.get(place as usize));
        if let Some(operation) = operation
            && let Some(last) = own.iter().rfind(|exchange| exchange.sort == Sort::Poll && exchange.last_look)
            && is_open(last)
        {
            let mut message = "a job was accepted, and after all has settled it is not decided\n".to_owned();
            told(&mut message, operation, own);
            let mut violation = violation(operation.kind.cust_no().to_owned(), message, last.told);
            violation.operations.push(operation.id);
            violation.exchanges.extend(own.iter().map(|exchange| exchange.number));
            violations.push(violation);
        }
        for look in own.iter().filter(|look| look.sort == Sort::Read && is_open(look)) {
            let cust_no = whom(operation, look).unwrap_or_default().to_owned();
            let status = if look.status == 0 { "no answer".to_owned() } else { format!("status {}", look.status) };
            let message = format!("after all has settled, GET of {cust_no} was answered with {status}\n");
            let mut violation = violation(cust_no, message, look.asked);
            violation.exchanges.push(look.number);
            violations.push(violation);
        }
    });
}

/// Whether a last look shows that something is not over.
fn is_open(look: &Exchange) -> bool {
    let open = match look.sort {
        Sort::Poll => matches!(look.word, Word::Pending | Word::Absent),
        Sort::Read => look.word == Word::Nothing,
        Sort::Write => false,
    };
    look.last_look && open
}

fn violation(customer: String, message: String, at: Instant) -> Violation {
    Violation {
        checker: CheckerName::Converged,
        diagnosis: None,
        customer,
        message,
        at,
        operations: Vec::new(),
        exchanges: Vec::new(),
        calls: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::observation::{Observation, Phase};
    use sagaproof_sim::wire::{Method, Response};

    use super::*;
    use crate::check::testing::{World, create, plan};

    #[test]
    fn everything_has_ended() {
        World::new(plan([])).holds_true();
        let mut world = World::new(plan([]));
        world.ending.settled = false;
        world.convicted(CheckerName::Converged, None);
        let mut world = World::new(plan([]));
        world.ending.unfinished = Some((0, 0));
        world.holds_true();
        world.ending.unfinished = Some((2, 1));
        assert!(world.convicted(CheckerName::Converged, None).message.contains("2 sagas have not ended, 1 of them"));
    }

    #[test]
    fn every_accepted_job_is_decided() {
        let polled = |status: u16, body: &str| {
            let mut world = World::new(plan([create("C1")]));
            world.done(0, 202);
            world.see(&Observation::Phase(Phase::Inspect));
            let poll = world.request(0, Method::Get, "/api/jobs/s1");
            world.answer(poll, &Ok(Response::json(status, body)));
            world
        };
        polled(200, r#"{"status":"FAILED"}"#).holds_true();
        polled(200, r#"{"status":"RUNNING"}"#).convicted(CheckerName::Converged, None);
        polled(404, "{}").convicted(CheckerName::Converged, None);
    }

    #[test]
    fn the_hub_answers_reads_when_all_is_well_again() {
        let mut world = World::new(plan([create("C1")]));
        world.see(&Observation::Phase(Phase::Inspect));
        let read = world.request(7, Method::Get, "/api/customers?cust_no=C1");
        world.tell(read, 500);
        assert_eq!(world.convicted(CheckerName::Converged, None).customer, "C1");
    }
}
