//! The page of a comparison: the verdict, costs against their margin, flips by scenario, and the witnesses.

use std::io::{self, Write};

use maud::{Markup, html};

use super::case::{case, unshrunk};
use super::page::{Page, Tone, write as write_page};
use crate::canary::{Compared, Finding, Flip, Judged, Row, Side, Verdict, Witness};
use crate::report::canary::{Report, figure, margin, probability, scale_rows, signed, thousandths_of_margin};
use crate::report::words;

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Compared { pairs, judgement } = report.compared;
    let (baseline, candidate) = (report.order.baseline.name(), report.order.candidate.name());
    let title = format!("Canary: {candidate} against {baseline}");
    let (tone, word) = verdict(judgement.verdict);
    let Row { introduced, fixed, kept, alike, undecided, pairs: worlds, .. } = pairs.total();
    let number = words::number;
    let mut facts = vec![
        ("violations introduced", number(introduced)),
        ("violations fixed", number(fixed)),
        ("under both", number(kept)),
        ("pairs of worlds", number(worlds)),
        ("of them alike", number(alike)),
        ("seeds of each scenario", number(pairs.seeds())),
        ("margin", margin(report.order.margin)),
    ];
    if undecided != [0, 0] {
        facts.push(("worlds not decided, baseline and candidate", undecided.map(number).join(" and ")));
    }
    let body = html! {
        (costs(report, "Costs"))
        (scenarios(report))
        (scale(report))
        (faults(report))
        (witnesses(report))
    };
    write_page(&Page { title: &title, verdict: (tone, word, &report.reasons()), facts: &facts, body }, out)
}

/// A verdict in colour, and in capitals.
pub(super) const fn verdict(verdict: Verdict) -> (Tone, &'static str) {
    match verdict {
        Verdict::Pass => (Tone::Good, "PASS"),
        Verdict::Fail => (Tone::Bad, "FAIL"),
        Verdict::Inconclusive => (Tone::Open, "INCONCLUSIVE"),
    }
}

pub(super) fn costs(report: &Report<'_>, heading: &str) -> Markup {
    html! { h2 { (heading) } (costs_table(report, heading)) }
}

pub(super) fn costs_table(report: &Report<'_>, name: &str) -> Markup {
    let sequential = report.order.until_decided;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(name) {
            table {
                caption {
                    "Candidate less baseline, in pairs; less is better. The intervals hold for all six together with 95 %"
                    @if sequential { ", however often one looks" }
                    ". In the plot the dashed line is the margin."
                }
                thead {
                    tr {
                        th.text scope="col" { "cost" }
                        @for title in ["finding", "difference", "surely within", "margin", "against the margin", "baseline", "candidate"] {
                            th scope="col" { (title) }
                        }
                    }
                }
                tbody { @for judged in &report.compared.judgement.measures { (cost(judged)) } }
            }
        }
    }
}

fn cost(judged: &Judged) -> Markup {
    let class = match judged.finding {
        Finding::Within => "good",
        Finding::Beyond => "bad",
        Finding::Unsure => "open",
    };
    html! {
        tr {
            th scope="row" title=(judged.measure.meaning()) {
                (judged.measure.name()) " " span.note { (judged.measure.unit()) }
            }
            td class=(class) { (judged.finding.name().to_lowercase()) }
            @match &judged.interval {
                Some(interval) => {
                    td { (signed(interval.mean)) }
                    td { (signed(interval.low())) " to " (signed(interval.high())) }
                }
                None => { td { "–" } td { "too few seeds" } }
            }
            td { (figure(judged.margin)) }
            td { (against_margin(judged)) }
            td { (figure(judged.baseline)) }
            td { (figure(judged.candidate)) }
        }
    }
}

pub(super) fn scale(report: &Report<'_>) -> Markup {
    html! {
        h2 { "Scale" }
        div.scroll tabindex="0" role="region" aria-label="Scale" {
            table {
                caption {
                    "In virtual time. Work is what lies between a client's first request and the last word before the world heals; a "
                    "peak is the most that a vendor was asked within one second of any world, as limits of rates count. Nothing is judged by it."
                }
                thead { tr { th.text scope="col" { "scale" } th scope="col" { "baseline" } th scope="col" { "candidate" } } }
                tbody {
                    @for (name, figures) in scale_rows(report.compared.pairs.scale()) {
                        tr { th scope="row" { (name) } @for figure in &figures { td { (figure) } } }
                    }
                }
            }
        }
    }
}

