//! The `fleet:` part of a drawn scenario.

use crate::part::{Ms, Part};
use crate::scenario::Frame;
use crate::theme::Theme;

/// Draws it.
pub(crate) fn drawn(frame: &Frame) -> Part {
    let mut part = frame.part("fleet", 0);
    let theme = frame.theme;
    part.set("index_lag", frame.index_lag);
    part.set("customers", frame.customers);
    belongings(frame, &mut part);
    part.often(40, "limits", &[true, false]);
    if frame.strict {
        // The shortest ends before the hub would like a token to be replaced.
        let lives = [5_000, 9_900, 10_000, 10_100, 12_000, 20_000, 60_000].map(Ms);
        part.often(theme.dwells(&[Theme::Tokens], 25), "token_life", &lives);
    }
    // The hub may rely on a minute.
    let jobs = theme.dwells(&[Theme::Jobs], 30);
    part.often(jobs, "job_time", &[1, 500, 2_000, 10_000, 25_000, 50_000].map(Ms));
    part.often(jobs, "job_stall", &[0, 1_000, 20_000, 3_600_000].map(Ms));
    part.often(40, "points", &[1, 7, 100, 1_000_000]);
    part.often(theme.dwells(&[Theme::Strangers], 25), "strangers", &[1, 2, 3, 6, 20]);
    part.often(20, "drift", &[true]);
    part
}

/// Orders and tickets. The shop shows 250 on a page, the help desk 100.
fn belongings(frame: &Frame, part: &mut Part) {
    let pages = frame.theme == Theme::Pages;
    let wanted = if pages { 80 } else { 50 };
    let (orders, tickets): (&[u64], &[u64]) =
        if pages { (&[250, 251, 501], &[100, 101, 201, 305]) } else { (&[0, 1, 1, 2, 3, 8], &[0, 1, 1, 2, 5]) };
    for (first, each, many) in [("orders", "orders_each", orders), ("tickets", "tickets_each", tickets)] {
        if part.draw.hits(first, wanted) {
            let owners = part.draw.below(first, frame.customers + 1);
            part.set(first, if pages { frame.customers } else { owners });
            part.always(each, many);
        }
    }
}
