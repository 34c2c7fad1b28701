//! The reports of a swarm: for people, and for machines as one object on one line, the same bytes whatever the threads. A
//! counterexample is told as that of a systematic search.

mod ci;
mod table;

use std::io::{self, Write};

use serde::Serialize;

pub use ci::{write_junit, write_lines};

use super::explored::{self, Violation};
use super::story::{self, Story};
use super::wire::is_zero;
use super::words;
use crate::explore::Shrunk;
use crate::explore::swarm::{Generation, Kind, Order, Row, Swarmed};

/// The name and version of the format.
pub const FORMAT: &str = "sagaproof-swarm/1";

/// What a swarm found.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was swarmed over.
    pub order: &'a Order<'a>,
    /// What it brought.
    pub swarmed: &'a Swarmed,
    /// Its counterexamples, shrunk, in the same order.
    pub shrunk: &'a [Shrunk],
}

/// The object for machines.
#[derive(Debug, Clone, Serialize)]
pub struct Object {
    /// The format.
    format: &'static str,
    /// `held` or `violated`.
    verdict: &'static str,
    /// The scenario.
    scenario: String,
    /// The orchestrator.
    orchestrator: String,
    /// How many worlds were asked for: the seeds from 0.
    seeds: u64,
    /// How many were run.
    worlds: u64,
    /// In how many generations.
    generations: usize,
    /// How many worlds violate.
    violating: u64,
    /// How many the law did not decide in full.
    #[serde(skip_serializing_if = "is_zero")]
    undecided: u64,
    /// What a state is: a step of the `journal`, or without one the `route` called last.
    states_by: &'static str,
    /// States in which something could befall a world.
    states: u64,
    /// Pairs of a state and a fault that were met.
    pairs: u64,
    /// The same, and those that could have been met.
    pairs_known: u64,
    /// How much is likely left.
    saturation: Saturation,
    /// What each kind of fault does to the pairs of the others, most suppressing first.
    suppression: Vec<Suppressor>,
    /// For each checker that convicts, its smallest counterexample.
    violations: Vec<Violation>,
    /// Why it was cut off: `time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<&'static str>,
}

/// How much is likely left.
#[derive(Debug, Clone, Serialize)]
struct Saturation {
    /// Pairs met after each generation.
    pairs_by_generation: Vec<u64>,
    /// Pairs that one world only has met.
    met_once: u64,
    /// Worlds drawn freely.
    free_worlds: u64,
    /// Those of them that alone met a pair.
    alone: u64,
    /// How likely the next freely drawn world meets a new pair, in parts per million.
    next_new_ppm: u64,
}

/// What a kind of fault does to the pairs of the others.
#[derive(Debug, Clone, Serialize)]
struct Suppressor {
    kind: &'static str,
    worlds_on: u64,
    worlds_off: u64,
    pairs_on: u64,
    pairs_off: u64,
    only_on: u64,
    only_off: u64,
    /// `hides`, `shows`, `unclear` or `too-few-worlds`.
    effect: &'static str,
    hides: Vec<Hidden>,
}

/// A kind whose pairs are hidden.
#[derive(Debug, Clone, Serialize)]
struct Hidden {
    kind: &'static str,
    only_on: u64,
    only_off: u64,
}

impl From<&Row> for Suppressor {
    fn from(row: &Row) -> Self {
        let Row { kind, effect, hides, .. } = row;
        let ([worlds_on, worlds_off], [pairs_on, pairs_off], [only_on, only_off]) = (row.worlds, row.pairs, row.only);
        let hidden = |(kind, [only_on, only_off]): &(Kind, [u64; 2])| Hidden {
            kind: kind.name(),
            only_on: *only_on,
            only_off: *only_off,
        };
        Self {
            kind: kind.name(),
            worlds_on,
            worlds_off,
            pairs_on,
            pairs_off,
            only_on,
            only_off,
            effect: effect.name(),
            hides: hides.iter().map(hidden).collect(),
        }
    }
}

impl Report<'_> {
    /// The counterexamples, told.
    fn stories(&self) -> impl Iterator<Item = Story<'_>> {
        let Order { scenario, orchestrator, .. } = *self.order;
        self.swarmed.convictions.iter().zip(self.shrunk).map(move |(conviction, shrunk)| Story {
            scenario,
            seed: conviction.seed,
            orchestrator,
            checker: conviction.checker,
            shrunk,
        })
    }

    /// The object for machines.
    #[must_use]
    pub fn object(&self) -> Object {
        let Report { order, swarmed, .. } = self;
        let Generation { worlds, states, pairs } = swarmed.last();
        let saturation = swarmed.saturation;
        Object {
            format: FORMAT,
            verdict: if swarmed.convictions.is_empty() { "held" } else { "violated" },
            scenario: order.scenario.name.clone(),
            orchestrator: order.orchestrator.name().to_owned(),
            seeds: order.seeds,
            worlds,
            generations: swarmed.generations.len(),
            violating: swarmed.violating,
            undecided: swarmed.undecided,
            states_by: if swarmed.journal { "journal" } else { "route" },
            states,
            pairs,
            pairs_known: swarmed.known,
            saturation: Saturation {
                pairs_by_generation: swarmed.generations.iter().map(|generation| generation.pairs).collect(),
                met_once: saturation.met_once,
                free_worlds: saturation.free,
                alone: saturation.alone,
                next_new_ppm: saturation.next_new_ppm(),
            },
            suppression: swarmed.suppression.iter().map(Suppressor::from).collect(),
            violations: self.stories().filter_map(|story| explored::violation(&story, None)).collect(),
            cut: swarmed.cut.then_some("time"),
        }
    }
}

/// Writes the report for people.
///
/// # Errors
/// Where it cannot be written.
pub fn terminal(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { order, swarmed, .. } = report;
    let last = order.seeds.saturating_sub(1);
    writeln!(
        out,
        "{} / a swarm of the seeds 0 to {last}, orchestrator {}",
        order.scenario.name,
        order.orchestrator.name()
    )?;
    writeln!(out, "{}\n", order.scenario.proves)?;
    table::generations(swarmed, out)?;
    table::saturation(swarmed, out)?;
    table::suppression(swarmed, out)?;
    for story in report.stories() {
        writeln!(out, "\nseed {}:", story.seed)?;
        story::write(&story, out)?;
    }
    writeln!(out)?;
    conclusion(swarmed, out)
}

fn conclusion(swarmed: &Swarmed, out: &mut dyn Write) -> io::Result<()> {
    let took = swarmed.took;
    let worlds = swarmed.last().worlds;
    if swarmed.cut {
        writeln!(out, "cut off: the time budget ran out")?;
    }
    writeln!(
        out,
        "{} in {}, {} of them violating; {}.{:02} s, {} worlds/s",
        words::count(worlds, "world", "worlds"),
        words::count(swarmed.generations.len() as u64, "generation", "generations"),
        words::number(swarmed.violating),
        took.as_secs(),
        took.subsec_millis() / 10,
        words::number(words::rate(worlds, took)),
    )?;
    if swarmed.undecided > 0 {
        writeln!(out, "{}", words::undecided(swarmed.undecided))?;
    }
    writeln!(out, "{}", if swarmed.convictions.is_empty() { "HELD" } else { "VIOLATED" })
}
