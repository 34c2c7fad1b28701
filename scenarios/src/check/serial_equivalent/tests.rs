//! The law, clause by clause, on worlds made by hand.

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Condition, OwnerTag, SeedRecord, System};
use sagaproof_sim::wire::{CallError, Method, Response};

use crate::check::testing::{World, close, create, customer, plan, read, record, update, with_email};
use crate::check::{CheckerName, Diagnosis};
use crate::operation::{Kind, Patch, Plan, Stranger};

const LAW: CheckerName = CheckerName::SerialEquivalent;

fn seeded(kinds: impl IntoIterator<Item = Kind>) -> Plan {
    Plan { customers: vec![customer("C1")], ..plan(kinds) }
}

#[test]
fn an_acknowledged_create_must_be_everywhere() {
    let mut world = World::new(plan([create("C1")]));
    world.done(0, 201);
    world.holds_everywhere(&customer("C1"));
    world.primary("C1", Some(&customer("C1")));
    world.holds_true();
}

#[test]
fn an_acknowledged_create_that_is_missing_in_one_system_is_convicted() {
    for system in [System::Commerce, System::Support, System::Identity] {
        let mut world = World::new(plan([create("C1")]));
        world.done(0, 201);
        world.holds_everywhere(&customer("C1"));
        world.at(system).clear();
        let violation = world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
        assert_eq!((violation.customer.as_str(), violation.operations), ("C1", vec![0]));
        assert!(violation.message.contains(&format!("✗ {:<9} holds nothing", system.name())), "{}", violation.message);
    }
}

#[test]
fn an_acknowledged_create_that_is_nowhere_is_convicted() {
    let mut world = World::new(plan([create("C1")]));
    world.done(0, 201);
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
}

#[test]
fn an_acknowledged_create_that_the_primary_does_not_know_is_convicted() {
    let mut world = World::new(plan([create("C1")]));
    world.done(0, 201);
    world.holds_everywhere(&customer("C1"));
    world.primary("C1", None);
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
}

#[test]
fn an_acknowledged_job_counts_as_an_acknowledged_operation() {
    let job = |world: &mut World, status: &str| {
        let exchange = world.ask(0);
        let mut accepted = Response::json(202, "{}");
        accepted.headers.push("location", "/api/jobs/s1");
        world.answer(exchange, &Ok(accepted));
        let poll = world.request(0, Method::Get, "/api/jobs/s1");
        world.answer(poll, &Ok(Response::json(200, format!(r#"{{"job_id":"s1","status":"{status}"}}"#))));
    };
    let mut plan = plan([create("C1")]);
    for keyed in [true, false] {
        plan.operations[0].key = keyed.then(|| "k".to_owned());
        let mut world = World::new(plan.clone());
        job(&mut world, "SUCCEEDED");
        world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
        let mut world = World::new(plan.clone());
        job(&mut world, "FAILED");
        world.holds(System::Commerce, record(&customer("C1"), System::Commerce));
        world.convicted(LAW, Some(Diagnosis::RefusedLeavesNothing));
        let mut world = World::new(plan.clone());
        job(&mut world, "RUNNING");
        world.holds_everywhere(&customer("C1"));
        world.holds_true();
    }
}

#[test]
fn a_refused_create_leaves_nothing() {
    for status in [400, 403, 409, 422, 429] {
        let mut world = World::new(plan([create("C1")]));
        world.done(0, status);
        world.holds_true();
        let mut world = World::new(plan([create("C1")]));
        world.done(0, status);
        world.holds(System::Support, record(&customer("C1"), System::Support));
        world.convicted(LAW, Some(Diagnosis::RefusedLeavesNothing));
    }
}

#[test]
fn a_refused_create_may_not_even_be_whole() {
    let mut world = World::new(plan([create("C1")]));
    world.done(0, 422);
    world.holds_everywhere(&customer("C1"));
    world.primary("C1", Some(&customer("C1")));
    world.convicted(LAW, Some(Diagnosis::RefusedLeavesNothing));
}

#[test]
fn an_open_create_is_there_once_or_never_but_not_by_half() {
    for answer in [Ok(Response::json(500, "{}")), Err(CallError::TimedOut), Err(CallError::Reset)] {
        let mut world = World::new(plan([create("C1")]));
        let exchange = world.ask(0);
        world.answer(exchange, &answer);
        world.holds_true();
        world.holds_everywhere(&customer("C1"));
        world.holds_true();
        world.at(System::Identity).clear();
        world.convicted(LAW, Some(Diagnosis::AllOrNothing));
    }
}

#[test]
fn two_live_records_in_one_system_are_a_duplicate() {
    let mut world = World::new(plan([create("C1")]));
    world.done(0, 201);
    world.holds_everywhere(&customer("C1"));
    world.holds(System::Commerce, record(&customer("C1"), System::Commerce));
    world.convicted(LAW, Some(Diagnosis::NoDuplicates));
}

#[test]
fn an_update_must_have_reached_every_system() {
    let mut world = World::new(seeded([update("C1", "new@x")]));
    world.done(0, 200);
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "new@x"), system)];
    }
    world.holds_true();
    *world.at(System::Support) = vec![record(&customer("C1"), System::Support)];
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
}

#[test]
fn an_open_update_may_not_be_done_by_half() {
    let mut world = World::new(seeded([update("C1", "new@x")]));
    world.done(0, 502);
    world.holds_true();
    *world.at(System::Commerce) = vec![record(&with_email("C1", "new@x"), System::Commerce)];
    world.convicted(LAW, Some(Diagnosis::AllOrNothing));
}

