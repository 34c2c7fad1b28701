//! An operator's report is made from the first page of the saga's journal, taken for the whole: that the saga was given
//! up stands on the second, so the report intends what the saga takes back. The saga itself goes on as it should.
//! Anomaly: parked for longer than the budget, with a difference that is not true. Seam: event/effect wrapper. Convicted
//! by `parked-report-is-true`.

use super::retold::{Retelling, Retold};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

/// Entries on a page.
const PAGE: usize = 8;

pub(super) const BUG: Bug = Bug {
    name: "reports-from-one-page",
    summary: "Makes an operator's report from the first page of the journal.",
    origin: "lists in pages, of which only the first is read",
    convicted_by: CheckerName::ParkedReportIsTrue,
    hunted_in: "crash-while-compensating",
    mistake: Mistake::Wrapper(fresh::<Retold<OnePage, true>>, fresh::<Retold<OnePage, false>>),
};

#[derive(Debug, Clone, Default)]
struct OnePage;

impl Retelling for OnePage {
    fn is_about(target: &str) -> bool {
        target.starts_with("/operator/sagas/") && target.ends_with("/journal")
    }

    fn retell(body: &[u8]) -> Option<Vec<u8>> {
        let mut entries: Vec<serde_json::Value> = serde_json::from_slice(body).ok()?;
        entries.truncate(PAGE);
        serde_json::to_vec(&entries).ok()
    }
}
