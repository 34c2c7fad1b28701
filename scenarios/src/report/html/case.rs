//! A counterexample on a page: its sentences, what is wrong, its sequence, and how to see it again.

use std::path::Path;

use maud::{Markup, html};
use sagaproof_sim::chaos::schedule;

use super::sequence::{legend, sequence};
use crate::report::story::Story;
use crate::report::{schedule_command, words};
use crate::run::route_names;
use crate::timeline::Entry;

/// The counterexample of a story under a heading; `again` are the commands that show the world of its seed: what each
/// shows, and the command.
pub(super) fn case(heading: &str, story: &Story<'_>, again: &[(&str, String)]) -> Markup {
    let Some(violation) = story.violation() else { return html! {} };
    let shrunk = story.shrunk;
    let all: Vec<&Entry> = shrunk.record.timeline.lines(false).collect();
    let deviations = words::count(shrunk.deviations.len() as u64, "deviation", "deviations");
    let runs = words::count(u64::from(shrunk.runs), "run", "runs");
    let file = story.file();
    html! {
        article.case {
            h3 { (heading) }
            p.note {
                "The smallest world in which it shows: " (deviations) " from the uneventful one, found in " (runs) ". "
                (violation.checker.meaning())
            }
            ol.story { @for sentence in story.sentences() { li { (sentence) } } }
            pre tabindex="0" { (violation.message.trim_end()) }
            (legend())
            p.note { "Times are virtual seconds. Open a message to see the request and the answer." }
            (sequence(&story.entries(), &all))
            details.more {
                summary { "The schedule, to keep as a regression test" }
                p { "Its deviations:" }
                ul { @for deviation in &shrunk.deviations { li.mono { (schedule::line(*deviation, route_names())) } } }
                p { "Save it as " code { (file) } " and replay it with " code { (schedule_command(Path::new(&file), story.orchestrator)) } "." }
                pre tabindex="0" { (story.schedule().text(route_names())) }
            }
            (commands(again))
        }
    }
}

/// A counterexample that has no smaller world than that of its seed.
pub(super) fn unshrunk(heading: &str, message: &str, again: &[(&str, String)]) -> Markup {
    html! {
        article.case {
            h3 { (heading) }
            p.note { "It shows in the world of the seed, and not where only its faults are kept." }
            @if !message.is_empty() { pre tabindex="0" { (message.trim_end()) } }
            (commands(again))
        }
    }
}

fn commands(again: &[(&str, String)]) -> Markup {
    html! {
        @for (what, command) in again { p.command { (what) " " code { (command) } } }
    }
}
