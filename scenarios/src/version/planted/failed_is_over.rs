//! The list of parked sagas is made of jobs that are still open: a saga that was given up, whose client was told so, and whose
//! compensation is parked is not on it. Nobody redrives it, and it holds its customer for ever. AWS Step Functions: a failed
//! execution is closed, whatever it left behind. Anomaly: parked for longer than the budget, unseen. Seam: event/effect
//! wrapper. Convicted by `parked-report-is-true`.

use serde_json::Value;

use super::retold::{Retelling, Retold};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "failed-is-over",
    summary: "Leaves sagas out of the list of the parked whose clients were told that they failed.",
    origin: "AWS Step Functions, failed executions",
    convicted_by: CheckerName::ParkedReportIsTrue,
    hunted_in: "crash-while-compensating",
    mistake: Mistake::Wrapper(fresh::<Retold<OpenOnes, true>>, fresh::<Retold<OpenOnes, false>>),
};

#[derive(Debug, Clone, Default)]
struct OpenOnes;

impl Retelling for OpenOnes {
    fn is_about(target: &str) -> bool {
        target.starts_with("/operator/sagas?state=parked")
    }

    /// Past its pivot a parked saga's job is still open.
    fn retell(body: &[u8]) -> Option<Vec<u8>> {
        let mut list: Value = serde_json::from_slice(body).ok()?;
        list["sagas"].as_array_mut()?.retain(|saga| saga["past_pivot"] == true);
        serde_json::to_vec(&list).ok()
    }
}
