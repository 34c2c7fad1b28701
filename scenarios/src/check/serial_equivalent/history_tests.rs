//! The law as a property: what a sequential run leaves is accepted, any harm to it is convicted, and on arbitrary
//! histories the law says what a search through all orders says that knows nothing of its shortcuts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::Condition;
use sagaproof_sim::wire::Response;

use crate::check::EndState;
use crate::check::testing::{World, close, customer, plan, read, record, shown, update};
use crate::operation::{Customer, Kind};

/// The state of all customers, by number.
type Customers = BTreeMap<String, Customer>;

/// One operation of a history, with its client's fate.
#[derive(Debug, Clone)]
struct Happening {
    kind: Kind,
    asked: u64,
    told: u64,
    outcome: Outcome,
    /// Where it stands in the run that leaves the final state.
    rank: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Acknowledged,
    Open,
    Refused,
}

fn email(n: u8) -> String {
    format!("{n}@x.org")
}

fn happening() -> impl Strategy<Value = Happening> {
    let kind = (0_u8..9, 0_u8..2, 0_u8..3).prop_map(|(kind, number, address)| {
        let cust_no = format!("C{number}");
        match kind {
            0..=2 => Kind::Create(Customer { email: email(address), phone: None, ..customer(&cust_no) }),
            3..=5 => update(&cust_no, &email(address)),
            6 | 7 => close(&cust_no),
            _ => read(&cust_no),
        }
    });
    let outcome = prop_oneof![4 => Just(Outcome::Acknowledged), 2 => Just(Outcome::Open), 1 => Just(Outcome::Refused)];
    (kind, 0_u64..12, 1_u64..8, outcome, any::<u64>()).prop_map(|(kind, asked, lasts, outcome, rank)| Happening {
        kind,
        asked,
        told: asked + lasts,
        outcome,
        rank,
    })
}

/// The specification once more, as plainly as can be; `false` where it refuses.
fn apply(customers: &mut Customers, kind: &Kind) -> bool {
    let clashes = |customers: &Customers, cust_no: &str, email: &str| {
        customers.values().any(|other| other.cust_no != cust_no && other.email == email)
    };
    match kind {
        Kind::Create(wish) => match customers.get(&wish.cust_no) {
            Some(there) => there == wish,
            None if clashes(customers, &wish.cust_no, &wish.email) => false,
            None => customers.insert(wish.cust_no.clone(), wish.clone()).is_none(),
        },
        Kind::Update { cust_no, changes } => {
            let email = changes.email.clone().unwrap();
            if clashes(customers, cust_no, &email) {
                return false;
            }
            customers.get_mut(cust_no).map(|there| there.email = email).is_some()
        }
        Kind::Close { cust_no } => customers.remove(cust_no).is_some(),
        Kind::Merge { .. } | Kind::Read { .. } => true,
    }
}

/// What the reads of a history were shown, and its final state, as the run in order of ranks has them. With
/// `in_time`, ranks are effect times between asking and telling, and what cannot be done is refused.
fn run(history: &mut [Happening], in_time: bool) -> (Customers, Vec<Option<Customer>>) {
    if in_time {
        for one in history.iter_mut() {
            let late = if one.outcome == Outcome::Open { 20 } else { one.told };
            one.rank = one.asked * 100 + one.rank % ((late - one.asked) * 100);
        }
    }
    let mut order: Vec<usize> = (0..history.len()).collect();
    order.sort_by_key(|at| history[*at].rank);
    let mut customers = Customers::new();
    let mut reads = vec![None; history.len()];
    for at in order {
        let one = &mut history[at];
        let left_out = one.outcome == Outcome::Refused || (one.outcome == Outcome::Open && one.rank.is_multiple_of(2));
        if !left_out && !apply(&mut customers, &one.kind) && in_time {
            one.outcome = Outcome::Refused;
        }
        reads[at] = customers.get(one.kind.cust_no()).cloned();
    }
    (customers, reads)
}

/// A world in which this happened.
fn world(history: &[Happening], reads: &[Option<Customer>], end: &Customers) -> World {
    let mut world = World::new(plan(history.iter().map(|one| one.kind.clone())));
    world.pace = Nanos::ZERO;
    let mut moments: Vec<(u64, bool, usize)> = Vec::new();
    for (at, one) in history.iter().enumerate() {
        moments.extend([(one.asked, true, at), (one.told, false, at)]);
    }
    moments.sort_unstable();
    let mut exchanges = vec![0; history.len()];
    for (moment, asks, at) in moments {
        world.now = Instant(moment);
        let one = &history[at];
        if asks {
            exchanges[at] = world.ask(at as u32);
            continue;
        }
        let response = match (one.outcome, &one.kind, &reads[at]) {
            (Outcome::Open, _, _) => Response::json(500, "{}"),
            (Outcome::Refused, Kind::Read { .. }, _) => Response::json(429, "{}"),
            (Outcome::Refused, _, _) => Response::json(409, "{}"),
            (_, Kind::Read { .. }, None) => Response::json(404, "{}"),
            (_, Kind::Read { .. }, Some(customer)) => Response::json(200, shown(customer)),
            _ => Response::json(200, "{}"),
        };
        world.answer(exchanges[at], &Ok(response));
    }
    world.now = Instant(100);
    end.values().for_each(|customer| world.holds_everywhere(customer));
    for cust_no in ["C0", "C1"] {
        world.primary(cust_no, end.get(cust_no));
    }
    world
}

