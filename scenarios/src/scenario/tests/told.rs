//! What a wrong file is told, word for word, and that whatever is written is answered with one message.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::{WHOLE, read};

/// What is told where `old` in the whole scenario is written as `new`.
fn told(old: &str, new: &str) -> String {
    assert!(WHOLE.contains(old), "{old}");
    read(&WHOLE.replacen(old, new, 1)).unwrap_err().to_string()
}

#[test]
fn an_unknown_field_is_told_before_a_missing_one() {
    assert_snapshot!(told("    level: strict\n    workload:", "    levle: strict\n    workload:"), @r"
    error: unknown field `levle`
     --> my.yaml:4:5
      |
    4 |     levle: strict
      |     ^^^^^
      |
      = help: did you mean `level`?
      = help: the fields here are name, proves, level, beyond, harm, fleet, latency, horizon, policy, hub, workload, chaos, sometimes
    ");
    assert_snapshot!(told("    level: strict\n", ""), @r"
    error: `scenarios[0].level` is missing
     --> my.yaml:2:5
      |
    2 |   - name: small
      |     ^ in this mapping
      |
      = help: add `level:` here
    ");
}

#[test]
fn a_wrong_duration_is_told_with_its_unit() {
    assert_snapshot!(told("from: 1s", "from: 1"), @r"
    error: `scenarios[0].chaos.windows[0].from`: `1` has no unit
      --> my.yaml:10:65
       |
    10 |         - {system: commerce, state: brownout, share: 30%, from: 1, until: 2s}
       |                                                                 ^ has no unit
       |
       = help: did you mean `1s` or `1ms`? write a number and a unit (ns, us, ms, s, m, h), as `250ms` or `1.5s`
    ");
    assert_snapshot!(told("from: 1s", "from: 1 sec"), @r"
    error: `scenarios[0].chaos.windows[0].from`: `1 sec` has a wrong unit
      --> my.yaml:10:65
       |
    10 |         - {system: commerce, state: brownout, share: 30%, from: 1 sec, until: 2s}
       |                                                                 ^^^^^ has a wrong unit
       |
       = help: write a number and a unit (ns, us, ms, s, m, h), as `250ms` or `1.5s`
    ");
    assert_snapshot!(told("until: 2s", "until: 500ms"), @r"
    error: `scenarios[0].chaos.windows[0].until` is not after `from`
      --> my.yaml:10:76
       |
    10 |         - {system: commerce, state: brownout, share: 30%, from: 1s, until: 500ms}
       |                                                                            ^^^^^
       |
       = help: let it end after it begins, or leave it out
    ");
}

#[test]
fn a_wrong_rate_is_told() {
    assert_snapshot!(told("rate: 5%", "rate: -5%"), @r"
    error: `scenarios[0].chaos.exchanges[0].rate`: `-5%` is negative
     --> my.yaml:8:64
      |
    8 |         - {systems: [support], fates: [lost, after-503], rate: -5%, at_most: 2}
      |                                                                ^^^ is negative
      |
      = help: nothing happens less often than never; write per cent or a fraction of one, as `5%` or `0.05`
    ");
    assert_snapshot!(told("rate: 5%", "rate: 5"), @r"
    error: `scenarios[0].chaos.exchanges[0].rate`: `5` is over 1
     --> my.yaml:8:64
      |
    8 |         - {systems: [support], fates: [lost, after-503], rate: 5, at_most: 2}
      |                                                                ^ is over 1
      |
      = help: did you mean `5%`? write per cent or a fraction of one, as `5%` or `0.05`
    ");
    assert_snapshot!(told("rate: 5%", "rate: often"), @r"
    error: `scenarios[0].chaos.exchanges[0].rate`: `often` is not a probability
     --> my.yaml:8:64
      |
    8 |         - {systems: [support], fates: [lost, after-503], rate: often, at_most: 2}
      |                                                                ^^^^^ is not a probability
      |
      = help: write per cent or a fraction of one, as `5%` or `0.05`
    ");
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    assert_snapshot!(told("systems: [support]", "systems: [suport]"), @r"
    error: `scenarios[0].chaos.exchanges[0].systems[0]`: `suport` is no system
     --> my.yaml:8:22
      |
    8 |         - {systems: [suport], fates: [lost, after-503], rate: 5%, at_most: 2}
      |                      ^^^^^^ is no system
      |
      = help: did you mean `support`?
      = help: a system is one of hub, commerce, support, identity, messaging
    ");
    assert_snapshot!(told("system: commerce", "system: hub"), @r"
    error: `scenarios[0].chaos.windows[0].system`: `hub` is no vendor
      --> my.yaml:10:20
       |
    10 |         - {system: hub, state: brownout, share: 30%, from: 1s, until: 2s}
       |                    ^^^ is no vendor
       |
       = help: a vendor is one of commerce, support, identity, messaging
    ");
    assert_snapshot!(told("lost,", "lsot,"), @r"
    error: `scenarios[0].chaos.exchanges[0].fates[0]`: `lsot` is no fate or group of fates
     --> my.yaml:8:40
      |
    8 |         - {systems: [support], fates: [lsot, after-503], rate: 5%, at_most: 2}
      |                                        ^^^^ is no fate or group of fates
      |
      = help: did you mean `lost`?
      = help: a fate or group of fates is one of all, lost, late, doubled, before, throttled, after, answer, unreadable, jobs, refused, request-lost, late-short, late-long, twice, twice-late, late-504, before-400, before-401, before-403, before-408, before-429-after, before-429, before-500, before-502, before-503, before-504, after-500, after-502, after-503, after-504, answer-reset, answer-lost, truncated, malformed, html, empty, slow, job-stalls, job-fails-half
    ");
    assert_snapshot!(told("brownout, share: 30%", "outage, share: 30%"), @r"
    error: `scenarios[0].chaos.windows[0].share` belongs to state `brownout` only
      --> my.yaml:10:52
       |
    10 |         - {system: commerce, state: outage, share: 30%, from: 1s, until: 2s}
       |                                                    ^^^
       |
       = help: leave it out, or write `state: brownout`
    ");
}

#[test]
fn a_scenario_that_contradicts_itself_is_told() {
    assert_snapshot!(told("update: 40%", "update: 30%"), @r"
    error: `scenarios[0].workload.mix` adds up to 90%
     --> my.yaml:5:51
      |
    5 |     workload: {population: 2, operations: 3, mix: {create: 60%, update: 30%}}
      |                                                   ^
      |
      = help: let create, update, close, merge and read add up to 100%
    ");
    assert_snapshot!(told("level: strict", "level: beyond"), @r"
    error: `scenarios[0].beyond` is missing
     --> my.yaml:2:5
      |
    2 |   - name: small
      |     ^ in this mapping
      |
      = help: add `beyond:` here
    ");
    assert_snapshot!(told("population: 2", "population: 0"), @r"
    error: `scenarios[0].workload.population`: `0` is zero
     --> my.yaml:5:28
      |
    5 |     workload: {population: 0, operations: 3, mix: {create: 60%, update: 40%}}
      |                            ^ is zero
      |
      = help: write a whole number from 1
    ");
}

#[test]
fn a_vendor_that_can_never_answer_in_time_is_told() {
    assert_snapshot!(told("level: strict", "level: strict\n    latency: {support: 500ms}"), @r"
    error: `scenarios[0].latency.support`: `500ms` lets support never answer in time: two ways take 1s at the least, and the hub waits 1s where `policy.time_out` is absent
     --> my.yaml:5:24
      |
    5 |     latency: {support: 500ms}
      |                        ^^^^^
      |
      = help: write a `policy: {time_out: …}` of more than `1s`, or shorten the latency
    ");
    assert_snapshot!(told("level: strict", "level: strict\n    policy: {time_out: 20ms}"), @r"
    error: `scenarios[0].policy.time_out`: `20ms` ends before commerce can ever answer: two ways of its `latency` take 20ms at the least
     --> my.yaml:5:24
      |
    5 |     policy: {time_out: 20ms}
      |                        ^^^^
      |
      = help: write more than `20ms`
    ");
    for fine in ["latency: {support: 499ms}", "latency: {support: 1s}\n    policy: {time_out: 2001ms}"] {
        let fine = WHOLE.replacen("level: strict", &format!("level: strict\n    {fine}"), 1);
        assert!(read(&fine).is_ok(), "{fine}");
    }
}

#[test]
fn a_backoff_that_polite_would_convict_or_that_is_over_its_cap_is_told() {
    let policy = |policy: &str| told("level: strict", &format!("level: strict\n    policy: {policy}"));
    assert_snapshot!(policy("{backoff_base: 1ms}"), @r"
    error: `scenarios[0].policy.backoff_base`: `1ms` is so short that 5 retries may come within 20ms, for which `polite` convicts the hub
     --> my.yaml:5:28
      |
    5 |     policy: {backoff_base: 1ms}
      |                            ^^^
      |
      = help: write at least `7ms`
    ");
    assert_snapshot!(policy("{backoff_base: 5s}"), @r"
    error: `scenarios[0].policy.backoff_base`: `5s` is longer than the longest backoff, which is 4s where `backoff_cap` is absent
     --> my.yaml:5:28
      |
    5 |     policy: {backoff_base: 5s}
      |                            ^^
      |
      = help: write at most `4s`, or add a `backoff_cap` of `5s` or more
    ");
    assert_snapshot!(policy("{backoff_cap: 30ms}"), @r"
    error: `scenarios[0].policy.backoff_cap`: `30ms` is so short that 5 retries may come within 20ms, for which `polite` convicts the hub
     --> my.yaml:5:27
      |
    5 |     policy: {backoff_cap: 30ms}
      |                           ^^^^
      |
      = help: write at least `41ms`
    ");
}

#[test]
fn a_file_that_is_no_yaml_or_of_another_shape_is_told() {
    assert_snapshot!(told("level: strict", "level: 'strict"), @r"
    error: this cannot be read as YAML: unclosed quote
     --> my.yaml:4:12
      |
    4 |     level: 'strict
      |            ^
      |
      = help: mind indentation (spaces, no tabs), quotes, and that a colon is followed by a space
    ");
    assert_snapshot!(told("[lost, after-503]", "lost"), @r"
    error: `fates` must be a list, but it is `lost`
     --> my.yaml:8:39
      |
    8 |         - {systems: [support], fates: lost, rate: 5%, at_most: 2}
      |                                       ^^^^
      |
      = help: write the entries in brackets, `[one, two]`, or each on a line after `- `
    ");
    assert_snapshot!(told("level: strict", "level:"), @r"
    error: `level` must be a value, but nothing is written
     --> my.yaml:4:10
      |
    4 |     level:
      |          ^
      |
      = help: write it behind the colon, or leave the whole line out
    ");
    assert_snapshot!(read("").unwrap_err(), @r"
    error: the file is empty
     --> my.yaml:1:1
      |
    1 |
      | ^
      |
      = help: write `scenarios:` and under it a list; docs/scenario-format.md tells how
    ");
    assert_snapshot!(read("format: 2\nscenarios: []\n").unwrap_err(), @r"
    error: `format`: `2` is a version that this program does not read
     --> my.yaml:1:9
      |
    1 | format: 2
      |         ^ is a version that this program does not read
      |
      = help: it reads version 1
    ");
}

#[test]
fn nesting_without_end_is_told_at_once() {
    let flow = format!("scenarios: {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let block = format!("scenarios:\n{}", "- ".repeat(100_000));
    let keys = format!("scenarios: {}", "{fleet: ".repeat(100_000));
    for text in [flow, block, keys] {
        let diagnostic = read(&text).unwrap_err();
        assert!(diagnostic.to_string().len() < 2_000, "{diagnostic}");
    }
}

#[test]
fn an_alias_bomb_is_told_at_once() {
    let mut text = "scenarios:\n  - sometimes: &a0 [aborted, aborted, aborted, aborted, aborted]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("  - sometimes: &a{level} [{aliases}]\n"));
    }
    assert!(read(&text).unwrap_err().place().is_some());
    let mut wide = "scenarios:\n  - sometimes: &a\n".to_owned();
    wide.push_str(&"      - aborted\n".repeat(1_000));
    wide.push_str(&"  - {sometimes: *a}\n".repeat(900));
    assert_eq!(read(&wide).unwrap_err().message(), "the file is too large, with what its aliases repeat");
}

proptest! {
    #[test]
    fn whatever_text_is_answered_with_one_message(text in "\\PC{0,200}") {
        if let Err(diagnostic) = read(&text) {
            prop_assert!(diagnostic.render(true).contains("error"));
        }
    }

    #[test]
    fn whatever_is_struck_out_or_put_in_is_answered(
        at in 0..WHOLE.len(),
        cut in 0..40_usize,
        put in "[-\\[\\]{}:,&*!|>'\"%@`#?\\n\\t 0-9a-zä\u{2028}\u{0}]{0,6}",
    ) {
        let end = (at + cut).min(WHOLE.len());
        let text = format!("{}{put}{}", &WHOLE[..at], &WHOLE[end..]);
        if let Err(diagnostic) = read(&text) {
            prop_assert!(diagnostic.to_string().starts_with("error: "));
        }
    }
}
