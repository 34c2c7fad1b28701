//! What chaos one world is still allowed: the kinds that its seed keeps, and what is left of every *at most*. It makes
//! the menus of points; who chooses from them is not known here.

use super::plan::{Class, Plan, Prepared};
use crate::chaos::choices::Menu;
use crate::chaos::fate::Fate;
use crate::chaos::point::{CommitFate, Route, mix};
use crate::chaos::rule::{DiskRule, Odds, WindowKind};
use crate::clock::Instant;
use crate::fleet::System;

/// One world's share of its scenario's chaos.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allowance {
    /// The kinds that the world keeps, a bit each: fates by their codes, then windows, the crash, the disk's fates, and the pause.
    kept: u64,
    faults_left: u32,
    /// By rule; empty where no rule says *at most*.
    rules_left: Vec<u32>,
    crashes_left: u32,
    pauses_left: u32,
    /// Where the world has exactly one fault: after how many more calls it falls, and its draw.
    single: Option<(u32, u64)>,
    /// Where it has exactly one: how many exchanges it could have struck until then.
    passed: u32,
    /// Where it has exactly one and whoever chooses says which.
    at_will: bool,
    /// The menus of exchanges, by class.
    exchanges: Vec<Fates>,
    /// The menu of commits.
    commits: Fates,
    /// Other menus, made anew each time.
    options: Vec<u16>,
    odds: Vec<u32>,
}

/// A menu of fates, kept for as long as it stays the same.
#[derive(Debug, Clone, Copy, Default)]
struct Fates {
    ready: bool,
    count: usize,
    options: [u16; 32],
    odds: [u32; 32],
}

impl Fates {
    const EMPTY: Menu<'static> = Menu { options: &[], odds: &[] };

    fn push(&mut self, option: u16, odds: u32) {
        self.options[self.count] = option;
        self.odds[self.count] = odds;
        self.count += 1;
    }

    fn menu(&self) -> Menu<'_> {
        Menu { options: &self.options[..self.count], odds: &self.odds[..self.count] }
    }
}

const FIRST_WINDOW_KIND: u32 = 32;
const CRASH_KIND: u32 = 40;
const FIRST_DISK_KIND: u32 = 41;
const PAUSE_KIND: u32 = 45;

/// Sets a seed's draws of one purpose apart from those of others.
const SWARM: u64 = 0x7377_6172_6d00_0001;
const SINGLE: u64 = 0x7369_6e67_6c65_0001;

impl Allowance {
    /// What a world of this seed is allowed.
    pub(crate) fn draw(&mut self, plan: &Plan, seed: u64) {
        let chaos = &plan.settings.chaos;
        let kept = if chaos.swarm { mix(mix(seed) ^ SWARM) } else { u64::MAX };
        if kept != self.kept || plan.limited {
            self.exchanges.clear();
        }
        self.kept = kept;
        self.exchanges.resize(plan.classes.len(), Fates::default());
        self.commits = self.commit_fates(&chaos.disk);
        self.faults_left = chaos.at_most.unwrap_or(u32::MAX);
        self.crashes_left = chaos.crash.at_most;
        self.pauses_left = chaos.pause.at_most;
        self.rules_left.clear();
        if plan.limited {
            self.rules_left.extend(plan.rules.iter().map(|rule| rule.at_most));
        }
        self.passed = 0;
        self.single = None;
        if chaos.exactly_one {
            let draw = mix(mix(seed) ^ SINGLE);
            // The least of their hashes: where another orchestrator calls once more, most seeds strike the same exchange.
            let place = (0..plan.settings.exactly_one_within).min_by_key(|place| mix(draw ^ mix(u64::from(*place))));
            self.single = place.map(|place| (place, mix(draw)));
        }
        self.at_will = false;
    }

    /// Keeps every kind that a point may offer, whatever the seed's subset is, and of exactly one fault every one.
    pub(crate) fn offer_everything(&mut self, disk: &DiskRule) {
        self.kept |= !(((1 << (CRASH_KIND - FIRST_WINDOW_KIND)) - 1) << FIRST_WINDOW_KIND);
        self.exchanges.fill(Fates::default());
        self.commits = self.commit_fates(disk);
        if self.single.take().is_some() {
            (self.at_will, self.faults_left) = (true, 1);
        }
    }

    /// How many exchanges the one fault could have struck, where none has struck.
    pub(crate) const fn could_strike(&self) -> u32 {
        self.passed
    }

    /// Whether the world keeps windows of this kind.
    pub(crate) fn keeps_window(&self, kind: WindowKind) -> bool {
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
    pub(crate) fn exchange(&mut self, plan: &Plan, system: System, route: Route, now: Instant) -> Menu<'_> {
        let number = usize::from(plan.class(system, route));
        let class = &plan.classes[number];
        if class.rules.is_empty() || self.faults_left == 0 {
            return Fates::EMPTY;
        }
        if !self.exchanges[number].ready {
            self.exchanges[number] = Fates { ready: !class.timed, ..self.fates(plan, class, now) };
        }
        if plan.settings.chaos.exactly_one && !(self.at_will && system != System::Hub) {
            return self.single_one(system, number);
        }
        self.exchanges[number].menu()
    }

