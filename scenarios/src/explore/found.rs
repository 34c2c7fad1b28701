//! What lies below a state: how many schedules, how many of them violate, and by which checkers. Sums of such counts do
//! not depend on the order in which they were found.

use std::ops::{AddAssign, Not};

use serde::{Deserialize, Serialize};

use crate::check::{CheckerName, Violation};

/// What lies below a state of a search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How many schedules.
    pub schedules: u64,
    /// How many of them violate.
    pub violating: u64,
    /// By which checkers, a bit each.
    pub checkers: u16,
    /// Whether the law found too many orders of operations in one of them to decide it in full.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub undecided: bool,
}

impl Found {
    /// One schedule, with what is wrong with its world, and whether the law left it undecided.
    #[must_use]
    pub fn one(violations: &[Violation], undecided: bool) -> Self {
        let checkers = violations.iter().fold(0, |bits, violation| bits | bit(violation.checker));
        Self { schedules: 1, violating: u64::from(checkers != 0), checkers, undecided }
    }

    /// Whether any schedule is convicted by this checker.
    #[must_use]
    pub const fn convicted_by(self, checker: CheckerName) -> bool {
        self.checkers & bit(checker) != 0
    }

    /// The checkers that convict.
    pub fn convicting(self) -> impl Iterator<Item = CheckerName> {
        CheckerName::ALL.iter().copied().filter(move |checker| self.convicted_by(*checker))
    }
}

const fn bit(checker: CheckerName) -> u16 {
    1 << checker as u16
}

impl AddAssign for Found {
    fn add_assign(&mut self, other: Self) {
        self.schedules += other.schedules;
        self.violating += other.violating;
        self.checkers |= other.checkers;
        self.undecided |= other.undecided;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_law_left_undecided_shows_in_every_sum_that_holds_it() {
        let mut sum = Found::one(&[], false);
        assert!(!sum.undecided);
        sum += Found::one(&[], true);
        sum += Found::one(&[], false);
        assert_eq!((sum.schedules, sum.violating, sum.undecided), (3, 0, true));
        let told = serde_json::to_string(&[Found::one(&[], false), sum]).unwrap();
        let decided = r#"{"schedules":1,"violating":0,"checkers":0}"#;
        assert_eq!(told, format!(r#"[{decided},{{"schedules":3,"violating":0,"checkers":0,"undecided":true}}]"#));
    }
}
