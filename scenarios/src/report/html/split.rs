//! The page of a split: the walk over its plan as a picture, what the candidate had touched when it was rolled back, and the
//! stage at which the walk ended, with its witnesses.

use std::io::{self, Write};

use maud::{Markup, html};

use super::canary::{costs, costs_table, faults, scale, scenarios, verdict, witnesses};
use super::page::{Page, write as write_page};
use super::plot;
use crate::canary::split::Stage;
use crate::canary::{Blast, Told, Verdict};
use crate::check::EndState;
use crate::report::canary::{Report, Walk, margin};
use crate::report::{replay_command, words};
use crate::run::{Became, LeftBehind};

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(walk: &Walk<'_>, out: &mut dyn Write) -> io::Result<()> {
    let order = walk.order;
    let title = format!("Split: {} beside {}", order.candidate.name(), order.baseline.name());
    let (tone, word) = verdict(walk.walked.verdict());
    let stages = &walk.walked.stages;
    let total = |of: fn(&Stage) -> u64| words::number(stages.iter().map(of).sum());
    let mut facts = vec![
        ("share in the end", format!("{} %", walk.walked.share())),
        ("stages", format!("{} of {}", stages.len(), walk.plan.shares().len())),
        ("violations introduced", total(|stage| stage.compared.pairs.total().introduced)),
        ("pairs of worlds", total(|stage| stage.compared.pairs.total().pairs)),
        ("seeds at each stage", words::number(order.seeds)),
        ("margin", margin(order.margin)),
    ];
    if let Some(blast) = &walk.walked.blast {
        facts.insert(1, ("customers touched", words::number(blast.customers())));
    }
    let body = html! {
        (picture(walk))
        (table(walk))
        @if let Some(blast) = &walk.walked.blast { (radius(walk, blast)) }
        @if let Some(stage) = stages.last() { (ended(walk, stage)) }
    };
    write_page(&Page { title: &title, verdict: (tone, word, &walk.outcome()), facts: &facts, body }, out)
}

/// The stage at which the walk ended, as the page of a canary shows it.
fn ended(walk: &Walk<'_>, stage: &Stage) -> Markup {
    let order = walk.order_of(stage);
    let report = Report { order: &order, compared: &stage.compared, witnesses: &stage.witnesses };
    html! {
        (witnesses(&report))
        (costs(&report, &format!("Costs at {} %", stage.share)))
        @for passed in walk.walked.stages.iter().filter(|passed| passed.share < stage.share) {
            @let order = walk.order_of(passed);
            details.more {
                summary { "Costs at " (passed.share) " %" }
                @let report = Report { order: &order, compared: &passed.compared, witnesses: &passed.witnesses };
                (costs_table(&report, &format!("Costs at {} %", passed.share)))
            }
        }
        (scenarios(&report))
        (scale(&report))
        (faults(&report))
    }
}

/// The share of the candidate, stage by stage: a column each, and one more where it was rolled back.
fn picture(walk: &Walk<'_>) -> Markup {
    let stages = &walk.walked.stages;
    let back = stages.last().filter(|_| walk.walked.verdict() == Verdict::Fail);
    let column = |kind: &str, drawing: Markup, share: u8, words: Markup| {
        html! {
            li class=(kind) {
                svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" { (drawing) }
                b { (share) " %" }
                (words)
            }
        }
    };
    let part =
        |share: u8, class: &str| html! { rect class=(class) x="0" y=(100 - share) width="100" height=(share) {} };
    let (reached, planned) = walk.plan.shares().split_at(stages.len().min(walk.plan.shares().len()));
    html! {
        h2 { "The walk" }
        div.scroll tabindex="0" role="region" aria-label="The walk" {
            ol.walk {
                @for (stage, share) in stages.iter().zip(reached) {
                    @let verdict = stage.compared.judgement.verdict;
                    (column("judged", part(*share, class(verdict)), *share, html! {
                        span class={ "badge " (class(verdict)) "-text" } { (verdict.name().to_uppercase()) }
                    }))
                }
                @if let Some(stage) = back {
                    (column(
                        "returned",
                        html! {
                            (part(stage.share, "fallen"))
                            line.fall x1="50" x2="50" y1=(100 - stage.share) y2="88" {}
                            path.tip d="M46 86 L54 86 L50 99 Z" {}
                        },
                        0,
                        html! { span."badge bad-text" { "ROLLED BACK" } },
                    ))
                }
                @for share in planned {
                    (column("planned", part(*share, "plan"), *share, html! { span.note { "not reached" } }))
                }
            }
        }
        p.note {
            "How many of the customers come to the candidate: a column is all of them. A stage begins with the share of the one "
            "before, and is judged against worlds in which the same customers come to the same processes and all run the baseline."
        }
    }
}

/// The class of a verdict's colours.
const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "good",
        Verdict::Fail => "bad",
        Verdict::Inconclusive => "open",
    }
}

