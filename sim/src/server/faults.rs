//! What may befall a world's exchanges now: its rules, which come and go, and its windows. Fates come from the same
//! points, hashes and menus as in simulation; how a fate shows on a socket is not known here.

use crate::chaos::choices::{Choices, Random};
use crate::chaos::fate::Fate;
use crate::chaos::point::{Point, Route, Subject, mix};
use crate::chaos::rule::{Chaos, Rule, Window, WindowKind};
use crate::clock::{Instant, Nanos};
use crate::exchange::allowance::Allowance;
use crate::exchange::plan::{Plan, concerns};
use crate::exchange::settings::{Latency, Settings};
use crate::exchange::tally::Tally;
use crate::exchange::windows::{Turn, Weather, Windows};
use crate::fleet::{Fleet, System};

/// A rule that was given.
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// Its number; none is used twice in a world.
    pub(super) id: u64,
    pub(super) rule: Rule,
    pub(super) paused: bool,
    /// How often it struck.
    pub(super) struck: u32,
}

impl Given {
    fn is_spent(&self) -> bool {
        self.rule.at_most.is_some_and(|at_most| self.struck >= at_most)
    }
}

/// All that may befall the exchanges of one world.
#[derive(Debug)]
pub(super) struct Faults {
    seed: u64,
    choices: Random,
    rules: Vec<Given>,
    next_id: u64,
    paused: bool,
    /// How many faults of exchanges there may be in all, and how many there were.
    at_most: Option<u32>,
    struck: u32,
    plan: Plan,
    /// The names of the routes that clients take to the hub, where somebody sends for them.
    client_routes: &'static [&'static str],
    allowance: Allowance,
    windows: Windows,
    windows_given: u64,
    tally: Tally,
}

