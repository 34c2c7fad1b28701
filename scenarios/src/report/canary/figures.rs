//! Figures of a comparison in words. They are rounded to whole steps before they are written, so that every machine
//! writes the same.

#![expect(clippy::float_arithmetic, reason = "figures are rounded for people and machines; nothing is computed")]

use crate::canary::{Judged, Scale};
use crate::report::words;

/// A number that is not below zero, to a tenth.
pub(in crate::report) fn figure(value: f64) -> String {
    let tenths = (value.abs() * 10.0).round() as u64;
    format!("{}.{}", words::number(tenths / 10), tenths % 10)
}

/// A number with its sign, to a tenth.
pub(in crate::report) fn signed(value: f64) -> String {
    let sign = match (value * 10.0).round() {
        below if below < 0.0 => "−",
        above if above > 0.0 => "+",
        _ => "",
    };
    format!("{sign}{}", figure(value))
}

/// A probability behind `p`: to four digits, or that it is smaller.
pub(in crate::report) fn probability(value: f64) -> String {
    let parts = (value * 10_000.0).round() as u64;
    match parts {
        0 => "< 0.0001".to_owned(),
        10_000.. => "= 1".to_owned(),
        parts => format!("= 0.{parts:04}"),
    }
}

/// How baseline and candidate scale: what a row tells, and both figures. Vendors that nobody called have none.
pub(in crate::report) fn scale_rows(sides: &[Scale; 2]) -> Vec<(String, [String; 2])> {
    let rate = |scale: &Scale| {
        let hundredths = scale.hundredths_a_second();
        hundredths.map_or_else(|| "-".to_owned(), |one| format!("{}.{:02}", words::number(one / 100), one % 100))
    };
    let peaks = sides[0].peaks().zip(sides[1].peaks());
    let called = peaks.filter(|((_, baseline), (_, candidate))| baseline + candidate > 0).map(
        |((vendor, baseline), (_, candidate))| {
            let figures = [baseline, candidate].map(|peak| words::number(peak.into()));
            (format!("peak calls in one second, {}", vendor.name()), figures)
        },
    );
    [("sagas a second of work".to_owned(), sides.each_ref().map(rate))].into_iter().chain(called).collect()
}

/// The ends and the middle of a measure's interval, in thousandths of its margin; where there is no margin, of half the
/// interval.
pub(in crate::report) fn thousandths_of_margin(judged: &Judged) -> Option<[i64; 3]> {
    let interval = judged.interval.as_ref()?;
    let unit = if judged.margin > 0.0 { judged.margin } else { interval.half };
    let thousandths = |value: f64| (value / unit * 1_000.0).round() as i64;
    (unit > 0.0).then(|| [interval.low(), interval.mean, interval.high()].map(thousandths))
}

/// A number for machines: to six digits behind the point.
pub(super) fn exactly(value: f64) -> f64 {
    let rounded = (value * 1_000_000.0).round() / 1_000_000.0;
    // Not −0.
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_and_have_their_sign() {
        assert_eq!([0.0, 0.04, 0.05, 1_234.56].map(figure), ["0.0", "0.0", "0.1", "1,234.6"]);
        assert_eq!([0.0, -0.04, -0.06, 12.0].map(signed), ["0.0", "0.0", "−0.1", "+12.0"]);
        assert_eq!([0.0, 0.00004, 0.0352, 1.0].map(probability), ["< 0.0001", "< 0.0001", "= 0.0352", "= 1"]);
        assert_eq!([-1e-9, 0.123_456_78].map(exactly), [0.0, 0.123_457]);
        assert!(exactly(-1e-9).is_sign_positive());
    }
}
