//! What a run is judged by: checkers fold over a world's observations and give their verdict at its end. What all of
//! them share (names, violations, the state at the end) stands here.
//!
//! Outcome checkers see the facade (`exchanges`, `outcome`) and the fleet's records only, and judge any orchestrator;
//! conduct checkers see the journal's neutral view (`journal`) too, and find nothing where there is none.
//!
//! To add one: write its file, which names the assumptions that it needs, with a function that judges what the folds
//! keep; give it a name below; call it in `fold`.

mod added;
mod answer;
mod calls;
pub mod compensation_idempotent;
mod compensation_order;
#[cfg(test)]
mod conduct_tests;
mod converged;
mod exchanges;
mod fold;
mod journal;
mod keys_are_stable;
mod late;
mod outcome;
mod parked_is_justified;
mod parked_report_is_true;
#[cfg(test)]
mod parked_report_tests;
mod polite;
mod repaired;
mod serial_equivalent;
#[cfg(test)]
mod testing;
mod traceable;
mod wording;
mod works_in_fair_weather;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::all::Fleet;
use sagaproof_sim::fleet::{Child, Record, System};

pub use fold::Checkers;
pub use parked_report_is_true::{ParkedReport, Remains, Standing, ToldSystem};
pub use serial_equivalent::apart;

/// Declares names: variant, name in reports, and what it says in one sentence.
macro_rules! names {
    ($(#[$about:meta])* $type:ident { $($variant:ident $name:literal $meaning:literal)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $type {
            $(#[doc = $meaning] $variant,)*
        }

        impl $type {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name, as in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What it says, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }

            /// The one with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

names! {
    /// The checkers.
    CheckerName {
        SerialEquivalent "serial-equivalent" "The final fleet is what some order of the operations gives that respects real time and what clients were told."
        Converged "converged" "Everything that began has ended when the world has settled."
        WorksInFairWeather "works-in-fair-weather" "Without faults every valid operation succeeds."
        Polite "polite" "Vendors are not called before they said, nor over and over without a pause."
        CompensationOrder "compensation-order" "Steps are taken back in the reverse of the order in which they were first tried."
        CompensationIdempotent "compensation-idempotent" "A compensation that arrives again changes no live record."
        KeysAreStable "keys-are-stable" "One idempotency key means one request, and attempts at one operation keep their key."
        ParkedIsJustified "parked-is-justified" "A saga is parked only after a definite refusal or a budget that was truly spent."
        ParkedReportIsTrue "parked-report-is-true" "What an operator is told of a parked saga is what stands, and the calls said to remain are those that mend it."
        Repaired "repaired" "After an assumption was broken and all was reconciled, every system says what the primary says."
        Traceable "traceable" "One correlation id and one trace run from the client's request through every call of its saga."
    }
}

names! {
    /// What kind of difference a violation of the law is.
    Diagnosis {
        AllOrNothing "all-or-nothing" "Some systems show the operation, others do not."
        AcknowledgedIsDurable "acknowledged-is-durable" "An operation was acknowledged, yet its effect is not there."
        RefusedLeavesNothing "refused-leaves-nothing" "An operation was refused, yet something of it is there."
        NoDuplicates "no-duplicates" "A system holds more than one live record of a customer."
        NoLateGhosts "no-late-ghosts" "Something is there again that a later operation had removed or replaced."
        MergeConserves "merge-conserves" "An order, a ticket or a login of merged customers does not belong to the one that stays, exactly once."
    }
}

/// A checker's conviction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The checker.
    pub checker: CheckerName,
    /// For the law: the kind of difference, where it has a name.
    pub diagnosis: Option<Diagnosis>,
    /// The customer concerned; empty where it is nobody in particular.
    pub customer: String,
    /// What is wrong, in several lines: what clients were told, what each system holds and what it should hold.
    pub message: String,
    /// Where the part of the timeline that matters is.
    pub at: Instant,
    /// The workload operations concerned, by id.
    pub operations: Vec<u32>,
    /// The exchanges with clients concerned.
    pub exchanges: Vec<u64>,
    /// The calls to vendors concerned.
    pub calls: Vec<u64>,
}

impl Violation {
    /// Who convicts, and of whom.
    #[must_use]
    pub fn charge(&self) -> Charge {
        Charge { checker: self.checker, customer: self.customer.clone() }
    }
}

/// Who convicts, and of whom: what makes a violation of one world the same as one of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Charge {
    /// The checker.
    pub checker: CheckerName,
    /// The customer concerned; empty where it is nobody in particular.
    pub customer: String,
}

/// What a conduct checker has found, before it is known whose saga it was.
#[derive(Debug)]
struct Finding {
    checker: CheckerName,
    calls: Vec<u64>,
    message: String,
}

/// A world at its end, as checkers see it besides their folds.
#[derive(Debug, Clone)]
pub struct EndState {
    /// When it ended.
    pub at: Instant,
    /// The records of commerce, support and identity.
    pub records: [Vec<Record>; 3],
    /// What belongs to these records: orders, tickets, logins.
    pub children: [Vec<Child>; 3],
    /// Whether everything ended within the bound; `false` where the world had to be stopped.
    pub settled: bool,
    /// How many sagas have not ended, and how many of those are parked, where the process says.
    pub unfinished: Option<(usize, usize)>,
}

impl EndState {
    /// The systems whose records are compared, in the order of [`Self::records`].
    pub const SYSTEMS: [System; 3] = [System::Commerce, System::Support, System::Identity];

    /// A world that ended with this fleet.
    #[must_use]
    pub fn of(fleet: &Fleet, at: Instant, settled: bool, unfinished: Option<(usize, usize)>) -> Self {
        let records = Self::SYSTEMS.map(|system| fleet.records(system));
        let children = Self::SYSTEMS.map(|system| fleet.children(system));
        Self { at, records, children, settled, unfinished }
    }
}
