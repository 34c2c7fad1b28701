//! The checklist: what a saga over other people's services must get right, each with the scenarios that try it, what must
//! have happened there for it to count as tried, and whose conviction counts against it.

use crate::check::CheckerName::{
    self, CompensationIdempotent, CompensationOrder, Converged, KeysAreStable, ParkedIsJustified, ParkedReportIsTrue,
    Polite, SerialEquivalent, Traceable,
};
use crate::scenario::Mark;

/// An item of the checklist.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name, as in reports.
    pub name: &'static str,
    /// What must hold, in one sentence.
    pub asks: &'static str,
    /// The built-in scenarios that try it.
    pub scenarios: &'static [&'static str],
    /// It was tried where any of these was reached there.
    pub exercised_by: &'static [Mark],
    /// Whose conviction there counts against it.
    pub checkers: &'static [CheckerName],
    /// What every write to a vendor must bear; then any write tries it.
    pub trail: Option<Trail>,
}

/// What a write to a vendor must bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trail {
    /// The journal's word on it.
    Journal,
    /// A correlation id.
    Correlation,
}

impl Trail {
    /// How a write is called that does not bear it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Journal => "a write of which no journal tells",
            Self::Correlation => "a write without a correlation id",
        }
    }
}

/// The checklist.
pub const ITEMS: &[Item] = &[
    Item {
        name: "idempotency",
        asks: "A write that is sent or delivered again does its work once.",
        scenarios: &["delivered-twice", "lost-either-way", "same-request-again", "arrives-again"],
        exercised_by: &[Mark::DuplicateDelivered, Mark::AnswerLostAfterEffect],
        checkers: &[SerialEquivalent, KeysAreStable],
        trail: None,
    },
    Item {
        name: "compensation",
        asks: "What cannot be completed is taken back, every step of it, in reverse.",
        scenarios: &["permission-lost", "create-one-fault"],
        exercised_by: &[Mark::CompensationRan],
        checkers: &[SerialEquivalent, CompensationOrder, CompensationIdempotent],
        trail: None,
    },
    Item {
        name: "already gone",
        asks: "Taking back what is gone already, or never was, is success.",
        scenarios: &["nothing-to-undo", "created-again", "ordered-meanwhile"],
        exercised_by: &[Mark::CompensationEmpty, Mark::CompensationRepeated, Mark::BlankedUndeletable],
        checkers: &[Converged, SerialEquivalent, CompensationIdempotent],
        trail: None,
    },
    Item {
        name: "time-outs",
        asks: "A call that has timed out may have taken effect, and is treated so.",
        scenarios: &["slow-not-dead", "lost-either-way"],
        exercised_by: &[Mark::LateLandedAfterTimeOut, Mark::AnswerLostAfterEffect],
        checkers: &[SerialEquivalent, Converged],
        trail: None,
    },
    Item {
        name: "retries",
        asks: "Failures that pass are tried again, with pauses, and in the end given up cleanly.",
        scenarios: &["outages"],
        exercised_by: &[Mark::Retried],
        checkers: &[Polite, SerialEquivalent, Converged],
        trail: None,
    },
    Item {
        name: "Retry-After",
        asks: "A vendor that says when to come back is called no sooner.",
        scenarios: &["quota-spent"],
        exercised_by: &[Mark::RetryAfterObeyed, Mark::QuotaHit],
        checkers: &[Polite],
        trail: None,
    },
    Item {
        name: "unknown outcomes",
        asks: "An error that leaves it open whether a write took effect is resolved, not guessed.",
        scenarios: &["errors-either-side", "unreadable-success"],
        exercised_by: &[Mark::AnswerLostAfterEffect, Mark::SuccessUnreadable],
        checkers: &[SerialEquivalent],
        trail: None,
    },
    Item {
        name: "late arrivals",
        asks: "A write that lands after its caller gave up neither revives nor overwrites anything.",
        scenarios: &["late-arrivals", "ghosts"],
        exercised_by: &[Mark::LateLandedAfterTimeOut, Mark::LateLandedAfterGatewayAnswer],
        checkers: &[SerialEquivalent],
        trail: None,
    },
    Item {
        name: "journal",
        asks: "A crash at any moment loses nothing, doubles nothing, and leaves nothing waiting.",
        scenarios: &["crash-anywhere", "leaked-record", "crash-while-compensating"],
        exercised_by: &[Mark::CrashBetweenIntentAndCall, Mark::CrashBetweenCallAndOutcome],
        checkers: &[SerialEquivalent, Converged],
        trail: None,
    },
    Item {
        name: "dead letters",
        asks: "What cannot go on is parked for an operator, rightly so and truly told, and one redrive completes it.",
        scenarios: &["park-and-redrive", "redrive-spares-the-ended"],
        exercised_by: &[Mark::Parked],
        checkers: &[ParkedIsJustified, ParkedReportIsTrue, SerialEquivalent, Converged],
        trail: None,
    },
    Item {
        name: "audit trail",
        asks: "Every write to a vendor stands in the journal.",
        scenarios: &["create-one", "update-one", "close-one", "crash-anywhere"],
        exercised_by: &[],
        checkers: &[],
        trail: Some(Trail::Journal),
    },
    Item {
        name: "correlation id",
        asks: "One correlation id runs from the client's request through every call.",
        scenarios: &["create-one", "update-one", "close-one", "lost-either-way"],
        exercised_by: &[],
        checkers: &[Traceable],
        trail: Some(Trail::Correlation),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::built_in;

    #[test]
    fn every_item_asks_for_scenarios_that_are_there_and_try_it() {
        let scenarios = built_in().unwrap();
        for item in ITEMS {
            assert!(item.asks.ends_with('.') && !item.scenarios.is_empty(), "{}", item.name);
            assert!(
                item.trail.is_some() || !(item.exercised_by.is_empty() || item.checkers.is_empty()),
                "{}",
                item.name
            );
            for name in item.scenarios {
                assert!(scenarios.iter().any(|scenario| scenario.name == *name), "{}: {name}", item.name);
            }
        }
    }
}