/// The interval on a scale from three margins below nothing to three above.
fn against_margin(judged: &Judged) -> Markup {
    let Some([low, mean, high]) = thousandths_of_margin(judged) else { return html! {} };
    let at = |thousandths: i64| (thousandths.clamp(-3_000, 3_000) + 3_000) * 180 / 6_000 + 10;
    let class = match judged.finding {
        Finding::Within => "within",
        Finding::Beyond => "beyond",
        Finding::Unsure => "unsure",
    };
    html! {
        svg."plot wide" viewBox="0 0 200 22" width="200" height="22" aria-hidden="true" {
            line.grid x1="10" x2="190" y1="11" y2="11" {}
            line.zero-line x1=(at(0)) x2=(at(0)) y1="2" y2="20" {}
            line.margin-line x1=(at(1_000)) x2=(at(1_000)) y1="2" y2="20" {}
            line class=(class) x1=(at(low)) x2=(at(high)) y1="11" y2="11" stroke-width="3.5" {}
            @if mean > 3_000 { path class=(class) d="M186 5 L196 11 L186 17 Z" {} }
            @else if mean < -3_000 { path class=(class) d="M14 5 L4 11 L14 17 Z" {} }
            @else { circle class=(class) cx=(at(mean)) cy="11" r="4.5" {} }
        }
    }
}

pub(super) fn scenarios(report: &Report<'_>) -> Markup {
    let rows = report.order.scenarios.iter().zip(report.compared.pairs.rows());
    let (same, differing): (Vec<_>, Vec<_>) = rows.partition(|(_, row)| row.alike == row.pairs);
    html! {
        h2 { "Scenarios" }
        @if !differing.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Scenarios" {
                table {
                    caption { "Pairs of worlds, of the same scenario, seed and faults." }
                    thead {
                        tr {
                            th.text scope="col" { "scenario" }
                            @for title in ["introduced", "fixed", "under both", "pairs", "alike"] { th scope="col" { (title) } }
                        }
                    }
                    tbody {
                        @for (scenario, row) in &differing {
                            tr {
                                th scope="row" title=(scenario.proves) { (scenario.name) }
                                td class=(if row.introduced > 0 { "bad" } else { "zero" }) { (words::number(row.introduced)) }
                                td class=(if row.fixed > 0 { "good" } else { "zero" }) { (words::number(row.fixed)) }
                                td class=(if row.kept > 0 { "open" } else { "zero" }) { (words::number(row.kept)) }
                                td { (words::number(row.pairs)) }
                                td { (words::number(row.alike)) }
                            }
                        }
                    }
                }
            }
        }
        @if !same.is_empty() {
            p.note {
                "All worlds are alike in "
                @for (place, (scenario, _)) in same.iter().enumerate() { @if place > 0 { ", " } (scenario.name) }
                "."
            }
        }
    }
}

pub(super) fn faults(report: &Report<'_>) -> Markup {
    let faults = report.compared.pairs.faults();
    let judgement = &report.compared.judgement;
    let number = words::number;
    html! {
        h2 { "How far it can be trusted" }
        p {
            "A fault stays with the exchange that both make: " b { (number(faults.paired)) } " did. "
            (number(faults.unpaired[0])) " met the baseline only and " (number(faults.unpaired[1]))
            " the candidate only, for the other never made that exchange. Of crashes and ends of commits, which follow a process's own events, "
            (number(faults.own_paired)) " befell both, " (number(faults.own_unpaired[0])) " and " (number(faults.own_unpaired[1])) " one of them."
        }
        p {
            (number(judgement.uneven[0])) " seeds have more violations under the candidate, " (number(judgement.uneven[1]))
            " fewer; that this is chance has p " (probability(judgement.flips)) " (McNemar's test)."
        }
    }
}

pub(super) fn witnesses(report: &Report<'_>) -> Markup {
    let more = |side| {
        let shown = report.witnesses.iter().filter(|witness| witness.flip.convicts == side).count();
        report.flips(side).count() - shown
    };
    let (introduced, fixed) = (more(Side::Candidate) as u64, more(Side::Baseline) as u64);
    html! {
        @if !report.witnesses.is_empty() {
            h2 { "Witnesses" }
            p.note {
                "Each is the smallest world in which the one is convicted and the other is not. Not shown: "
                (words::number(introduced)) " introduced, " (words::number(fixed)) " fixed."
            }
        }
        @for witness in report.witnesses { (told(report, witness)) }
    }
}

fn told(report: &Report<'_>, witness: &Witness) -> Markup {
    let Flip { scenario, seed, charge, convicts } = &witness.flip;
    let (what, convicting, holding) = match convicts {
        Side::Candidate => ("Introduced", "Convicts the candidate:", "Holds for the baseline:"),
        Side::Baseline => ("Fixed", "Convicts the baseline:", "Holds for the candidate:"),
    };
    let other = convicts.other();
    let heading =
        format!("{what}: {} in {}, seed {seed}", charge.checker.name(), report.order.scenarios[*scenario].name);
    let again = [(convicting, report.replay(&witness.flip, *convicts)), (holding, report.replay(&witness.flip, other))];
    match report.story(witness) {
        Some(story) => case(&heading, &story, &again),
        None => unshrunk(&heading, "", &again),
    }
}
