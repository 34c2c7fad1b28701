//! Parts joined, and what cannot be joined.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::testing::{NAIVE, order, scenarios, swept, text};
use super::super::{Report, json};
use super::*;
use crate::run::sweep::{Order, Swept};
use crate::scenario::built_in;

fn report(order: &Order<'_>, part: Option<Partition>, swept: &Swept) -> String {
    let report = Report::of(order, part.map(|part| (part, order.seeds.clone())), swept);
    text(|out| json::write(&report, None, out).unwrap())
}

fn file(name: &str, text: String) -> File {
    File { name: name.to_owned(), text }
}

/// A part that found as much as another one, in worlds so much later.
fn later(seeds: u64) -> Swept {
    let mut swept = swept();
    for tally in &mut swept.tallies {
        tally.convictions.iter_mut().for_each(|conviction| conviction.seed += seeds);
        tally.first_unequal = tally.first_unequal.map(|seed| seed + seeds);
    }
    swept
}

/// Three parts of one run.
fn parts() -> Vec<File> {
    let scenarios = scenarios();
    let part = |number| {
        let part = report(&order(&scenarios), Partition::new(number, 3), &later(200 * (number - 1)));
        file(&format!("{number}.json"), part)
    };
    [1, 2, 3].map(part).into()
}

/// Part 2, after something was done to it.
fn parts_with(change: impl FnOnce(&mut Value)) -> Vec<File> {
    let mut parts = parts();
    let mut object = serde_json::from_str(&parts[1].text).unwrap();
    change(&mut object);
    parts[1].text = object.to_string();
    parts
}

fn told(files: Vec<File>) -> String {
    merge(files).unwrap_err().to_string()
}

#[test]
fn joined_parts_are_what_one_run_would_have_written() {
    let scenarios = scenarios();
    let mut whole = swept();
    for more in [later(200), later(400)] {
        whole.tallies.iter_mut().zip(more.tallies).for_each(|(tally, more)| tally.merge(more));
    }
    let mut parts = parts();
    parts.rotate_left(1);
    let joined = merge(parts).unwrap();
    assert_eq!(joined.report, report(&order(&scenarios), None, &whole));
    assert_eq!(joined.verdict, Verdict::Violated);
}

#[test]
fn worlds_that_were_not_decided_are_told_and_added_up() {
    let scenarios = scenarios();
    let part = |number| {
        let mut swept = later(200 * (number - 1));
        swept.tallies[0].undecided = number;
        file("part", report(&order(&scenarios), Partition::new(number, 2), &swept))
    };
    let joined: Value = serde_json::from_str(&merge(vec![part(1), part(2)]).unwrap().report).unwrap();
    assert_eq!(joined["scenarios"][0]["undecided"], 3);
    assert_eq!(joined["scenarios"][1].get("undecided"), None);
}

#[test]
fn a_sweep_in_parts_is_a_sweep_whatever_the_number_of_parts() {
    let all = built_in().unwrap();
    let scenarios: Vec<_> = all.into_iter().filter(|scenario| scenario.name.starts_with("create-one")).collect();
    let whole = Order { scenarios: &scenarios, orchestrator: &NAIVE, seeds: 0..90, threads: 1, budget: None };
    let run = |order: &Order<'_>| order.run(&|_| {}).unwrap();
    let once = report(&whole, None, &run(&whole));
    for of in [1, 2, 7, 100] {
        let part = |number| {
            let part = Partition::new(number, of).unwrap();
            let order = Order { seeds: part.block(whole.seeds.clone()), ..whole.clone() };
            file("part", report(&whole, Some(part), &run(&order)))
        };
        assert_eq!(merge((1..=of).map(part).collect()).unwrap().report, once, "of {of}");
    }
}

