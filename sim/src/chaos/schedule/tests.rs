//! Tests of the schedule file: what is written is read again, and what is wrong is said with its place.

use proptest::prelude::*;

use super::*;
use crate::chaos::point::{Route, Subject};

const ROUTES: RouteNames<'_> =
    [&["create", "read"], &["create-customer"], &["create-user", "find-user"], &[], &["push"]];

const WHOLE: &str = "\
# found by a sweep
sagaproof schedule 1
scenario suites/create one.yaml
hash 3f9a51c2e07b4d18
seed 42
orchestrator naive

exchange commerce create-customer subject=9f3a4c5d6e7f8091 nth=0 answer-lost  # C001
exchange messaging route-7 subject=0000000000000000 nth=65535 late-504
crash process=0 answer subject=0000000000000001 nth=2 keep=0
commit process=0 nth=3 unknown-applied
pause process=1 wake subject=0000000000000000 nth=3 keep=2
in-flight process=0 nth=0 survives
tie commerce nth=4 first=1
tie process=1 nth=0 first=2
";

fn wrong(text: &str) -> String {
    Schedule::parse(text.as_bytes(), ROUTES).unwrap_err().to_string()
}

/// The whole schedule with this line of deviations instead of its own.
fn with(line: &str) -> String {
    let header: String = WHOLE.split_inclusive('\n').take(7).collect();
    header + line
}

#[test]
fn a_schedule_with_every_kind_of_deviation_reads_as_written() {
    let schedule = Schedule::parse(WHOLE.as_bytes(), ROUTES).unwrap();
    assert_eq!(schedule.scenario, "suites/create one.yaml");
    assert_eq!((schedule.hash, schedule.seed, schedule.orchestrator.as_str()), (0x3f9a_51c2_e07b_4d18, 42, "naive"));
    let exchange =
        Point::Exchange { system: System::Commerce, route: Route(0), subject: Subject(0x9f3a_4c5d_6e7f_8091), nth: 0 };
    assert_eq!(schedule.deviations[0], Deviation { point: exchange, pick: Fate::AnswerLost.code() });
    assert_eq!(schedule.deviations.len(), 8);
    let written = schedule.text(ROUTES);
    let plain = WHOLE.lines().skip(1).map(|line| line.split("  #").next().unwrap_or_default());
    assert!(written.lines().eq(plain), "{written}");
}

#[test]
fn a_route_that_no_longer_exists_is_stale_and_the_rest_goes_on() {
    let text = with("exchange support merge-users subject=1 nth=0 twice\ncommit process=0 nth=0 full\n");
    let schedule = Schedule::parse(text.as_bytes(), ROUTES).unwrap();
    assert_eq!(schedule.stale, [Stale { line: 8, system: System::Support, route: "merge-users".to_owned() }]);
    assert_eq!(schedule.deviations.len(), 1);
}

#[test]
fn what_is_wrong_is_said_with_line_column_field_value_and_fix() {
    let systems = "hub, commerce, support, identity, messaging";
    let no_system = format!("line 8, column 10: system `shop` is not known; write one of {systems}");
    let cases = [
        (
            "commit process=0 nth=0 lost",
            "line 8, column 24: fate `lost` is not known; write one of unknown-applied, unknown-lost, full, conflict",
        ),
        (
            "commit process=0 nth=-1 full",
            "line 8, column 22: nth `-1` is no number that fits; write a whole number up to 4294967295",
        ),
        (
            "commit process=0 0 full",
            "line 8, column 18: nth `0` is not written with its name; write `nth=` and its value",
        ),
        ("commit process=0", "line 8, column 17: nth is missing; add `nth` here"),
        ("exchange shop x subject=1 nth=0 twice", no_system.as_str()),
        (
            "exchange hub read subject=xyz nth=0 twice",
            "line 8, column 27: subject `xyz` is no hexadecimal number; write up to sixteen hexadecimal digits",
        ),
        (
            "in-flight process=0 nth=0 survives twice",
            "line 8, column 36: line `twice` is more than the line should hold; remove it, or put `#` before it",
        ),
        (
            "tie hub nth=0 first=1\ntie hub nth=0 first=2",
            "line 9, column 1: deviation `tie hub nth=0 first=2` has the same point as line 8; \
             keep one of the two lines",
        ),
        (
            "crash process=240 wake subject=0 nth=0 keep=0",
            "line 8, column 15: process `240` is no number that fits; write a whole number up to 239",
        ),
    ];
    for (line, message) in cases {
        assert_eq!(wrong(&with(line)), message);
    }
}

#[test]
fn fine_is_no_deviation() {
    assert!(wrong(&with("exchange hub read subject=1 nth=0 fine")).contains("fate `fine` is not known"));
}

