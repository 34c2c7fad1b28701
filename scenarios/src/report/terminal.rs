//! The report for people: a row a scenario, what was not reached, the counterexamples with the part of their timeline
//! that matters, and the verdict.

use std::io::{self, Write};
use std::time::Duration;

use super::{Report, Sheet, Verdict, replay, replay_command, words};
use crate::run::sweep::{Order, Swept};
use crate::run::{Conviction, ENOUGH_WORLDS, Tally, judges};
use crate::scenario::Scenario;

/// So many counterexamples are told in full, each the first of its scenario.
const IN_FULL: usize = 5;

/// Of the others, so many of a scenario are named with the command that replays them.
const NAMED: usize = 3;

/// A sweep, and what was found.
#[derive(Debug, Clone, Copy)]
pub struct Sweep<'a> {
    /// What was swept.
    pub order: &'a Order<'a>,
    /// What it brought.
    pub swept: &'a Swept,
    /// What was found.
    pub report: &'a Report,
}

/// Writes the report.
///
/// # Errors
/// Where it cannot be written.
pub fn write(sweep: Sweep<'_>, out: &mut dyn Write) -> io::Result<()> {
    table(sweep, out)?;
    unreached(sweep.report, out)?;
    undecided(sweep.report, out)?;
    let mut in_full = IN_FULL;
    let rows = sweep.order.scenarios.iter().zip(&sweep.swept.tallies);
    for (scenario, tally) in rows.filter(|(_, tally)| tally.violations + tally.unequal > 0) {
        counterexamples(sweep.order, scenario, tally, in_full > 0, out)?;
        in_full = in_full.saturating_sub(1);
    }
    verdict(sweep, out)
}

/// The columns after the scenario's name. What each means stands in the help of `run`.
const COLUMNS: [&str; 11] =
    ["worlds", "sagas", "calls", "drawn", "struck", "effective", "compensated", "parked", "p50", "p99", "worlds/s"];

fn table(Sweep { report, swept, .. }: Sweep<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<(&str, [String; 11], String)> = report
        .sheets
        .iter()
        .zip(&swept.busy)
        .map(|(sheet, busy)| (sheet.name.as_str(), cells(&sheet.tally, *busy), reached(sheet)))
        .collect();
    let widest = rows.iter().map(|(name, ..)| name.len()).chain([8]).max().unwrap_or(8);
    let widths: Vec<usize> = COLUMNS
        .iter()
        .enumerate()
        .map(|(column, title)| {
            let cells = rows.iter().map(|(_, cells, _)| cells[column].chars().count());
            cells.chain([title.len()]).max().unwrap_or(0)
        })
        .collect();
    write!(out, "{:widest$}", "scenario")?;
    for (title, width) in COLUMNS.iter().zip(&widths) {
        write!(out, "  {title:>width$}")?;
    }
    writeln!(out, "  sometimes")?;
    for (name, cells, reached) in rows {
        write!(out, "{name:widest$}")?;
        for (cell, width) in cells.iter().zip(&widths) {
            write!(out, "  {cell:>width$}")?;
        }
        writeln!(out, "  {reached}")?;
    }
    Ok(())
}

fn cells(tally: &Tally, busy: Duration) -> [String; 11] {
    let percentile = |per_cent| tally.latencies.percentile(per_cent).map_or_else(|| "-".to_owned(), words::time);
    [
        words::number(tally.worlds),
        words::number(tally.sagas),
        words::number(tally.calls),
        words::number(tally.drawn),
        words::number(tally.struck),
        words::number(tally.effective),
        words::number(tally.compensations),
        words::number(tally.parked),
        percentile(50),
        percentile(99),
        words::number(words::rate(tally.worlds, busy)),
    ]
}

/// How much of what must happen sometimes did, and whether anything is wrong.
fn reached(sheet: &Sheet) -> String {
    let wrong = sheet.wrong();
    let wrong = if wrong > 0 { format!("  {}", words::count(wrong, "violation", "violations")) } else { String::new() };
    format!("{}/{}{wrong}", sheet.marks(true).count(), sheet.sometimes.len())
}

