//! `repaired`: where a scenario breaks an assumption of the fault model, nothing is promised of the way; but after a
//! reconciliation every system says of each customer what the primary says, or that there is none, and all has ended. Needs
//! F4 at the end, and that nobody breaks anything any more.

use super::{CheckerName, Violation};

/// What is wrong in the end is what was not repaired.
pub(super) fn judge(mut disagreements: Vec<Violation>) -> Vec<Violation> {
    for violation in &mut disagreements {
        violation.checker = CheckerName::Repaired;
    }
    disagreements
}
