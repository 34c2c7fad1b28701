//! The page of the gallery: each planted bug, how it was caught, and its smallest counterexample.

use std::io::{self, Write};

use maud::{Markup, html};

use super::case::case;
use super::page::{Page, Tone, write as write_page};
use super::plot;
use crate::explore::Shrunk;
use crate::gallery::{Hunted, WORLDS};
use crate::report::story::Story;
use crate::report::{replay_command, words};
use crate::scenario::Scenario;
use crate::version::Orchestrator;

/// A bug that was hunted, and the smallest world that convicts it.
#[derive(Debug)]
pub struct Told<'a> {
    /// How it was hunted.
    pub hunted: &'a Hunted,
    /// The scenario in which it was.
    pub scenario: &'a Scenario,
    /// The seed of the world that convicts it, and that world shrunk.
    pub smallest: Option<(u64, Shrunk)>,
}

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(told: &[Told<'_>], out: &mut dyn Write) -> io::Result<()> {
    let caught = told.iter().filter(|one| one.hunted.caught()).count();
    let (tone, word) = if caught == told.len() { (Tone::Good, "HELD") } else { (Tone::Bad, "VIOLATED") };
    let reasons = format!("{caught} of {} planted bugs caught by the checker that must", told.len());
    let deepest = told.iter().filter_map(|one| Some(one.hunted.systematic?.deviations)).max().unwrap_or(0);
    let facts = [
        ("planted", told.len().to_string()),
        ("caught", caught.to_string()),
        ("most deviations needed", deepest.to_string()),
        ("worlds drawn at most", words::number(WORLDS)),
    ];
    let body = html! {
        (table(told))
        h2 { "Counterexamples" }
        p.note { "The smallest world that convicts each bug, from the first random world that did." }
        @for one in told { (bug(one)) }
    };
    write_page(
        &Page { title: "The gallery of planted bugs", verdict: (tone, word, &reasons), facts: &facts, body },
        out,
    )
}

fn table(told: &[Told<'_>]) -> Markup {
    let ran = |one: &Told<'_>| one.hunted.systematic.map_or(0, |caught| caught.ran);
    let most = told.iter().map(|one| ran(one).max(one.hunted.random.unwrap_or(0))).max().unwrap_or(1);
    html! {
        h2 { "Bugs" }
        div.scroll tabindex="0" role="region" aria-label="Bugs" {
            table {
                caption { "How many schedules and random worlds were run until its own checker convicted each bug; bars are logarithmic." }
                thead {
                    tr {
                        th.text scope="col" { "bug" } th.text scope="col" { "caught by" } th.text scope="col" { "in" }
                        th scope="col" { "deviations" } th scope="col" { "schedules" } th scope="col" { span.hidden { "schedules, drawn" } }
                        th scope="col" { "at random" } th scope="col" { span.hidden { "at random, drawn" } }
                    }
                }
                tbody {
                    @for one in told {
                        @let (ran, random) = (ran(one), one.hunted.random.unwrap_or(0));
                        tr {
                            th scope="row" { a href={ "#" (one.hunted.bug.name) } { (one.hunted.bug.name) } }
                            @if one.hunted.caught() { td.text { (one.hunted.bug.convicted_by.name()) } } @else { td.text.bad { "missed" } }
                            td.text { (one.scenario.name) }
                            td { @match one.hunted.systematic { Some(caught) => { (caught.deviations) }, None => { "–" } } }
                            td { (words::number(ran)) }
                            td { (plot::bar(plot::logarithmic, ran, 0, most, &format!("{ran} schedules"))) }
                            td { (words::number(random)) }
                            td { (plot::bar(plot::logarithmic, random, 0, most, &format!("{random} worlds"))) }
                        }
                    }
                }
            }
        }
    }
}

fn bug(one: &Told<'_>) -> Markup {
    let bug = one.hunted.bug;
    html! {
        section id=(bug.name) {
            h3 { (bug.name) }
            p { (bug.summary) }
            p.note { "Known from " (bug.origin) ". Seam: " (bug.seam()) "." }
            @if let Some((seed, shrunk)) = &one.smallest {
                @let orchestrator = Orchestrator::BuiltIn(bug.name);
                @let story = Story { scenario: one.scenario, seed: *seed, orchestrator: &orchestrator, checker: bug.convicted_by, shrunk };
                @let heading = format!("{} in {}, seed {seed}", bug.convicted_by.name(), one.scenario.name);
                details.more {
                    summary { "Its smallest counterexample" }
                    (case(&heading, &story, &[("The world of its seed:", replay_command(one.scenario, *seed, &orchestrator))]))
                }
            }
        }
    }
}
