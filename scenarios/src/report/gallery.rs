//! The report of the gallery: each planted bug, and how it was caught. For people, and for machines as one object on one
//! line.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::words;
use crate::gallery::{DEPTH, Hunted, SEEDS, WORLDS};

/// The name and version of the format.
pub const FORMAT: &str = "sagaproof-bugs/1";

#[derive(Serialize)]
struct Object<'a> {
    format: &'static str,
    verdict: &'static str,
    planted: usize,
    caught: usize,
    bugs: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    summary: &'a str,
    origin: &'a str,
    seam: &'a str,
    checker: &'a str,
    scenario: &'a str,
    caught: bool,
    systematic: Option<Systematic>,
    random: Option<Random>,
    /// Where it is missed: whether it made any difference to a world.
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<&'static str>,
}

#[derive(Serialize)]
struct Systematic {
    deviations: u32,
    seed: u64,
    schedules: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    micros: Option<u64>,
}

#[derive(Serialize)]
struct Random {
    worlds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    micros: Option<u64>,
}

/// Writes the object for machines; real times only where they are asked for.
///
/// # Errors
/// Where it cannot be written.
pub fn json(hunted: &[Hunted], timings: bool, out: &mut dyn Write) -> io::Result<()> {
    let caught = hunted.iter().filter(|one| one.caught()).count();
    let micros = |took: Duration| timings.then(|| u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    let entry = |one: &Hunted| Entry {
        name: one.bug.name,
        summary: one.bug.summary,
        origin: one.bug.origin,
        seam: one.bug.seam(),
        checker: one.bug.convicted_by.name(),
        scenario: one.bug.hunted_in,
        caught: one.caught(),
        systematic: one.systematic.map(|caught| Systematic {
            deviations: caught.deviations,
            seed: caught.seed,
            schedules: caught.ran,
            micros: micros(one.took[0]),
        }),
        random: one.random.map(|worlds| Random { worlds, micros: micros(one.took[1]) }),
        missed: missed(one),
    };
    let object = Object {
        format: FORMAT,
        verdict: if caught == hunted.len() { "held" } else { "violated" },
        planted: hunted.len(),
        caught,
        bugs: hunted.iter().map(entry).collect(),
    };
    serde_json::to_writer(&mut *out, &object)?;
    out.write_all(b"\n")
}

fn missed(one: &Hunted) -> Option<&'static str> {
    (!one.caught()).then_some(if one.hit { "missed though hit" } else { "never hit" })
}

/// Writes the report for people.
///
/// # Errors
/// Where it cannot be written.
pub fn terminal(hunted: &[Hunted], out: &mut dyn Write) -> io::Result<()> {
    let width =
        |text: fn(&Hunted) -> usize, least: usize| hunted.iter().map(text).chain([least]).max().unwrap_or(least);
    let names = width(|one| one.bug.name.len(), 3);
    let checkers = width(|one| one.bug.convicted_by.name().len(), 9);
    let scenarios = width(|one| one.bug.hunted_in.len(), 8);
    writeln!(
        out,
        "{:names$}  {:checkers$}  {:scenarios$}  k  schedules      time  at random      time",
        "bug", "caught by", "scenario"
    )?;
    for one in hunted {
        let checker = if one.caught() { one.bug.convicted_by.name() } else { "MISSED" };
        let (name, scenario) = (one.bug.name, one.bug.hunted_in);
        write!(out, "{name:names$}  {checker:checkers$}  {scenario:scenarios$}  ")?;
        match one.systematic {
            Some(caught) => {
                write!(out, "{}  {:>9}  {:>8}", caught.deviations, words::number(caught.ran), time(one.took[0]))
            }
            None => write!(out, "-  {:>9}  {:>8}", "-", "-"),
        }?;
        match one.random {
            Some(worlds) => writeln!(out, "  {:>9}  {:>8}", words::number(worlds), time(one.took[1])),
            None => writeln!(out, "  {:>9}  {:>8}", "-", "-"),
        }?;
    }
    for one in hunted {
        if let Some(missed) = missed(one) {
            writeln!(out, "\n{}: {missed}: {}", one.bug.name, one.bug.summary)?;
        }
    }
    conclusion(hunted, out)
}

fn conclusion(hunted: &[Hunted], out: &mut dyn Write) -> io::Result<()> {
    let median = |which: usize| {
        let mut times: Vec<Duration> = hunted.iter().map(|one| one.took[which]).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    writeln!(
        out,
        "\nk: the fewest deviations that convict; schedules: run until the conviction, by systematic search up to k = {DEPTH} \
         in the worlds of {SEEDS} seeds\nat random: worlds drawn until the conviction, of {} at most; median time {} and {}",
        words::number(WORLDS),
        time(median(0)),
        time(median(1)),
    )?;
    let caught = hunted.iter().filter(|one| one.caught()).count();
    let score = (caught * 100).checked_div(hunted.len()).unwrap_or(0);
    let verdict = if caught == hunted.len() { "HELD" } else { "VIOLATED" };
    writeln!(out, "{caught} of {} planted bugs caught by the checker that must: {score} %\n{verdict}", hunted.len())
}

fn time(took: Duration) -> String {
    match took.as_micros() {
        micros if micros < 10_000 => format!("{}.{} ms", micros / 1_000, micros / 100 % 10),
        micros => format!("{} ms", micros / 1_000),
    }
}
