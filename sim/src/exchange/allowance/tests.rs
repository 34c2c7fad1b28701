//! Tests of the allowance: what a scenario's chaos leaves one world.

use super::super::settings::Settings;
use super::*;
use crate::chaos::rule::{Chaos, CrashRule, Rule};
use crate::clock::Nanos;

fn rule(fates: &[Fate], odds: u32) -> Rule {
    Rule {
        systems: Vec::new(),
        route: None,
        fates: fates.to_vec(),
        odds: Odds(odds),
        from: Instant::ZERO,
        until: Instant::NEVER,
        at_most: None,
    }
}

fn plan(chaos: Chaos) -> Plan {
    Plan::new(&Settings { chaos, ..Settings::default() }, &["create", "read"])
}

fn drawn(plan: &Plan, seed: u64) -> Allowance {
    let mut allowance = Allowance::default();
    allowance.draw(plan, seed);
    allowance
}

/// The menu of a system's first route.
fn menu(allowance: &mut Allowance, plan: &Plan, system: System, at: u64) -> Vec<(u16, u32)> {
    let menu = allowance.exchange(plan, system, Route(0), Instant(at));
    menu.options.iter().copied().zip(menu.odds.iter().copied()).collect()
}

#[test]
fn a_rule_spreads_its_odds_evenly_and_several_rules_add_up() {
    let rules = vec![rule(&[Fate::Refused, Fate::Twice], 200), rule(&[Fate::Twice], 50)];
    let plan = plan(Chaos { rules, ..Chaos::default() });
    let mut allowance = drawn(&plan, 0);
    let expected = [(Fate::Refused.code(), 100), (Fate::Twice.code(), 150)];
    assert_eq!(menu(&mut allowance, &plan, System::Commerce, 0), expected);
    assert_eq!(menu(&mut allowance, &plan, System::Hub, 0), [], "without systems a rule concerns the vendors");
}

#[test]
fn a_rule_concerns_its_systems_its_route_and_its_time_only() {
    let mut here = rule(&[Fate::Twice], 9);
    here.systems = vec![System::Hub];
    here.route = Some("create".to_owned());
    here.from = Instant(10);
    here.until = Instant(20);
    let plan = plan(Chaos { rules: vec![here], ..Chaos::default() });
    let mut allowance = drawn(&plan, 0);
    let on_menu: Vec<_> = [9, 10, 19, 20].map(|at| menu(&mut allowance, &plan, System::Hub, at).len()).to_vec();
    assert_eq!(on_menu, [0, 1, 1, 0]);
    assert_eq!(menu(&mut allowance, &plan, System::Commerce, 10), []);
    assert!(allowance.exchange(&plan, System::Hub, Route(1), Instant(10)).options.is_empty());
}

#[test]
fn at_most_holds_for_each_rule_and_for_all_together() {
    let mut scarce = rule(&[Fate::Twice], 9);
    scarce.at_most = Some(1);
    let chaos = Chaos { rules: vec![scarce, rule(&[Fate::Refused], 9)], at_most: Some(2), ..Chaos::default() };
    let plan = plan(chaos);
    let mut allowance = drawn(&plan, 0);
    let mut spend = |fate| {
        allowance.spend(&plan, System::Commerce, Route(0), Instant(0), fate);
        menu(&mut allowance, &plan, System::Commerce, 0)
    };
    assert_eq!(spend(Fate::Twice), [(Fate::Refused.code(), 9)]);
    assert_eq!(spend(Fate::Refused), []);
}

