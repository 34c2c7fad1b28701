//! What chaos one world is still allowed: the kinds that its seed keeps, and what is left of every *at most*. It makes
//! the menus of points; who chooses from them is not known here.

use super::plan::{Plan, Prepared};
use crate::chaos::choices::Menu;
use crate::chaos::fate::Fate;
use crate::chaos::point::{CommitFate, Route, mix};
use crate::chaos::rule::{Odds, WindowKind};
use crate::clock::Instant;
use crate::fleet::System;

/// One world's share of its scenario's chaos.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowance {
    /// The kinds that the world keeps, a bit each: fates by their codes, then windows, the crash, and the disk's fates.
    kept: u64,
    faults_left: u32,
    /// By rule; empty where no rule says *at most*.
    rules_left: Vec<u32>,
    crashes_left: u32,
    /// Where the world has exactly one fault: after how many more calls it falls, and its draw.
    single: Option<(u32, u64)>,
    options: Vec<u16>,
    odds: Vec<u32>,
}

const FIRST_WINDOW_KIND: u32 = 32;
const CRASH_KIND: u32 = 40;
const FIRST_DISK_KIND: u32 = 41;

/// Sets a seed's draws of one purpose apart from those of others.
const SWARM: u64 = 0x7377_6172_6d00_0001;
const SINGLE: u64 = 0x7369_6e67_6c65_0001;

impl Allowance {
    /// What a world of this seed is allowed.
    pub(super) fn draw(&mut self, plan: &Plan, seed: u64) {
        let chaos = &plan.settings.chaos;
        self.kept = if chaos.swarm { mix(mix(seed) ^ SWARM) } else { u64::MAX };
        self.faults_left = chaos.at_most.unwrap_or(u32::MAX);
        self.crashes_left = chaos.crash.at_most;
        self.rules_left.clear();
        if plan.limited {
            self.rules_left.extend(plan.rules.iter().map(|rule| rule.at_most));
        }
        let within = u64::from(plan.settings.exactly_one_within.max(1));
        let draw = mix(mix(seed) ^ SINGLE);
        self.single = chaos.exactly_one.then_some(((draw % within) as u32, mix(draw)));
    }

    /// Whether the world keeps windows of this kind.
    pub(super) fn keeps_window(&self, kind: WindowKind) -> bool {
        let number = match kind {
            WindowKind::Outage => 0,
            WindowKind::Brownout(_) => 1,
            WindowKind::Flapping(_) => 2,
            WindowKind::QuotaExhausted => 3,
            WindowKind::TokensRevoked => 4,
            WindowKind::IndexLag(_) => 5,
            WindowKind::SchemaDrift => 6,
        };
        self.keeps(FIRST_WINDOW_KIND + number)
    }

