//! The progress bar of a sweep, on a terminal's standard error only.

use indicatif::{ProgressBar, ProgressStyle};

const TEMPLATE: &str = "{bar:40} {human_pos}/{human_len} {msg}  {per_sec}  {elapsed}, {eta} to go";

/// A bar for so many things; invisible where standard error is no terminal.
pub(super) fn bar(number: u64, things: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(number);
    match ProgressStyle::with_template(TEMPLATE) {
        Ok(style) => bar.with_style(style).with_message(things),
        Err(_) => bar,
    }
}

/// A bar of schedules that are run, of an estimate; invisible where standard error is no terminal.
pub(super) fn schedules() -> ProgressBar {
    let bar = ProgressBar::new(1);
    match ProgressStyle::with_template("{msg}: {human_pos} of about {human_len} schedules run  {per_sec}  {elapsed}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
