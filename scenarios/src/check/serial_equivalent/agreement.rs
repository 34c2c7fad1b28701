//! Agreement: what of the law can be judged where nobody knows what clients asked for and were told. Every system must
//! show a customer as the primary does, once, or nowhere; and where customers merge, what belonged to one and hangs on live
//! records hangs on those of one customer who stands. Needs F4, and that nothing is under way.

use super::case::{Case, Group, Party};
use super::diagnosis::Difference;
use super::holdings::{Held, Primary, distance, in_system, tagged};
use super::report::Report;
use super::specification::{Fields, State};
use super::{Evidence, as_held};
use crate::check::{Diagnosis, EndState, Violation};
use crate::operation::Customer;
use sagaproof_sim::fleet::Condition;

/// Which of [`EndState::SYSTEMS`] do not show this customer as the primary has it: with these fields, or not at all.
#[must_use]
pub fn apart(ending: &EndState, cust_no: &str, primary: Option<&Customer>) -> [bool; 3] {
    let mut records = tagged(ending);
    records.retain(|held| held.cust_no == cust_no);
    let state = primary.map(Fields::of);
    std::array::from_fn(|system| in_system(&state, &records, system) > 0)
}

/// Convicts for every customer on whom the systems do not agree.
pub(in crate::check) fn judge<'a>(evidence: Evidence<'a>, case: &'a Case<'a>, violations: &mut Vec<Violation>) {
    for group in &case.groups {
        let judges_children = group.merges && group.customers.iter().all(|one| one.children.can_be_judged());
        for party in &group.customers {
            let records = case.records(&party.holdings);
            let state = intended(party, records);
            if distance(&state, records, &party.holdings.primary) > 0 {
                violations.push(disagreement(evidence, group, party, (records, state)));
            }
            if judges_children && let Some(heir) = torn(group, party) {
                violations.push(Report::new(evidence, group).misplaced(party, heir));
            }
        }
    }
}

/// What the primary says; where it says nothing, what fits the records best.
fn intended<'a>(party: &'a Party<'a>, records: &'a [Held<'a>]) -> State<'a> {
    match &party.holdings.primary {
        Primary::Absent => None,
        Primary::Shown(shown) => Some(Fields::shown(shown)),
        Primary::Untold => {
            let states = [None].into_iter().chain(records.iter().map(|held| as_held(held, 0)));
            states.min_by_key(|state| distance(state, records, &Primary::Untold)).flatten()
        }
    }
}

/// Whose all should be that belonged to this customer and hangs on live records, where it is not one customer's: its own
/// where the customer stands, else somebody's into whom it may have been merged.
fn torn<'a>(group: &Group<'a>, party: &Party<'a>) -> Option<&'a str> {
    let shown = |one: &&Party<'a>| matches!(one.holdings.primary, Primary::Shown(_));
    let heirs: Vec<&str> = match party.holdings.primary {
        Primary::Untold => return None,
        Primary::Shown(_) => vec![party.cust_no],
        Primary::Absent => group.customers.iter().filter(shown).map(|one| one.cust_no).collect(),
    };
    let whole = heirs.iter().any(|heir| !party.children.hang_elsewhere(heir));
    heirs.first().copied().filter(|_| !whole)
}

fn disagreement<'a>(
    evidence: Evidence<'a>,
    group: &Group<'a>,
    party: &Party<'a>,
    (records, state): (&[Held<'a>], State<'a>),
) -> Violation {
    let report = Report::new(evidence, group);
    let (order, turns, refused) = (&[], &[], &[]);
    let difference = Difference { party, records, customer: 0, state, order, turns, refused, late: evidence.late };
    let mut violation = report.difference(&difference);
    // Who was told what is not known, so what is left to tell apart is what stands there.
    if violation.diagnosis != Some(Diagnosis::NoDuplicates) {
        violation.diagnosis = Some(diagnosis(&state, records));
    }
    violation
}

/// What was taken back at one system and stands at another is a ghost; anything else is half-done.
fn diagnosis(state: &State<'_>, records: &[Held<'_>]) -> Diagnosis {
    let taken_back = |held: &Held<'_>| matches!(held.record.condition, Condition::Closed | Condition::SoftDeleted);
    if state.is_none() && records.iter().any(taken_back) && !records.iter().all(taken_back) {
        return Diagnosis::NoLateGhosts;
    }
    Diagnosis::AllOrNothing
}
