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
pub(crate) struct Windows {
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
pub(crate) struct Edge {
    /// When.
    pub(crate) at: Instant,
    window: usize,
    opens: bool,
}

/// What a passed edge changes.
#[derive(Debug)]
pub(crate) struct Turn {
    /// The vendor.
    pub(crate) system: System,
    /// What happened, as fixed words.
    pub(crate) what: &'static str,
    /// What is done to the vendor, if its model is what changes.
    pub(crate) control: Option<Control>,
}

/// What the open windows do to a request that is sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
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
    pub(crate) fn draw(&mut self, settings: &Settings, seed: u64, allowance: &Allowance) {
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
    pub(crate) fn next_edge(&self) -> Option<Instant> {
        self.edges.get(self.passed).map(|edge| edge.at)
    }

    /// Passes the next edge.
    pub(crate) fn pass(&mut self, settings: &Settings) -> Option<Turn> {
        let edge = *self.edges.get(self.passed)?;
        self.passed += 1;
        self.drawn[edge.window].open = edge.opens;
        Some(self.turn(edge, settings))
    }

    /// Passes, now, the end of a window that is still open; call until it gives nothing.
    pub(crate) fn close(&mut self, now: Instant, settings: &Settings) -> Option<Turn> {
        self.passed = self.edges.len();
        let window = self.drawn.iter().position(|drawn| drawn.open)?;
        self.drawn[window].open = false;
        Some(self.turn(Edge { at: now, window, opens: false }, settings))
    }

    /// Adds a window that begins now or later; `number` sets its draw apart from those of others.
    #[cfg(feature = "server")]
    pub(crate) fn add(&mut self, window: Window, number: u64, seed: u64) {
        if !strikes(window.odds, mix(mix(seed) ^ DRAWN ^ number)) || window.from >= window.until {
            return;
        }
        let place = self.drawn.len();
        self.drawn.push(Drawn { window, open: false });
        self.edges.push(Edge { at: window.from, window: place, opens: true });
        self.edges.push(Edge { at: window.until, window: place, opens: false });
        self.edges[self.passed..].sort_unstable();
    }

    /// Ends, now, the windows that are meant, open ones and those still to come. What these ends change.
    #[cfg(feature = "server")]
    pub(crate) fn end(&mut self, now: Instant, settings: &Settings, is_meant: impl Fn(&Window) -> bool) -> Vec<Turn> {
        let meant: Vec<bool> = self.drawn.iter().map(|drawn| is_meant(&drawn.window)).collect();
        let ahead = self.edges.split_off(self.passed);
        self.edges.extend(ahead.into_iter().filter(|edge| !meant[edge.window]));
        let open = |windows: &Self| (0..meant.len()).find(|place| meant[*place] && windows.drawn[*place].open);
        let mut turns = Vec::new();
        while let Some(window) = open(self) {
            self.drawn[window].open = false;
            turns.push(self.turn(Edge { at: now, window, opens: false }, settings));
        }
        turns
    }

    /// The windows that are open or still to come.
    #[cfg(feature = "server")]
    pub(crate) fn standing(&self) -> impl Iterator<Item = &Window> {
        let ahead = |place: usize| self.edges[self.passed..].iter().any(|edge| edge.window == place);
        let drawn = self.drawn.iter().enumerate();
        drawn.filter(move |(place, drawn)| drawn.open || ahead(*place)).map(|(_, drawn)| &drawn.window)
    }

    /// What befalls a request that is sent now; `key` is the hash of its point.
    pub(crate) fn weather(&self, system: System, now: Instant, key: u64) -> Weather {
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
    pub(crate) fn is_down(&self, system: System, now: Instant) -> bool {
        self.open(system).any(|window| match window.kind {
            WindowKind::Outage => true,
            WindowKind::Flapping(period) => is_down_phase(window, period, now),
            _ => false,
        })
    }

    /// The states of the windows and the edges ahead, for a fingerprint.
    pub(crate) fn digest(&self, now: Instant) -> u64 {
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
    use super::super::plan::Plan;
    use super::*;
    use crate::chaos::rule::Chaos;

    fn window(kind: WindowKind, from: u64, until: u64) -> Window {
        let (from, until) = (Instant(0) + Nanos::millis(from), Instant(0) + Nanos::millis(until));
        Window { system: System::Commerce, kind, from, until, odds: Odds::ALWAYS }
    }

    /// The windows of the world with this seed that has these.
    fn drawn(settings: &Settings, seed: u64) -> Windows {
        let mut allowance = Allowance::default();
        allowance.draw(&Plan::new(settings, &[]), seed);
        let mut windows = Windows::default();
        windows.draw(settings, seed, &allowance);
        windows
    }

    #[test]
    fn overlapping_lags_take_the_longest_and_end_in_the_usual_one() {
        let lags =
            vec![window(WindowKind::IndexLag(Nanos(30)), 0, 300), window(WindowKind::IndexLag(Nanos(50)), 100, 200)];
        let chaos = Chaos { windows: lags, ..Chaos::default() };
        let settings = Settings { chaos, index_lag: Nanos(7), ..Settings::default() };
        let mut windows = drawn(&settings, 0);
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
        let settings =
            Settings { chaos: Chaos { windows: vec![sometimes], ..Chaos::default() }, ..Settings::default() };
        let stood: usize = (0..1000).map(|seed| drawn(&settings, seed).drawn.len()).sum();
        assert!((200..300).contains(&stood), "{stood}");
    }
}
