//! The matrix of coverage: what befell calls to vendors, and what the hub heard of them. An empty row is a fate that
//! nothing was tried against.

use maud::{Markup, html};
use sagaproof_sim::chaos::fate::Fate;

use super::plot::logarithmic;
use crate::coverage::{Heard, Matrix};
use crate::report::words;

/// The matrix, a row a fate that was met; the others by name.
pub(super) fn matrix(matrix: &Matrix) -> Markup {
    let (met, missed): (Vec<Fate>, Vec<Fate>) = Fate::ALL.into_iter().partition(|fate| matrix.of_fate(*fate) > 0);
    let most = met.iter().flat_map(|fate| Heard::ALL.map(|heard| matrix.get(*fate, heard))).max().unwrap_or(1);
    html! {
        div.scroll tabindex="0" role="region" aria-label="Fates and outcomes" {
            table.matrix {
                caption { "Calls to vendors: what befell them, and what the hub heard. Darker is more." }
                thead {
                    tr {
                        th.text scope="col" { "fate" }
                        @for heard in Heard::ALL { th scope="col" title=(heard.meaning()) { (heard.name()) } }
                        th scope="col" { "all" }
                    }
                }
                tbody {
                    @for fate in &met {
                        tr {
                            th.mono scope="row" { (fate.name()) }
                            @for heard in Heard::ALL { (cell(matrix.get(*fate, heard), most)) }
                            td { (words::number(matrix.of_fate(*fate))) }
                        }
                    }
                }
            }
        }
        @if !missed.is_empty() {
            p.note {
                "Not met: "
                @for (place, fate) in missed.iter().enumerate() {
                    @if place > 0 { ", " }
                    code { (fate.name()) }
                }
                "."
            }
        }
        p.note {
            @for (place, heard) in Heard::ALL.into_iter().enumerate() {
                @if place > 0 { " " }
                b { (heard.name()) } ": " (heard.meaning())
            }
        }
    }
}

fn cell(number: u64, most: u64) -> Markup {
    let weight = logarithmic(number) * 40 / logarithmic(most).max(1) + 4;
    html! {
        @if number == 0 { td.none { "·" span.hidden { "none" } } }
        @else { td.hit style={ "--weight:" (weight) } { (words::number(number)) } }
    }
}
