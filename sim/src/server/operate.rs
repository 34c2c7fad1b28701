//! What whoever runs a world may do to it besides sending requests: rules, outages, its clock, what it keeps.

use super::WorldSettings;
use super::faults::{Faults, Given};
use super::world::World;
use crate::chaos::rule::{Chaos, Odds, Rule, Window, WindowKind};
use crate::clock::{Instant, Nanos};
use crate::fleet::{self, Control, Record, SeedRecord, SideEffect, System};

/// A rule as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleState {
    /// Its number in this world.
    pub id: u64,
    /// What it says.
    pub rule: Rule,
    /// Whether it is paused.
    pub paused: bool,
    /// How often it struck.
    pub struck: u32,
}

impl RuleState {
    fn of(given: &Given) -> Self {
        let Given { id, rule, paused, struck } = given;
        Self { id: *id, rule: rule.clone(), paused: *paused, struck: *struck }
    }
}

impl World {
    /// The world's time: real time since it began, and by how much its clock was moved.
    #[must_use]
    pub fn time(&self) -> (Instant, Nanos) {
        let (now, inner) = self.now();
        (now, inner.offset)
    }

    /// Moves the world's clock forward: tokens expire, indexes catch up and quotas fill up without waiting. What is under
    /// way is not moved: it arrives in real time.
    pub fn advance(&self, by: Nanos) {
        let (now, mut inner) = self.now();
        inner.offset = inner.offset + by;
        inner.catch_up(now + by);
    }

    /// The rules, in the order in which they were given, and whether all of them are paused.
    #[must_use]
    pub fn rules(&self) -> (Vec<RuleState>, bool) {
        let (_, inner) = self.now();
        (inner.faults.rules().iter().map(RuleState::of).collect(), inner.faults.is_paused())
    }

    /// Adds rules and windows; their times count from now. The numbers of the rules.
    pub fn add(&self, chaos: &Chaos) -> Vec<u64> {
        let (now, mut inner) = self.now();
        let Chaos { rules, windows, .. } = from_now(chaos, now);
        inner.faults.open(&windows);
        inner.catch_up(now);
        inner.faults.give(rules)
    }

    /// From now on this may befall exchanges, those with clients under these names of routes too, and nothing that was said
    /// before. Times count from now.
    pub fn strike(&self, chaos: &Chaos, client_routes: &'static [&'static str]) {
        let (now, mut inner) = self.now();
        let WorldSettings { seed, horizon, fleet: fleet::Settings { index_lag, .. }, .. } = inner.settings;
        inner.faults = Faults::new(seed, &from_now(chaos, now), horizon, index_lag, client_routes);
        inner.catch_up(now);
    }

    /// Removes a rule; `false` where there is none with this number.
    pub fn remove_rule(&self, id: u64) -> bool {
        self.now().1.faults.take(|other| other == id) > 0
    }

    /// Removes every rule and ends every window: from now on nothing befalls anything. Jobs that stall end in usual time.
    pub fn heal(&self) {
        let (now, mut inner) = self.now();
        inner.faults.take(|_| true);
        for turn in inner.faults.end(now, |_| true) {
            inner.turn(now, &turn);
        }
        let latest = now + inner.settings.fleet.job_time;
        for system in System::VENDORS {
            inner.fleet.control(system, now, &Control::JobsEndBy(latest));
        }
    }

    /// Pauses all rules, or lets them go on. Windows go on.
    pub fn pause_rules(&self, paused: bool) {
        self.now().1.faults.pause_all(paused);
    }

    /// Pauses one rule, or lets it go on; `false` where there is none with this number.
    pub fn pause_rule(&self, id: u64, paused: bool) -> bool {
        self.now().1.faults.pause(id, paused)
    }

    /// The windows that are open or still to come.
    #[must_use]
    pub fn windows(&self) -> Vec<Window> {
        self.now().1.faults.windows().copied().collect()
    }

    /// Takes a vendor down, for so long or until its outage is ended.
    pub fn begin_outage(&self, system: System, lasts: Option<Nanos>) {
        let (now, mut inner) = self.now();
        let until = lasts.map_or(Instant::NEVER, |lasts| now + lasts);
        inner.faults.open(&[Window { system, kind: WindowKind::Outage, from: now, until, odds: Odds::ALWAYS }]);
        inner.catch_up(now);
    }

    /// Ends every outage of a vendor; `false` where there was none.
    pub fn end_outage(&self, system: System) -> bool {
        let (now, mut inner) = self.now();
        let down = inner.faults.has_outage(system);
        let outage = |window: &Window| window.system == system && window.kind == WindowKind::Outage;
        for turn in inner.faults.end(now, outage) {
            inner.turn(now, &turn);
        }
        down
    }

    /// Does something to a vendor from outside. Answers with the id of what this added.
    pub fn control(&self, system: System, control: &Control) -> Option<String> {
        let (now, mut inner) = self.now();
        inner.fleet.control(system, now, control)
    }

    /// Puts a customer into every vendor that keeps records, as if it had stood there; the records' ids by vendor.
    pub fn seed(&self, customer: &SeedRecord) -> Vec<(System, String)> {
        let control = Control::Seed(customer.clone());
        let seeded = System::VENDORS.map(|system| (system, self.control(system, &control)));
        seeded.into_iter().filter_map(|(system, id)| Some((system, id?))).collect()
    }

    /// Adds an order (commerce) or a ticket (support) to the customer with this number; `false` where it has no record.
    pub fn add_child(&self, system: System, cust_no: &str) -> bool {
        self.control(system, &Control::AddChild(cust_no.to_owned())).is_some()
    }

    /// Revokes every access token that a vendor has given so far.
    pub fn revoke_tokens(&self, system: System) {
        self.control(system, &Control::RevokeTokens);
    }

    /// A vendor's records, in order of creation.
    #[must_use]
    pub fn records(&self, system: System) -> Vec<Record> {
        self.now().1.fleet.records(system)
    }

    /// What happened at any vendor that nothing takes back.
    #[must_use]
    pub fn side_effects(&self) -> Vec<SideEffect> {
        self.now().1.fleet.side_effects().cloned().collect()
    }
}

/// The same chaos with its times counted from now.
fn from_now(chaos: &Chaos, now: Instant) -> Chaos {
    let later = |at: Instant| if at == Instant::NEVER { at } else { now + Nanos(at.0) };
    let rule = |rule: &Rule| Rule { from: later(rule.from), until: later(rule.until), ..rule.clone() };
    let window = |window: &Window| Window { from: later(window.from), until: later(window.until), ..*window };
    Chaos {
        rules: chaos.rules.iter().map(rule).collect(),
        windows: chaos.windows.iter().map(window).collect(),
        ..chaos.clone()
    }
}
