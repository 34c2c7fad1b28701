//! A scenario drawn whole: what all of its parts go by, and the parts that are small. It keeps F1 to F9, and its policy can
//! live with its vendors; the larger parts stand in `fleet`, `work` and `chaos`.

use crate::draw::Draw;
use crate::part::{Ms, Part};
use crate::theme::Theme;
use crate::{chaos, fleet, work};

/// What the parts of a scenario go by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) draw: Draw,
    pub(crate) theme: Theme,
    /// Whether the level is `strict`, else `basic`.
    pub(crate) strict: bool,
    pub(crate) population: u64,
    /// How many of them stand from the beginning.
    pub(crate) customers: u64,
    pub(crate) operations: u64,
    pub(crate) processes: u64,
    /// S.
    pub(crate) index_lag: Ms,
}

impl Frame {
    fn drawn(number: u64) -> Self {
        let draw = Draw::new(number);
        let theme = Theme::of(number);
        let merges = theme.is(&[Theme::Merges, Theme::Pages, Theme::Jobs]);
        let population = match theme {
            Theme::Small | Theme::Contention => draw.one("population", &[1, 2]),
            Theme::Crowd => draw.one("population", &[8, 15, 30]),
            Theme::Upgrade => draw.one("population", &[3, 4, 5]),
            _ => draw.one("population", &[1, 1, 2, 2, 3, 3, 4, 5, 7, 10]),
        };
        let population = if merges { population.clamp(2, 4) } else { population };
        let operations = match theme {
            Theme::Small => draw.one("operations", &[1, 2]),
            Theme::Crowd => draw.one("operations", &[20, 30, 45]),
            Theme::Pages => draw.one("operations", &[1, 2, 3]),
            Theme::Upgrade => draw.one("operations", &[4, 5, 6, 8]),
            _ => draw.one("operations", &[1, 2, 3, 4, 5, 6, 8, 10, 14]),
        };
        let customers = if merges || theme == Theme::Closes {
            population
        } else if draw.hits("customers", 65) {
            draw.below("customers", population + 1)
        } else {
            0
        };
        let processes = match theme {
            Theme::Upgrade => draw.one("processes", &[2, 2, 3]),
            Theme::Processes => draw.one("processes", &[2, 2, 3, 4, 8]),
            _ if draw.hits("processes", 20) => draw.one("processes", &[2, 2, 3, 3, 4, 8]),
            _ => 1,
        };
        let strict = theme.is(&[Theme::Index, Theme::Tokens, Theme::Processes]) || draw.hits("strict", 70);
        let lags = [0, 1, 100, 500, 2_000, 8_000, 30_000, 120_000].map(Ms);
        let said = draw.hits("index_lag", theme.dwells(&[Theme::Index], 40));
        let index_lag = if said { draw.one("index_lag", &lags) } else { Ms(2_000) };
        Self { draw, theme, strict, population, customers, operations, processes, index_lag }
    }

    /// A part of the scenario, still empty.
    pub(crate) fn part(&self, name: &str, nth: u64) -> Part {
        Part::new(self.draw.of(name, nth))
    }

    /// Whether nothing goes wrong, so that every operation must succeed.
    pub(crate) fn is_fair(&self) -> bool {
        self.theme == Theme::Fair
    }
}

/// The name of the scenario with this number.
pub(crate) fn name(number: u64) -> String {
    format!("drawn-{number}")
}

/// The file with the scenario of this number.
pub(crate) fn drawn(number: u64) -> String {
    let frame = Frame::drawn(number);
    let mut scenario = frame.part("scenario", 0);
    scenario.set("name", name(number));
    scenario
        .set("proves", format!("What is drawn by the number {number} holds, though it dwells on {:?}.", frame.theme));
    scenario.set("level", if frame.strict { "strict" } else { "basic" });
    let horizons = [1, 20, 100, 300, 1_000, 2_500, 5_000, 12_000, 40_000, 120_000, 3_600_000].map(Ms);
    scenario.often(50, "horizon", &horizons);
    scenario.within("latency", &latency(&frame));
    scenario.within("fleet", &fleet::drawn(&frame));
    scenario.within("policy", &policy(&frame));
    scenario.within("hub", &hub(&frame));
    scenario.within("workload", &work::drawn(&frame));
    scenario.below("chaos", &chaos::drawn(&frame));
    scenario.to_string()
}

/// No way takes half of the hub's shortest time-out: whoever times out although nothing is wrong never gets anywhere.
fn latency(frame: &Frame) -> Part {
    let mut part = frame.part("latency", 0);
    let slowly = frame.theme == Theme::Upgrade;
    let presets = if slowly { ["long-tailed"; 3] } else { ["steady", "typical", "long-tailed"] };
    part.often(if slowly { 100 } else { 50 }, "preset", &presets);
    for system in ["hub", "commerce", "support", "identity", "messaging"] {
        if part.draw.hits(system, 30) {
            part.set(system, length(part.draw.of(system, 0), &[0, 1, 5, 20, 80, 110]));
        }
    }
    part
}

/// A length, a range or a median, of these milliseconds; at most four times as long.
pub(crate) fn length(draw: Draw, least: &[u64]) -> String {
    let least = draw.one("least", least);
    match draw.below("shape", 3) {
        0 => Ms(least).to_string(),
        1 => format!("{}..{}", Ms(least), Ms(3 * least + 1)),
        _ => format!("around {}", Ms(least)),
    }
}

fn policy(frame: &Frame) -> Part {
    let mut part = frame.part("policy", 0);
    part.often(40, "time_out", &[1_000, 1_500, 3_000, 6_000, 20_000, 60_000].map(Ms));
    if !frame.is_fair() {
        // Nobody presses a button where nothing is parked.
        let impatient = frame.theme.is(&[Theme::Impatient, Theme::Operators]);
        let attempts: &[u64] = if impatient { &[1] } else { &[1, 1, 2, 3, 5, 8] };
        part.often(if impatient { 100 } else { 40 }, "attempts", attempts);
        part.often(if impatient { 70 } else { 40 }, "compensation_attempts", &[1, 1, 2, 3, 5, 10]);
    }
    if part.draw.hits("backoff", 40) {
        let base = part.always("backoff_base", &[50, 100, 400, 1_500, 5_000].map(Ms));
        let times = part.draw.one("longer", &[1, 2, 10, 50]);
        part.set("backoff_cap", Ms(base.0 * times));
    } else {
        part.often(30, "backoff_cap", &[150, 1_000, 20_000, 300_000].map(Ms));
    }
    part.often(30, "sync_wait", &[1, 50, 500, 3_000, 29_000, 120_000].map(Ms));
    part
}

fn hub(frame: &Frame) -> Part {
    let mut part = frame.part("hub", 0);
    let shared = frame.processes > 1;
    if shared {
        part.set("processes", frame.processes);
    }
    if frame.theme == Theme::Upgrade {
        // So that processes of both releases are there for long, and look after each other.
        part.always("upgrade", &[5_000, 6_000, 8_000].map(Ms));
        part.always("lease", &[400, 1_000].map(Ms));
        return part;
    }
    part.often(if shared { 20 } else { 0 }, "upgrade", &[1, 100, 700, 2_000, 6_000, 20_000, 60_000].map(Ms));
    // One by itself needs no lease, but may have one.
    part.often(if shared { 60 } else { 8 }, "lease", &[100, 150, 400, 1_000, 3_000, 10_000, 60_000].map(Ms));
    part
}
