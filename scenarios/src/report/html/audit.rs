//! The page of an audit: the checklist with its answers, and each witness shrunk.

use std::io::{self, Write};

use maud::{Markup, html};

use super::case::{case, unshrunk};
use super::page::{Page, Tone, write as write_page};
use crate::audit::{Answer, Answered, Convicts, Witness};
use crate::explore::shrink;
use crate::report::audit::{Report, Verdict, ground};
use crate::report::story::Story;
use crate::report::words;
use crate::run::{Plot, judges};
use crate::workload::Workload;

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("Saga design of {}", report.order.orchestrator.name());
    let (tone, word) = match report.verdict() {
        Verdict::Held => (Tone::Good, "HELD"),
        Verdict::Violated => (Tone::Bad, "VIOLATED"),
        Verdict::Undecided => (Tone::Open, "UNDECIDED"),
    };
    let facts = [
        ("items", report.answered.len().to_string()),
        ("seeds of each scenario", words::number(report.order.seeds)),
        ("worlds", words::number(report.order.worlds())),
    ];
    let body = html! {
        (checklist(report))
        (witnesses(report))
    };
    write_page(&Page { title: &title, verdict: (tone, word, &report.summary()), facts: &facts, body }, out)
}

fn checklist(report: &Report<'_>) -> Markup {
    html! {
        h2 { "Checklist" }
        div.scroll tabindex="0" role="region" aria-label="Checklist" {
            table {
                caption { "Answered from worlds that were run; nothing is asserted that no world showed." }
                thead {
                    tr { @for title in ["item", "answer", "what must hold", "ground"] { th.text scope="col" { (title) } } }
                }
                tbody { @for answered in report.answered { (row(answered)) } }
            }
        }
    }
}

fn row(answered: &Answered<'_>) -> Markup {
    let class = match answered.answer {
        Answer::Held => "text good",
        Answer::Violated(_) => "text bad",
        Answer::NotExercised => "text open",
    };
    html! {
        tr {
            th scope="row" { (answered.item.name) }
            td class=(class) { (answered.answer.name()) }
            td.text.wrap { (answered.item.asks) }
            td.text.wrap { (ground(answered)) }
        }
    }
}

fn witnesses(report: &Report<'_>) -> Markup {
    let violated = report.answered.iter().filter_map(|answered| match &answered.answer {
        Answer::Violated(witness) => Some((answered, witness)),
        _ => None,
    });
    let told: Vec<Markup> = violated.map(|(answered, witness)| told(report, answered, witness)).collect();
    html! {
        @if !told.is_empty() {
            h2 { "Witnesses" }
            @for one in &told { (one) }
        }
    }
}

fn told(report: &Report<'_>, answered: &Answered<'_>, witness: &Witness<'_>) -> Markup {
    let Witness { scenario, seed, convicts } = *witness;
    let heading = format!("{}: {} in {}, seed {seed}", answered.item.name, convicts.name(), scenario.name);
    let shown = match convicts {
        Convicts::Checker(_) => "The world of its seed:",
        Convicts::Trail(_) => "No checker convicts in the world of its seed; look at the writes:",
    };
    let again = [(shown, report.replay(witness))];
    let orchestrator = report.order.orchestrator;
    let smallest = match convicts {
        Convicts::Checker(checker) => judges(orchestrator).and_then(|appoint| {
            let mut judge = appoint(scenario);
            let chosen = judge.record(seed, None).chosen;
            let operations = Workload::operations(scenario, seed);
            let shrunk = shrink(&mut *judge, seed, checker, Plot::of(&chosen), &operations)?;
            Some((checker, shrunk))
        }),
        Convicts::Trail(_) => None,
    };
    match (&smallest, convicts) {
        (Some((checker, shrunk)), _) => {
            case(&heading, &Story { scenario, seed, orchestrator, checker: *checker, shrunk }, &again)
        }
        (None, Convicts::Trail(_)) => html! {
            article.case { h3 { (heading) } p { "Every such write of the world of its seed shows it." } p { code { (again[0].1) } } }
        },
        (None, Convicts::Checker(_)) => unshrunk(&heading, "", &again),
    }
}
