//! The reports of a comparison: for people here, for machines in `json`; how figures are written stands in `figures`.

mod figures;
mod json;
mod split;
mod split_json;

use std::io::{self, Write};

pub(super) use self::figures::{figure, probability, scale_rows, signed, thousandths_of_margin};
use super::story::{self, Story};
use super::{replay_command, words};
use crate::canary::{
    Compared, Faults, Finding, Flip, Judged, Judgement, Margin, Order, Row, Scale, Side, Verdict, Witness,
};

pub use json::{FORMAT, json};
pub use split::{Walk, split};
pub use split_json::split_json;

/// What was compared, and what it brought.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was compared.
    pub order: &'a Order<'a>,
    /// What it brought.
    pub compared: &'a Compared,
    /// Flips, shrunk.
    pub witnesses: &'a [Witness],
}

impl<'a> Report<'a> {
    /// The flips of which the checker convicts on this side.
    pub(super) fn flips(&self, side: Side) -> impl Iterator<Item = &'a Flip> {
        self.compared.pairs.flips().iter().filter(move |flip| flip.convicts == side)
    }

    /// The command that replays a flip's world under the orchestrator of this side.
    pub(super) fn replay(&self, flip: &Flip, side: Side) -> String {
        replay_command(&self.order.scenarios[flip.scenario], flip.seed, self.order.orchestrator(side))
    }

    /// The story of a witness, where it has one.
    pub(super) fn story(&self, witness: &'a Witness) -> Option<Story<'a>> {
        let Flip { scenario, seed, charge, convicts } = &witness.flip;
        let order = self.order;
        let (scenario, orchestrator) = (&order.scenarios[*scenario], order.orchestrator(*convicts));
        Some(Story { scenario, seed: *seed, orchestrator, checker: charge.checker, shrunk: witness.shrunk.as_ref()? })
    }

    /// What the verdict rests on, in half a line.
    pub(super) fn reasons(&self) -> String {
        let Compared { pairs, judgement } = self.compared;
        let total = pairs.total();
        if total.alike == total.pairs {
            return format!("all {} are alike", words::count(total.pairs, "pair of worlds", "pairs of worlds"));
        }
        let mut reasons = vec![match total.introduced {
            0 => "nothing introduced".to_owned(),
            some => format!("{} introduced", words::count(some, "violation", "violations")),
        }];
        if total.fixed > 0 {
            reasons.push(format!("{} fixed", words::number(total.fixed)));
        }
        let of = |finding| judgement.measures.iter().filter(move |judged| judged.finding == finding);
        let names = |finding| of(finding).map(|judged| judged.measure.name()).collect::<Vec<_>>().join(", ");
        let (beyond, unsure) = (names(Finding::Beyond), names(Finding::Unsure));
        if !beyond.is_empty() {
            reasons.push(format!("beyond the margin: {beyond}"));
        }
        if !unsure.is_empty() {
            reasons.push(format!("not sure yet: {unsure}"));
        }
        if beyond.is_empty() && unsure.is_empty() {
            reasons.push("every cost within the margin".to_owned());
        }
        let [_, undecided] = total.undecided;
        if undecided > 0 {
            let worlds = words::count(undecided, "world", "worlds");
            reasons.push(format!("{worlds} of the candidate not decided by the law, for too many orders are possible"));
        }
        match judgement.more {
            Some(more) => reasons.push(format!("about {} would decide", words::count(more, "more seed", "more seeds"))),
            None if judgement.verdict == Verdict::Inconclusive && undecided == 0 => {
                reasons.push("no number of seeds is likely to decide what lies at its margin".to_owned());
            }
            None => {}
        }
        reasons.join("; ")
    }
}

/// Writes the report for people.
///
/// # Errors
/// Where it cannot be written.
pub fn terminal(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (baseline, candidate) = (report.order.baseline.name(), report.order.candidate.name());
    writeln!(out, "baseline   {baseline}\ncandidate  {candidate}\n")?;
    detail(report, out)?;
    let Compared { pairs, judgement } = report.compared;
    let verdict = judgement.verdict.name().to_uppercase();
    let seeds = words::count(pairs.seeds(), "seed", "seeds");
    let total = words::count(pairs.total().pairs, "pair of worlds", "pairs of worlds");
    writeln!(out, "\n{total}, {seeds} of each scenario\n{verdict}: {}", report.reasons())
}

/// All but who was compared and the verdict.
fn detail(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Compared { pairs, judgement } = report.compared;
    table(report, out)?;
    costs(judgement, report.order.until_decided, out)?;
    scale(pairs.scale(), out)?;
    faults(pairs.faults(), out)?;
    flips(report, out)?;
    for (number, witness) in (1..).zip(report.witnesses) {
        told(report, number, witness, out)?;
    }
    Ok(())
}

fn table(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = report.order.scenarios.iter().zip(report.compared.pairs.rows());
    let (same, differing): (Vec<_>, Vec<_>) = rows.partition(|(_, row)| row.alike == row.pairs);
    let widest = differing.iter().map(|(scenario, _)| scenario.name.len()).chain([8]).max().unwrap_or(8);
    let titles = ["pairs", "alike", "introduced", "fixed", "kept"];
    if !differing.is_empty() {
        writeln!(out, "{:widest$}  {}", "scenario", titles.map(|title| format!("{title:>10}")).join("  "))?;
    }
    for (scenario, Row { pairs, alike, introduced, fixed, kept, .. }) in &differing {
        let cells = [pairs, alike, introduced, fixed, kept].map(|number| format!("{:>10}", words::number(*number)));
        writeln!(out, "{:widest$}  {}", scenario.name, cells.join("  "))?;
    }
    let scenarios = words::count(same.len() as u64, "scenario", "scenarios");
    match (same.len(), differing.len()) {
        (0, _) => Ok(()),
        (_, 0) => writeln!(out, "in {scenarios} all worlds are alike"),
        _ => writeln!(out, "in {scenarios} more all worlds are alike"),
    }
}

