//! The page of an exploration: what is excluded, depth by depth, and the smallest counterexamples.

use std::io::{self, Write};

use maud::{Markup, html};

use super::case::case;
use super::page::{Page, Tone, write as write_page};
use super::plot;
use crate::report::explored::Report;
use crate::report::story::Story;
use crate::report::words;

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (order, explored) = (report.order, report.explored);
    let title = format!("Every schedule of {}: {}", order.scenario.name, order.orchestrator.name());
    let deepest = explored.depths.last();
    let violating = deepest.map_or(0, |depth| depth.found.violating);
    let schedules = deepest.map_or(0, |depth| depth.found.schedules);
    let depth = explored.depths.len().saturating_sub(1) as u64;
    let deviations = words::count(depth, "deviation", "deviations");
    let (tone, word) = match (violating, explored.cut.is_some()) {
        (0, false) => (Tone::Good, "HELD"),
        (0, true) => (Tone::Open, "HELD SO FAR"),
        _ => (Tone::Bad, "VIOLATED"),
    };
    let reasons = if explored.cut.is_some() {
        format!("cut off; {} covered", words::count(schedules, "schedule", "schedules"))
    } else {
        let violations = words::count(violating, "violation", "violations");
        format!("{} of at most {deviations}, {violations}", words::count(schedules, "schedule", "schedules"))
    };
    let undecided = deepest.is_some_and(|depth| depth.found.undecided);
    let facts = [
        ("schedules", words::number(schedules)),
        ("violating", words::number(violating)),
        ("deviations at most", depth.to_string()),
        ("seed of the world", order.seed.to_string()),
        ("level", order.scenario.level.name().to_owned()),
    ];
    let body = html! {
        p { (order.scenario.proves) }
        @if undecided { p { "Not all schedules were decided in full: " (words::TOO_MANY_ORDERS) "." } }
        (depths(report))
        (counterexamples(report))
    };
    write_page(&Page { title: &title, verdict: (tone, word, &reasons), facts: &facts, body }, out)
}

fn depths(report: &Report<'_>) -> Markup {
    let depths = &report.explored.depths;
    let most = depths.iter().map(|depth| depth.found.schedules).max().unwrap_or(1);
    html! {
        h2 { "Depths" }
        div.scroll tabindex="0" role="region" aria-label="Depths" {
            table {
                caption { "A deviation is a choice other than the uneventful one. Bars are logarithmic." }
                thead {
                    tr {
                        th.text scope="col" { "deviations" }
                        @for title in ["schedules", "violating", "states", "pruned", "covered"] { th scope="col" { (title) } }
                    }
                }
                tbody {
                    @for (number, depth) in depths.iter().enumerate() {
                        tr {
                            th scope="row" { (number) }
                            td { (words::number(depth.found.schedules)) }
                            td class=(if depth.found.violating > 0 { "bad" } else { "zero" }) { (words::number(depth.found.violating)) }
                            @for count in [depth.states, depth.pruned] { td { (words::number(count)) } }
                            td {
                                (plot::bar(plot::logarithmic, depth.found.schedules, 0, most, &words::count(depth.found.schedules, "schedule", "schedules")))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn counterexamples(report: &Report<'_>) -> Markup {
    let order = report.order;
    let told: Vec<Markup> = report
        .explored
        .counterexamples
        .iter()
        .zip(report.shrunk)
        .map(|(counterexample, shrunk)| {
            let (scenario, seed, orchestrator) = (order.scenario, order.seed, order.orchestrator);
            let checker = counterexample.checker;
            let heading = format!("{} in {}, seed {seed}", checker.name(), scenario.name);
            case(&heading, &Story { scenario, seed, orchestrator, checker, shrunk }, &[])
        })
        .collect();
    html! {
        @if !told.is_empty() {
            h2 { "Smallest counterexamples" }
            @for one in &told { (one) }
        }
    }
}