fn table(walk: &Walk<'_>) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Stages" {
            table {
                caption { "Each stage is a canary over the same seeds. Pairs of worlds that are alike show the same to the byte." }
                thead {
                    tr {
                        th scope="col" { "share" } th.text scope="col" { "verdict" }
                        @for title in ["introduced", "fixed", "pairs", "alike"] { th scope="col" { (title) } }
                        th.text scope="col" { "for" }
                    }
                }
                tbody {
                    @for stage in &walk.walked.stages {
                        @let order = walk.order_of(stage);
                        @let report = Report { order: &order, compared: &stage.compared, witnesses: &stage.witnesses };
                        @let (total, verdict) = (stage.compared.pairs.total(), stage.compared.judgement.verdict);
                        tr {
                            th.share scope="row" { (stage.share) " %" }
                            td class={ "text " (class(verdict)) } { (verdict.name().to_uppercase()) }
                            td class=(if total.introduced > 0 { "bad" } else { "zero" }) { (words::number(total.introduced)) }
                            td class=(if total.fixed > 0 { "good" } else { "zero" }) { (words::number(total.fixed)) }
                            td { (words::number(total.pairs)) }
                            td { (words::number(total.alike)) }
                            td."text wrap" { (report.reasons()) }
                        }
                    }
                }
            }
        }
    }
}

/// Whom the candidate touched, and what became of them.
fn radius(walk: &Walk<'_>, blast: &Blast) -> Markup {
    let most = blast.touched.iter().copied().max().unwrap_or(1);
    let met = Became::ALL.into_iter().filter(|one| blast.touched[*one as usize] + blast.others[*one as usize] > 0);
    let worlds = words::count(blast.worlds, "world", "worlds");
    html! {
        h2 { "Blast radius" }
        p {
            "All worlds of that stage once more, rolled back in the end: nobody comes to the candidate any more, it finishes what "
            "it has for ten seconds, and a baseline takes its place. It had touched somebody in " b { (words::number(blast.reached)) }
            " of " (worlds) ": it took a request in, or wrote on somebody's behalf."
        }
        div.scroll tabindex="0" role="region" aria-label="What became of the customers" {
            table.told {
                caption { "What became of the customers, those whom the candidate touched and the others. Each is counted once, by what it took until it was consistent." }
                thead {
                    tr {
                        th.text scope="col" { "state" } th scope="col" { "touched" }
                        th.drawn scope="col" { span.hidden { "touched, drawn" } } th scope="col" { "others" }
                    }
                }
                tbody {
                    @for became in met {
                        @let (touched, others) = (blast.touched[became as usize], blast.others[became as usize]);
                        tr {
                            th scope="row" { span class={ (tone(became)) "-text" } { (became.meaning()) } }
                            td { (words::number(touched)) }
                            td.drawn { (plot::bar(plot::logarithmic, touched, 0, most, &words::count(touched, "customer", "customers"))) }
                            td class=(if others == 0 { "zero" } else { "" }) { (words::number(others)) }
                        }
                    }
                    tr {
                        th scope="row" { "all" }
                        td { (words::number(blast.customers())) } td.drawn {} td { (words::number(blast.others.iter().sum())) }
                    }
                }
            }
        }
        (mended(blast))
        (customers(walk, blast))
    }
}

fn mended(blast: &Blast) -> Markup {
    let at: Vec<_> = EndState::SYSTEMS.iter().zip(blast.mended).filter(|(_, count)| *count > 0).collect();
    html! {
        p {
            "Reconciliation "
            @if at.is_empty() { "had nothing to mend of what the candidate had left." }
            @else {
                "mended what the candidate had left at "
                @for (place, (system, count)) in at.iter().enumerate() {
                    @if place > 0 { ", at " }
                    b { (system.name()) } " of " (words::count(*count, "customer", "customers"))
                }
                "."
            }
        }
    }
}

/// The customers of the worlds that are told.
fn customers(walk: &Walk<'_>, blast: &Blast) -> Markup {
    let rows = blast.told.iter().flat_map(|told| told.customers.iter().map(move |customer| (told, customer)));
    html! {
        @if !blast.told.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Customers whom the candidate touched" {
                table.told {
                    caption { "Whom the candidate touched, the worst first: of each state, the first two worlds in which it is the worst." }
                    thead {
                        tr {
                            @for title in ["customer", "state", "reconciliation mended", "in"] {
                                th.text scope="col" { (title) }
                            }
                        }
                    }
                    tbody { @for (told, customer) in rows { (row(walk, told, customer)) } }
                }
            }
        }
        @if let Some(first) = blast.told.first() {
            @let scenario = &walk.order.scenarios[first.scenario];
            p.command {
                "The first of these worlds, step by step (the others by their own scenarios and seeds): "
                code { (replay_command(scenario, first.seed, &blast.orchestrator)) }
            }
        }
    }
}

fn row(walk: &Walk<'_>, told: &Told, customer: &LeftBehind) -> Markup {
    let scenario = &walk.order.scenarios[told.scenario];
    let LeftBehind { cust_no, became, mended, .. } = customer;
    let at = EndState::SYSTEMS.iter().zip(mended).filter(|(_, mended)| **mended).map(|(system, _)| system.name());
    let at: Vec<&str> = at.collect();
    html! {
        tr {
            th.mono scope="row" { (cust_no) }
            td class={ "text " (tone(*became)) } { (became.meaning()) }
            td.text { @if at.is_empty() { "–" } @else { (at.join(", ")) } }
            td.text { (scenario.name) ", seed " (told.seed) }
        }
    }
}

/// The class of the colour in which a state is told.
const fn tone(became: Became) -> &'static str {
    match became {
        Became::Consistent | Became::Healed => "good",
        Became::Redriven | Became::Reconciled | Became::Parked => "open",
        Became::NotAsTold | Became::Broken => "bad",
    }
}