#[test]
fn another_version_another_file_and_an_empty_one_are_refused_clearly() {
    let newer = WHOLE.replace("schedule 1", "schedule 2");
    assert_eq!(
        wrong(&newer),
        "line 2, column 20: version `2` is another version of the format; \
         record the schedule again; this program reads version 1"
    );
    assert_eq!(
        wrong("name: create-one\n"),
        "line 1, column 1: schedule `name: create-one` is no schedule; begin with `sagaproof schedule 1`"
    );
    assert_eq!(wrong(""), "line 1, column 1: schedule is missing; add `schedule` here");
    assert_eq!(
        wrong("sagaproof schedule 1\nscenario a\nseed 1\n"),
        "line 3, column 1: the line `hash …` is missing; add it here, as `hash 3f9a51c2e07b4d18`"
    );
    assert_eq!(
        wrong("sagaproof schedule 1\nscenario a\nhash 1\n"),
        "line 3, column 1: the line `seed …` is missing; add it here, as `seed 42`"
    );
}

#[test]
fn a_byte_order_mark_at_the_beginning_is_skipped() {
    let marked = format!("\u{feff}{WHOLE}");
    assert_eq!(Schedule::parse(marked.as_bytes(), ROUTES), Schedule::parse(WHOLE.as_bytes(), ROUTES));
    let inside = WHOLE.replace("scenario suites", "\u{feff}scenario suites");
    assert!(wrong(&inside).contains("the line `scenario …` is missing"));
}

#[test]
fn a_huge_file_and_one_that_is_no_text_are_refused() {
    let huge = vec![b'#'; MAX_BYTES + 1];
    assert_eq!(Schedule::parse(&huge, ROUTES).unwrap_err().problem, Problem::TooLarge);
    let error = Schedule::parse(b"sagaproof schedule 1\nscenario \xc3\xa9\xff\n", ROUTES).unwrap_err();
    assert_eq!((error.problem, error.line, error.column), (Problem::NotText, 2, 11));
}

#[test]
fn the_page_of_the_format_names_all_that_may_be_written_and_its_example_reads() {
    let page = include_str!("../../../../docs/schedule-format.md");
    let example = page.split("```").nth(1).unwrap().trim_start();
    let schedule = Schedule::parse(example.as_bytes(), [&[], &["create"], &[], &[], &[]]).unwrap();
    assert_eq!((schedule.deviations.len(), schedule.without.len(), schedule.stale.len()), (7, 1, 0));
    let events = EVENTS.map(|(_, name)| name);
    let commits = COMMITS.map(|(_, name)| name);
    for name in events.iter().chain(&commits) {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    for kind in ["exchange", "crash", "pause", "commit", "in-flight", "tie", "without"] {
        assert!(page.contains(&format!("\n- `{kind} ")) && example.contains(&format!("\n{kind} ")), "{kind}");
    }
}

fn deviations() -> impl Strategy<Value = Deviation> {
    let subject = || any::<u64>().prop_map(Subject);
    prop_oneof![
        (0_usize..5, 0_u8..9, subject(), any::<u16>(), 1_u16..29).prop_map(|(system, route, subject, nth, pick)| {
            let (system, _) = SYSTEMS[system];
            Deviation { point: Point::Exchange { system, route: Route(route), subject, nth }, pick }
        }),
        (0_u8..240, 0_usize..7, subject(), any::<u16>(), 1_u16..).prop_map(|(process, event, subject, nth, pick)| {
            let (event, _) = EVENTS[event];
            Deviation { point: Point::Crash { process, event, subject, nth }, pick }
        }),
        (0_u8..240, 0_usize..7, subject(), any::<u16>(), 1_u16..).prop_map(|(process, event, subject, nth, pick)| {
            let (event, _) = EVENTS[event];
            Deviation { point: Point::Pause { process, event, subject, nth }, pick }
        }),
        (0_u8..240, any::<u32>(), 1_u16..5)
            .prop_map(|(process, nth, pick)| Deviation { point: Point::Commit { process, nth }, pick }),
        (0_u8..240, any::<u32>())
            .prop_map(|(process, nth)| Deviation { point: Point::InFlight { process, nth }, pick: 1 }),
        (prop_oneof![0_u8..5, 16_u8..], any::<u32>(), any::<u16>())
            .prop_map(|(component, nth, pick)| Deviation { point: Point::Tie { component, nth }, pick }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        mut deviations in prop::collection::vec(deviations(), 0..20),
        scenario in "[^\\s#]([^\\r\\n\\p{C}]{0,20}[^\\s\\p{C}])?",
        hash in any::<u64>(),
        seed in any::<u64>(),
        without in prop::collection::btree_set(any::<u32>(), 0..4),
    ) {
        deviations.sort_unstable();
        deviations.dedup_by_key(|deviation| deviation.point);
        let orchestrator = "saga".to_owned();
        let without = without.into_iter().collect();
        let schedule = Schedule { scenario, hash, seed, orchestrator, deviations, without, stale: Vec::new() };
        prop_assert_eq!(Schedule::parse(schedule.text(ROUTES).as_bytes(), ROUTES), Ok(schedule));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..WHOLE.len()) {
        let _ = Schedule::parse(&bytes, ROUTES);
        let spliced = [&WHOLE.as_bytes()[..cut], &bytes].concat();
        let _ = Schedule::parse(&spliced, ROUTES);
    }
}
