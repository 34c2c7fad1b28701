//! The page of a run: a row a scenario, latencies, the matrix of fates and outcomes, and counterexamples.

use std::io::{self, Write};

use maud::{Markup, html};
use sagaproof_sim::clock::Nanos;

use super::case::{case, unshrunk};
use super::matrix::matrix;
use super::page::{Page, Tone, write as write_page};
use super::plot;
use crate::explore::{Shrunk, shrink};
use crate::report::story::Story;
use crate::report::terminal::Sweep;
use crate::report::{Sheet, Verdict, replay, replay_command, words};
use crate::run::{Conviction, Plot, Tally, judges};
use crate::workload::Workload;

/// So many counterexamples are told, each the first of its scenario.
const TOLD: usize = 6;

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(sweep: Sweep<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = sweep.report;
    let total = report.total();
    let title =
        format!("{} in {}", report.orchestrator, words::count(report.sheets.len() as u64, "scenario", "scenarios"));
    let violations = words::count(total.violations + total.unequal, "violation", "violations");
    let unreached = report.unreached().filter(|unreached| unreached.judged).count() as u64;
    let (tone, word) = match report.verdict() {
        Verdict::Held => (Tone::Good, "HELD"),
        Verdict::Violated => (Tone::Bad, "VIOLATED"),
    };
    let reasons = format!("{violations}, {} never reached", words::count(unreached, "mark", "marks"));
    let number = words::number;
    let facts = [
        ("worlds", number(total.worlds)),
        ("sagas", number(total.sagas)),
        ("calls to vendors", number(total.calls)),
        ("effective faults", number(total.effective)),
        ("crashes", number(total.crashes)),
        ("sagas parked", number(total.parked)),
        ("seeds", format!("{} to {}", report.seeds.start, report.seeds.end.saturating_sub(1))),
    ];
    let body = html! {
        (scenarios(report.sheets.as_slice()))
        (counterexamples(sweep))
        h2 { "Latencies" }
        p.note { "From a client's first sending until its outcome was known, in virtual time; every operation of every world." }
        (plot::latencies(&total.latencies))
        h2 { "Fates and outcomes" }
        (matrix(&total.heard))
        (unreached_marks(sweep))
    };
    write_page(&Page { title: &title, verdict: (tone, word, &reasons), facts: &facts, body }, out)
}

fn scenarios(sheets: &[Sheet]) -> Markup {
    let most = sheets.iter().map(|sheet| sheet.tally.struck).max().unwrap_or(1);
    let slowest = sheets.iter().filter_map(|sheet| micros(&sheet.tally, 99)).max().unwrap_or(1);
    html! {
        h2 { "Scenarios" }
        div.scroll tabindex="0" role="region" aria-label="Scenarios" {
            table {
                caption { "Faults: dark is effective, light is all that struck. Latency, on a logarithmic scale: the dot is the median, the bar reaches to p99." }
                thead {
                    tr {
                        th.text scope="col" { "scenario" }
                        @for title in ["violations", "worlds", "sagas", "calls", "faults", "", "parked", "p50", "p99", "latency", "sometimes"] {
                            th scope="col" { (title) @if title.is_empty() { span.hidden { "faults, drawn" } } }
                        }
                    }
                }
                tbody { @for sheet in sheets { (row(sheet, most, slowest)) } }
            }
        }
    }
}

fn micros(tally: &Tally, per_cent: u64) -> Option<u64> {
    tally.latencies.percentile(per_cent).map(|Nanos(nanos)| nanos / 1_000)
}

fn row(sheet: &Sheet, most: u64, slowest: u64) -> Markup {
    let tally = &sheet.tally;
    let wrong = sheet.wrong();
    let time = |micros: Option<u64>| micros.map_or_else(|| "–".to_owned(), |micros| words::time(Nanos::micros(micros)));
    let [median, rare] = [50, 99].map(|per_cent| micros(tally, per_cent));
    let faults = format!("{} effective of {} struck", tally.effective, tally.struck);
    let reached = format!("{}/{}", sheet.marks(true).count(), sheet.sometimes.len());
    html! {
        tr {
            th scope="row" { (sheet.name) }
            td class=(if wrong > 0 { "bad" } else { "zero" }) { (words::number(wrong)) }
            @for number in [tally.worlds, tally.sagas, tally.calls, tally.effective] { td { (words::number(number)) } }
            td { (plot::bar(plot::linear, tally.effective, tally.struck, most, &faults)) }
            td { (words::number(tally.parked)) }
            td { (time(median)) }
            td { (time(rare)) }
            td { (plot::span(median, rare, slowest)) }
            td class=(if sheet.marks(false).next().is_some() { "open" } else { "" }) { (reached) }
        }
    }
}

fn unreached_marks(sweep: Sweep<'_>) -> Markup {
    let unreached: Vec<_> = sweep.report.unreached().collect();
    html! {
        @if !unreached.is_empty() {
            h2 { "Never reached" }
            p.note { "What a scenario must have reached at least once; from 500 worlds of it on that counts." }
            details.more open[unreached.iter().any(|one| one.judged)] {
                summary { (words::count(unreached.len() as u64, "mark", "marks")) }
            ul {
                @for one in &unreached {
                    li {
                        b class=(if one.judged { "bad-text" } else { "open-text" }) { (one.scenario) ": " (one.mark.name()) }
                        ". " (one.mark.meaning())
                    }
                }
            }
            }
        }
    }
}

fn counterexamples(sweep: Sweep<'_>) -> Markup {
    let (order, swept) = (sweep.order, sweep.swept);
    let rows = order.scenarios.iter().zip(&swept.tallies);
    let first = rows.filter_map(|(scenario, tally)| Some((scenario, tally.convictions.first()?)));
    let total = sweep.report.total().violations;
    let told: Vec<Markup> = first
        .take(TOLD)
        .map(|(scenario, Conviction { seed, violation })| {
            let heading = format!("{} in {}, seed {seed}", replay::title(violation), scenario.name);
            let again = [("The world of its seed:", replay_command(scenario, *seed, order.orchestrator))];
            match smallest(sweep, scenario, *seed, violation.checker) {
                Some(shrunk) => {
                    let (seed, orchestrator, checker) = (*seed, order.orchestrator, violation.checker);
                    case(&heading, &Story { scenario, seed, orchestrator, checker, shrunk: &shrunk }, &again)
                }
                None => unshrunk(&heading, &violation.message, &again),
            }
        })
        .collect();
    html! {
        @if !told.is_empty() {
            h2 { "Counterexamples" }
            p.note { "The first of each scenario, " (told.len()) " of " (words::count(total, "violation", "violations")) "." }
            @for one in &told { (one) }
        }
    }
}

fn smallest(
    sweep: Sweep<'_>,
    scenario: &crate::scenario::Scenario,
    seed: u64,
    checker: crate::check::CheckerName,
) -> Option<Shrunk> {
    let mut judge = judges(sweep.order.orchestrator)?(scenario);
    let record = judge.record(seed, None);
    let operations = Workload::operations(scenario, seed);
    shrink(&mut *judge, seed, checker, Plot::of(&record.chosen), &operations)
}
