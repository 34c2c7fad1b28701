//! The `chaos:` part of a drawn scenario: what may go wrong at its level.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::fleet::System;
use sagaproof_sim::fleet::all::Fleet;

use crate::draw::Draw;
use crate::part::{Ms, Part, PerCent, Words};
use crate::scenario::{Frame, length};
use crate::theme::Theme;

/// Deliveries that are late or doubled, which level `basic` does not have.
const STRICT: [Fate; 5] = [Fate::LateShort, Fate::LateLong, Fate::Late504, Fate::Twice, Fate::TwiceLate];

/// Draws it.
pub(crate) fn drawn(frame: &Frame) -> Part {
    let mut part = frame.part("chaos", 0);
    part.often(frame.theme.dwells(&[Theme::Fair], 40), "ties", &[true]);
    if frame.strict {
        part.often(35, "clocks", &[true]);
    }
    if frame.is_fair() {
        return part;
    }
    let windows = windows(frame);
    let settings = [("crash", crash(frame)), ("pause", pause(frame)), ("disk", disk(frame))];
    let calm = windows.is_empty() && settings.iter().all(|(_, setting)| setting.is_empty());
    let rules = rules(frame, calm);
    part.list("exchanges", &rules);
    part.list("windows", &windows);
    for (name, setting) in &settings {
        part.within(name, setting);
    }
    part.often(20, "swarm", &[true]);
    if rules.is_empty() || part.often(6, "exactly_one", &[true]).is_none() {
        part.often(10, "at_most", &[1, 2, 4]);
    }
    part
}

/// What may befall exchanges. Where nothing else goes wrong, something does here: whoever is impatient, and tried in fair
/// weather, would have to succeed all the same.
fn rules(frame: &Frame, calm: bool) -> Vec<Part> {
    let drawn = frame.draw.one("rules", &[0, 1, 1, 2, 2, 3, 4]);
    let least = u64::from(calm || frame.theme == Theme::Storm);
    let jobs = (frame.theme == Theme::Jobs).then(|| {
        let mut part = frame.part("jobs", 0);
        part.set("fates", "[jobs]");
        part.always("rate", &[10, 30, 60, 100].map(PerCent));
        part
    });
    (0..drawn.max(least)).map(|nth| rule(frame, frame.part("rule", nth))).chain(jobs).collect()
}

fn rule(frame: &Frame, mut part: Part) -> Part {
    let systems = match part.draw.below("who", 20) {
        0..=6 => part.draw.some("systems", &System::VENDORS, 4),
        7..=10 => vec![System::Hub],
        11 => [vec![System::Hub], part.draw.some("systems", &System::VENDORS, 2)].concat(),
        _ => Vec::new(),
    };
    if !systems.is_empty() {
        part.set("systems", Words(systems.iter().map(|system| system.name()).collect()));
    }
    let routes: Vec<&str> = systems.iter().flat_map(|system| Fleet::route_names(*system)).copied().collect();
    let route = if routes.is_empty() { None } else { part.often(25, "route", &routes) };
    part.set("fates", Words(fates(frame, part.draw)));
    let rates: &[u64] = match frame.theme {
        Theme::Storm => &[40, 70, 95, 100],
        _ if route.is_some() => &[6, 25, 30, 60, 100],
        _ => &[1, 3, 6, 12, 25],
    };
    part.set("rate", PerCent(part.draw.one("rate", rates)));
    stretch(&mut part, 20);
    part.often(20, "at_most", &[1, 2, 5]);
    part
}

/// By their own names or by those of groups.
fn fates(frame: &Frame, draw: Draw) -> Vec<&'static str> {
    if draw.hits("groups", 50) {
        let groups = ["lost", "before", "throttled", "after", "answer", "unreadable", "jobs", "late", "doubled", "all"];
        let allowed = if frame.strict { &groups[..] } else { &groups[..7] };
        return draw.some("groups", allowed, 3);
    }
    let allowed = |fate: &Fate| *fate != Fate::Fine && (frame.strict || !STRICT.contains(fate));
    let names: Vec<&str> = Fate::ALL.into_iter().filter(allowed).map(Fate::name).collect();
    draw.some("fates", &names, 6)
}