impl Faults {
    /// What a world may suffer that begins with this chaos, and whose clients take routes of these names to the hub.
    pub(super) fn new(
        seed: u64,
        chaos: &Chaos,
        horizon: Nanos,
        index_lag: Nanos,
        client_routes: &'static [&'static str],
    ) -> Self {
        let settings = Settings {
            seed,
            latency: [Latency::constant(Nanos::ZERO); 5],
            horizon,
            chaos: Chaos { rules: Vec::new(), windows: chaos.windows.clone(), ..chaos.clone() },
            work_until: Instant::NEVER,
            index_lag,
            ..Settings::default()
        };
        let mut faults = Self {
            seed,
            choices: Random::new(seed),
            rules: Vec::new(),
            next_id: 1,
            paused: false,
            at_most: chaos.at_most,
            struck: 0,
            plan: Plan::new(&settings, client_routes),
            client_routes,
            allowance: Allowance::default(),
            windows: Windows::default(),
            windows_given: chaos.windows.len() as u64,
            tally: Tally::default(),
        };
        faults.give(chaos.rules.clone());
        faults.windows.draw(&faults.plan.settings, seed, &faults.allowance);
        faults
    }

    /// The point and the fate of a request that is sent now.
    pub(super) fn fate(&mut self, now: Instant, to: System, route: Route, subject: Subject) -> (Point, Fate) {
        let key = mix(subject.0 ^ (u64::from(route.0) << 8 | to as u64));
        let point = Point::Exchange { system: to, route, subject, nth: self.tally.next(key) };
        let weather = self.windows.weather(to, now, point.hash());
        if weather == Weather::Down {
            return (point, Fate::Refused);
        }
        let fate = match (self.choose(now, point, to, route), weather) {
            (Fate::Fine, Weather::Busy) => Fate::Before503,
            (Fate::Fine, Weather::Slow) => Fate::Slow,
            (chosen, _) => chosen,
        };
        (point, fate)
    }

    /// How long a job that stalls stays pending.
    pub(super) const fn job_stall(&self) -> Nanos {
        self.plan.settings.job_stall
    }

    /// Whether the vendor swallows what arrives now.
    pub(super) fn is_down(&self, system: System, now: Instant) -> bool {
        self.windows.is_down(system, now)
    }

    /// Passes the next edge of a window that is due by now: when it was, and what it changes.
    pub(super) fn pass(&mut self, now: Instant) -> Option<(Instant, Turn)> {
        let at = self.windows.next_edge().filter(|at| *at <= now && *at < Instant::NEVER)?;
        self.windows.pass(&self.plan.settings).map(|turn| (at, turn))
    }

    /// The rules, in order.
    pub(super) fn rules(&self) -> &[Given] {
        &self.rules
    }

    /// Whether all rules are paused.
    pub(super) const fn is_paused(&self) -> bool {
        self.paused
    }

    /// Pauses all rules, or lets them go on.
    pub(super) fn pause_all(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Pauses one rule, or lets it go on; `false` where there is none with this number.
    pub(super) fn pause(&mut self, id: u64, paused: bool) -> bool {
        let given = self.rules.iter_mut().find(|given| given.id == id);
        let known = given.map(|given| given.paused = paused).is_some();
        self.prepare();
        known
    }

    /// Adds rules; their numbers.
    pub(super) fn give(&mut self, rules: Vec<Rule>) -> Vec<u64> {
        let numbers: Vec<u64> = (self.next_id..).take(rules.len()).collect();
        self.next_id += rules.len() as u64;
        let given = numbers.iter().zip(rules).map(|(&id, rule)| Given { id, rule, paused: false, struck: 0 });
        self.rules.extend(given);
        self.prepare();
        numbers
    }

    /// Removes the rules that are meant; how many there were.
    pub(super) fn take(&mut self, is_meant: impl Fn(u64) -> bool) -> usize {
        let before = self.rules.len();
        self.rules.retain(|given| !is_meant(given.id));
        self.prepare();
        before - self.rules.len()
    }

    /// Adds windows.
    pub(super) fn open(&mut self, windows: &[Window]) {
        for window in windows {
            self.windows.add(*window, self.windows_given, self.seed);
            self.windows_given += 1;
        }
    }

    /// Ends the windows that are meant; what these ends change.
    pub(super) fn end(&mut self, now: Instant, is_meant: impl Fn(&Window) -> bool) -> Vec<Turn> {
        self.windows.end(now, &self.plan.settings, is_meant)
    }

    /// The windows that are open or still to come.
    pub(super) fn windows(&self) -> impl Iterator<Item = &Window> {
        self.windows.standing()
    }

    /// Whether an outage of this vendor is open or still to come.
    pub(super) fn has_outage(&self, system: System) -> bool {
        self.windows().any(|window| window.system == system && window.kind == WindowKind::Outage)
    }

    fn choose(&mut self, now: Instant, point: Point, to: System, route: Route) -> Fate {
        if self.paused || self.at_most.is_some_and(|at_most| self.struck >= at_most) {
            return Fate::Fine;
        }
        let menu = self.allowance.exchange(&self.plan, to, route, now);
        if menu.options.is_empty() {
            return Fate::Fine;
        }
        let fate = Fate::from_code(self.choices.choose(point, menu)).unwrap_or(Fate::Fine);
        if fate != Fate::Fine {
            self.struck += 1;
            self.charge(now, to, route, fate);
        }
        fate
    }

    /// Counts a fate with the first rule that allowed it.
    fn charge(&mut self, now: Instant, to: System, route: Route, fate: Fate) {
        let names = if to == System::Hub { self.client_routes } else { Fleet::route_names(to) };
        let name = names.get(usize::from(route.0)).copied().unwrap_or_default();
        let allowed = |given: &&mut Given| {
            let rule = &given.rule;
            let open = rule.from <= now && now < rule.until;
            open && !given.paused && !given.is_spent() && rule.fates.contains(&fate) && concerns(rule, to, name)
        };
        let Some(given) = self.rules.iter_mut().find(allowed) else { return };
        given.struck += 1;
        if given.is_spent() {
            self.prepare();
        }
    }

    /// Makes the rules that hold now ready. One that may strike no more is left out, so nothing else counts down.
    fn prepare(&mut self) {
        let mut settings = self.plan.settings.clone();
        let chaos = &mut settings.chaos;
        let holds = |given: &&Given| !given.paused && !given.is_spent();
        chaos.rules = self.rules.iter().filter(holds).map(|given| given.rule.clone()).collect();
        if chaos.exactly_one && self.struck > 0 {
            chaos.rules.clear();
        }
        chaos.at_most = None;
        chaos.rules.iter_mut().for_each(|rule| rule.at_most = None);
        self.plan = Plan::new(&settings, self.client_routes);
        self.allowance.draw(&self.plan, self.seed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::rule::Odds;

    const ROUTE: Route = Route(1);

    fn rule(fates: &[Fate], odds: Odds) -> Rule {
        Rule {
            systems: vec![System::Support],
            route: None,
            fates: fates.to_vec(),
            odds,
            from: Instant::ZERO,
            until: Instant::NEVER,
            at_most: None,
        }
    }

    fn faults(rules: Vec<Rule>) -> Faults {
        Faults::new(7, &Chaos { rules, ..Chaos::default() }, Nanos::secs(5), Nanos::secs(2), &[])
    }

    fn struck(faults: &mut Faults, requests: u64) -> Vec<Fate> {
        let about = |number: u64| Subject(mix(number));
        (0..requests).map(|number| faults.fate(Instant(1), System::Support, ROUTE, about(number)).1).collect()
    }

    #[test]
    fn a_rule_that_never_strikes_never_does_and_one_that_always_does_always() {
        assert!(
            struck(&mut faults(vec![rule(&Fate::ALL, Odds::NEVER)]), 10_000).iter().all(|fate| *fate == Fate::Fine)
        );
        let mut always = faults(vec![rule(&[Fate::Html], Odds::ALWAYS)]);
        assert!(struck(&mut always, 1_000).iter().all(|fate| *fate == Fate::Html));
        assert_eq!(always.fate(Instant(1), System::Commerce, ROUTE, Subject(1)).1, Fate::Fine, "another vendor's");
    }

    #[test]
    fn fates_depend_on_the_point_alone_whatever_came_before() {
        let half = || faults(vec![rule(&Fate::ALL, Odds::ppm(500_000))]);
        let all = struck(&mut half(), 100);
        let mut backwards = half();
        let mut reversed: Vec<_> = (0..100)
            .rev()
            .map(|number| backwards.fate(Instant(9), System::Support, ROUTE, Subject(mix(number))).1)
            .collect();
        reversed.reverse();
        assert_eq!(reversed, all);
        assert!((20..80).contains(&all.iter().filter(|fate| **fate == Fate::Fine).count()));
    }

    #[test]
    fn at_most_counts_over_all_that_comes_and_goes() {
        let mut scarce = rule(&[Fate::Html], Odds::ALWAYS);
        scarce.at_most = Some(2);
        let mut faults = faults(vec![scarce]);
        assert_eq!(struck(&mut faults, 1), [Fate::Html]);
        let [other] = faults.give(vec![rule(&[Fate::Empty], Odds::ppm(1))])[..] else { panic!("one rule, one number") };
        assert!(faults.pause(other, true) && !faults.pause(99, true));
        assert_eq!(struck(&mut faults, 3), [Fate::Html, Fate::Fine, Fate::Fine]);
        assert_eq!(faults.rules()[0].struck, 2);
        assert_eq!((faults.take(|id| id == other), faults.take(|_| true)), (1, 1));
    }

    #[test]
    fn what_is_paused_strikes_no_more_until_it_goes_on() {
        let mut faults = faults(vec![rule(&[Fate::Html], Odds::ALWAYS)]);
        faults.pause_all(true);
        assert_eq!(struck(&mut faults, 1), [Fate::Fine]);
        faults.pause_all(false);
        faults.pause(1, true);
        assert_eq!(struck(&mut faults, 1), [Fate::Fine]);
        faults.pause(1, false);
        assert_eq!(struck(&mut faults, 1), [Fate::Html]);
    }

    #[test]
    fn an_outage_holds_from_when_it_was_declared_until_it_is_ended() {
        let mut faults = faults(Vec::new());
        let outage = Window {
            system: System::Support,
            kind: WindowKind::Outage,
            from: Instant(5),
            until: Instant::NEVER,
            odds: Odds::ALWAYS,
        };
        faults.open(&[outage]);
        assert!(faults.pass(Instant(4)).is_none() && faults.has_outage(System::Support));
        assert_eq!(faults.pass(Instant(6)).map(|(at, turn)| (at, turn.what)), Some((Instant(5), "outage begins")));
        assert!(faults.is_down(System::Support, Instant(6)) && !faults.is_down(System::Commerce, Instant(6)));
        assert_eq!(struck(&mut faults, 1), [Fate::Refused]);
        let ended = faults.end(Instant(7), |window| window.system == System::Support);
        assert_eq!(ended.iter().map(|turn| turn.what).collect::<Vec<_>>(), ["outage ends"]);
        assert!(!faults.has_outage(System::Support) && faults.pass(Instant::NEVER).is_none());
        assert_eq!(struck(&mut faults, 1), [Fate::Fine]);
    }
}