#[test]
fn a_swarm_keeps_each_kind_in_about_half_of_the_worlds() {
    let disk = DiskRule { full: Odds(9), ..DiskRule::default() };
    let crash = CrashRule { odds: Odds(9), at_most: 1, restart_after: Nanos::ZERO };
    let rules = vec![rule(&[Fate::Refused, Fate::Twice], 200)];
    let plan = plan(Chaos { rules, disk, crash, swarm: true, ..Chaos::default() });
    let mut kept = [0; 5];
    for seed in 0..1000 {
        let mut allowance = drawn(&plan, seed);
        let menu = menu(&mut allowance, &plan, System::Commerce, 0);
        assert!(menu.iter().map(|(_, odds)| odds).sum::<u32>() == 200 || menu.is_empty());
        kept[0] += u32::from(menu.iter().any(|(fate, _)| *fate == Fate::Refused.code()));
        kept[1] += u32::from(menu.iter().any(|(fate, _)| *fate == Fate::Twice.code()));
        kept[2] += u32::from(!allowance.commit().options.is_empty());
        kept[3] += u32::from(allowance.may_crash(&plan));
        kept[4] += u32::from(allowance.keeps_window(WindowKind::Outage));
    }
    assert!(kept.iter().all(|worlds| (450..550).contains(worlds)), "{kept:?}");
}

#[test]
fn exactly_one_fault_is_certain_falls_within_the_first_calls_and_differs_by_seed() {
    let rules = vec![rule(&[Fate::Refused, Fate::Twice], 1)];
    let plan = plan(Chaos { rules, exactly_one: true, ..Chaos::default() });
    let mut places = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let mut allowance = drawn(&plan, seed);
        assert_eq!(menu(&mut allowance, &plan, System::Hub, 0), []);
        let menus: Vec<_> = (0..20).map(|_| menu(&mut allowance, &plan, System::Support, 0)).collect();
        let offered: Vec<_> = (0..).zip(menus).filter(|(_, menu)| !menu.is_empty()).collect();
        assert_eq!(offered.len(), 1);
        let (place, menu) = &offered[0];
        assert!(*place < 7 && menu.len() == 1 && menu[0].1 == u32::MAX);
        places.insert((*place, menu[0].0));
    }
    assert_eq!(places.len(), 14);
}

#[test]
fn a_fault_that_falls_on_none_tells_how_many_it_could_have_befallen() {
    let rules = vec![rule(&[Fate::Refused, Fate::Twice], 1)];
    let mut plan = plan(Chaos { rules, exactly_one: true, ..Chaos::default() });
    plan.settings.exactly_one_within = 0;
    let mut allowance = drawn(&plan, 3);
    for system in [System::Support, System::Hub, System::Support] {
        assert_eq!(menu(&mut allowance, &plan, system, 0), []);
    }
    assert_eq!(allowance.could_strike(), 2);
}

#[test]
fn whoever_is_offered_everything_says_which_one_fault_it_is() {
    let rules = vec![rule(&[Fate::Refused, Fate::Twice], 1)];
    let plan = plan(Chaos { rules, exactly_one: true, ..Chaos::default() });
    let mut allowance = drawn(&plan, 0);
    allowance.offer_everything(&plan.settings.chaos.disk);
    for _ in 0..20 {
        assert_eq!(menu(&mut allowance, &plan, System::Support, 0).len(), 2);
        assert_eq!(menu(&mut allowance, &plan, System::Hub, 0), []);
    }
    allowance.spend(&plan, System::Support, Route(0), Instant::ZERO, Fate::Twice);
    assert_eq!(menu(&mut allowance, &plan, System::Support, 0), []);
    allowance.draw(&plan, 0);
    let drawn = (0..20).map(|_| menu(&mut allowance, &plan, System::Support, 0).len()).sum::<usize>();
    assert_eq!(drawn, 1, "the next world is the seed's again");
}

#[test]
fn a_crash_may_keep_any_number_of_effects() {
    let crash = CrashRule { odds: Odds(400), at_most: 1, restart_after: Nanos::ZERO };
    let plan = plan(Chaos { crash, ..Chaos::default() });
    let mut allowance = drawn(&plan, 0);
    let menu = allowance.crash(&plan, 3);
    assert_eq!((menu.options, menu.odds), ([1, 2, 3, 4].as_slice(), [100; 4].as_slice()));
    allowance.spend_crash();
    assert!(!allowance.may_crash(&plan));
    assert!(allowance.crash(&plan, 3).options.is_empty());
}