    /// Counts a fate that was chosen.
    pub(crate) fn spend(&mut self, plan: &Plan, system: System, route: Route, now: Instant, fate: Fate) {
        if plan.limited || self.at_will {
            self.faults_left -= 1;
        }
        if !plan.limited {
            return;
        }
        self.exchanges.fill(Fates::default());
        for &number in &plan.classes[usize::from(plan.class(system, route))].rules {
            let rule = &plan.rules[usize::from(number)];
            if self.active(number, rule, now) && rule.fates >> fate.code() & 1 == 1 {
                self.rules_left[usize::from(number)] -= 1;
                return;
            }
        }
    }

    /// Where a crash may cut so many effects.
    pub(crate) fn crash(&mut self, plan: &Plan, effects: u16) -> Menu<'_> {
        self.cut(plan.settings.chaos.crash.odds, self.may_crash(plan), effects)
    }

    /// Where a pause may cut so many effects.
    pub(crate) fn pause(&mut self, plan: &Plan, effects: u16) -> Menu<'_> {
        self.cut(plan.settings.chaos.pause.odds, self.may_pause(plan), effects)
    }

    fn cut(&mut self, odds: Odds, may: bool, effects: u16) -> Menu<'_> {
        self.options.clear();
        self.odds.clear();
        if may {
            let each = odds.0 / (u32::from(effects) + 1);
            self.options.extend(1..=effects.saturating_add(1));
            self.odds.resize(self.options.len(), each.max(1));
        }
        self.menu()
    }

    /// Whether crashes may happen at all now.
    pub(crate) fn may_crash(&self, plan: &Plan) -> bool {
        plan.settings.chaos.crash.odds > Odds::NEVER && self.crashes_left > 0 && self.keeps(CRASH_KIND)
    }

    /// Whether pauses may happen at all now.
    pub(crate) fn may_pause(&self, plan: &Plan) -> bool {
        plan.settings.chaos.pause.odds > Odds::NEVER && self.pauses_left > 0 && self.keeps(PAUSE_KIND)
    }

    /// Counts a pause.
    pub(crate) fn spend_pause(&mut self) {
        self.pauses_left -= 1;
    }

    /// Counts a crash.
    pub(crate) fn spend_crash(&mut self) {
        self.crashes_left -= 1;
    }

    /// How a commit may end.
    pub(crate) fn commit(&self) -> Menu<'_> {
        self.commits.menu()
    }

    /// Even odds among so many options besides option 0.
    pub(crate) fn even(&mut self, others: u16) -> Menu<'_> {
        self.options.clear();
        self.options.extend(1..=others);
        self.odds.clear();
        self.odds.resize(usize::from(others), u32::MAX / (u32::from(others) + 1));
        self.menu()
    }

    /// What is left of it, and how far away the beginnings and ends of its rules are, for a fingerprint.
    pub(crate) fn digest(&self, plan: &Plan, now: Instant) -> u64 {
        let single = self.single.map_or(0, |(countdown, _)| u64::from(countdown) + 1);
        let left =
            [self.faults_left, self.crashes_left, self.pauses_left].into_iter().chain(self.rules_left.iter().copied());
        let timed = plan.rules.iter().filter(|rule| !rule.throughout(&plan.settings));
        let edges = timed.flat_map(|rule| [rule.from, rule.until]).map(|edge| edge.since(now).0);
        left.map(u64::from).chain([single]).chain(edges).fold(0, |hash, number| mix(hash ^ number))
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
    fn fates(&self, plan: &Plan, class: &Class, now: Instant) -> Fates {
        let mut shares = [0_u64; 32];
        let mut offered = 0_u32;
        for &number in &class.rules {
            let rule = &plan.rules[usize::from(number)];
            let fates = rule.fates & class.possible & self.kept as u32;
            if fates == 0 || rule.odds == 0 || !self.active(number, rule, now) {
                continue;
            }
            let share = (rule.odds / u64::from(fates.count_ones())).max(1);
            offered |= fates;
            for fate in bits(fates) {
                shares[usize::from(fate)] += share;
            }
        }
        let mut menu = Fates::default();
        for fate in bits(offered) {
            menu.push(fate, u32::try_from(shares[usize::from(fate)]).unwrap_or(u32::MAX));
        }
        menu
    }

    fn commit_fates(&self, disk: &DiskRule) -> Fates {
        let fates = [
            (CommitFate::UnknownApplied, disk.unknown_applied),
            (CommitFate::UnknownLost, disk.unknown_lost),
            (CommitFate::Full, disk.full),
            (CommitFate::Conflict, disk.conflict),
        ];
        let mut menu = Fates::default();
        for (number, (fate, odds)) in (0_u32..).zip(fates) {
            if odds > Odds::NEVER && self.keeps(FIRST_DISK_KIND + number) {
                menu.push(fate as u16, odds.0);
            }
        }
        menu
    }

    /// One certain fate at the one exchange that the seed drew, and nothing at all others.
    fn single_one(&mut self, system: System, class: usize) -> Menu<'_> {
        let possible = self.exchanges[class].menu().options;
        if system == System::Hub || possible.is_empty() {
            return Fates::EMPTY;
        }
        self.passed += 1;
        let Some((countdown, draw)) = self.single else { return Fates::EMPTY };
        if countdown > 0 {
            self.single = Some((countdown - 1, draw));
            return Fates::EMPTY;
        }
        let fate = possible[(draw % possible.len() as u64) as usize];
        self.single = None;
        self.options.clear();
        self.options.push(fate);
        self.odds.clear();
        self.odds.push(u32::MAX);
        self.menu()
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

#[cfg(test)]
mod tests;
