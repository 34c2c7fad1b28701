//! The law, clause by clause, on worlds made by hand.

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Condition, OwnerTag, SeedRecord, System};
use sagaproof_sim::wire::{CallError, Method, Response};

use crate::check::testing::{World, close, create, customer, plan, record, update, with_email};
use crate::check::{CheckerName, Diagnosis};
use crate::operation::{Kind, Plan, Stranger};

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
