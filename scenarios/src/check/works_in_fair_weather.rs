//! `works-in-fair-weather`: where nothing goes wrong, every valid operation succeeds. An operation may be refused only
//! if some order of the operations makes it impossible, if a stranger holds a key that it asks for, or, busy for all
//! its resending, if another operation on the same keys was under way: from its asking until its end was told, and
//! longer where its saga may have had something to take back.

mod unneeded;

use sagaproof_sim::clock::Instant;

use super::answer::{Sort, Word};
use super::exchanges::Exchange;
use super::outcome::{Outcome, by_operation, outcomes};
use super::serial_equivalent::case::Group;
use super::wording::told;
use super::{CheckerName, Violation};
use crate::operation::{Operation, Plan};

/// Convicts for operations that failed without need. Only for worlds in which nothing goes wrong.
pub(super) fn judge(plan: &Plan, exchanges: &[Exchange], groups: &[Group<'_>], violations: &mut Vec<Violation>) {
    by_operation(exchanges, |place, own| {
        let Some(operation) = plan.planned(place) else { return };
        let mut unfollowed = unfollowed(operation, own);
        outcomes(operation, own, |outcome| {
            let fault = match outcome {
                _ if !operation.kind.writes() => None,
                Outcome::Indeterminate(_) if unfollowed > 0 => {
                    unfollowed -= 1;
                    None
                }
                Outcome::Acknowledged(..) | Outcome::Refused { busy: false, .. } => None,
                Outcome::Indeterminate(_) | Outcome::Twice(_) => Some("left open"),
                Outcome::Refused { from, until, .. } => {
                    let alone = !others_under_way(plan, exchanges, operation, (from, until), groups);
                    alone.then_some("told to come again, although nothing else was under way")
                }
            };
            violations.extend(fault.map(|fault| violation(operation, own, fault)));
        });
    });
    for group in groups {
        for refused in unneeded::refusals(plan, group) {
            by_operation(exchanges, |place, own| {
                let operation = plan.planned(place);
                if let Some(operation) = operation.filter(|operation| operation.id == refused) {
                    violations.push(violation(operation, own, "refused, although it was possible"));
                }
            });
        }
    }
}

/// How many jobs nobody asked after: of an operation that was sent more than once without a key, its client follows the
/// first job only, so that nothing is known of the others' ends. Under a key there is one job, and one no is an answer,
/// after which its client follows none.
fn unfollowed(operation: &Operation, own: &[&Exchange]) -> usize {
    let sent: Vec<&&Exchange> = own.iter().filter(|exchange| exchange.sort == Sort::Write).collect();
    let polled = |job: u64| own.iter().any(|poll| poll.sort == Sort::Poll && poll.job == job);
    let accepted = sent.iter().filter(|one| one.word == Word::Pending && one.job != 0);
    let alone = accepted.filter(|one| !polled(one.job)).count();
    match operation.key {
        Some(_) if sent.iter().any(|one| one.word == Word::No) => alone.min(1),
        None if sent.len() > 1 => alone,
        _ => 0,
    }
}

/// Whether another operation of the same group, or another sending of this one that was let in, was under way at some
/// time between these moments.
fn others_under_way(
    plan: &Plan,
    exchanges: &[Exchange],
    operation: &Operation,
    (from, until): (Instant, Instant),
    groups: &[Group<'_>],
) -> bool {
    let together = |group: &&Group<'_>| group.customers.iter().any(|party| party.cust_no == operation.kind.cust_no());
    let Some(group) = groups.iter().find(together) else { return false };
    exchanges.iter().any(|exchange| {
        plan.planned(exchange.place).is_some_and(|other| {
            (other.id != operation.id || exchange.word != Word::Busy)
                && other.kind.writes()
                && group.customers.iter().any(|party| party.cust_no == other.kind.cust_no())
                && exchange.asked <= until
                && (exchange.told >= from || held_until(plan, exchanges, other, exchange) >= from)
        })
    })
}

/// Until when what this exchange of an operation asked for may have held the operation's customers: until its end is
/// known, by its own answer, by its job's, or, under a key, by the answer to another sending.
fn held_until(plan: &Plan, exchanges: &[Exchange], operation: &Operation, exchange: &Exchange) -> Instant {
    match (exchange.sort, exchange.word) {
        (Sort::Write, Word::No) => cleaned_up(plan, exchanges, operation, exchange),
        (Sort::Write, Word::Pending | Word::Nothing) => {
            let same = |other: &&Exchange| {
                let its_job = other.sort == Sort::Poll && exchange.job != 0 && other.job == exchange.job;
                other.place == exchange.place && (operation.key.is_some() || its_job)
            };
            let own: Vec<&Exchange> = exchanges.iter().filter(same).collect();
            if let Some(done) = own.iter().find(|other| other.sort != Sort::Read && other.word == Word::Done) {
                return done.told;
            }
            let is_no = |other: &&&Exchange| other.word == Word::No && other.status != 0 && other.status != 429;
            own.iter().find(is_no).map_or(Instant::NEVER, |no| cleaned_up(plan, exchanges, operation, no))
        }
        _ => exchange.told,
    }
}

/// When what was refused had surely taken back all that it had done, of which clients are not told: when another
/// operation on the same customer, asked for the first time after the refusal, was done. Where no saga can have begun,
/// at once.
fn cleaned_up(plan: &Plan, exchanges: &[Exchange], operation: &Operation, refusal: &Exchange) -> Instant {
    if refusal.sort == Sort::Write && !matches!(refusal.status, 409 | 422 | 503) {
        return refusal.told;
    }
    let concerns = |other: &Operation| other.kind.concerns(operation.kind.cust_no());
    let after = exchanges.iter().filter(|sent| {
        let done = sent.sort == Sort::Write && sent.word == Word::Done && sent.asked >= refusal.told;
        done && plan.planned(sent.place).is_some_and(concerns) && is_first(exchanges, sent)
    });
    after.map(|sent| sent.told).min().unwrap_or(Instant::NEVER)
}

/// Whether an operation was sent with this exchange for the first time, so that its answer is not one that was kept.
fn is_first(exchanges: &[Exchange], sent: &Exchange) -> bool {
    let own = exchanges.iter().filter(|other| other.place == sent.place && other.sort == Sort::Write);
    own.map(|other| other.asked).min() == Some(sent.asked)
}

fn violation(operation: &Operation, exchanges: &[&Exchange], fault: &str) -> Violation {
    let cust_no = operation.kind.cust_no();
    let mut message = format!("nothing went wrong, yet an operation on {cust_no} was {fault}\n");
    told(&mut message, operation, exchanges);
    Violation {
        checker: CheckerName::WorksInFairWeather,
        diagnosis: None,
        customer: cust_no.to_owned(),
        message,
        at: exchanges.first().map_or(Instant::ZERO, |exchange| exchange.asked),
        operations: vec![operation.id],
        exchanges: exchanges.iter().map(|exchange| exchange.number).collect(),
        calls: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::fleet::{SeedRecord, System};
    use sagaproof_sim::wire::{Method, Response};

    use super::*;
    use crate::check::testing::{World, close, create, customer, plan, update, with_email};
    use crate::operation::{Kind, Stranger};

    const FAIR: CheckerName = CheckerName::WorksInFairWeather;

    fn fair(kinds: impl IntoIterator<Item = Kind>) -> Plan {
        Plan { fair_weather: true, customers: vec![customer("C1")], ..plan(kinds) }
    }

    #[test]
    fn a_possible_operation_succeeds() {
        for status in [409, 422, 500, 503] {
            let mut world = World::new(fair([create("C2")]));
            world.done(0, status);
            assert_eq!(world.convicted(FAIR, None).customer, "C2", "{status}");
            let mut world = World::new(Plan { fair_weather: false, ..fair([create("C2")]) });
            world.done(0, status);
            world.holds_true();
        }
    }

    #[test]
    fn an_impossible_operation_is_refused() {
        let taken = Kind::Create(with_email("C2", &customer("C1").email.to_uppercase()));
        let other = Kind::Create(with_email("C1", "other@x"));
        for kind in [close("C9"), update("C9", "a@x"), taken, other] {
            let mut world = World::new(fair([kind]));
            world.done(0, 409);
            world.holds_true();
        }
    }

    #[test]
    fn an_operation_may_be_refused_for_what_is_done_at_the_same_time() {
        let mut world = World::new(fair([close("C1"), update("C1", "a@x")]));
        let closing = world.ask(0);
        let updating = world.ask(1);
        world.tell(updating, 404);
        world.tell(closing, 204);
        world.ending.records.iter_mut().for_each(Vec::clear);
        world.holds_true();
        let mut world = World::new(fair([update("C1", "a@x"), close("C1")]));
        world.done(0, 404);
        world.done(1, 204);
        world.ending.records.iter_mut().for_each(Vec::clear);
        world.convicted(FAIR, None);
    }

    #[test]
    fn a_strangers_key_cannot_be_had() {
        let record = SeedRecord { email: Some("c2@example.com".to_owned()), ..SeedRecord::default() };
        let stranger = Stranger { system: System::Identity, record, comes: Instant::ZERO };
        let mut world = World::new(Plan { strangers: vec![stranger], ..fair([create("C2")]) });
        world.done(0, 409);
        world.holds_true();
    }

    fn bidden_again(world: &mut World, exchange: u64) {
        let mut response = Response::json(409, "{}");
        response.headers.push("retry-after", "1");
        world.answer(exchange, &Ok(response));
    }

    fn busy(world: &mut World, operation: u32) {
        let exchange = world.ask(operation);
        bidden_again(world, exchange);
    }

    /// This operation is taken in as this job.
    fn accepted(world: &mut World, operation: u32, job: &str) {
        let exchange = world.ask(operation);
        let mut response = Response::json(202, "{}");
        response.headers.push("location", job);
        world.answer(exchange, &Ok(response));
    }

    fn polled(world: &mut World, operation: u32, job: &str, status: &str) {
        let poll = world.request(operation, Method::Get, job);
        world.answer(poll, &Ok(Response::json(200, format!("{{\"status\":\"{status}\"}}"))));
    }

    /// As the plan, but nobody sends a key.
    fn keyless(mut plan: Plan) -> Plan {
        plan.operations.iter_mut().for_each(|operation| operation.key = None);
        plan
    }

    #[test]
    fn busy_is_an_answer_only_while_another_operation_is_under_way() {
        let mut world = World::new(fair([update("C1", "a@x")]));
        busy(&mut world, 0);
        world.convicted(FAIR, None);
        let mut world = World::new(fair([close("C1"), update("C1", "a@x")]));
        let closing = world.ask(0);
        busy(&mut world, 1);
        world.tell(closing, 204);
        world.ending.records.iter_mut().for_each(Vec::clear);
        world.holds_true();
    }

    #[test]
    fn an_accepted_job_is_under_way_until_its_end_is_told() {
        let kinds = || [update("C1", &customer("C1").email), update("C1", &customer("C1").email)];
        let mut world = World::new(fair(kinds()));
        accepted(&mut world, 0, "/api/jobs/s1");
        busy(&mut world, 1);
        polled(&mut world, 0, "/api/jobs/s1", "SUCCEEDED");
        world.holds_true();
        let mut world = World::new(fair(kinds()));
        accepted(&mut world, 0, "/api/jobs/s1");
        polled(&mut world, 0, "/api/jobs/s1", "SUCCEEDED");
        busy(&mut world, 1);
        world.convicted(FAIR, None);
    }

    #[test]
    fn what_was_refused_may_clean_up_until_somebody_else_has_had_the_customer() {
        let email = customer("C1").email;
        let record = SeedRecord { email: Some("taken@x".to_owned()), ..SeedRecord::default() };
        let stranger = Stranger { system: System::Identity, record, comes: Instant::ZERO };
        let kinds = || [update("C1", "taken@x"), update("C1", &email), update("C1", &email)];
        let refused = |status| {
            let mut world = World::new(Plan { strangers: vec![stranger.clone()], ..fair(kinds()) });
            world.done(0, status);
            world
        };
        let mut world = refused(409);
        busy(&mut world, 1);
        world.holds_true();
        let mut world = refused(409);
        world.done(1, 200);
        busy(&mut world, 2);
        world.convicted(FAIR, None);
        let mut world = refused(400);
        busy(&mut world, 1);
        world.convicted(FAIR, None);
    }

    #[test]
    fn of_a_pair_under_one_key_one_may_be_busy_and_the_other_refused() {
        for first_is_busy in [false, true] {
            let mut world = World::new(fair([update("C9", "a@x")]));
            let (one, other) = (world.ask(0), world.ask(0));
            let (busy, refused) = if first_is_busy { (one, other) } else { (other, one) };
            world.tell(refused, 404);
            bidden_again(&mut world, busy);
            world.holds_true();
        }
    }

    #[test]
    fn of_a_pair_under_one_key_one_may_be_accepted_and_the_other_refused() {
        for polled_after in [false, true] {
            let mut world = World::new(fair([update("C9", "a@x")]));
            accepted(&mut world, 0, "/api/jobs/s1");
            let refused = world.ask(0);
            world.tell(refused, 404);
            if polled_after {
                polled(&mut world, 0, "/api/jobs/s1", "RUNNING");
                world.convicted(FAIR, None);
            } else {
                world.holds_true();
            }
        }
    }

    #[test]
    fn of_a_pair_without_a_key_one_may_keep_the_other_busy() {
        let kind = || update("C1", &customer("C1").email);
        let mut world = World::new(keyless(fair([kind()])));
        let (one, other) = (world.ask(0), world.ask(0));
        bidden_again(&mut world, other);
        world.tell(one, 200);
        world.holds_true();
        let mut world = World::new(keyless(fair([kind()])));
        for exchange in [world.ask(0), world.ask(0)] {
            bidden_again(&mut world, exchange);
        }
        assert_eq!(world.verdict().len(), 2);
    }

    #[test]
    fn of_two_jobs_without_a_key_the_client_follows_the_first() {
        let followed = |status: &str| {
            let mut world = World::new(keyless(fair([update("C1", &customer("C1").email)])));
            accepted(&mut world, 0, "/api/jobs/s1");
            accepted(&mut world, 0, "/api/jobs/s2");
            polled(&mut world, 0, "/api/jobs/s1", status);
            world
        };
        followed("SUCCEEDED").holds_true();
        followed("RUNNING").convicted(FAIR, None);
        let mut world = World::new(keyless(fair([update("C1", &customer("C1").email)])));
        accepted(&mut world, 0, "/api/jobs/s1");
        world.convicted(FAIR, None);
    }
}
