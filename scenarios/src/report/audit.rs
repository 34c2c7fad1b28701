//! The reports of an audit: for people on a terminal, as Markdown, and for machines.

use std::io::{self, Write};

use serde::Serialize;

use super::{replay_command, words};
use crate::audit::{Answer, Answered, Convicts, Order, Witness};

/// The name and version of the format for machines.
pub const FORMAT: &str = "sagaproof-audit/1";

/// An audit, answered.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was audited.
    pub order: &'a Order<'a>,
    /// The items with their answers.
    pub answered: &'a [Answered<'a>],
}

/// What an audit says as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every item was exercised and held.
    Held,
    /// Some item is violated.
    Violated,
    /// None is violated, but some were not exercised.
    Undecided,
}

impl Verdict {
    /// Its name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Violated => "violated",
            Self::Undecided => "undecided",
        }
    }
}

impl Report<'_> {
    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let [held, violated, _] = self.counts();
        match (violated, held == self.answered.len()) {
            (0, true) => Verdict::Held,
            (0, false) => Verdict::Undecided,
            _ => Verdict::Violated,
        }
    }

    /// How many items are held, violated and not exercised.
    fn counts(&self) -> [usize; 3] {
        let count = |name: &str| self.answered.iter().filter(|one| one.answer.name() == name).count();
        [count("held"), count("violated"), count("not exercised")]
    }

    /// The answers in numbers.
    pub(super) fn summary(&self) -> String {
        let [held, violated, not] = self.counts();
        format!("{held} held, {violated} violated, {not} not exercised")
    }

    /// The command that shows a witness.
    pub(super) fn replay(&self, witness: &Witness<'_>) -> String {
        replay_command(witness.scenario, witness.seed, self.order.orchestrator)
    }
}

/// What an answer rests on, in half a line.
pub(super) fn ground(answered: &Answered<'_>) -> String {
    let Answered { item, worlds, reached, answer } = answered;
    let names = |marks: &[crate::scenario::Mark]| marks.iter().map(|mark| mark.name()).collect::<Vec<_>>().join(", ");
    let worlds = words::count(*worlds, "world", "worlds");
    match answer {
        Answer::Held if reached.is_empty() => format!("in every write of {worlds}"),
        Answer::Held => format!("in {worlds}; tried by {}", names(reached)),
        Answer::Violated(Witness { scenario, seed, convicts }) => {
            // What leaves no trail breaks no law: a replay of that world holds.
            let look = if matches!(convicts, Convicts::Trail(_)) { "; look at the writes in" } else { "" };
            format!("{} in {}, seed {seed}{look}", convicts.name(), scenario.name)
        }
        Answer::NotExercised => format!("{worlds} never reached {}", names(item.exercised_by)),
    }
}

/// Writes the report for people.
///
/// # Errors
/// Where it cannot be written.
pub fn terminal(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "a checklist of saga design, answered for {}\n", report.order.orchestrator.name())?;
    for answered in report.answered {
        let sign = match answered.answer {
            Answer::Held => '✓',
            Answer::Violated(_) => '✗',
            Answer::NotExercised => '–',
        };
        let (item, answer) = (answered.item, answered.answer.name());
        writeln!(out, "{sign} {:16}  {answer:13}  {}", item.name, item.asks)?;
        writeln!(out, "{:35}{}", "", ground(answered))?;
        if let Answer::Violated(witness) = &answered.answer {
            writeln!(out, "{:35}{}", "", report.replay(witness))?;
        }
    }
    writeln!(out, "\n{}: {}", report.verdict().name().to_uppercase(), report.summary())
}

/// Writes the report as Markdown.
///
/// # Errors
/// Where it cannot be written.
pub fn markdown(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    // A name may be somebody's command line.
    let name = report.order.orchestrator.name().replace('`', "'");
    writeln!(out, "# Saga design of `{name}`\n\n**{}**: {}\n", report.verdict().name(), report.summary())?;
    writeln!(out, "| item | answer | what must hold | ground |\n|---|---|---|---|")?;
    for answered in report.answered {
        let ground = match &answered.answer {
            Answer::Violated(witness) => format!("{}: `{}`", ground(answered), report.replay(witness)),
            _ => ground(answered),
        };
        let (item, answer, ground) = (answered.item, answered.answer.name(), ground.replace('|', "\\|"));
        writeln!(out, "| {} | {answer} | {} | {ground} |", item.name, item.asks)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Object<'a> {
    format: &'static str,
    verdict: &'static str,
    orchestrator: &'a str,
    seeds: u64,
    held: usize,
    violated: usize,
    not_exercised: usize,
    items: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'static str,
    asks: &'static str,
    answer: &'static str,
    worlds: u64,
    reached: Vec<&'static str>,
    witness: Option<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    scenario: &'a str,
    seed: u64,
    convicts: &'static str,
    replay: String,
}

/// Writes the object for machines.
///
/// # Errors
/// Where it cannot be written.
pub fn json(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let [held, violated, not_exercised] = report.counts();
    let shown = |witness: &Witness<'_>| report.replay(witness);
    let items = report.answered.iter().map(|answered| Row {
        name: answered.item.name,
        asks: answered.item.asks,
        answer: answered.answer.name(),
        worlds: answered.worlds,
        reached: answered.reached.iter().map(|mark| mark.name()).collect(),
        witness: match &answered.answer {
            Answer::Violated(witness) => Some(Shown {
                scenario: &witness.scenario.name,
                seed: witness.seed,
                convicts: witness.convicts.name(),
                replay: shown(witness),
            }),
            _ => None,
        },
    });
    let object = Object {
        format: FORMAT,
        verdict: report.verdict().name(),
        orchestrator: report.order.orchestrator.name(),
        seeds: report.order.seeds,
        held,
        violated,
        not_exercised,
        items: items.collect(),
    };
    serde_json::to_writer(&mut *out, &object)?;
    out.write_all(b"\n")
}
