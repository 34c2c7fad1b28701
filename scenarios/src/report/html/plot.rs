//! Small plots as SVG, in whole pixels, so that every machine draws the same.

use maud::{Markup, html};
use sagaproof_sim::clock::Nanos;

use crate::report::words;
use crate::run::Histogram;

/// A length on a logarithmic scale: 64 steps to each doubling, straight in between. 0 is at 0.
pub(super) fn logarithmic(value: u64) -> u64 {
    let value = u128::from(value) + 1;
    let doublings = value.ilog2();
    let between = ((value << 6) >> doublings) - 64;
    u64::from(doublings) * 64 + u64::try_from(between).unwrap_or_default()
}

/// A place on a scale of so many pixels.
pub(super) const fn place(value: u64, most: u64, pixels: u64) -> u64 {
    let most = if most == 0 { 1 } else { most };
    let value = if value > most { most } else { value };
    value * pixels / most
}

/// The scale on which twice as much is twice as long.
pub(super) const fn linear(value: u64) -> u64 {
    value
}

/// A bar for a number among others up to `most`, with a lighter one behind it.
pub(super) fn bar(scale: fn(u64) -> u64, number: u64, behind: u64, most: u64, label: &str) -> Markup {
    let width = |number: u64| place(scale(number), scale(most), 160).max(u64::from(number > 0));
    html! {
        svg.plot viewBox="0 0 160 12" width="160" height="12" role="img" aria-label=(label) {
            @if behind > 0 { rect."bar light" x="0" y="1" width=(width(behind)) height="10" rx="2" {} }
            @if number > 0 { rect.bar x="0" y="1" width=(width(number)) height="10" rx="2" {} }
        }
    }
}

/// Times at which the axes of latencies have their lines, in microseconds.
const LINES: [u64; 8] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000];

/// How many operations took how long.
pub(super) fn latencies(histogram: &Histogram) -> Markup {
    const COLUMNS: u64 = 60;
    const HEIGHT: u64 = 120;
    let spans: Vec<(u64, u64)> = histogram.spans().map(|(most, count)| (logarithmic(most), count)).collect();
    let (Some((first, _)), Some((last, _))) = (spans.first(), spans.last()) else {
        return html! { p.note { "No operation ended." } };
    };
    let (first, last) = (first.saturating_sub(32), last + 32);
    let mut columns = vec![0_u64; COLUMNS as usize];
    for (at, count) in &spans {
        let column = ((at - first) * COLUMNS / (last - first)).min(COLUMNS - 1);
        columns[column as usize] += count;
    }
    let most = columns.iter().copied().max().unwrap_or(1);
    let line = |micros: u64| Some(logarithmic(micros)).filter(|at| (first..=last).contains(at));
    let percentile = |per_cent| histogram.percentile(per_cent).map_or(0, |Nanos(nanos)| nanos / 1_000);
    let [median, rare] = [50, 99].map(percentile);
    let label = format!(
        "Latencies of operations on a logarithmic scale: half took {} or less, 99 in 100 {} or less.",
        words::time(Nanos::micros(median)),
        words::time(Nanos::micros(rare))
    );
    html! {
        svg.plot viewBox="0 0 640 160" width="640" height="160" role="img" aria-label=(label) {
            @for (micros, at) in LINES.iter().filter_map(|micros| Some((*micros, line(*micros)?))) {
                @let x = place(at - first, last - first, 600) + 20;
                line.grid x1=(x) x2=(x) y1="10" y2=(HEIGHT + 10) {}
                text x=(x) y=(HEIGHT + 26) text-anchor="middle" { (words::time(Nanos::micros(micros))) }
            }
            @for (column, count) in columns.iter().enumerate().filter(|(_, count)| **count > 0) {
                @let height = place(*count, most, HEIGHT - 10).max(1);
                rect.bar x=(column as u64 * 10 + 21) y=(HEIGHT + 10 - height) width="8" height=(height) rx="1" {}
            }
            line.axis x1="20" x2="620" y1=(HEIGHT + 10) y2=(HEIGHT + 10) {}
            @for (name, micros) in [("p50", median), ("p99", rare)] {
                @let x = place(logarithmic(micros).saturating_sub(first), last - first, 600) + 20;
                line.margin-line x1=(x) x2=(x) y1="10" y2=(HEIGHT + 10) {}
                text x=(x + 4) y="18" { (name) " " (words::time(Nanos::micros(micros))) }
            }
        }
    }
}

/// Where a median and a rare length lie on a scale up to `most`, both in microseconds.
pub(super) fn span(median: Option<u64>, rare: Option<u64>, most: u64) -> Markup {
    let (Some(median), Some(rare)) = (median, rare) else { return html! {} };
    let at = |micros| place(logarithmic(micros), logarithmic(most), 148) + 6;
    let (from, to) = (at(median), at(rare));
    html! {
        svg.plot viewBox="0 0 160 12" width="160" height="12" aria-hidden="true" {
            line.grid x1="0" x2="160" y1="6" y2="6" {}
            rect."bar light" x=(from) y="3" width=((to - from).max(1)) height="6" rx="3" {}
            circle.dot cx=(from) cy="6" r="4" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_logarithmic_scale_rises_and_doubles_alike(value in 0_u64..1 << 40, more in 1_u64..1 << 20) {
            prop_assert!(logarithmic(value) <= logarithmic(value + more));
            prop_assert_eq!(logarithmic(2 * value + 1), logarithmic(value) + 64);
        }

        #[test]
        fn every_place_is_on_the_scale(value in 0..1_u64 << 40, most in 0..1_u64 << 40) {
            prop_assert!(place(value, most, 160) <= 160);
        }
    }

    #[test]
    fn a_histogram_is_drawn_with_its_label() {
        let mut histogram = Histogram::default();
        (1..100).for_each(|n| histogram.add(Nanos::millis(n)));
        let drawn = latencies(&histogram).into_string();
        assert!(drawn.contains("half took 50 ms or less"), "{drawn}");
        assert!(latencies(&Histogram::default()).into_string().contains("No operation ended"));
    }
}
