//! The states of vendors over stretches of time: which windows a world draws, which are open, and what they do to a
//! request. They belong to scenario and seed and are no choices; all are closed when the world heals.

use super::allowance::Allowance;
use super::settings::Settings;
use crate::chaos::point::mix;
use crate::chaos::rule::{Odds, Window, WindowKind};
use crate::clock::{Instant, Nanos};
use crate::fleet::{Control, System};

/// The windows of one world.
#[derive(Debug, Clone, Default)]
pub(super) struct Windows {
    drawn: Vec<Drawn>,
    /// In order of time.
    edges: Vec<Edge>,
    passed: usize,
}

#[derive(Debug, Clone, Copy)]
struct Drawn {
    window: Window,
    open: bool,
}

/// The beginning or the end of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// When.
    pub(super) at: Instant,
    window: usize,
    opens: bool,
}

/// What a passed edge changes.
#[derive(Debug)]
pub(super) struct Turn {
    /// The vendor.
    pub(super) system: System,
    /// What happened, as fixed words.
    pub(super) what: &'static str,
    /// What is done to the vendor, if its model is what changes.
    pub(super) control: Option<Control>,
}

/// What the open windows do to a request that is sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// Nothing.
    Clear,
    /// Its connection is refused.
    Down,
    /// It is answered 503 before any effect.
    Busy,
    /// It is served slowly.
    Slow,
}

/// Sets a seed's draws of one purpose apart from those of others.
const DRAWN: u64 = 0x7769_6e64_6f77_0001;
const BROWNOUT: u64 = 0x6272_6f77_6e00_0001;

impl Windows {
    /// The windows of the world with this seed.
    pub(super) fn draw(&mut self, settings: &Settings, seed: u64, allowance: &Allowance) {
        self.drawn.clear();
        self.edges.clear();
        self.passed = 0;
        for (number, window) in (0_u64..).zip(&settings.chaos.windows) {
            let until = window.until.min(settings.work_until);
            let lucky = strikes(window.odds, mix(mix(seed) ^ DRAWN ^ number));
            if !lucky || window.from >= until || !allowance.keeps_window(window.kind) {
                continue;
            }
            let place = self.drawn.len();
            self.drawn.push(Drawn { window: Window { until, ..*window }, open: false });
            self.edges.push(Edge { at: window.from, window: place, opens: true });
            self.edges.push(Edge { at: until, window: place, opens: false });
        }
        self.edges.sort_unstable();
    }

    /// When the next window begins or ends.
    pub(super) fn next_edge(&self) -> Option<Instant> {
        self.edges.get(self.passed).map(|edge| edge.at)
    }

    /// Passes the next edge.
    pub(super) fn pass(&mut self, settings: &Settings) -> Option<Turn> {
        let edge = *self.edges.get(self.passed)?;
        self.passed += 1;
        self.drawn[edge.window].open = edge.opens;
        Some(self.turn(edge, settings))
    }

    /// Passes, now, the end of a window that is still open; call until it gives nothing.
    pub(super) fn close(&mut self, now: Instant, settings: &Settings) -> Option<Turn> {
        self.passed = self.edges.len();
        let window = self.drawn.iter().position(|drawn| drawn.open)?;
        self.drawn[window].open = false;
        Some(self.turn(Edge { at: now, window, opens: false }, settings))
    }

    /// What befalls a request that is sent now; `key` is the hash of its point.
    pub(super) fn weather(&self, system: System, now: Instant, key: u64) -> Weather {
        let mut weather = Weather::Clear;
        for (number, window) in self.open(system).enumerate() {
            match window.kind {
                WindowKind::Outage => return Weather::Down,
                WindowKind::Flapping(period) if is_down_phase(window, period, now) => return Weather::Down,
                WindowKind::Brownout(odds) if weather != Weather::Busy => {
                    let busy = strikes(odds, mix(key ^ BROWNOUT ^ number as u64));
                    weather = if busy { Weather::Busy } else { Weather::Slow };
                }
                _ => {}
            }
        }
        weather
    }

