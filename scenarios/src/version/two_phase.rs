//! The two-phase orchestrator: it locks the customer, decides, and then has every vendor carry it out. Vendors cannot
//! prepare, so their votes are taken for given; what one of them then refuses can neither go on nor back, and blocks.

use super::relay::Style;

/// Its name.
pub const NAME: &str = "two-phase";

/// What it is, in one sentence.
pub const SUMMARY: &str =
    "Two-phase commit with vendors that cannot prepare: locks, decides, and blocks where one of them then refuses.";

/// How it works.
pub(super) const STYLE: Style = Style { locks: true, undoes: false, attempts: 12 };
