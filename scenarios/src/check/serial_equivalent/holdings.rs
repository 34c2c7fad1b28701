//! What the systems and the primary hold of a customer at the end, and how far that is from what a state says.

use std::ops::Range;

use sagaproof_sim::fleet::{Condition, Record, System};

use super::specification::{Fields, State, same_email, same_name};
use crate::check::EndState;
use crate::check::answer::{Shown, Sort, Word};
use crate::check::exchanges::Exchange;
use crate::check::outcome::whom;
use crate::operation::Plan;

/// What a record that is missing, or too many, weighs against a field that differs.
const RECORD: u32 = 4;

/// A record of ours: which system holds it, and whose it is.
#[derive(Debug, Clone, Copy)]
pub(in crate::check) struct Held<'a> {
    pub(in crate::check) cust_no: &'a str,
    /// The place of the system in [`EndState::SYSTEMS`].
    pub(in crate::check) system: usize,
    pub(in crate::check) record: &'a Record,
}

/// What the primary says of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::check) enum Primary<'a> {
    /// Nobody asked, or the answer could not be read.
    #[default]
    Untold,
    /// There is no such customer.
    Absent,
    /// This one.
    Shown(Shown<'a>),
}

/// What there is of one customer at the end.
#[derive(Debug, Clone)]
pub(in crate::check) struct Holdings<'a> {
    /// Its records within the list given to all functions here.
    pub(in crate::check) records: Range<usize>,
    pub(in crate::check) primary: Primary<'a>,
}

/// All records with an owner tag, customer by customer, then system by system.
pub(in crate::check) fn tagged(ending: &EndState) -> Vec<Held<'_>> {
    let mut all = Vec::with_capacity(ending.records.iter().map(Vec::len).sum());
    for (system, records) in ending.records.iter().enumerate() {
        let ours = records.iter().filter(|record| record.condition != Condition::Gone);
        all.extend(ours.filter_map(|record| {
            record.tag.as_ref().map(|tag| Held { cust_no: tag.cust_no.as_str(), system, record })
        }));
    }
    all.sort_by(|one, other| one.cust_no.cmp(other.cust_no).then(one.system.cmp(&other.system)));
    all
}

/// A last look at a customer through the facade.
#[derive(Debug, Clone)]
pub(in crate::check) struct Look<'a> {
    /// The exchange's number.
    pub(in crate::check) number: u64,
    pub(in crate::check) cust_no: &'a str,
    /// What it said.
    pub(in crate::check) primary: Primary<'a>,
}

/// The last looks through the facade, in order of their exchanges' numbers.
pub(in crate::check) fn looks<'a>(plan: &'a Plan, exchanges: &'a [Exchange]) -> Vec<Look<'a>> {
    let looks = exchanges.iter().filter(|exchange| exchange.last_look && exchange.sort == Sort::Read);
    let read = looks.filter_map(|look| {
        let primary = match look.word {
            Word::Absent => Primary::Absent,
            Word::Done => Shown::read(&look.body).map_or(Primary::Untold, Primary::Shown),
            _ => Primary::Untold,
        };
        Some(Look { number: look.number, cust_no: whom(plan.planned(look.place), look)?, primary })
    });
    read.collect()
}

impl Held<'_> {
    pub(in crate::check) fn is(&self, system: usize, condition: Condition) -> bool {
        self.system == system && self.record.condition == condition
    }
}

/// How far the systems and the primary are from showing this state; 0: not at all.
pub(in crate::check) fn distance(state: &State<'_>, records: &[Held<'_>], primary: &Primary<'_>) -> u32 {
    let systems: u32 = (0..EndState::SYSTEMS.len()).map(|system| in_system(state, records, system)).sum();
    systems + in_primary(state, primary)
}

/// How far one system is from showing this state. Records that are only soft-deleted still hold keys: they count.
pub(in crate::check) fn in_system(state: &State<'_>, records: &[Held<'_>], system: usize) -> u32 {
    let (mut live, mut left, mut nearest) = (0, 0, u32::MAX);
    for held in records.iter().filter(|held| held.system == system) {
        match held.record.condition {
            Condition::Live => {
                live += 1;
                nearest = state.as_ref().map_or(0, |fields| differing(fields, held.record, system).min(nearest));
            }
            Condition::SoftDeleted => left += 1,
            Condition::Closed | Condition::Gone => {}
        }
    }
    left + match (state, live) {
        (None, live) => live * RECORD,
        (Some(_), 0) => RECORD,
        (Some(_), live) => nearest + (live - 1) * RECORD,
    }
}

/// How far the primary is from showing this state.
pub(in crate::check) fn in_primary(state: &State<'_>, primary: &Primary<'_>) -> u32 {
    match (state, primary) {
        (_, Primary::Untold) | (None, Primary::Absent) => 0,
        (Some(_), Primary::Absent) | (None, Primary::Shown(_)) => RECORD,
        (Some(fields), Primary::Shown(shown)) => u32::from(!fields.are_shown(shown)),
    }
}

/// How many fields of a record are not as they should be. Identity keeps no phone.
pub(in crate::check) fn differing(fields: &Fields<'_>, record: &Record, system: usize) -> u32 {
    let email =
        record.other_emails.is_empty() && record.email.as_ref().is_some_and(|email| same_email(email, fields.email));
    let name = same_name((&record.given_name, &record.family_name), (fields.given_name, fields.family_name));
    let keeps_phone = EndState::SYSTEMS[system] != System::Identity;
    let phone = !keeps_phone || record.phone.as_deref() == fields.phone;
    u32::from(!email) + u32::from(!name) + u32::from(!phone)
}
