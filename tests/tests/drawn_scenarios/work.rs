//! The `workload:` part of a drawn scenario.

use crate::part::{Ms, Part, PerCent};
use crate::scenario::Frame;
use crate::theme::Theme;

/// Draws it.
pub(crate) fn drawn(frame: &Frame) -> Part {
    let mut part = frame.part("workload", 0);
    let theme = frame.theme;
    part.set("population", frame.population);
    part.set("operations", frame.operations);
    part.within("mix", &mix(frame));
    part.often(50, "asynchronous", &[10, 30, 50, 100].map(PerCent));
    if theme.is(&[Theme::Upgrade, Theme::Tokens]) {
        // So that there is work while processes are replaced and tokens end.
        part.always("spacing", &[2_000, 3_000].map(Ms));
    } else {
        part.often(80, "spacing", &[0, 1, 20, 50, 100, 300, 1_000, 3_000, 8_000, 20_000].map(Ms));
    }
    part.often(20, "lasts", &[1, 100, 1_000, 5_000, 20_000, 60_000, 600_000, 7_200_000].map(Ms));
    let contends = theme == Theme::Contention;
    part.often(if contends { 100 } else { 35 }, "contention", &[1, 2, 3, 5, frame.operations]);
    part.often(if contends { 60 } else { 30 }, "clashes", &[5, 20, 50, 100].map(PerCent));
    part.often(35, "duplicates", &[5, 30, 100].map(PerCent));
    part.often(theme.dwells(&[Theme::Strangers], 25), "strangers", &[1, 2, 5]);
    part.often(35, "children", &[1, 2, 4, 10]);
    if !frame.is_fair() {
        let blockers: &[u64] = if theme == Theme::Pages { &[2, 10, 40] } else { &[1, 2, 5, 20] };
        part.often(theme.dwells(&[Theme::Merges, Theme::Pages], 25), "blockers", blockers);
        part.often(theme.dwells(&[Theme::Operators], 15), "operators", &[1, 3, 6, 12]);
    }
    part.within("resend", &resend(frame));
    part
}

/// Shares that add up to a hundred.
fn mix(frame: &Frame) -> Part {
    const KINDS: [&str; 5] = ["create", "update", "close", "merge", "read"];
    let mut part = frame.part("mix", 0);
    let dwells = match frame.theme {
        Theme::Merges | Theme::Pages | Theme::Jobs => "merge",
        Theme::Closes => "close",
        Theme::Upgrade => "create",
        _ => part.draw.one("dwells", &["create", "create", "update", "close", "none"]),
    };
    let weights = KINDS.map(|kind| match kind {
        _ if kind == dwells => 120,
        "merge" | "read" if part.draw.hits(kind, 60) => 0,
        _ if part.draw.hits(kind, 20) => 0,
        _ => part.draw.below(kind, 100),
    });
    let sum = weights.iter().sum::<u64>().max(1);
    let mut shares = weights.map(|weight| weight * 100 / sum);
    let largest = (0..KINDS.len()).max_by_key(|kind| shares[*kind]).unwrap_or(0);
    shares[largest] += 100 - shares.iter().sum::<u64>();
    for (kind, share) in KINDS.into_iter().zip(shares).filter(|(_, share)| *share > 0) {
        part.set(kind, PerCent(share));
    }
    part
}

fn resend(frame: &Frame) -> Part {
    let mut part = frame.part("resend", 0);
    part.often(30, "sendings", &[1, 2, 4, 6]);
    // In fair weather whoever waits long enough is answered; elsewhere anybody may give up.
    let patience: &[Ms] = if frame.is_fair() {
        &[Ms(60_000), Ms(120_000)]
    } else {
        &[Ms(15), Ms(1_000), Ms(3_000), Ms(5_000), Ms(35_000), Ms(120_000)]
    };
    part.often(if frame.is_fair() { 100 } else { 30 }, "time_out", patience);
    part.often(25, "pause", &[0, 10, 300, 2_000, 15_000].map(Ms));
    part.often(frame.theme.dwells(&[Theme::Keyless], 12), "keyed", &[false]);
    part
}
