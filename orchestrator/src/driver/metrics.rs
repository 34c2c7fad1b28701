//! What is counted while the hub runs, and the page that Prometheus reads. Names and labels are fixed words.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use super::run::Standing;
use crate::connector::Vendor;
use crate::effect::Note;
use crate::event::Verdict;
use crate::message::{Answer, CallError};

/// The milestones of sagas, by their place in the counts.
const MILESTONES: [&str; 9] =
    ["began", "pivoted", "aborted", "parked", "redriven", "released", "ended", "taken-over", "left-alone"];
/// How calls end.
const ENDS: [&str; 9] = ["2xx", "3xx", "4xx", "5xx", "refused", "reset", "timed-out", "truncated", "not-sent"];
/// How commits end.
const VERDICTS: [&str; 4] = ["committed", "conflict", "unknown", "full"];
/// The classes of answers to clients.
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];
/// The vendors, in the order of [`Vendor`].
const VENDORS: [&str; 4] = ["commerce", "support", "identity", "messaging"];

type Counts<const N: usize> = [AtomicU64; N];

/// The counts of one life.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    milestones: Counts<9>,
    calls: [Counts<9>; 4],
    commits: Counts<4>,
    groups: AtomicU64,
    reads: AtomicU64,
    answers: Counts<4>,
    lines_lost: AtomicU64,
}

fn raise(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

/// The place of a status among the classes.
const fn class(status: u16) -> usize {
    match status {
        ..300 => 0,
        300..400 => 1,
        400..500 => 2,
        500.. => 3,
    }
}

impl Metrics {
    pub(super) fn note(&self, note: &Note) {
        raise(
            &self.milestones[match note {
                Note::Began { .. } => 0,
                Note::Pivoted(_) => 1,
                Note::Aborted(_) => 2,
                Note::Parked { .. } => 3,
                Note::Redriven(_) => 4,
                Note::Released(_) => 5,
                Note::Ended(_) => 6,
                Note::TakenOver(_) => 7,
                Note::LeftAlone(_) => 8,
            }],
        );
    }

    pub(super) fn called(&self, to: Vendor, answer: &Answer) {
        raise(
            &self.calls[to as usize][match answer {
                Ok(response) => class(response.status),
                Err(CallError::Refused) => 4,
                Err(CallError::Reset) => 5,
                Err(CallError::TimedOut) => 6,
                Err(CallError::Truncated) => 7,
                Err(CallError::NotSent) => 8,
            }],
        );
    }

    pub(super) fn committed(&self, verdicts: &[Verdict]) {
        raise(&self.groups);
        for verdict in verdicts {
            raise(
                &self.commits[match verdict {
                    Verdict::Committed => 0,
                    Verdict::Conflict => 1,
                    Verdict::Unknown => 2,
                    Verdict::Full => 3,
                }],
            );
        }
    }

    pub(super) fn read(&self) {
        raise(&self.reads);
    }

    pub(super) fn answered(&self, status: u16) {
        raise(&self.answers[class(status)]);
    }

    pub(super) fn lost_line(&self) {
        raise(&self.lines_lost);
    }

    /// The page.
    pub(super) fn page(&self, standing: Standing) -> String {
        let mut page = Page(String::with_capacity(4096));
        page.family("hub_sagas_total", "counter", "Milestones of sagas, once durable");
        page.labelled("hub_sagas_total", "milestone", &MILESTONES, &self.milestones);
        page.family("hub_calls_total", "counter", "Calls to vendors, by how they ended");
        for (vendor, calls) in VENDORS.iter().zip(&self.calls) {
            for (end, count) in ENDS.iter().zip(calls) {
                page.sample(format_args!("hub_calls_total{{vendor=\"{vendor}\",end=\"{end}\"}}"), load(count));
            }
        }
        page.family("hub_commits_total", "counter", "Commits to the store, by verdict");
        page.labelled("hub_commits_total", "verdict", &VERDICTS, &self.commits);
        page.single("hub_commit_groups_total", "counter", "Transactions that commits shared", load(&self.groups));
        page.single("hub_reads_total", "counter", "Reads of the store", load(&self.reads));
        page.family("hub_answers_total", "counter", "Answers to clients, by class of status");
        page.labelled("hub_answers_total", "class", &CLASSES, &self.answers);
        page.single(
            "hub_log_lines_lost_total",
            "counter",
            "Log lines that nobody took in time",
            load(&self.lines_lost),
        );
        page.single("hub_recovered", "gauge", "1 once requests are served", u64::from(standing.recovered));
        page.single("hub_sagas_unfinished", "gauge", "Sagas that have not ended", standing.unfinished as u64);
        let attention = "Sagas that a person must look at: parked, or with a journal that cannot be read";
        page.single("hub_sagas_attention", "gauge", attention, standing.attention as u64);
        page.0
    }
}

fn load(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into memory cannot fail, here and below.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: std::fmt::Arguments<'_>, value: u64) {
        let _ = writeln!(self.0, "{name} {value}");
    }

    fn labelled(&mut self, name: &str, label: &str, values: &[&str], counts: &[AtomicU64]) {
        for (value, count) in values.iter().zip(counts) {
            self.sample(format_args!("{name}{{{label}=\"{value}\"}}"), load(count));
        }
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.family(name, kind, help);
        self.sample(format_args!("{name}"), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_was_counted() {
        let metrics = Metrics::default();
        metrics.note(&Note::Parked { saga: 1, step: 0, attempts: 4, refused: false });
        metrics.called(Vendor::Support, &Err(CallError::TimedOut));
        metrics.committed(&[Verdict::Committed, Verdict::Committed, Verdict::Full]);
        metrics.answered(201);
        let page = metrics.page(Standing { recovered: true, unfinished: 3, attention: 2 });
        for line in [
            "# TYPE hub_sagas_total counter",
            "hub_sagas_total{milestone=\"parked\"} 1",
            "hub_sagas_total{milestone=\"ended\"} 0",
            "hub_calls_total{vendor=\"support\",end=\"timed-out\"} 1",
            "hub_commits_total{verdict=\"committed\"} 2",
            "hub_commits_total{verdict=\"full\"} 1",
            "hub_commit_groups_total 1",
            "hub_answers_total{class=\"2xx\"} 1",
            "hub_recovered 1",
            "hub_sagas_unfinished 3",
            "hub_sagas_attention 2",
        ] {
            assert!(page.lines().any(|told| told == line), "{line}\n{page}");
        }
    }
}