/// Whether any order explains the end: every subset of what is open, in every sequence.
fn explainable(history: &[Happening], reads: &[Option<Customer>], end: &Customers) -> bool {
    let writes = |one: &Happening| !matches!(one.kind, Kind::Read { .. });
    let turns: Vec<usize> = (0..history.len())
        .filter(|at| match history[*at].outcome {
            Outcome::Acknowledged => true,
            Outcome::Open => writes(&history[*at]),
            Outcome::Refused => false,
        })
        .collect();
    explain(history, reads, end, &turns, &mut Vec::new(), &Customers::new())
}

fn explain(
    history: &[Happening],
    reads: &[Option<Customer>],
    end: &Customers,
    turns: &[usize],
    done: &mut Vec<usize>,
    customers: &Customers,
) -> bool {
    let must = |at: &usize| history[*at].outcome == Outcome::Acknowledged;
    if customers == end && turns.iter().filter(|at| must(at)).all(|at| done.contains(at)) {
        return true;
    }
    turns.iter().any(|at| {
        let one = &history[*at];
        let waits = |other: &usize| must(other) && !done.contains(other) && history[*other].told < one.asked;
        if done.contains(at) || turns.iter().any(|other| other != at && waits(other)) {
            return false;
        }
        let mut after = customers.clone();
        let fits = match &one.kind {
            Kind::Read { cust_no } => after.get(cust_no) == reads[*at].as_ref(),
            kind => apply(&mut after, kind),
        };
        if !fits {
            return false;
        }
        done.push(*at);
        let found = explain(history, reads, end, turns, done, &after);
        done.pop();
        found
    })
}

/// Harms one record of one system so that the systems disagree, whatever was told.
fn harm(world: &mut World, end: &Customers, how: u8, which: usize) {
    let system = EndState::SYSTEMS[which % 3];
    let ghost = record(&customer("C7"), system);
    let records = world.at(system);
    if records.is_empty() {
        let missing = ["C0", "C1"].into_iter().find(|cust_no| !end.contains_key(*cust_no)).unwrap();
        return records.push(record(&customer(missing), system));
    }
    let at = which / 3 % records.len();
    match how % 6 {
        0 => drop(records.remove(at)),
        1 => records.push(records[at].clone()),
        2 => records[at].email = Some("other@x.org".to_owned()),
        3 => records[at].family_name.push_str("-Abe"),
        4 => records[at].condition = Condition::SoftDeleted,
        _ => records.push(ghost),
    }
}

proptest! {
    #[test]
    fn what_a_run_in_real_time_leaves_is_accepted(mut history in prop::collection::vec(happening(), 0..10)) {
        let (end, reads) = run(&mut history, true);
        let verdict = world(&history, &reads, &end).verdict();
        prop_assert!(verdict.is_empty(), "{}", verdict[0].message);
    }

    #[test]
    fn any_harm_to_what_a_run_leaves_is_convicted(
        mut history in prop::collection::vec(happening(), 0..8),
        how: u8,
        which: usize,
    ) {
        let (end, reads) = run(&mut history, true);
        let mut world = world(&history, &reads, &end);
        harm(&mut world, &end, how, which);
        prop_assert!(!world.verdict().is_empty());
    }

    #[test]
    fn the_law_says_what_a_search_through_all_orders_says(
        mut history in prop::collection::vec(happening(), 0..6),
        other in any::<prop::sample::Index>(),
    ) {
        let (end, mut reads) = run(&mut history, false);
        if let (Some(first), false) = (reads.first().cloned(), reads.is_empty()) {
            let at = other.index(reads.len());
            reads[at] = first;
        }
        let mut world = world(&history, &reads, &end);
        let verdict = world.verdict();
        let expected = explainable(&history, &reads, &end);
        prop_assert_eq!(verdict.is_empty(), expected, "{:#?}", verdict);
        prop_assert_eq!(world.checkers.undecided(), 0);
    }
}

#[test]
fn arbitrary_histories_are_of_both_kinds() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let some = prop::collection::vec(happening(), 2..6);
    let mut explained = 0;
    for _ in 0..300 {
        let mut history = some.new_tree(&mut runner).unwrap().current();
        let (end, reads) = run(&mut history, false);
        explained += u32::from(explainable(&history, &reads, &end));
    }
    assert!((60..=240).contains(&explained), "{explained} of 300 can be explained");
}
