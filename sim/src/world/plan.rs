//! A scenario's chaos, made ready once for all of its worlds: which rules concern which route. What a single world
//! draws and spends of it is `allowance`'s.

use super::settings::Settings;
use crate::chaos::point::Route;
use crate::chaos::rule::{Odds, Rule};
use crate::clock::Instant;
use crate::fleet::{Fleet, System};

/// Settings with their rules sorted by system and route.
#[derive(Debug)]
pub(super) struct Plan {
    /// As given; the seed aside, which each world has for itself.
    pub(super) settings: Settings,
    /// The rules, in order.
    pub(super) rules: Vec<Prepared>,
    /// Whether any rule, or the whole, says how often it strikes at most.
    pub(super) limited: bool,
    /// By system and route: the numbers of the rules that concern it.
    concerning: [Vec<Vec<u16>>; 5],
}

/// A rule, ready to be applied.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Its fates: a bit each.
    pub(super) fates: u32,
    /// How often it strikes, in parts of 2³².
    pub(super) odds: u64,
    /// From when.
    pub(super) from: Instant,
    /// Until when.
    pub(super) until: Instant,
    /// How often at most in one world.
    pub(super) at_most: u32,
}

impl Plan {
    /// Makes these settings ready.
    pub(super) fn new(settings: &Settings, hub_routes: &[&str]) -> Self {
        let chaos = &settings.chaos;
        let rules = chaos.rules.iter().map(|rule| Prepared::new(rule, chaos.exactly_one)).collect();
        let concerning =
            [System::Hub, System::Commerce, System::Support, System::Identity, System::Messaging].map(|system| {
                sorted(
                    &chaos.rules,
                    system,
                    if system == System::Hub { hub_routes } else { Fleet::route_names(system) },
                )
            });
        let limited = chaos.at_most.is_some() || chaos.rules.iter().any(|rule| rule.at_most.is_some());
        Self { settings: settings.clone(), rules, limited, concerning }
    }

    /// The numbers of the rules that concern this route.
    pub(super) fn concerning(&self, system: System, route: Route) -> &[u16] {
        self.concerning[system as usize].get(usize::from(route.0)).map_or(&[], Vec::as_slice)
    }
}

impl Prepared {
    fn new(rule: &Rule, exactly_one: bool) -> Self {
        let fates = rule.fates.iter().fold(0, |mask, fate| mask | 1 << fate.code());
        let odds = if exactly_one { Odds::ALWAYS } else { rule.odds };
        Self {
            // Option 0 needs no rule.
            fates: fates & !1,
            odds: u64::from(odds.0) + u64::from(odds == Odds::ALWAYS),
            from: rule.from,
            until: rule.until,
            at_most: rule.at_most.unwrap_or(u32::MAX),
        }
    }
}

/// For each route of a system, the numbers of the rules that concern it.
fn sorted(rules: &[Rule], system: System, routes: &[&str]) -> Vec<Vec<u16>> {
    let addressed = |rule: &Rule| match rule.systems.as_slice() {
        [] => system != System::Hub,
        systems => systems.contains(&system),
    };
    let concerns = |rule: &Rule, route: &str| addressed(rule) && rule.route.as_deref().is_none_or(|name| name == route);
    let of_route = |route: &&str| {
        let concerning = (0_u16..).zip(rules).filter(|(_, rule)| concerns(rule, route));
        concerning.map(|(number, _)| number).collect()
    };
    routes.iter().map(of_route).collect()
}
