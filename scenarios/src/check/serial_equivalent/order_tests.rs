//! The law on what comes before what: real time, concurrency, reads, resent and open operations, on worlds made by hand.

use sagaproof_sim::fleet::System;
use sagaproof_sim::observation::{Observation, Phase};
use sagaproof_sim::wire::{Method, Response};

use crate::check::testing::{World, close, create, customer, plan, read, record, shown, update, with_email};
use crate::check::{CheckerName, Diagnosis};
use crate::operation::{Kind, Patch, Plan};

const LAW: CheckerName = CheckerName::SerialEquivalent;

fn seeded(kinds: impl IntoIterator<Item = Kind>) -> Plan {
    Plan { customers: vec![customer("C1")], ..plan(kinds) }
}

#[test]
fn concurrent_updates_are_taken_in_either_order_but_not_mixed() {
    for last in ["a@x", "b@x"] {
        let mut world = World::new(seeded([update("C1", "a@x"), update("C1", "b@x")]));
        let (one, other) = (world.ask(0), world.ask(1));
        world.tell(other, 200);
        world.tell(one, 200);
        for system in [System::Commerce, System::Support, System::Identity] {
            *world.at(system) = vec![record(&with_email("C1", last), system)];
        }
        world.holds_true();
        let mixed = if last == "a@x" { "b@x" } else { "a@x" };
        *world.at(System::Identity) = vec![record(&with_email("C1", mixed), System::Identity)];
        world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
    }
}

#[test]
fn updates_of_different_fields_may_not_lose_one_another() {
    let phone = Kind::Update { cust_no: "C1".to_owned(), changes: Patch { phone: Some(None), ..Patch::default() } };
    let mut world = World::new(seeded([update("C1", "a@x"), phone]));
    let (one, other) = (world.ask(0), world.ask(1));
    world.tell(one, 200);
    world.tell(other, 200);
    let mut both = with_email("C1", "a@x");
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&both, system)];
    }
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
    both.phone = None;
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&both, system)];
    }
    world.holds_true();
}

#[test]
fn real_time_order_is_kept() {
    let mut world = World::new(seeded([update("C1", "a@x"), update("C1", "b@x")]));
    world.done(0, 200);
    world.done(1, 200);
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "a@x"), system)];
    }
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
}

#[test]
fn an_open_operation_may_take_effect_long_after_it_was_given_up() {
    let mut world = World::new(seeded([update("C1", "a@x"), update("C1", "b@x")]));
    let late = world.ask(0);
    world.give_up(late);
    world.done(1, 200);
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "a@x"), system)];
    }
    world.holds_true();
}

#[test]
fn a_read_must_show_what_was_acknowledged_before_it() {
    let mut world = World::new(seeded([update("C1", "a@x"), read("C1")]));
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "a@x"), system)];
    }
    world.done(0, 200);
    let exchange = world.ask(1);
    world.shown(exchange, &customer("C1"));
    let violation = world.convicted(LAW, None);
    assert_eq!(violation.operations, [0, 1]);
}

#[test]
fn a_read_during_an_update_may_show_either_state_but_never_go_back() {
    let shows = |first: &str, second: &str| {
        let mut world = World::new(seeded([update("C1", "a@x"), read("C1"), read("C1")]));
        for system in [System::Commerce, System::Support, System::Identity] {
            *world.at(system) = vec![record(&with_email("C1", "a@x"), system)];
        }
        let updating = world.ask(0);
        for (operation, email) in [(1, first), (2, second)] {
            let exchange = world.ask(operation);
            world.shown(exchange, &with_email("C1", email));
        }
        world.tell(updating, 200);
        world
    };
    let old = customer("C1").email;
    shows(&old, &old).holds_true();
    shows(&old, "a@x").holds_true();
    shows("a@x", "a@x").holds_true();
    shows("a@x", &old).convicted(LAW, None);
}

#[test]
fn a_customer_who_was_shown_was_there() {
    let mut world = World::new(plan([create("C1"), read("C1")]));
    let creating = world.ask(0);
    let reading = world.ask(1);
    world.shown(reading, &customer("C1"));
    world.tell(creating, 422);
    world.convicted(LAW, None);
}

#[test]
fn a_404_to_a_read_is_an_answer_like_any_other() {
    let mut world = World::new(seeded([read("C1")]));
    world.done(0, 404);
    world.convicted(LAW, None);
    let mut world = World::new(seeded([read("C1")]));
    world.done(0, 500);
    world.holds_true();
}

