//! A scenario's chaos, made ready once for all of its worlds: which rules concern which routes. What a single world
//! draws and spends of it is `allowance`'s.

use super::settings::Settings;
use crate::chaos::fate::Fate;
use crate::chaos::point::Route;
use crate::chaos::rule::{Chaos, Odds, Rule, WindowKind};
use crate::clock::{Instant, Nanos};
use crate::fleet::{Fleet, System};

/// Settings with their rules sorted by the routes that they concern.
#[derive(Debug)]
pub(crate) struct Plan {
    /// As given; the seed aside, which each world has for itself.
    pub(crate) settings: Settings,
    /// The rules, in order.
    pub(crate) rules: Vec<Prepared>,
    /// Whether nothing is drawn by the names of points: no latency, no length of a pause, no answer in a brownout.
    pub(crate) even: bool,
    /// Whether any rule, or the whole, says how often it strikes at most.
    pub(crate) limited: bool,
    /// The classes of routes; the first is concerned by no rule.
    pub(crate) classes: Vec<Class>,
    /// By system and route: its class.
    class_of: [Vec<u16>; 5],
}

/// A rule, ready to be applied.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// Its fates: a bit each.
    pub(crate) fates: u32,
    /// How often it strikes, in parts of 2³².
    pub(crate) odds: u64,
    /// From when.
    pub(crate) from: Instant,
    /// Until when.
    pub(crate) until: Instant,
    /// How often at most in one world.
    pub(crate) at_most: u32,
}

/// Routes that the same rules concern.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Class {
    /// The rules' numbers.
    pub(crate) rules: Vec<u16>,
    /// Whether one of them does not hold throughout the work.
    pub(crate) timed: bool,
    /// The fates that can befall requests on these routes: a bit each.
    pub(crate) possible: u32,
}

impl Plan {
    /// Makes these settings ready.
    pub(crate) fn new(settings: &Settings, hub_routes: &[&str]) -> Self {
        let chaos = &settings.chaos;
        let mut plan = Self {
            settings: settings.clone(),
            rules: chaos.rules.iter().map(|rule| Prepared::new(rule, chaos.exactly_one)).collect(),
            even: is_even(settings),
            limited: chaos.at_most.is_some() || chaos.rules.iter().any(|rule| rule.at_most.is_some()),
            classes: vec![Class { rules: Vec::new(), timed: false, possible: 0 }],
            class_of: Default::default(),
        };
        for system in [System::Hub].into_iter().chain(System::VENDORS) {
            let routes = if system == System::Hub { hub_routes } else { Fleet::route_names(system) };
            plan.class_of[system as usize] = routes.iter().map(|route| plan.classify(system, route)).collect();
        }
        plan
    }

    /// The class of this route: its number. A route that its system does not name is concerned by no rule.
    pub(crate) fn class(&self, system: System, route: Route) -> u16 {
        self.class_of[system as usize].get(usize::from(route.0)).copied().unwrap_or(0)
    }

    fn classify(&mut self, system: System, route: &str) -> u16 {
        let concerning = (0_u16..).zip(&self.settings.chaos.rules).filter(|(_, rule)| concerns(rule, system, route));
        let rules: Vec<_> = concerning.map(|(number, _)| number).collect();
        let timed = !rules.iter().all(|number| self.rules[usize::from(*number)].throughout(&self.settings));
        let class = Class { rules, timed, possible: possible(system, route) };
        let place = self.classes.iter().position(|known| *known == class).unwrap_or(self.classes.len());
        if place == self.classes.len() {
            self.classes.push(class);
        }
        u16::try_from(place).unwrap_or(0)
    }
}

impl Prepared {
    /// Whether it holds as long as there is work.
    pub(crate) fn throughout(&self, settings: &Settings) -> bool {
        self.from == Instant::ZERO && self.until >= settings.work_until
    }

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

fn is_even(settings: &Settings) -> bool {
    let constant = |lengths: &[Nanos; 16]| lengths.iter().all(|length| *length == lengths[0]);
    let Chaos { pause, windows, .. } = &settings.chaos;
    settings.latency.iter().all(|latency| constant(&latency.0))
        && (pause.odds == Odds::NEVER || constant(&pause.lasts))
        && !windows.iter().any(|window| matches!(window.kind, WindowKind::Brownout(_)))
}

/// Jobs go otherwise than usual only where they start.
fn possible(system: System, route: &str) -> u32 {
    let of_jobs = Fate::OF_JOBS.iter().fold(0, |mask, fate| mask | 1 << fate.code());
    if Fleet::starts_jobs(system, route) { u32::MAX } else { !of_jobs }
}

/// Whether a rule concerns this route.
pub(crate) fn concerns(rule: &Rule, system: System, route: &str) -> bool {
    let addressed = match rule.systems.as_slice() {
        [] => system != System::Hub,
        systems => systems.contains(&system),
    };
    addressed && rule.route.as_deref().is_none_or(|name| name == route)
}