    /// Whether the vendor swallows what arrives now.
    pub(super) fn is_down(&self, system: System, now: Instant) -> bool {
        self.open(system).any(|window| match window.kind {
            WindowKind::Outage => true,
            WindowKind::Flapping(period) => is_down_phase(window, period, now),
            _ => false,
        })
    }

    /// The states of the windows and the edges ahead, for a fingerprint.
    pub(super) fn digest(&self, now: Instant) -> u64 {
        let open = self.drawn.iter().fold(0, |hash, drawn| mix(hash ^ u64::from(drawn.open)));
        self.edges[self.passed..].iter().fold(open, |hash, edge| mix(hash ^ edge.at.since(now).0))
    }

    fn open(&self, system: System) -> impl Iterator<Item = &Window> {
        self.drawn.iter().filter(move |drawn| drawn.open && drawn.window.system == system).map(|drawn| &drawn.window)
    }

    fn turn(&self, edge: Edge, settings: &Settings) -> Turn {
        let window = self.drawn[edge.window].window;
        let system = window.system;
        let (begins, ends, control) = match window.kind {
            WindowKind::Outage => ("outage begins", "outage ends", None),
            WindowKind::Brownout(_) => ("brownout begins", "brownout ends", None),
            WindowKind::Flapping(_) => ("flapping begins", "flapping ends", None),
            WindowKind::QuotaExhausted => {
                let spent = self.open(system).filter(|window| window.kind == WindowKind::QuotaExhausted);
                let until = spent.map(|window| window.until).max().unwrap_or(edge.at);
                ("quota spent", "quota restored", Some(Control::ExhaustQuota(until)))
            }
            WindowKind::TokensRevoked => {
                ("tokens revoked", "revocation is past", edge.opens.then_some(Control::RevokeTokens))
            }
            WindowKind::IndexLag(_) => {
                let lags = self.open(system).filter_map(|window| match window.kind {
                    WindowKind::IndexLag(lag) => Some(lag),
                    _ => None,
                });
                let lag: Nanos = lags.max().unwrap_or(settings.index_lag);
                ("index lag begins", "index lag ends", Some(Control::IndexLag(lag.0)))
            }
            WindowKind::SchemaDrift => {
                let drifts = self.open(system).any(|window| window.kind == WindowKind::SchemaDrift);
                ("schema drift begins", "schema drift ends", Some(Control::Drift(drifts)))
            }
        };
        Turn { system, what: if edge.opens { begins } else { ends }, control }
    }
}

/// Whether a draw falls within the odds.
fn strikes(odds: Odds, draw: u64) -> bool {
    draw >> 32 < u64::from(odds.0) + u64::from(odds == Odds::ALWAYS)
}

fn is_down_phase(window: &Window, period: Nanos, now: Instant) -> bool {
    now.since(window.from).0.checked_div(period.0).is_none_or(|turn| turn.is_multiple_of(2))
}

#[cfg(test)]
mod tests {
    use super::super::toy::{ToyWorld, Toys, settings, world};
    use super::*;
    use crate::chaos::choices::Quiet;

    fn window(kind: WindowKind, from: u64, until: u64) -> Window {
        let (from, until) = (Instant(0) + Nanos::millis(from), Instant(0) + Nanos::millis(until));
        Window { system: System::Commerce, kind, from, until, odds: Odds::ALWAYS }
    }

    /// A world with these windows, in which clients ask at these times, in milliseconds. The toy calls 41 ms later.
    fn played(windows: Vec<Window>, asked: &[u64]) -> ToyWorld<Quiet> {
        let mut settings = settings();
        settings.chaos.windows = windows;
        let mut world = world(&settings, Toys::default(), Quiet);
        world.parts_mut().clients.work = asked.iter().map(|at| Instant(0) + Nanos::millis(*at)).collect();
        assert!(world.run().converged);
        world
    }

    fn told(world: &ToyWorld<Quiet>) -> Vec<u16> {
        world.parts().clients.heard.iter().map(|(_, _, answer)| answer.clone().unwrap().status).collect()
    }

