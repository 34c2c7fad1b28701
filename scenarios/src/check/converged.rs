//! `converged`: when the world has settled, everything that began has ended: no saga is under way or parked, no job
//! that was accepted is still undecided or unknown, and the hub answers reads, with whom they ask for or a 404.

use sagaproof_sim::clock::Instant;

use super::answer::{Sort, Word};
use super::exchanges::Exchange;
use super::outcome::{by_operation, whom};
use super::serial_equivalent::holdings::{Look, Primary};
use super::wording::{At, told};
use super::{CheckerName, EndState, Violation};
use crate::operation::{Operation, Plan};

/// So much of an answer is quoted that shows nobody.
const QUOTED: usize = 200;

/// Convicts for what has not ended.
pub(super) fn judge(
    plan: &Plan,
    exchanges: &[Exchange],
    looks: &[Look<'_>],
    ending: &EndState,
    violations: &mut Vec<Violation>,
) {
    let open = ending.unfinished.filter(|(sagas, _)| *sagas > 0);
    if !ending.settled || open.is_some() {
        let what = match open {
            Some((sagas, parked)) => format!("{sagas} sagas have not ended, {parked} of them parked"),
            None => "the world never came to rest".to_owned(),
        };
        let message = format!("the world has not settled within its bound: at {} {what}\n", At(ending.at));
        violations.push(violation(String::new(), message, ending.at));
    }
    let is_open = |look: &Exchange| is_open(look, looks, plan.planned(look.place));
    if !exchanges.iter().any(is_open) {
        return;
    }
    by_operation(exchanges, |place, own| {
        let operation = plan.planned(place);
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
            let answer = match (look.word, look.status) {
                (Word::Done, status) => format!("status {status} and not that customer: {}", quoted(&look.body)),
                (_, 0) => "no answer".to_owned(),
                (_, status) => format!("status {status}"),
            };
            let message = format!("after all has settled, GET of {cust_no} was answered with {answer}\n");
            let mut violation = violation(cust_no, message, look.asked);
            violation.exchanges.push(look.number);
            violations.push(violation);
        }
    });
}

/// Whether a last look shows that something is not over: a read, that nobody can tell what the primary holds.
fn is_open(look: &Exchange, looks: &[Look<'_>], operation: Option<&Operation>) -> bool {
    look.last_look
        && match look.sort {
            Sort::Poll => matches!(look.word, Word::Pending | Word::Absent),
            Sort::Read => look.word == Word::Nothing || look.word == Word::Done && !shows(look, looks, operation),
            Sort::Write => false,
        }
}

/// Whether a read was shown the customer that it asks for. In a path a number may be written otherwise than it is, so
/// the operation's own will do, too.
fn shows(look: &Exchange, looks: &[Look<'_>], operation: Option<&Operation>) -> bool {
    let at = looks.binary_search_by_key(&look.number, |look| look.number);
    let Some(Primary::Shown(shown)) = at.ok().map(|at| &looks[at].primary) else { return false };
    let Some(number) = &shown.cust_no else { return false };
    let asked = [look.about.as_deref(), operation.map(|operation| operation.kind.cust_no())];
    asked.contains(&Some(&*number.0))
}

/// The beginning of a body, in one line.
fn quoted(body: &[u8]) -> String {
    if body.is_empty() {
        return "an empty body".to_owned();
    }
    let text = String::from_utf8_lossy(body);
    let beginning: String = text.chars().take(QUOTED).collect();
    let rest = if text.chars().nth(QUOTED).is_some() { "…" } else { "" };
    format!("{beginning:?}{rest}")
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
    use crate::check::testing::{World, create, customer, plan, read, shown};

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

    #[test]
    fn a_200_to_a_last_look_shows_the_customer_that_was_asked_for() {
        let looked = |body: &str| {
            let mut world = World::new(Plan { customers: vec![customer("C1")], ..plan([]) });
            world.see(&Observation::Phase(Phase::Inspect));
            let read = world.request(7, Method::Get, "/api/customers/C1");
            world.answer(read, &Ok(Response::json(200, body)));
            world
        };
        let right = shown(&customer("C1"));
        looked(&right).holds_true();
        let wrapped = format!("{{\"customer\":{right}}}");
        let numberless = right.replace("\"cust_no\":\"C1\",", "");
        let without_email = right.replace("\"email\"", "\"mail\"");
        let anothers = right.replace("\"cust_no\":\"C1\"", "\"cust_no\":\"C2\"");
        let long = "hello ".repeat(100);
        let page = "<html><body>hello</body></html>";
        let bodies: [&str; 11] =
            ["", "{}", "null", "[]", "hello", page, &wrapped, &numberless, &without_email, &anothers, &long];
        for body in bodies {
            let found = looked(body).convicted(CheckerName::Converged, None);
            assert!(found.message.contains("GET of C1 was answered with status 200"), "{body}: {}", found.message);
            assert!(found.message.len() < 400, "{}", found.message);
        }
        assert!(looked(&long).convicted(CheckerName::Converged, None).message.contains("hello hello"));
        assert!(looked("").convicted(CheckerName::Converged, None).message.contains("an empty body"));
    }

    #[test]
    fn while_the_world_works_an_answer_that_shows_nobody_says_nothing() {
        let mut world = World::new(Plan { customers: vec![customer("C1")], ..plan([read("C1")]) });
        let reading = world.ask(0);
        world.answer(reading, &Ok(Response::json(200, "<html>")));
        world.holds_true();
    }
}
