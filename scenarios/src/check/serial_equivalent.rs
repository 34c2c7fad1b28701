//! `serial-equivalent`, the law: the final fleet and primary are what a small sequential specification gives, run in
//! some order that respects real time and what clients were told. Needs F1 to F9; reads records and the facade only.
//!
//! Acknowledged operations stand in the order once, refused ones nowhere, open ones once or never; a read stands where
//! it shows the state. Systems that disagree with one another fit no order, so half-done work needs no rule of its own.

pub(super) mod agreement;
pub(super) mod case;
mod children;
mod diagnosis;
#[cfg(test)]
mod history_tests;
pub(super) mod holdings;
#[cfg(test)]
mod order_tests;
mod report;
pub(super) mod search;
pub(super) mod specification;
mod strangers;
#[cfg(test)]
mod tests;

pub use self::agreement::apart;
use self::case::{Case, Group, Party};
use self::diagnosis::Difference;
use self::holdings::{Held, Primary, distance};
use self::report::Report;
use self::search::{Found, Placed, Searched, Strictness, search};
use self::specification::{Fields, State, standing};
use super::added::Added;
use super::exchanges::Exchange;
use super::late::LateCalls;
use super::outcome::Act;
use super::{EndState, Violation};
use crate::operation::Plan;

/// So many convictions of one world are enough: each of them is written out.
const ENOUGH: usize = 32;

/// What the law judges by.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    pub(super) plan: &'a Plan,
    pub(super) exchanges: &'a [Exchange],
    pub(super) late: &'a LateCalls,
    pub(super) added: &'a Added,
    pub(super) ending: &'a EndState,
}

/// Convicts for every group of customers that no order explains. Answers with how many groups had too many orders to
/// be decided either way.
pub(super) fn judge<'a>(evidence: Evidence<'a>, case: &Case<'a>, violations: &mut Vec<Violation>) -> u32 {
    let mut undecided = 0;
    for group in &case.groups {
        if violations.len() >= ENOUGH {
            return undecided;
        }
        let lawful = orders(case, group, Strictness::Lawful);
        match &lawful.best {
            Some(best) if best.distance == 0 => {}
            _ if !lawful.exhausted && group.customers.iter().all(|party| could_be(case, party)) => undecided += 1,
            Some(best) => convict(evidence, case, group, best, violations),
            None => {
                let forced = orders(case, group, Strictness::Forced);
                match &forced.best {
                    Some(best) if best.distance > 0 => convict(evidence, case, group, best, violations),
                    _ => violations.push(Report::new(evidence, group).contradiction()),
                }
            }
        }
    }
    violations.extend(case.strays().map(|stray| report::stray(stray, evidence.ending)));
    strangers::judge(evidence.plan, evidence.ending, violations);
    undecided
}

/// Searches the orders of a group, refusals aside.
fn orders<'a>(case: &Case<'a>, group: &Group<'a>, strictness: Strictness) -> Searched<'a> {
    let far = |states: &[State<'a>]| {
        let parties = states.iter().zip(&group.customers);
        let held: u32 = parties
            .map(|(state, party)| distance(&standing(state), case.records(&party.holdings), &party.holdings.primary))
            .sum();
        held + if group.merges { (0..states.len()).map(|customer| group.misplaced(customer, states)).sum() } else { 0 }
    };
    let initial = || group.customers.iter().map(|party| party.initial).collect();
    if group.turns.iter().any(|placed| matches!(placed.turn.act, Act::Impossible(_))) {
        let turns: Vec<Placed<'a>> =
            group.turns.iter().filter(|placed| !matches!(placed.turn.act, Act::Impossible(_))).cloned().collect();
        return search(&turns, initial, strictness, far);
    }
    search(&group.turns, initial, strictness, far)
}

/// Whether the systems and the primary agree on this customer, so that at least some state explains them.
fn could_be(case: &Case<'_>, party: &Party<'_>) -> bool {
    let records = case.records(&party.holdings);
    let fits = |state: State<'_>| distance(&state, records, &party.holdings.primary) == 0;
    // Points stand with the primary only.
    let points = match &party.holdings.primary {
        Primary::Shown(shown) => shown.loyalty_points,
        _ => 0,
    };
    fits(None) || records.iter().any(|held| fits(as_held(held, points)))
}

/// The state that a record shows by itself, with this many points.
fn as_held<'a>(held: &Held<'a>, points: u64) -> State<'a> {
    Some(Fields {
        email: held.record.email.as_deref()?,
        given_name: &held.record.given_name,
        family_name: &held.record.family_name,
        phone: held.record.phone.as_deref(),
        points,
        into: None,
        linked: false,
    })
}

fn convict<'a>(
    evidence: Evidence<'a>,
    case: &Case<'a>,
    group: &Group<'a>,
    best: &Found<'a>,
    violations: &mut Vec<Violation>,
) {
    let turns: Vec<&Placed<'a>> =
        group.turns.iter().filter(|placed| !matches!(placed.turn.act, Act::Impossible(_))).collect();
    for (customer, (party, state)) in group.customers.iter().zip(&best.end).enumerate() {
        let records = case.records(&party.holdings);
        let state = standing(state);
        let report = Report::new(evidence, group);
        if distance(&state, records, &party.holdings.primary) == 0 {
            let heir = group.heir(customer, &best.end).filter(|heir| party.children.misplaced(heir) > 0);
            violations.extend(heir.map(|heir| report.misplaced(party, heir)));
            continue;
        }
        let own: Vec<&Placed<'a>> = turns.iter().copied().filter(|placed| placed.concerns(customer)).collect();
        let order: Vec<&Placed<'a>> = best
            .order
            .iter()
            .filter_map(|turn| turns.get(*turn).copied())
            .filter(|placed| placed.concerns(customer))
            .collect();
        let refused = report.refused(party.cust_no);
        let difference = Difference {
            party,
            records,
            customer,
            state,
            order: &order,
            turns: &own,
            refused: &refused,
            late: evidence.late,
        };
        violations.push(report.difference(&difference));
    }
}
