//! Tests of the format as a whole: that a file becomes the simulation's types, that every built-in suite reads, what the
//! hash sees. Each setting's own tests stand beside it.

mod slips;
mod told;
mod vendor_calls;

use std::collections::BTreeSet;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::rule::{Odds, WindowKind};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::System;

use super::validate::suite;
use super::*;
use crate::diagnostic::{Diagnostic, Source};

/// A whole scenario, short.
const WHOLE: &str = "\
scenarios:
  - name: small
    proves: Something holds.
    level: strict
    workload: {population: 2, operations: 3, mix: {create: 60%, update: 40%}}
    chaos:
      exchanges:
        - {systems: [support], fates: [lost, after-503], rate: 5%, at_most: 2}
      windows:
        - {system: commerce, state: brownout, share: 30%, from: 1s, until: 2s}
";

fn read(text: &str) -> Result<Vec<Scenario>, Diagnostic> {
    let placed = suite(&Source::new("my.yaml", text), &Origin::File("my.yaml".into()))?;
    Ok(placed.into_iter().map(|(scenario, _)| scenario).collect())
}

#[test]
fn a_file_becomes_the_simulations_own_types() {
    let scenario = read(WHOLE).unwrap().remove(0);
    assert_eq!((scenario.level, scenario.beyond), (Level::Strict, None));
    assert_eq!(scenario.horizon, Nanos::secs(5));
    assert_eq!(scenario.workload.mix, Mix { create: 60, update: 40, close: 0, merge: 0, read: 0 });
    let rule = &scenario.chaos.rules[0];
    assert_eq!(rule.systems, [System::Support]);
    assert_eq!(rule.fates, [Fate::RequestLost, Fate::After503, Fate::AnswerLost]);
    assert_eq!((rule.odds, rule.at_most), (Odds::ppm(50_000), Some(2)));
    assert_eq!((rule.from, rule.until), (Instant::ZERO, Instant::NEVER));
    let window = scenario.chaos.windows[0];
    assert_eq!(window.kind, WindowKind::Brownout(Odds::ppm(300_000)));
    assert_eq!((window.from, window.until), (Instant(1_000_000_000), Instant(2_000_000_000)));
    assert_eq!(scenario.work_until(), Instant::ZERO + Nanos::millis(300) + Nanos::secs(3 * 36));
}

#[test]
fn every_built_in_suite_reads_and_says_what_it_must_reach() {
    let all = built_in().unwrap();
    assert!(all.len() >= 12);
    let names: BTreeSet<&str> = all.iter().map(|scenario| scenario.name.as_str()).collect();
    for name in ["create-one", "update-one", "close-one", "create-one-fault"] {
        assert!(names.contains(name), "{name}");
    }
    for scenario in &all {
        assert!(!scenario.sometimes.is_empty(), "{} asks for nothing", scenario.name);
        assert!(scenario.workload.operations <= 20, "{} is too large for a default run", scenario.name);
        assert_eq!(scenario.beyond.is_some(), scenario.name.starts_with("beyond-"), "{}", scenario.name);
    }
}

#[test]
fn built_in_worlds_are_small_on_average() {
    let all = built_in().unwrap();
    let operations: u32 = all.iter().map(|scenario| scenario.workload.operations).sum();
    assert!(operations as usize <= 5 * all.len(), "{operations} operations in {} scenarios", all.len());
}

#[test]
fn what_one_customer_can_meet_has_no_windows_and_no_quotas() {
    for scenario in built_in().unwrap().iter().filter(|scenario| scenario.name.ends_with("-one")) {
        let chaos = &scenario.chaos;
        assert!(chaos.windows.is_empty() && !scenario.fleet.limits, "{}", scenario.name);
        assert!(chaos.rules.iter().all(|rule| rule.fates == Fate::ALL[1..]), "{}", scenario.name);
        assert!(chaos.ties && chaos.crash.odds > Odds::NEVER && chaos.disk.full > Odds::NEVER, "{}", scenario.name);
    }
}

#[test]
fn the_hash_is_pinned() {
    assert_eq!(read(WHOLE).unwrap()[0].hash, 12_234_300_099_945_217_438);
}

#[test]
fn the_hash_sees_what_shapes_a_world_and_nothing_else() {
    let hash = |old: &str, new: &str| read(&WHOLE.replacen(old, new, 1)).unwrap()[0].hash;
    let same = hash("", "");
    for (old, new) in [
        ("name: small", "name: other"),
        ("Something holds.", "Something else holds."),
        ("5%", "0.05"),
        ("1s", "1000ms"),
        ("[lost, after-503]", "[after-503, answer-lost, request-lost]"),
        ("level: strict", "level: basic\n    sometimes: [aborted]\n    horizon: 5s"),
    ] {
        assert_eq!(hash(old, new), same, "{new}");
    }
    for (old, new) in [
        ("population: 2", "population: 3"),
        ("5%", "6%"),
        ("30%", "31%"),
        ("[support]", "[identity]"),
        ("at_most: 2", "at_most: 1"),
        (", at_most: 2", ""),
        ("level: strict", "level: strict\n    horizon: 6s"),
        ("level: strict", "level: strict\n    policy: {attempts: 1}"),
        ("level: strict", "level: strict\n    fleet: {drift: true}"),
        ("level: strict", "level: strict\n    latency: {hub: 1ms}"),
        ("chaos:\n", "chaos:\n      crash: {rate: 1%}\n"),
        ("chaos:\n", "chaos:\n      disk: {full: 1%}\n"),
        ("chaos:\n", "chaos:\n      ties: true\n"),
    ] {
        assert_ne!(hash(old, new), same, "{new}");
    }
}
