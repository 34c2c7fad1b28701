//! `works-in-fair-weather`: where nothing goes wrong, every valid operation succeeds. An operation may be refused only
//! if some order of the operations makes it impossible, if a stranger holds a key that it asks for, or, busy for all
//! its resending, if another operation on the same keys was under way.

use sagaproof_sim::clock::Instant;

use super::exchanges::Exchange;
use super::outcome::{Act, Outcome, by_operation, outcomes};
use super::serial_equivalent::case::Group;
use super::serial_equivalent::search::{Placed, Strictness, search};
use super::serial_equivalent::specification::is_strangers;
use super::wording::told;
use super::{CheckerName, Violation};
use crate::operation::{Operation, Plan};

/// Convicts for operations that failed without need. Only for worlds in which nothing goes wrong.
pub(super) fn judge(plan: &Plan, exchanges: &[Exchange], groups: &[Group<'_>], violations: &mut Vec<Violation>) {
    by_operation(exchanges, |place, own| {
        let Some(operation) = place.and_then(|place| plan.operations.get(place as usize)) else { return };
        outcomes(operation, own, |outcome| {
            let fault = match outcome {
                _ if !operation.kind.writes() => None,
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
        for refused in unneeded(plan, group) {
            by_operation(exchanges, |place, own| {
                let operation = place.and_then(|place| plan.operations.get(place as usize));
                if let Some(operation) = operation.filter(|operation| operation.id == refused) {
                    violations.push(violation(operation, own, "refused, although it was possible"));
                }
            });
        }
    }
}

/// The operations of a group that were refused although no order makes them impossible. Each is judged alone.
fn unneeded(plan: &Plan, group: &Group<'_>) -> Vec<u32> {
    let is_refusal = |placed: &&Placed<'_>| matches!(placed.turn.act, Act::Impossible(_));
    let mut unneeded = Vec::new();
    for refusal in group.turns.iter().filter(is_refusal) {
        if let Act::Impossible(kind) = refusal.turn.act
            && is_strangers(kind, &plan.strangers)
        {
            continue;
        }
        let alone = |placed: &&Placed<'_>| !is_refusal(placed) || placed.turn.operation == refusal.turn.operation;
        let turns: Vec<Placed<'_>> = group.turns.iter().filter(alone).cloned().collect();
        let initial = || group.customers.iter().map(|party| party.initial).collect();
        // Any order will do: whether its end is what there is, the law judges.
        let searched = search(&turns, initial, Strictness::Lawful, |_| 0);
        if searched.exhausted && searched.best.is_none() && lawful_without(group) {
            unneeded.push(refusal.turn.operation);
        }
    }
    unneeded
}

/// Whether there is an order at all where refusals are left out; else the law convicts, and refusals say nothing.
fn lawful_without(group: &Group<'_>) -> bool {
    let turns: Vec<Placed<'_>> =
        group.turns.iter().filter(|placed| !matches!(placed.turn.act, Act::Impossible(_))).cloned().collect();
    let initial = || group.customers.iter().map(|party| party.initial).collect();
    search(&turns, initial, Strictness::Lawful, |_| 0).best.is_some()
}

/// Whether another operation of the same group was under way at some time between these moments.
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
        let other = exchange.place.and_then(|place| plan.operations.get(place as usize));
        other.is_some_and(|other| {
            other.id != operation.id
                && other.kind.writes()
                && group.customers.iter().any(|party| party.cust_no == other.kind.cust_no())
                && exchange.asked <= until
                && exchange.told >= from
        })
    })
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
    use sagaproof_sim::wire::Response;

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

    #[test]
    fn busy_is_an_answer_only_while_another_operation_is_under_way() {
        let busy = |world: &mut World, operation| {
            let exchange = world.ask(operation);
            let mut response = Response::json(409, "{}");
            response.headers.push("retry-after", "1");
            world.answer(exchange, &Ok(response));
        };
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
}
