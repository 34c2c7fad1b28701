//! What slips of the pen and what means nothing are told: their place, in words that say what to write instead.

use super::{WHOLE, read};

/// What is told where `old` in the whole scenario is written as `new`: its message, its line and column, and the helps.
fn told(old: &str, new: &str) -> (String, (usize, usize), String) {
    assert!(WHOLE.contains(old), "{old}");
    let diagnostic = read(&WHOLE.replacen(old, new, 1)).unwrap_err();
    let place = diagnostic.place().map(|place| (place.line(), place.column())).unwrap_or_default();
    let report = diagnostic.to_string();
    let helps: Vec<_> = report.lines().filter_map(|line| line.split_once("= help: ")).map(|(_, help)| help).collect();
    (diagnostic.message().to_owned(), place, helps.join("; "))
}

fn says(old: &str, new: &str, message: &str, place: (usize, usize), helps: &str) {
    let (said, at, helped) = told(old, new);
    assert_eq!((said.as_str(), at), (message, place), "{new}");
    assert!(helped.starts_with(helps), "{new}: {helped}");
}

const LEVEL: &str = "    level: strict\n";

#[test]
fn what_must_be_there_is_not_to_be_left_out() {
    let empty = "`scenarios[0].chaos.exchanges[0].fates`: `[]` is empty";
    says("fates: [lost, after-503]", "fates: []", empty, (8, 39), "name at least one");
    assert!(!told("fates: [lost, after-503]", "fates: []").2.contains("leave it out"));
    let systems = "`scenarios[0].chaos.exchanges[0].systems`: `[]` is empty";
    says("[support]", "[]", systems, (8, 21), "name at least one, or leave it out");
}

#[test]
fn a_mapping_where_a_list_belongs_is_told_with_what_to_put_before_it() {
    let put = "put `- ` before `name`, and before the first line of each further entry";
    says("  - name", "    name", "`scenarios` must be a list, but it is a mapping", (2, 5), put);
    let level = "`level` must be a single value, but it is a mapping";
    says("level: strict", "level:\n      x: 1", level, (5, 7), "write it behind the colon");
}

#[test]
fn a_tab_is_told_where_it_stands() {
    let message = "a tab stands in the indentation, where YAML takes spaces only";
    for (line, column) in [("\tlevel: strict\n", 1), ("    \tlevel: strict\n", 5)] {
        says(LEVEL, line, message, (4, column), "write spaces instead");
    }
    says(LEVEL, &format!("{LEVEL}    fleet:\n\tlimits: true\n"), message, (6, 1), "write spaces instead");
}

#[test]
fn an_alias_of_nothing_and_a_tag_are_told() {
    let meant = "write `&nope` before the value that is meant, further up, or the value itself here";
    for alias in ["level: *nope", "level: *nope # this one"] {
        says("level: strict", alias, "there is no anchor `nope`", (4, 12), meant);
    }
    let tag = "a tag stands before this value, and tags may not be used";
    says("population: 2", "population: !!int 3", tag, (5, 34), "leave the tag out");
}

#[test]
fn names_come_with_the_right_article_and_in_the_form_that_was_meant() {
    let beyond = "level: beyond\n    beyond: F10\n    harm: {losses: 1}";
    let assumptions = "an assumption is one of F1, F2";
    says("level: strict", beyond, "`scenarios[0].beyond`: `F10` is no assumption", (5, 13), assumptions);
    let sometimes = "sometimes: [retry]\n    chaos:\n";
    let meant = "did you mean `retried`?; a mark is one of";
    says("chaos:\n", sometimes, "`scenarios[0].sometimes[0]`: `retry` is no mark", (6, 17), meant);
}

#[test]
fn a_mark_that_is_named_twice_is_told_with_both_places() {
    let twice = "sometimes: [retried, aborted, retried]\n    chaos:\n";
    let message = "`scenarios[0].sometimes[2]`: `retried` is named twice";
    says("chaos:\n", twice, message, (6, 35), "keep one of the two");
    let report = read(&WHOLE.replacen("chaos:\n", twice, 1)).unwrap_err().to_string();
    assert!(report.contains("first here"), "{report}");
}

#[test]
fn what_cannot_be_seen_is_told_by_its_number() {
    let limits = "level: strict\n    fleet: {\u{a0}limits: true}";
    says("level: strict", limits, "unknown field `\\u{a0}limits`", (5, 13), "did you mean `limits`?");
    let level = "`scenarios[0].level`: `str\\u{200b}ict` is no level";
    says("level: strict", "level: str\u{200b}ict", level, (4, 12), "did you mean `strict`?");
}

#[test]
fn a_window_that_lags_too_long_is_told_with_its_lag() {
    let window = |lag: &str| format!("commerce, state: index-lag, lag: {lag}");
    let message = "`scenarios[0].chaos.windows[0].lag`: `10s` is more than `fleet.index_lag`, which is 2s where it is \
                   absent: by more than that searches never lag (F4)";
    let fix = "raise `fleet.index_lag`, shorten this `lag`, or write `level: beyond`";
    says("commerce, state: brownout, share: 30%", &window("10s"), message, (10, 53), fix);
    let fleet = WHOLE.replacen("level: strict", "level: strict\n    fleet: {index_lag: 10s}", 1);
    let fleet = |lag| fleet.replacen("commerce, state: brownout, share: 30%", &window(lag), 1);
    assert!(read(&fleet("10s")).is_ok());
    assert!(read(&fleet("11s")).unwrap_err().message().contains("which is 10s: "));
}

#[test]
fn a_word_to_the_hub_that_does_no_harm_is_refused() {
    let beyond = |harm: &str| format!("level: beyond\n    beyond: F1\n    harm: {{{harm}}}");
    let horizon = "does no harm: the true `horizon` is 5s, and who is told more only waits";
    for told in ["5s", "6s"] {
        let message = format!("`scenarios[0].harm.told_horizon`: `{told}` {horizon}");
        let fix = "write less than `5s`, or leave it out";
        says("level: strict", &beyond(&format!("told_horizon: {told}")), &message, (6, 26), fix);
    }
    let lag = "`scenarios[0].harm.told_index_lag`: `2s` does no harm: the true `index_lag` is 2s";
    assert!(told("level: strict", &beyond("told_index_lag: 2s")).0.starts_with(lag));
    for fine in ["told_horizon: 4999ms", "told_index_lag: 1999ms"] {
        assert!(read(&WHOLE.replacen("level: strict", &beyond(fine), 1)).is_ok(), "{fine}");
    }
    let lagging = WHOLE.replacen("level: strict", &beyond("told_index_lag: 2s"), 1);
    let lagging = lagging.replacen("brownout, share: 30%", "index-lag, lag: 10s", 1);
    assert!(read(&lagging).is_ok(), "the truth is then the window's");
}

#[test]
fn how_many_each_has_means_nothing_where_nobody_has_any() {
    for (each, whose) in [("orders_each", "orders"), ("tickets_each", "tickets")] {
        let fleet = format!("level: strict\n    fleet: {{{each}: 3}}");
        let message = format!("`scenarios[0].fleet.{each}` means nothing without `{whose}`");
        let help = format!("write beside it how many customers have {whose}, as `{whose}: 1`");
        let column = 15 + each.len();
        says("level: strict", &fleet, &message, (5, column), &help);
    }
}