    /// What may befall an exchange on this route now.
    pub(super) fn exchange(&mut self, plan: &Plan, system: System, route: Route, now: Instant) -> Menu<'_> {
        self.options.clear();
        self.odds.clear();
        let concerning = plan.concerning(system, route);
        if !concerning.is_empty() && self.faults_left > 0 {
            self.fill(plan, concerning, now);
            if plan.settings.chaos.exactly_one {
                self.reduce_to_the_single_one(system);
            }
        }
        self.menu()
    }

    /// Counts a fate that was chosen.
    pub(super) fn spend(&mut self, plan: &Plan, system: System, route: Route, now: Instant, fate: Fate) {
        if !plan.limited {
            return;
        }
        self.faults_left -= 1;
        for &number in plan.concerning(system, route) {
            let rule = &plan.rules[usize::from(number)];
            if self.active(number, rule, now) && rule.fates >> fate.code() & 1 == 1 {
                self.rules_left[usize::from(number)] -= 1;
                return;
            }
        }
    }

    /// Where a crash may cut so many effects.
    pub(super) fn crash(&mut self, plan: &Plan, effects: u16) -> Menu<'_> {
        self.options.clear();
        self.odds.clear();
        let odds = plan.settings.chaos.crash.odds;
        if odds > Odds::NEVER && self.crashes_left > 0 && self.keeps(CRASH_KIND) {
            let each = odds.0 / (u32::from(effects) + 1);
            self.options.extend(1..=effects.saturating_add(1));
            self.odds.resize(self.options.len(), each.max(1));
        }
        self.menu()
    }

    /// Whether crashes may happen at all now.
    pub(super) fn may_crash(&self, plan: &Plan) -> bool {
        plan.settings.chaos.crash.odds > Odds::NEVER && self.crashes_left > 0 && self.keeps(CRASH_KIND)
    }

    /// Counts a crash.
    pub(super) fn spend_crash(&mut self) {
        self.crashes_left -= 1;
    }

    /// How a commit may end.
    pub(super) fn commit(&mut self, plan: &Plan) -> Menu<'_> {
        self.options.clear();
        self.odds.clear();
        let disk = &plan.settings.chaos.disk;
        let fates = [
            (CommitFate::UnknownApplied, disk.unknown_applied),
            (CommitFate::UnknownLost, disk.unknown_lost),
            (CommitFate::Full, disk.full),
            (CommitFate::Conflict, disk.conflict),
        ];
        for (number, (fate, odds)) in (0_u32..).zip(fates) {
            if odds > Odds::NEVER && self.keeps(FIRST_DISK_KIND + number) {
                self.options.push(fate as u16);
                self.odds.push(odds.0);
            }
        }
        self.menu()
    }

    /// Even odds among so many options besides option 0.
    pub(super) fn even(&mut self, others: u16) -> Menu<'_> {
        self.options.clear();
        self.options.extend(1..=others);
        self.odds.clear();
        self.odds.resize(usize::from(others), u32::MAX / (u32::from(others) + 1));
        self.menu()
    }

    /// Feeds what is left into a fingerprint.
    pub(super) fn digest(&self) -> [u64; 4] {
        let rules = self.rules_left.iter().fold(0, |hash, &left| mix(hash ^ u64::from(left)));
        let single = self.single.map_or(0, |(countdown, _)| u64::from(countdown) + 1);
        [u64::from(self.faults_left), u64::from(self.crashes_left), rules, single]
    }

    fn menu(&self) -> Menu<'_> {
        Menu { options: &self.options, odds: &self.odds }
    }

    fn keeps(&self, kind: u32) -> bool {
        self.kept >> kind & 1 == 1
    }

    fn active(&self, number: u16, rule: &Prepared, now: Instant) -> bool {
        rule.from <= now && now < rule.until && self.rules_left.get(usize::from(number)).is_none_or(|left| *left > 0)
    }

    /// Adds up the odds of all rules; each spreads its own evenly over those of its fates that the world keeps.
    fn fill(&mut self, plan: &Plan, concerning: &[u16], now: Instant) {
        let mut shares = [0_u64; 32];
        let mut offered = 0_u32;
        for &number in concerning {
            let rule = &plan.rules[usize::from(number)];
            let fates = rule.fates & self.kept as u32;
            if fates == 0 || rule.odds == 0 || !self.active(number, rule, now) {
                continue;
            }
            let share = (rule.odds / u64::from(fates.count_ones())).max(1);
            offered |= fates;
            for fate in bits(fates) {
                shares[usize::from(fate)] += share;
            }
        }
        for fate in bits(offered) {
            self.options.push(fate);
            self.odds.push(u32::try_from(shares[usize::from(fate)]).unwrap_or(u32::MAX));
        }
    }

    /// Leaves one certain fate on the menu of the one exchange that the seed drew, and none on all others.
    fn reduce_to_the_single_one(&mut self, system: System) {
        let mut fate = None;
        if let Some((countdown, draw)) = self.single.filter(|_| system != System::Hub && !self.options.is_empty()) {
            if countdown == 0 {
                fate = Some(self.options[(draw % self.options.len() as u64) as usize]);
                self.single = None;
            } else {
                self.single = Some((countdown - 1, draw));
            }
        }
        self.options.clear();
        self.odds.clear();
        if let Some(fate) = fate {
            self.options.push(fate);
            self.odds.push(u32::MAX);
        }
    }
}

/// The numbers of the bits that are set.
fn bits(mut mask: u32) -> impl Iterator<Item = u16> {
    std::iter::from_fn(move || {
        let bit = mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
        (bit < 32).then_some(bit as u16)
    })
}
