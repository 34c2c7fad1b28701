//! `parked-report-is-true`, clause by clause, on reports made by hand.

use sagaproof_sim::fleet::{Child, ChildKind, Condition, MadeFor, Record, System};
use sagaproof_sim::process::Note;

use super::testing::{World, create, customer, plan, record};
use super::{CheckerName, EndState, ParkedReport, Remains, Standing, ToldSystem};
use crate::operation::Customer;

/// What these customers' records are everywhere.
fn everywhere(customers: &[&Customer]) -> Standing {
    let records = EndState::SYSTEMS.map(|system| customers.iter().map(|one| record(one, system)).collect());
    Standing { records, children: Default::default(), jobs: [false; 3] }
}

fn field(name: &str, intended: &str, actual: &str) -> [String; 3] {
    [name, intended, actual].map(str::to_owned)
}

/// A report that says at every system this of its record.
fn report(kind: &str, customers: &[&Customer], about: [&str; 3]) -> ParkedReport {
    let told = EndState::SYSTEMS.map(|system| {
        let [name, intended, actual] = about;
        ToldSystem { system: system.name().to_owned(), fields: vec![field(name, intended, actual)], unreadable: None }
    });
    ParkedReport {
        saga: 1,
        name: "s1-1".to_owned(),
        kind: kind.to_owned(),
        holds: true,
        customers: customers.iter().map(|customer| customer.cust_no.clone()).collect(),
        primary: customers.iter().map(|customer| Some((*customer).clone())).collect(),
        told: told.into(),
        stands: everywhere(customers),
        remains: Remains::Untried,
    }
}

/// A create that was given up while everything still stands, truly told.
fn given_up() -> ParkedReport {
    let about = ["record", "gone", "there"];
    ParkedReport { primary: vec![None], ..report("create", &[&customer("C1")], about) }
}

/// What is wrong with a report on a saga of which these notes were seen.
fn judged(notes: &[Note], report: &ParkedReport) -> Vec<String> {
    let mut world = World::new(plan([create("C1")]));
    world.note(&Note::Began { saga: 1, kind: "create", correlation: "corr-0".to_owned() });
    notes.iter().for_each(|note| world.note(note));
    world.checkers.reported(world.now, report);
    let verdict = world.verdict();
    let own = verdict.iter().filter(|violation| violation.checker == CheckerName::ParkedReportIsTrue);
    own.map(|violation| violation.message.clone()).collect()
}

fn of_a_create(report: &ParkedReport) -> Vec<String> {
    judged(&[Note::Aborted { saga: 1 }], report)
}

#[test]
fn a_report_of_what_stands_is_true() {
    assert_eq!(of_a_create(&given_up()), Vec::<String>::new());
    let mut gone =
        ParkedReport { primary: vec![None], ..report("create", &[&customer("C1")], ["record", "gone", "gone"]) };
    gone.stands = everywhere(&[]);
    assert_eq!(of_a_create(&gone), Vec::<String>::new());
    // A system of which nothing is said, and where nothing differs.
    gone.told.remove(1);
    assert_eq!(of_a_create(&gone), Vec::<String>::new());
}

#[test]
fn a_difference_that_is_left_out_is_a_lie() {
    let mut short = given_up();
    short.told.remove(1);
    let verdict = of_a_create(&short);
    assert!(verdict[0].contains("support is left out; its record should be gone, and is there"), "{verdict:?}");
    // The record is said to stand, and nothing is said of its name, which differs.
    let mut silent = report("update", &[&customer("C1")], ["record", "there", "there"]);
    silent.stands.records[0][0].given_name = "Bea".to_owned();
    let verdict = judged(&[], &silent);
    assert!(verdict[0].contains("commerce: nothing is said of its name"), "{verdict:?}");
    // Deleted, but to be restored: its keys are still taken.
    let mut half =
        ParkedReport { primary: vec![None], ..report("close", &[&customer("C1")], ["record", "gone", "gone"]) };
    half.stands = everywhere(&[]);
    half.stands.records[1] =
        vec![Record { condition: Condition::SoftDeleted, ..record(&customer("C1"), System::Support) }];
    assert!(judged(&[], &half)[0].contains("gone, but not for good"));
}

#[test]
fn a_difference_that_there_is_not_is_a_lie() {
    let mut stale = given_up();
    stale.stands = everywhere(&[]);
    assert!(of_a_create(&stale)[0].contains("commerce: its record is gone, not there"));
    let forward = report("create", &[&customer("C1")], ["record", "gone", "there"]);
    assert!(judged(&[], &forward)[0].contains("its record should be there, not gone"));
    let mut invented = given_up();
    invented.told[2].fields.push(field("shoe size", "41", "42"));
    assert!(of_a_create(&invented)[0].contains("there is no shoe size"));
    let mut blind = given_up();
    blind.told[0].unreadable = Some("no answer".to_owned());
    assert!(of_a_create(&blind)[0].contains("commerce is said to be unreadable"));
    // The tag names another saga of the same customer: the same owner.
    let mut owner = report("update", &[&customer("C1")], ["record", "there", "there"]);
    for told in &mut owner.told {
        told.fields.push(field("owner", "C1/s9", "C1/s1"));
    }
    assert!(judged(&[], &owner)[0].contains("as good as"));
}

#[test]
fn of_whom_a_saga_has_let_go_it_has_nothing_to_tell() {
    let mut over = ParkedReport { holds: false, ..report("create", &[&customer("C1")], ["record", "there", "there"]) };
    assert!(judged(&[], &over)[0].contains("customers that the saga has let go"));
    over.told.clear();
    over.stands = everywhere(&[]);
    assert_eq!(judged(&[], &over), Vec::<String>::new());
}

