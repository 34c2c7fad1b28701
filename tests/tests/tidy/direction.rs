//! Which room of a crate may name which. What a file looks like is judged in `main.rs`.

use crate::source::{Source, sources};

/// A room (a top-level module of a crate) and the paths within its crate that it may name. A path admits all below it.
type Room = (&'static str, &'static [&'static str]);

/// `{server, world} → exchange → {fleet, chaos, observation} → clock`; chaos sees systems and exchanges, never dialects.
const SIM: &[Room] = &[
    ("clock", &[]),
    ("wire", &[]),
    ("chaos", &["clock", "fleet::System"]),
    ("fleet", &["clock", "wire", "chaos::point"]),
    ("process", &["clock", "wire", "fleet::System", "fleet::Fingerprint"]),
    ("observation", &["clock", "wire", "process", "chaos", "fleet::System"]),
    ("client", &["clock", "wire", "observation", "chaos::point", "fleet::System", "fleet::Control"]),
    ("exchange", &["clock", "wire", "chaos", "fleet"]),
    ("world", &["clock", "wire", "process", "observation", "client", "chaos", "fleet", "exchange"]),
    ("server", &["clock", "wire", "process", "observation", "client", "chaos", "fleet", "exchange"]),
];

/// `driver → node → {gateway, jobs, operations} → customer → connector → saga → {event, effect, store}`; an effect says
/// which vendor it calls.
const ORCHESTRATOR: &[Room] = &[
    ("time", &[]),
    ("fingerprint", &["time"]),
    ("message", &[]),
    ("json", &[]),
    ("policy", &["time"]),
    ("event", &["time", "message"]),
    ("effect", &["time", "message", "connector::Vendor"]),
    ("store", &["event", "effect"]),
    ("telemetry", SAGA),
    ("saga", SAGA),
    ("connector", &["time", "message", "json", "policy", "store", "event", "effect", "telemetry", "saga"]),
    ("customer", CUSTOMER),
    ("jobs", ABOVE_CUSTOMER),
    ("gateway", ABOVE_CUSTOMER),
    ("operations", ABOVE_CUSTOMER),
    ("node", &["*"]),
    ("driver", &["*"]),
];
const SAGA: &[&str] = &["time", "fingerprint", "message", "policy", "store", "event", "effect", "telemetry"];
const CUSTOMER: &[&str] =
    &["time", "fingerprint", "message", "json", "policy", "store", "event", "effect", "telemetry", "saga", "connector"];
const ABOVE_CUSTOMER: &[&str] =
    &["time", "message", "json", "policy", "store", "event", "effect", "telemetry", "saga", "connector", "customer"];

/// `cli → report → {explore, gallery, canary, dashboard} → run → {version, workload, check} → adapter → scenario`; the adapter
/// takes in what a version does differently as a `Variant`.
const SCENARIOS: &[Room] = &[
    ("exit", &[]),
    ("diagnostic", &[]),
    ("operation", &[]),
    ("told", &[]),
    ("scenario", &["diagnostic"]),
    ("workload", &["scenario", "operation", "told"]),
    ("check", &["operation", "told", "scenario::HAMMERING"]),
    ("coverage", &["scenario", "operation", "told"]),
    ("timeline", &["operation"]),
    ("adapter", &["scenario", "operation"]),
    ("version", &["scenario", "operation", "adapter", "check::CheckerName"]),
    ("run", RUN),
    ("explore", ABOVE_RUN),
    ("canary", ABOVE_EXPLORE),
    ("audit", ABOVE_RUN),
    ("gallery", REPORTED),
    ("report", REPORTED),
    ("live", &["scenario", "diagnostic", "operation", "check"]),
    ("dashboard", ABOVE_RUN),
    ("cli", &["*"]),
];

/// What stands below the runner: all that makes, drives, watches and judges one world.
const RUN: &[&str] = &[
    "scenario",
    "diagnostic",
    "operation",
    "workload",
    "check",
    "adapter",
    "version",
    "coverage",
    "timeline",
    "live::Facade",
];

/// The same, and the runner.
const ABOVE_RUN: &[&str] =
    &["scenario", "diagnostic", "operation", "workload", "check", "adapter", "version", "coverage", "timeline", "run"];

/// The same, and exploration, which shrinks.
const ABOVE_EXPLORE: &[&str] = &[
    "scenario",
    "diagnostic",
    "operation",
    "workload",
    "check",
    "adapter",
    "version",
    "coverage",
    "timeline",
    "run",
    "explore",
];

/// The same, and what is reported.
const REPORTED: &[&str] = &[
    "scenario",
    "diagnostic",
    "operation",
    "workload",
    "check",
    "adapter",
    "version",
    "coverage",
    "timeline",
    "run",
    "explore",
    "gallery",
    "canary",
    "audit",
];

#[test]
fn rooms_name_only_what_lies_below_them() {
    let mut broken = Vec::new();
    for source in sources() {
        let Some((rooms, within)) = rooms_of(&source.path) else { continue };
        let Some(room) = room_of(within) else { continue };
        let Some((_, allowed)) = rooms.iter().find(|(name, _)| *name == room) else {
            broken.push(format!("{}: `{room}` has no place in tidy/direction.rs yet", source.path));
            continue;
        };
        for named in named(&source, within) {
            let admitted = |path: &&str| *path == "*" || named == **path || named.starts_with(&format!("{path}::"));
            if named.split("::").next() != Some(room) && !allowed.iter().any(admitted) {
                broken.push(format!("{}: `{room}` may not name `{named}`", source.path));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// The rooms of the crate that this file belongs to, and its path within `src`.
fn rooms_of(path: &str) -> Option<(&'static [Room], &str)> {
    let (name, within) = path.split_once("/src/")?;
    let rooms = match name {
        "sim" => SIM,
        "orchestrator" => ORCHESTRATOR,
        "scenarios" => SCENARIOS,
        _ => return None,
    };
    Some((rooms, within))
}

/// The room that a file stands in; none for the crate's doors, which name every room.
fn room_of(within: &str) -> Option<&str> {
    let first = within.split('/').next()?;
    let room = first.strip_suffix(".rs").unwrap_or(first);
    (room != "lib" && room != "main").then_some(room)
}

/// The paths from the crate's root that the file names in production code.
fn named(source: &Source, within: &str) -> Vec<String> {
    let code = source.production();
    let own: Vec<&str> = within.trim_end_matches(".rs").split('/').collect();
    let mut paths = Vec::new();
    for (start, _) in code.match_indices("crate::").chain(code.match_indices("super::")) {
        let before = code[..start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue; // The tail of a longer path, or `pub(in …)`.
        }
        let ups = code[start..].split("super::").take_while(|part| part.is_empty()).count();
        let (climbs, prefix) = if ups == 0 { (own.len(), "crate::".len()) } else { (ups, ups * "super::".len()) };
        let base = own[..own.len().saturating_sub(climbs)].join("::");
        expand(&code[start + prefix..], &base, &mut paths);
    }
    paths
}

/// Spreads `a::{b, c::d}` into `a::b` and `a::c::d` below `base`; gives what follows the tree.
fn expand<'a>(tree: &'a str, base: &str, paths: &mut Vec<String>) -> &'a str {
    let tree = tree.trim_start();
    if let Some(mut rest) = tree.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            match rest.strip_prefix('}') {
                Some(after) => return after,
                None if rest.is_empty() => return rest,
                None => rest = expand(rest, base, paths),
            }
        }
    }
    let (part, rest) = word(tree);
    let path = if base.is_empty() { part.to_owned() } else { format!("{base}::{part}") };
    if let Some(deeper) = rest.strip_prefix("::") {
        return expand(deeper, &path, paths);
    }
    paths.push(path);
    rest.strip_prefix(" as ").map_or(rest, |renamed| word(renamed).1)
}

/// The identifier or `*` that the text begins with (one character where there is none), and what follows.
fn word(text: &str) -> (&str, &str) {
    let length = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at(length.max(text.chars().next().map_or(0, char::len_utf8)))
}

#[test]
fn trees_of_uses_are_spread_out() {
    let mut paths = Vec::new();
    let rest = expand("a::{b, c::{self, D as E}, f::*,}; more", "", &mut paths);
    assert_eq!(paths, ["a::b", "a::c::self", "a::c::D", "a::f::*"]);
    assert_eq!(rest, "; more");
}
