//! Other people's records: each must be there at the end as it was, and a record that is nobody's must not be there.

use std::fmt::Write;

use sagaproof_sim::fleet::{Condition, Record, SeedRecord, System};

use super::specification::{same_email, same_name};
use crate::check::wording::Entry;
use crate::check::{CheckerName, EndState, Violation};
use crate::operation::{Plan, Stranger};

/// Convicts for every stranger's record that is changed or gone, and every record without a tag that is nobody's.
pub(super) fn judge(plan: &Plan, ending: &EndState, violations: &mut Vec<Violation>) {
    for (system, records) in EndState::SYSTEMS.into_iter().zip(&ending.records) {
        let mut untagged: Vec<&Record> =
            records.iter().filter(|record| record.tag.is_none() && counts(record)).collect();
        let theirs = plan.strangers.iter().filter(|stranger| stranger.system == system && stranger.comes < ending.at);
        for stranger in theirs {
            match untagged.iter().position(|record| is(&stranger.record, record, system)) {
                Some(at) => {
                    untagged.swap_remove(at);
                }
                None => violations.push(harmed(stranger, records, ending)),
            }
        }
        // What remains of a harmed stranger was shown with them already.
        let shown = |record: &Record| {
            plan.strangers.iter().any(|stranger| stranger.system == system && resembles(&stranger.record, record))
        };
        violations
            .extend(untagged.into_iter().filter(|record| !shown(record)).map(|record| nobodys(system, record, ending)));
    }
}

/// Whether it can be anybody's. What a merge leaves of the one that goes holds no key: it is nobody's.
fn counts(record: &Record) -> bool {
    let holds = record.email.is_some() || record.phone.is_some() || !record.other_emails.is_empty();
    record.condition == Condition::Live || (record.condition == Condition::SoftDeleted && holds)
}

/// Whether this is the stranger's record, untouched.
fn is(theirs: &SeedRecord, record: &Record, system: System) -> bool {
    let same_address = match (&theirs.email, &record.email) {
        (Some(one), Some(other)) => same_email(one, other),
        (None, None) => true,
        _ => false,
    };
    same_address
        && record.condition == Condition::Live
        && record.other_emails.is_empty()
        && (system == System::Identity || theirs.phone == record.phone)
        && same_name((&theirs.given_name, &theirs.family_name), (&record.given_name, &record.family_name))
}

/// Whether this may be what is left of the stranger's record.
fn resembles(theirs: &SeedRecord, record: &Record) -> bool {
    let emails = record.email.iter().chain(&record.other_emails);
    let address = theirs.email.as_ref().is_some_and(|theirs| emails.into_iter().any(|email| same_email(theirs, email)));
    address || (theirs.phone.is_some() && theirs.phone == record.phone)
}

fn harmed(stranger: &Stranger, records: &[Record], ending: &EndState) -> Violation {
    let SeedRecord { email, phone, given_name, family_name, .. } = &stranger.record;
    let system = stranger.system.name();
    let mut message = format!("a stranger's record in {system} is not as it was\n  should hold: ");
    for part in [email.as_deref(), Some(given_name), Some(family_name), phone.as_deref()].into_iter().flatten() {
        let _ = write!(message, "{part} ");
    }
    message.push_str("(no tag)\n");
    let mut none = true;
    for record in records.iter().filter(|record| resembles(&stranger.record, record)) {
        none = false;
        let _ = writeln!(message, "  holds: {}", Entry(record));
    }
    if none {
        message.push_str("  holds: nothing of the kind\n");
    }
    violation(message, ending)
}

fn nobodys(system: System, record: &Record, ending: &EndState) -> Violation {
    violation(format!("{} holds a record that is nobody's\n  holds: {}\n", system.name(), Entry(record)), ending)
}

fn violation(message: String, ending: &EndState) -> Violation {
    Violation {
        checker: CheckerName::SerialEquivalent,
        diagnosis: None,
        customer: String::new(),
        message,
        at: ending.at,
        operations: Vec::new(),
        exchanges: Vec::new(),
        calls: Vec::new(),
    }
}