#[test]
fn what_no_part_reached_counts_in_the_whole_and_not_in_a_part() {
    let scenarios = scenarios();
    let mut swept = swept();
    swept.tallies = vec![swept.tallies.remove(1); 2];
    let part = |number| file("part", report(&order(&scenarios), Partition::new(number, 2), &swept));
    let (one, two) = (part(1), part(2));
    let judged = |text: &str| serde_json::from_str::<Value>(text).unwrap()["unreached"][0]["judged"].clone();
    assert!(one.text.contains(r#""verdict":"held""#));
    assert_eq!(judged(&one.text), false);
    let joined = merge(vec![one, two]).unwrap();
    assert_eq!((joined.verdict, judged(&joined.report)), (Verdict::Violated, json!(true)));
    assert_eq!(joined.news[0].problems[0].title, "parked was never reached");
    assert_eq!(joined.news[1].problems, []);
}

#[test]
fn parts_that_are_missing_doubled_or_of_other_runs_are_told() {
    let mut two = parts();
    two.remove(1);
    insta::assert_snapshot!(told(two.clone()), @r"
    error: part 2 of 3 is missing
     |
     = help: wait for all parts, and run again those that did not end
    ");
    two.push(file("again.json", two[0].text.clone()));
    insta::assert_snapshot!(told(two), @r"
    error: `again.json` is part 1/3, and so is `1.json`
     |
     = help: give each part once
    ");
    insta::assert_snapshot!(told(parts_with(|part| part["part"]["of"] = 4.into())), @r"
    error: `2.json` is part 2/4, those before it are of 3 parts
     |
     = help: join the parts of one run: all arguments alike but for `--partition`
    ");
    insta::assert_snapshot!(told(parts_with(|part| part["part"]["number"] = 0.into())), @r"
    error: `2.json` is part 0 of 3, which there is not
     |
     = help: name the files that the runs with `--partition` and `--format json` wrote
    ");
    insta::assert_snapshot!(told(parts_with(|part| part["part"]["program"] = "0.0.9".into())), @r"
    error: `2.json` was written by sagaproof 0.0.9, this is 0.1.0
     |
     = help: join parts with the version that wrote them
    ");
    insta::assert_snapshot!(told(parts_with(|part| part["orchestrator"] = "saga".into())), @r"
    error: `2.json` is a part of another run than `1.json`: its orchestrator is `saga`, not `naive`
     |
     = help: join the parts of one run: all arguments alike but for `--partition`
    ");
    let other_policy = told(parts_with(|part| part["part"]["orchestrator"] = "00000000000000ff".into()));
    insta::assert_snapshot!(other_policy, @r"
    error: `2.json` is a part of another run than `1.json`: its orchestrator `naive` has another content
     |
     = help: join the parts of one run: all arguments alike but for `--partition`
    ");
    insta::assert_snapshot!(told(parts_with(|part| part["part"]["seeds"]["count"] = 601.into())), @r"
    error: `2.json` is a part of another run than `1.json`: its run has the seeds 0 to 600, not 0 to 599
     |
     = help: join the parts of one run: all arguments alike but for `--partition`
    ");
    insta::assert_snapshot!(told(parts_with(|part| part["part"]["scenarios"][1]["hash"] = "00000000000000ff".into())), @r"
    error: `2.json` is a part of another run than `1.json`: its scenario `create-one-fault` has another content
     |
     = help: join the parts of one run: all arguments alike but for `--partition`
    ");
    let mut parts = parts();
    let scenarios = scenarios().split_off(1);
    let swept = Swept { tallies: swept().tallies.split_off(1), ..swept() };
    parts[1].text = report(&order(&scenarios), Partition::new(2, 3), &swept);
    insta::assert_snapshot!(told(parts), @r"
    error: `2.json` is a part of another run than `1.json`: its scenarios are others
     |
     = help: join the parts of one run: all arguments alike but for `--partition`
    ");
}

#[test]
fn what_is_no_part_is_told() {
    let whole = report(&order(&scenarios()), None, &swept());
    insta::assert_snapshot!(told(vec![file("whole.json", whole)]), @r"
    error: `whole.json` is the report of a whole run, not of a part
     |
     = help: name the files that the runs with `--partition` and `--format json` wrote
    ");
    insta::assert_snapshot!(told(parts_with(|part| part["format"] = "sagaproof-run/2".into())), @r"
    error: `2.json` is of the format `sagaproof-run/2`, which cannot be joined
     |
     = help: name the files that the runs with `--partition` and `--format json` wrote
    ");
    insta::assert_snapshot!(told(vec![file("lines", "{\"type\":\"begin\"}\n{}".to_owned())]), @r"
    error: `lines` is not a report of one JSON object: missing field `format` at line 1 column 16
     |
     = help: name the files that the runs with `--partition` and `--format json` wrote
    ");
    insta::assert_snapshot!(told(vec![file("empty", String::new())]), @r"
    error: `empty` is not a report of one JSON object: EOF while parsing a value at line 1 column 0
     |
     = help: name the files that the runs with `--partition` and `--format json` wrote
    ");
    insta::assert_snapshot!(told(Vec::new()), @r"
    error: there is nothing to join
     |
     = help: name the files that the runs with `--partition` and `--format json` wrote
    ");
}

#[test]
fn a_part_that_was_changed_does_not_add_up() {
    insta::assert_snapshot!(told(parts_with(|part| part["worlds"] = 1.into())), @r"
    error: `2.json` does not add up: it was changed since it was written
     |
     = help: run this part again
    ");
    insta::assert_snapshot!(told(parts_with(|part| part["faults"]["more"] = 1.into())), @r"
    error: `2.json` is not a part of a run: unknown field `more`, expected one of `drawn`, `struck`, `effective` at line 1 column 83
     |
     = help: run this part again
    ");
    let changes: [fn(&mut Value); 9] = [
        |part| part["verdict"] = "held".into(),
        |part| part["scenarios"][0]["worlds"] = u64::MAX.into(),
        |part| part["scenarios"][0]["reached"] = json!(["nothing"]),
        |part| part["scenarios"][0]["level"] = "easy".into(),
        |part| part["violations"][0]["scenario"] = "nobody".into(),
        |part| part["part"]["scenarios"][0]["latencies"] = json!([[u64::MAX, 1]]),
        |part| part["part"]["scenarios"][0]["hash"] = "f".into(),
        |part| part["part"]["scenarios"] = json!([]),
        |part| part["part"]["seeds"]["first"] = u64::MAX.into(),
    ];
    for change in changes {
        let told = told(parts_with(change));
        assert!(told.contains("`2.json` does not add up"), "{told}");
    }
}

proptest! {
    #[test]
    fn whatever_is_in_a_file_is_answered(bytes in "\\PC{0,80}", cut in 0_usize..10_000) {
        prop_assert!(merge(vec![file("x", bytes)]).is_err());
        let mut parts = parts();
        let end = parts[0].text.floor_char_boundary(cut.min(parts[0].text.len() - 2));
        parts[0].text.truncate(end);
        prop_assert!(merge(parts).is_err());
    }

    #[test]
    fn numbers_of_any_size_are_answered(number in any::<u64>(), pick in any::<proptest::sample::Index>()) {
        let mut parts = parts();
        let digits: Vec<_> = parts[1].text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let at = *pick.get(&digits);
        parts[1].text.replace_range(at..=at, &number.to_string());
        let _ = merge(parts);
    }
}
