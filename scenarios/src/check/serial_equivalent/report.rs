//! The law's violations in words: which customer, what clients were told, what each system holds and should hold.

use std::fmt::Write;

use sagaproof_sim::clock::Instant;

use super::Evidence;
use super::case::{Group, Party};
use super::diagnosis::Difference;
use super::holdings::{Held, Primary, in_primary, in_system};
use crate::check::exchanges::Exchange;
use crate::check::outcome::{Outcome, by_operation, outcomes, whom};
use crate::check::wording::{Entry, Person, told};
use crate::check::{CheckerName, Diagnosis, EndState, Violation};
use crate::operation::Operation;

/// Writes about one group of customers.
pub(super) struct Report<'r, 'a> {
    evidence: Evidence<'a>,
    group: &'r Group<'a>,
}

impl<'r, 'a> Report<'r, 'a> {
    pub(super) const fn new(evidence: Evidence<'a>, group: &'r Group<'a>) -> Self {
        Self { evidence, group }
    }

    /// The operations on this customer of which clients were told that they take no effect.
    pub(super) fn refused(&self, cust_no: &str) -> Vec<&'a Operation> {
        let mut refused = Vec::new();
        self.operations(|operation, exchanges| {
            let mut all = true;
            outcomes(operation, exchanges, |outcome| all &= matches!(outcome, Outcome::Refused { .. }));
            if all && operation.kind.writes() && operation.kind.concerns(cust_no) {
                refused.push(operation);
            }
        });
        refused
    }

    /// A customer is not what the nearest order gives.
    pub(super) fn difference(&self, difference: &Difference<'_, 'a>) -> Violation {
        let cust_no = difference.party.cust_no;
        let mut message = format!("{cust_no} is not what any order of the operations gives\n");
        match &difference.state {
            Some(fields) => {
                let _ = writeln!(message, "  should be everywhere: {}", Person(fields));
            }
            None => message.push_str("  should be nowhere\n"),
        }
        for (at, system) in EndState::SYSTEMS.iter().enumerate() {
            let wrong = in_system(&difference.state, difference.records, at) > 0;
            let own = difference.records.iter().filter(|held| held.system == at);
            holds(&mut message, system.name(), wrong, own);
        }
        self.primary(&mut message, difference);
        let mut violation = self.about(cust_no, message, |operation| operation.kind.concerns(cust_no));
        violation.diagnosis = difference.diagnose();
        for (at, system) in EndState::SYSTEMS.into_iter().enumerate() {
            if in_system(&difference.state, difference.records, at) > 0 {
                let late = difference.late.at(system, Instant::ZERO);
                violation.calls.extend(late.map(|late| late.call));
            }
        }
        violation
    }

    /// What belongs to a customer is not all with whom it was merged into.
    pub(super) fn misplaced(&self, party: &Party<'a>, heir: &str) -> Violation {
        let cust_no = party.cust_no;
        let mut message = format!("what belonged to {cust_no} should belong to {heir}, once\n");
        party.children.tell(&mut message, heir);
        let mut violation = self.about(cust_no, message, |operation| operation.kind.concerns(cust_no));
        violation.diagnosis = Some(Diagnosis::MergeConserves);
        violation
    }

    /// Every record is as some order leaves it, but what clients were told fits no order.
    pub(super) fn contradiction(&self) -> Violation {
        let all: Vec<&str> = self.group.customers.iter().map(|party| party.cust_no).collect();
        let message = format!("no order of the operations on {} fits what clients were told\n", all.join(", "));
        let first = all.first().copied().unwrap_or_default();
        self.about(first, message, |operation| all.contains(&operation.kind.cust_no()))
    }

    fn primary(&self, message: &mut String, difference: &Difference<'_, '_>) {
        let primary = &difference.party.holdings.primary;
        let wrong = in_primary(&difference.state, primary) > 0;
        let mark = if wrong { "  ✗ " } else { "    " };
        let _ = match primary {
            Primary::Untold => writeln!(message, "{mark}{:<9} was not read", "primary"),
            Primary::Absent => writeln!(message, "{mark}{:<9} holds nothing", "primary"),
            Primary::Shown(shown) => writeln!(
                message,
                "{mark}{:<9} holds {}, {} {}, {}{}",
                "primary",
                shown.email.0,
                shown.given_name.0,
                shown.family_name.0,
                shown.phone.as_ref().map_or("no phone", |phone| &phone.0),
                if shown.loyalty_points > 0 { format!(", {} points", shown.loyalty_points) } else { String::new() }
            ),
        };
    }

    /// A violation about a customer, with what the clients of its operations were told.
    fn about(&self, cust_no: &str, message: String, concerns: impl Fn(&Operation) -> bool) -> Violation {
        let mut violation = Violation {
            checker: CheckerName::SerialEquivalent,
            diagnosis: None,
            customer: cust_no.to_owned(),
            message,
            at: Instant::ZERO,
            operations: Vec::new(),
            exchanges: Vec::new(),
            calls: Vec::new(),
        };
        violation.message.push_str("  clients were told:\n");
        self.operations(|operation, exchanges| {
            if !concerns(operation) && !exchanges.iter().any(|exchange| whom(None, exchange) == Some(cust_no)) {
                return;
            }
            told(&mut violation.message, operation, exchanges);
            violation.operations.push(operation.id);
            violation.exchanges.extend(exchanges.iter().map(|exchange| exchange.number));
            let ends = exchanges
                .iter()
                .map(|exchange| if exchange.told == Instant::NEVER { exchange.asked } else { exchange.told });
            violation.at = ends.chain([violation.at]).max().unwrap_or_default();
        });
        violation
    }

    fn operations(&self, mut each: impl FnMut(&'a Operation, &[&'a Exchange])) {
        let plan = self.evidence.plan;
        by_operation(self.evidence.exchanges, |place, exchanges| {
            if let Some(operation) = plan.planned(place) {
                each(operation, exchanges);
            }
        });
    }
}

fn holds<'h>(message: &mut String, system: &str, wrong: bool, records: impl Iterator<Item = &'h Held<'h>>) {
    let mark = if wrong { "  ✗ " } else { "    " };
    let mut none = true;
    for held in records {
        let _ = writeln!(message, "{mark}{system:<9} holds {}", Entry(held.record));
        none = false;
    }
    if none {
        let _ = writeln!(message, "{mark}{system:<9} holds nothing");
    }
}

/// A record whose tag names a customer of whom nobody spoke.
pub(super) fn stray(held: &Held<'_>, ending: &EndState) -> Violation {
    let system = EndState::SYSTEMS[held.system].name();
    Violation {
        checker: CheckerName::SerialEquivalent,
        diagnosis: None,
        customer: held.cust_no.to_owned(),
        message: format!(
            "{system} holds a record of {}, of whom nobody spoke\n  holds {}\n",
            held.cust_no,
            Entry(held.record)
        ),
        at: ending.at,
        operations: Vec::new(),
        exchanges: Vec::new(),
        calls: Vec::new(),
    }
}