#[test]
fn a_refused_update_leaves_the_old_values() {
    let mut world = World::new(seeded([update("C1", "new@x")]));
    world.done(0, 409);
    *world.at(System::Identity) = vec![record(&with_email("C1", "new@x"), System::Identity)];
    world.convicted(LAW, Some(Diagnosis::RefusedLeavesNothing));
}

#[test]
fn values_from_before_an_earlier_update_are_a_ghost() {
    let mut world = World::new(seeded([update("C1", "b@x"), update("C1", "c@x")]));
    world.done(0, 200);
    world.done(1, 200);
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "c@x"), system)];
    }
    *world.at(System::Support) = vec![record(&customer("C1"), System::Support)];
    world.convicted(LAW, Some(Diagnosis::NoLateGhosts));
}

#[test]
fn an_email_identity_that_an_update_left_behind_still_holds_its_key() {
    let mut world = World::new(seeded([update("C1", "new@x")]));
    world.done(0, 200);
    for system in [System::Commerce, System::Support, System::Identity] {
        *world.at(system) = vec![record(&with_email("C1", "new@x"), system)];
    }
    world.at(System::Support)[0].other_emails.push("c1@example.com".to_owned());
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
}

#[test]
fn a_closed_customer_is_gone_or_blanked_and_marked() {
    let mut world = World::new(seeded([close("C1")]));
    world.done(0, 204);
    for system in [System::Support, System::Identity] {
        world.at(system).clear();
    }
    world.at(System::Commerce)[0].condition = Condition::Closed;
    world.primary("C1", None);
    world.holds_true();
    world.at(System::Commerce)[0].condition = Condition::Live;
    world.convicted(LAW, Some(Diagnosis::NoLateGhosts));
    world.at(System::Commerce)[0].condition = Condition::SoftDeleted;
    world.convicted(LAW, Some(Diagnosis::NoLateGhosts));
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
fn one_yes_among_the_answers_makes_an_operation_acknowledged() {
    let mut world = World::new(plan([create("C1")]));
    for status in [409, 503, 201] {
        world.done(0, status);
    }
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
}

#[test]
fn a_connection_that_was_refused_did_nothing() {
    let mut world = World::new(plan([create("C1")]));
    let creating = world.ask(0);
    world.answer(creating, &Err(CallError::Refused));
    world.holds_everywhere(&customer("C1"));
    world.convicted(LAW, Some(Diagnosis::RefusedLeavesNothing));
}

#[test]
fn customers_who_were_left_alone_stay_as_they_were() {
    let mut world = World::new(seeded([]));
    world.holds_true();
    world.at(System::Identity).clear();
    world.convicted(LAW, Some(Diagnosis::AcknowledgedIsDurable));
}

#[test]
fn a_tag_of_whom_nobody_spoke_is_convicted() {
    let mut world = World::new(seeded([]));
    world.holds(System::Commerce, record(&customer("C9"), System::Commerce));
    assert_eq!(world.convicted(LAW, None).customer, "C9");
}

fn with_a_stranger() -> Plan {
    let record = SeedRecord {
        email: Some("S@x".to_owned()),
        given_name: "Sue".to_owned(),
        family_name: "Sato".to_owned(),
        phone: Some("+1".to_owned()),
        ..SeedRecord::default()
    };
    Plan { strangers: vec![Stranger { system: System::Support, record, comes: Instant::ZERO }], ..plan([create("C1")]) }
}

#[test]
fn a_stranger_stays_untouched() {
    World::new(with_a_stranger()).holds_true();
    let harm: [fn(&mut World); 4] = [
        |world| world.at(System::Support).clear(),
        |world| world.at(System::Support)[0].condition = Condition::SoftDeleted,
        |world| world.at(System::Support)[0].family_name = "Arai".to_owned(),
        |world| {
            world.at(System::Support)[0].tag = Some(OwnerTag { cust_no: "C1".to_owned(), saga: String::new() });
            world.done(0, 500);
        },
    ];
    for (nth, harm) in harm.into_iter().enumerate() {
        let mut world = World::new(with_a_stranger());
        harm(&mut world);
        let verdict = world.verdict();
        assert!(verdict.iter().any(|violation| violation.message.contains("a stranger's record in support")), "{nth}");
        assert!(verdict.len() <= 2, "{verdict:#?}");
    }
}

#[test]
fn a_record_that_is_nobodys_is_convicted() {
    let mut world = World::new(with_a_stranger());
    let mut ours = record(&customer("C1"), System::Commerce);
    ours.tag = None;
    world.done(0, 409);
    world.holds(System::Commerce, ours);
    world.convicted(LAW, None);
}

#[test]
fn names_are_the_same_however_they_are_divided() {
    let mut world = World::new(seeded([]));
    let held = &mut world.at(System::Support)[0];
    (held.given_name, held.family_name) = ("Anna Arai".to_owned(), " C1 ".to_owned());
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
fn a_violation_reads_like_a_story() {
    let mut world = World::new(plan([create("C1")]));
    let first = world.ask(0);
    world.give_up(first);
    world.done(0, 201);
    world.holds(System::Commerce, record(&customer("C1"), System::Commerce));
    world.primary("C1", Some(&customer("C1")));
    insta::assert_snapshot!(world.verdict()[0].message, @r"
    C1 is not what any order of the operations gives
      should be everywhere: C1@Example.com, Anna Arai C1, +8190C1
        commerce  holds commerce-C1: c1@example.com, Anna Arai C1, +8190C1 (tag C1/s1)
      ✗ support   holds nothing
      ✗ identity  holds nothing
        primary   holds C1@Example.com, Anna Arai C1, +8190C1
      clients were told:
      operation 0 (create C1: C1@Example.com, Anna Arai C1, +8190C1)
        asked at 1.000 s, gave up at 3.000 s
        asked at 4.000 s, told 201 at 6.000 s
        acknowledged: it took effect
    ");
}