    fn seen(world: &ToyWorld<Quiet>) -> Vec<(u64, String)> {
        let seen = world.parts().observer.0.iter().filter(|(_, text)| text.starts_with("Vendor"));
        let what = |text: &str| text.split("what: \"").nth(1).unwrap().trim_end_matches("\" }").to_owned();
        seen.map(|(at, text)| (at.0 / 1_000_000, what(text))).collect()
    }

    #[test]
    fn an_outage_refuses_what_is_sent_and_swallows_what_arrives() {
        // The calls leave at 41 ms (and arrive at 81), at 141, and at 341.
        let world = played(vec![window(WindowKind::Outage, 60, 300)], &[0, 100, 300]);
        let fine = told(&world)[2];
        assert_eq!(told(&world), [602, 601, fine]);
        assert_eq!(world.parts().observer.times("Handled").len(), 1);
        assert_eq!((world.counts().windows, world.counts().drawn), (2, 0));
        assert_eq!(seen(&world), [(60, "outage begins".to_owned()), (300, "outage ends".to_owned())]);
    }

    #[test]
    fn flapping_is_outage_and_health_by_turns() {
        let world = played(vec![window(WindowKind::Flapping(Nanos::millis(200)), 0, 10_000)], &[0, 200, 400, 600]);
        let down: Vec<_> = told(&world).iter().map(|status| *status == 601).collect();
        assert_eq!(down, [true, false, true, false]);
    }

    #[test]
    fn a_brownout_answers_some_503_and_all_others_slowly() {
        let world = played(vec![window(WindowKind::Brownout(Odds::ALWAYS), 0, 10_000)], &[0]);
        assert_eq!(told(&world), [503]);
        let world = played(vec![window(WindowKind::Brownout(Odds::NEVER), 0, 10_000)], &[0]);
        assert!(world.parts().clients.heard[0].0 > Instant(0) + Nanos::secs(4));
        assert_eq!(world.counts().struck, 0);
    }

    #[test]
    fn a_window_that_is_open_when_the_world_heals_is_closed_then() {
        let world = played(vec![window(WindowKind::SchemaDrift, 0, 500_000)], &[0]);
        let ended = "schema drift ends".to_owned();
        assert_eq!(seen(&world), [(0, "schema drift begins".to_owned()), (1040, ended)]);
        let late = played(vec![window(WindowKind::Outage, 400_000, 500_000)], &[0]);
        assert_eq!(seen(&late), [], "a window does not keep a quiet world working");
    }

    #[test]
    fn overlapping_lags_take_the_longest_and_end_in_the_usual_one() {
        let settings = Settings {
            chaos: crate::chaos::rule::Chaos {
                windows: vec![
                    window(WindowKind::IndexLag(Nanos(30)), 0, 300),
                    window(WindowKind::IndexLag(Nanos(50)), 100, 200),
                ],
                ..Default::default()
            },
            index_lag: Nanos(7),
            ..Settings::default()
        };
        let mut windows = Windows::default();
        let plan = super::super::plan::Plan::new(&settings, &[]);
        let mut allowance = Allowance::default();
        allowance.draw(&plan, 0);
        windows.draw(&settings, 0, &allowance);
        let mut lags = Vec::new();
        while let Some(turn) = windows.pass(&settings) {
            lags.push(turn.control);
        }
        let lags: Vec<_> = lags.iter().map(|control| format!("{control:?}")).collect();
        assert_eq!(lags, ["Some(IndexLag(30))", "Some(IndexLag(50))", "Some(IndexLag(30))", "Some(IndexLag(7))"]);
    }

    #[test]
    fn a_window_with_odds_stands_in_that_share_of_the_worlds() {
        let mut sometimes = window(WindowKind::Outage, 0, 100);
        sometimes.odds = Odds::ppm(250_000);
        let mut settings = settings();
        settings.chaos.windows = vec![sometimes];
        let mut world = world(&settings, Toys::default(), Quiet);
        let mut stood = 0;
        for seed in 0..1000 {
            world.reset(seed);
            stood += world.windows.drawn.len();
        }
        assert!((200..300).contains(&stood), "{stood}");
    }
}