#[test]
fn what_is_said_to_remain_must_take_every_difference_away_and_spoil_nothing() {
    let done = |calls: Vec<(&str, Standing)>| {
        let calls = calls.into_iter().map(|(call, stands)| (call.to_owned(), stands)).collect();
        of_a_create(&ParkedReport { remains: Remains::Done(calls), ..given_up() })
    };
    let left = |systems: &[usize]| {
        let mut stands = everywhere(&[]);
        for &system in systems {
            stands.records[system] = vec![record(&customer("C1"), EndState::SYSTEMS[system])];
        }
        stands
    };
    assert_eq!(done(vec![("1", left(&[1, 2])), ("2", left(&[2])), ("3", left(&[]))]), Vec::<String>::new());
    assert!(done(vec![("1", left(&[1, 2])), ("2", left(&[2]))])[0].contains("the record at identity is there"));
    let spoilt = done(vec![("1", left(&[1, 2])), ("2", left(&[0, 2])), ("3", left(&[0])), ("4", left(&[]))]);
    assert!(spoilt[0].contains("2 is said to remain, and spoils what stands at commerce"), "{spoilt:?}");
    let failed = ParkedReport { remains: Remains::Failed("403".to_owned()), ..given_up() };
    assert!(of_a_create(&failed)[0].contains("cannot be carried out: 403"));
    let honest = ParkedReport { remains: Remains::NothingHelps, ..given_up() };
    assert_eq!(of_a_create(&honest), Vec::<String>::new());
}

#[test]
fn a_merge_shall_leave_one_or_two_by_the_way_it_goes() {
    let two = [&customer("C1"), &customer("C2")];
    let (forward, back) = (Note::Pivoted { saga: 1 }, Note::Aborted { saga: 1 });
    let joins = report("merge", &two, ["records", "one", "two"]);
    assert_eq!(judged(std::slice::from_ref(&forward), &joins), Vec::<String>::new());
    assert!(judged(&[forward.clone(), back], &joins)[0].contains("its records should be two, not one"));
    assert_eq!(judged(&[], &joins), Vec::<String>::new(), "nobody knows which way it goes");
    let mut pending = joins.clone();
    pending.stands.jobs[0] = true;
    assert!(judged(std::slice::from_ref(&forward), &pending)[0].contains("is a merge is under way, not two"));
    pending.told[0].fields[0][2] = "a merge is under way".to_owned();
    assert_eq!(judged(&[forward], &pending), Vec::<String>::new());
}

#[test]
fn what_the_customer_that_goes_still_holds_is_to_be_told() {
    let two = [&customer("C1"), &customer("C2")];
    let forward = Note::Pivoted { saga: 1 };
    let mut joins = report("merge", &two, ["records", "one", "two"]);
    let goes = joins.stands.records[0][1].id.clone();
    let order = |id: &str| Child {
        kind: ChildKind::Order,
        id: id.to_owned(),
        holder: Some(goes.clone()),
        made_for: MadeFor::Customer("C2".to_owned()),
    };
    joins.stands.children[0] = vec![order("11"), order("12")];
    let judged = |report: &ParkedReport| judged(std::slice::from_ref(&forward), report);
    assert!(judged(&joins)[0].contains("nothing is said of its left with the other"), "{:?}", judged(&joins));
    joins.told[0].fields.push(field("left with the other", "none", "11, 12"));
    assert_eq!(judged(&joins), Vec::<String>::new());
    joins.told[0].fields[1][2] = "11".to_owned();
    assert!(judged(&joins)[0].contains("is 11, 12, not 11"), "{:?}", judged(&joins));
    // A vendor shows so many at once; that there may be more must be said, and what is said must be the first of it.
    joins.told[0].fields[1][2] = "11, and perhaps more".to_owned();
    assert_eq!(judged(&joins), Vec::<String>::new());
    joins.told[0].fields[1][2] = "1, and perhaps more".to_owned();
    assert!(judged(&joins)[0].contains("is 11, 12, not 1, and perhaps more"), "{:?}", judged(&joins));
    joins.told[0].fields[1][2] = "11".to_owned();
    // Blanked and marked it is gone: what came to it at the last moment may be told, and what is nowhere may not.
    joins.stands.records[0][1].condition = Condition::Closed;
    joins.told[0].fields[0][2] = "one".to_owned();
    assert_eq!(judged(&joins), Vec::<String>::new());
    joins.told[0].fields[1][2] = "13".to_owned();
    assert!(judged(&joins)[0].contains("there is no left with the other"), "{:?}", judged(&joins));
}

#[test]
fn a_list_that_leaves_out_a_parked_saga_is_a_lie() {
    let parked = |saga| Note::Parked { saga, step: 0, attempts: 9, refused: false };
    let judged = |notes: &[Note], listed: &[u64]| {
        let mut world = World::new(plan([create("C1")]));
        world.note(&Note::Began { saga: 1, kind: "create", correlation: "corr-0".to_owned() });
        notes.iter().for_each(|note| world.note(note));
        world.checkers.listed(world.now, listed);
        let verdict = world.verdict();
        verdict.iter().filter(|violation| violation.message.contains("leaves out")).count()
    };
    assert_eq!(judged(&[parked(1)], &[1]), 0);
    assert_eq!(judged(&[parked(1)], &[2]), 1);
    assert_eq!(judged(&[parked(1), Note::Redriven { saga: 1 }], &[]), 0);
    assert_eq!(judged(&[parked(1), Note::Aborted { saga: 1 }], &[]), 0);
    assert_eq!(judged(&[], &[]), 0);
}