/// A stretch of time that begins before it ends.
fn stretch(part: &mut Part, per_cent: u64) {
    part.often(per_cent, "from", &[10, 50, 300, 500, 2_000, 9_000].map(Ms));
    part.often(per_cent, "until", &[10_000, 20_000, 60_000, 300_000].map(Ms));
}

fn windows(frame: &Frame) -> Vec<Part> {
    let counts: &[u64] =
        if frame.theme.is(&[Theme::Index, Theme::Quotas, Theme::Tokens]) { &[1, 2, 3] } else { &[0, 0, 0, 1, 1, 2, 4] };
    (0..frame.draw.one("windows", counts)).map(|nth| window(frame, frame.part("window", nth))).collect()
}

fn window(frame: &Frame, mut part: Part) -> Part {
    let states = ["outage", "brownout", "flapping", "quota-exhausted", "tokens-revoked", "schema-drift", "index-lag"];
    // Searches never lag by more than S (F4), and a window needs some lag.
    let lags = frame.strict && frame.index_lag > Ms(0);
    let state = match frame.theme {
        Theme::Index if lags && part.draw.hits("state", 60) => "index-lag",
        Theme::Quotas if part.draw.hits("state", 60) => "quota-exhausted",
        Theme::Tokens if part.draw.hits("state", 60) => "tokens-revoked",
        _ => part.draw.one("state", if lags { &states } else { &states[..6] }),
    };
    // Only there do tokens end.
    let identity = state == "tokens-revoked" && part.draw.hits("identity", 80);
    let system = if identity { System::Identity } else { part.draw.one("system", &System::VENDORS) };
    part.set("system", system.name());
    part.set("state", state);
    match state {
        "brownout" => drop(part.always("share", &[10, 50, 97, 100].map(PerCent))),
        "flapping" => drop(part.always("turn", &[1, 50, 300, 2_000, 20_000].map(Ms))),
        "index-lag" => drop(part.always("lag", &[1, frame.index_lag.0.div_ceil(2), frame.index_lag.0].map(Ms))),
        _ => {}
    }
    if state == "tokens-revoked" {
        part.always("from", &[300, 700, 2_000, 5_000].map(Ms));
    } else {
        stretch(&mut part, 70);
    }
    part.often(50, "odds", &[20, 50, 90].map(PerCent));
    part
}

fn crash(frame: &Frame) -> Part {
    let mut part = frame.part("crash", 0);
    if frame.theme == Theme::Upgrade {
        part.always("rate", &[1, 2, 3].map(PerCent));
        part.always("at_most", &[1, 2, 3]);
        part.always("restart_after", &[1_000, 3_000, 8_000].map(Ms));
    } else if part.draw.hits("crash", frame.theme.dwells(&[Theme::Crashes], 35)) {
        let crashes = frame.theme == Theme::Crashes;
        let rates = if crashes { [10, 20, 40, 70, 100] } else { [1, 2, 5, 12, 40] };
        part.always("rate", &rates.map(PerCent));
        part.often(80, "at_most", &[1, 2, 3, 6, 15]);
        part.often(60, "restart_after", &[0, 1, 100, 1_000, 3_000, 10_000, 60_000, 600_000].map(Ms));
    }
    part
}

fn pause(frame: &Frame) -> Part {
    let mut part = frame.part("pause", 0);
    let elsewhere = if frame.processes > 1 { 50 } else { 20 };
    if frame.strict && part.draw.hits("pause", frame.theme.dwells(&[Theme::Processes], elsewhere)) {
        part.always("rate", &[1, 3, 10, 50].map(PerCent));
        part.set("lasts", length(part.draw, &[1, 50, 300, 2_000, 10_000, 40_000]));
        part.often(70, "at_most", &[1, 2, 4, 10]);
    }
    part
}

fn disk(frame: &Frame) -> Part {
    let mut part = frame.part("disk", 0);
    if part.draw.hits("disk", frame.theme.dwells(&[Theme::Disk], 30)) {
        for harm in ["unknown_applied", "unknown_lost", "full", "conflict"] {
            part.often(60, harm, &[1, 3, 8, 20].map(PerCent));
        }
    }
    part
}
