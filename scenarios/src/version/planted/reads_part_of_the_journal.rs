//! Recovery reads the first page of the journals and takes it for all: a saga comes back as it was long ago, or not at
//! all. oxidecomputer/omicron#5948. Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

/// Rows on a page.
const PAGE: usize = 3;

pub(super) const BUG: Bug = Bug {
    name: "reads-part-of-the-journal",
    summary: "Recovery reads only the first page of the journals.",
    origin: "oxidecomputer/omicron#5948",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "crash-anywhere",
    mistake: Mistake::Store(fresh::<Recovery<FirstPage, true>>, fresh::<Recovery<FirstPage, false>>),
};

#[derive(Debug, Clone, Default)]
struct FirstPage;

impl Handback for FirstPage {
    fn hand_back(rows: &mut Vec<Row>) {
        rows.truncate(PAGE);
    }
}