#[test]
fn of_two_creates_with_one_number_only_one_succeeds() {
    let other = Kind::Create(with_email("C1", "other@x"));
    let mut world = World::new(plan([create("C1"), other.clone()]));
    world.holds_everywhere(&customer("C1"));
    let (one, two) = (world.ask(0), world.ask(1));
    world.tell(one, 201);
    world.tell(two, 409);
    world.holds_true();
    let mut world = World::new(plan([create("C1"), other]));
    world.holds_everywhere(&customer("C1"));
    let (one, two) = (world.ask(0), world.ask(1));
    world.tell(one, 201);
    world.tell(two, 201);
    world.convicted(LAW, None);
}

#[test]
fn an_email_passes_from_one_customer_to_another_in_the_only_possible_order() {
    let taken = Kind::Create(with_email("C2", &customer("C1").email));
    let mut world = World::new(seeded([update("C1", "new@x"), taken]));
    let (one, two) = (world.ask(0), world.ask(1));
    world.tell(two, 201);
    world.tell(one, 200);
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) =
            vec![record(&with_email("C1", "new@x"), system), record(&with_email("C2", &customer("C1").email), system)];
    }
    world.holds_true();
}

#[test]
fn a_resent_operation_with_a_key_counts_once() {
    let mut world = World::new(seeded([update("C1", "a@x"), update("C1", "b@x")]));
    let first = world.ask(0);
    world.give_up(first);
    world.done(0, 200);
    world.done(1, 200);
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "a@x"), system)];
    }
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
}

#[test]
fn without_a_key_each_sending_is_an_operation_of_its_own() {
    let mut plan = seeded([update("C1", "a@x"), update("C1", "b@x")]);
    plan.operations[0].key = None;
    let mut world = World::new(plan);
    let first = world.ask(0);
    world.give_up(first);
    world.done(0, 200);
    world.done(1, 200);
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "a@x"), system)];
    }
    // The first sending may have landed last.
    world.holds_true();
}

#[test]
fn a_request_without_a_key_that_came_twice_is_open() {
    let mut plan = plan([create("C1"), close("C1")]);
    plan.operations[0].key = None;
    let mut world = World::new(plan);
    let creating = world.ask(0);
    world.tell(creating, 201);
    world.done(1, 204);
    world.take_in(creating);
    world.holds_true();
    world.holds_everywhere(&customer("C1"));
    world.holds_true();
    world.at(System::Commerce).clear();
    world.convicted(LAW, Some(Diagnosis::AllOrNothing));
}

#[test]
fn a_busy_answer_to_a_request_that_came_twice_leaves_it_open() {
    let mut world = World::new(plan([create("C1")]));
    let creating = world.ask(0);
    world.take_in(creating);
    world.tell(creating, 409);
    world.holds_everywhere(&customer("C1"));
    world.holds_true();
}

#[test]
fn many_open_operations_are_decided_quickly() {
    let kinds = (0..24).map(|n| update("C1", &format!("{n}@x")));
    let mut world = World::new(seeded(kinds));
    let asked: Vec<u64> = (0..24).map(|operation| world.ask(operation)).collect();
    asked.into_iter().for_each(|exchange| world.give_up(exchange));
    world.holds_true();
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "17@x"), system)];
    }
    world.holds_true();
    *world.at(System::Support) = vec![record(&with_email("C1", "18@x"), System::Support)];
    world.convicted(LAW, Some(Diagnosis::AllOrNothing));
    assert_eq!(world.checkers.undecided(), 0);
}

#[test]
fn where_there_are_too_many_orders_nobody_is_convicted_of_what_may_be_right() {
    let count = 18;
    let kinds = (0..count).map(|n| update("C1", &format!("{n}@x")));
    let mut world = World::new(Plan { points: 3, ..seeded(kinds) });
    let asked: Vec<u64> = (0..count).map(|operation| world.ask(operation)).collect();
    asked.into_iter().for_each(|exchange| world.tell(exchange, 200));
    // The one that was told first was done last.
    let last = with_email("C1", "0@x");
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&last, system)];
    }
    world.see(&Observation::Phase(Phase::Inspect));
    let look = world.request(u32::MAX, Method::Get, "/api/customers/C1");
    let with_points = shown(&last).replacen('{', "{\"loyalty_points\":3,", 1);
    world.answer(look, &Ok(Response::json(200, with_points)));
    world.holds_true();
    assert_eq!(world.checkers.undecided(), 1);
}