fn unreached(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (counting, pardoned): (Vec<_>, Vec<_>) = report.unreached().partition(|unreached| unreached.judged);
    if !counting.is_empty() {
        writeln!(out, "\nnever reached, though a sweep should sometimes:")?;
    }
    for unreached in &counting {
        let (scenario, mark) = (unreached.scenario, unreached.mark);
        writeln!(out, "  {scenario}: {}\n    {}", mark.name(), mark.meaning())?;
    }
    for (place, unreached) in pardoned.iter().enumerate() {
        if place == 0 {
            match report.partition {
                None => write!(out, "\nnot reached, but with fewer than {ENOUGH_WORLDS} worlds that does not count:")?,
                Some(_) => write!(out, "\nnot reached in this part; what counts is whether all parts together do:")?,
            }
        }
        let first_of_scenario = place == 0 || pardoned[place - 1].scenario != unreached.scenario;
        if first_of_scenario {
            write!(out, "\n  {}: {}", unreached.scenario, unreached.mark.name())?;
        } else {
            write!(out, ", {}", unreached.mark.name())?;
        }
    }
    if pardoned.is_empty() { Ok(()) } else { writeln!(out) }
}

/// Worlds that are neither held nor violated are not passed over.
fn undecided(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for sheet in report.sheets.iter().filter(|sheet| sheet.tally.undecided > 0) {
        writeln!(out, "\n{}: {}", sheet.name, words::undecided(sheet.tally.undecided))?;
    }
    Ok(())
}

fn counterexamples(
    order: &Order<'_>,
    scenario: &Scenario,
    tally: &Tally,
    first_in_full: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = &scenario.name;
    if let Some(seed) = tally.first_unequal {
        writeln!(out, "\n{name} / seed {seed}: {}", super::differed(tally.unequal))?;
        writeln!(out, "  replay: {}", replay_command(scenario, seed, order.orchestrator))?;
    }
    let full = usize::from(first_in_full && !tally.convictions.is_empty());
    if let Some(conviction) = tally.convictions.first().filter(|_| first_in_full) {
        in_full(order, scenario, conviction, out)?;
    }
    let named = tally.convictions.iter().skip(full).take(NAMED);
    for (place, conviction) in named.enumerate() {
        if place == 0 {
            writeln!(out, "\n{name}: {}", if full > 0 { "others" } else { "violations" })?;
        }
        let again = replay_command(scenario, conviction.seed, order.orchestrator);
        writeln!(out, "  {}\n    {again}", replay::title(&conviction.violation))?;
    }
    match tally.violations.saturating_sub((full + NAMED) as u64) {
        0 => Ok(()),
        more => writeln!(out, "  and {} more", words::number(more)),
    }
}

/// A counterexample with the part of its timeline that matters: its world is run once more, and recorded.
fn in_full(order: &Order<'_>, scenario: &Scenario, conviction: &Conviction, out: &mut dyn Write) -> io::Result<()> {
    let violation = &conviction.violation;
    writeln!(out, "\n{} / seed {}: {}", scenario.name, conviction.seed, replay::title(violation))?;
    replay::message(violation, out)?;
    if let Some(mut judge) = judges(order.orchestrator).map(|appoint| appoint(scenario)) {
        let record = judge.record(conviction.seed, None);
        match judge.broken() {
            None => replay::what_matters(&record.timeline, violation, out)?,
            Some(why) => writeln!(out, "  what happened cannot be told: {why}")?,
        }
    }
    writeln!(out, "  replay: {}", replay_command(scenario, conviction.seed, order.orchestrator))
}

fn verdict(Sweep { order, swept, report }: Sweep<'_>, out: &mut dyn Write) -> io::Result<()> {
    let total = report.total();
    let took = swept.took;
    let scenarios = words::count(report.sheets.len() as u64, "scenario", "scenarios");
    let worlds = words::count(total.worlds, "world", "worlds");
    let sagas = words::count(total.sagas, "saga", "sagas");
    let (calls, effective) = (words::number(total.calls), words::number(total.effective));
    let speed = words::number(words::rate(total.worlds, took));
    writeln!(
        out,
        "\n{} under {scenarios}: {worlds}, {sagas}, {calls} calls, {effective} effective faults; {}.{:02} s, {speed} worlds/s",
        report.orchestrator,
        took.as_secs(),
        took.subsec_millis() / 10
    )?;
    let asked = words::count(order.seeds.end.saturating_sub(order.seeds.start), "seed", "seeds");
    if let Some(part) = report.partition {
        writeln!(out, "Part {part} of the run: {asked} from {} on.", order.seeds.start)?;
    }
    if report.cut {
        writeln!(out, "The time budget ran out before all {asked} of each scenario were run.")?;
    }
    match report.verdict() {
        Verdict::Held => writeln!(out, "HELD"),
        Verdict::Violated => {
            let unreached = report.unreached().filter(|unreached| unreached.judged).count() as u64;
            let violations = words::count(total.violations + total.unequal, "violation", "violations");
            writeln!(out, "VIOLATED: {violations}, {} never reached", words::count(unreached, "mark", "marks"))
        }
    }
}