fn costs(judgement: &Judgement, sequential: bool, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 7]> = judgement.measures.iter().map(cells).collect();
    let titles = ["cost", "baseline", "candidate", "difference", "surely within", "margin", ""].map(str::to_owned);
    let width = |column: usize| {
        [&titles].into_iter().chain(&rows).map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    writeln!(out)?;
    for row in [&titles].into_iter().chain(&rows) {
        let mut line = format!("{:1$}", row[0], width(0));
        for (column, cell) in row.iter().enumerate().skip(1) {
            let width = width(column);
            let cell = if column == 6 { cell.clone() } else { format!("{cell:>width$}") };
            line.push_str("  ");
            line.push_str(&cell);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    let method = if sequential { "after every look, asymptotically" } else { "Student's t, a seed a pair" };
    writeln!(out, "95 % sure of all six together ({method}); less is better")
}

fn cells(judged: &Judged) -> [String; 7] {
    let name = format!("{}, {}", judged.measure.name(), judged.measure.unit());
    let [difference, within] = match &judged.interval {
        Some(interval) => [signed(interval.mean), format!("{} to {}", signed(interval.low()), signed(interval.high()))],
        None => ["-", "too few seeds"].map(str::to_owned),
    };
    let (baseline, candidate) = (figure(judged.baseline), figure(judged.candidate));
    [name, baseline, candidate, difference, within, figure(judged.margin), judged.finding.name().to_owned()]
}

fn scale(sides: &[Scale; 2], out: &mut dyn Write) -> io::Result<()> {
    let rows = scale_rows(sides);
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    writeln!(out, "\n{:widest$}  {:>9}  {:>9}", "scale", "baseline", "candidate")?;
    for (name, [baseline, candidate]) in &rows {
        writeln!(out, "{name:widest$}  {baseline:>9}  {candidate:>9}")?;
    }
    writeln!(out, "in virtual time; nothing is judged by it")
}

fn faults(faults: &Faults, out: &mut dyn Write) -> io::Result<()> {
    let Faults { paired, unpaired, own_paired, own_unpaired } = faults;
    let mut line = |what: &str, paired: u64, unpaired: &[u64; 2]| {
        let [baseline, candidate] = unpaired.map(words::number);
        let paired = words::number(paired);
        writeln!(out, "{what}: {paired} paired; only the baseline met {baseline}, only the candidate {candidate}")
    };
    line("\nfaults of exchanges", *paired, unpaired)?;
    line("crashes and ends of commits", *own_paired, own_unpaired)
}

fn flips(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Compared { pairs, judgement } = report.compared;
    let Row { introduced, fixed, kept, undecided, .. } = pairs.total();
    let [more, fewer] = judgement.uneven.map(words::number);
    let [introduced, fixed, kept] = [introduced, fixed, kept].map(words::number);
    writeln!(out, "violations: {introduced} introduced, {fixed} fixed, {kept} under both")?;
    if undecided != [0, 0] {
        let [baseline, candidate] = undecided.map(words::number);
        writeln!(out, "worlds not decided in full by the law: baseline {baseline}, candidate {candidate}")?;
    }
    let value = probability(judgement.flips);
    let test =
        if report.order.until_decided { "McNemar's test, valid after every look" } else { "McNemar's exact test" };
    writeln!(out, "seeds with more than before: {more}, with fewer: {fewer}; by chance with p {value} ({test})")?;
    for (side, name) in [(Side::Candidate, "introduced"), (Side::Baseline, "fixed")] {
        let all = report.flips(side).count();
        let shown = report.witnesses.iter().filter(|witness| witness.flip.convicts == side).count();
        if all > shown {
            let more = words::count((all - shown) as u64, "more", "more");
            let first = report.flips(side).nth(shown).map(|flip| report.replay(flip, side)).unwrap_or_default();
            writeln!(out, "{name}: {shown} shown below, {more}, such as: {first}")?;
        }
    }
    Ok(())
}

fn told(report: &Report<'_>, number: usize, witness: &Witness, out: &mut dyn Write) -> io::Result<()> {
    let Flip { scenario, seed, charge, convicts } = &witness.flip;
    let what = if *convicts == Side::Candidate { "introduced" } else { "fixed" };
    let other = convicts.other();
    let name = &report.order.scenarios[*scenario].name;
    writeln!(out, "\n== {number}. {what}: {} in {name}, seed {seed}", charge.checker.name())?;
    writeln!(out, "{:9}  convicts: {}", convicts.name(), report.replay(&witness.flip, *convicts))?;
    writeln!(out, "{:9}  holds:    {}\n", other.name(), report.replay(&witness.flip, other))?;
    match report.story(witness) {
        Some(story) => story::write(&story, out),
        None => writeln!(out, "It convicts in the world of the seed, and not where only its faults are kept."),
    }
}

/// The margin in per cent, for people.
#[must_use]
pub fn margin(Margin(millionths): Margin) -> String {
    let (whole, rest) = (millionths / 10_000, millionths % 10_000);
    match rest {
        0 => format!("{whole} %"),
        _ => format!("{whole}.{} %", format!("{rest:04}").trim_end_matches('0')),
    }
}
