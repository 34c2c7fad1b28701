//! Witnesses: flips, each shrunk to the smallest world in which the checker still convicts under one orchestrator and
//! still holds under the other.

use std::collections::BTreeSet;

use super::pair::{Flip, Pairs, Side};
use super::{CanaryError, Order, Place};
use crate::explore::{Shrunk, shrink_by};
use crate::run::{Judge, Plot, judges};
use crate::workload::Workload;

/// A flip, and its smallest world.
#[derive(Debug)]
pub struct Witness {
    /// The flip.
    pub flip: Flip,
    /// Its smallest world; none where the checker convicts in the world of the seed only, not where only its faults are
    /// kept.
    pub shrunk: Option<Shrunk>,
}

/// The witnesses of so many introduced violations, and of one fixed. Those of different checkers and scenarios come
/// first.
///
/// # Errors
/// Where an orchestrator breaks.
pub fn witnesses(order: &Order<'_>, pairs: &Pairs, most: usize) -> Result<Vec<Witness>, CanaryError> {
    let chosen = |side, most| telling(pairs.flips(), side).into_iter().take(most);
    let flips = chosen(Side::Candidate, most).chain(chosen(Side::Baseline, most.min(1)));
    flips.map(|flip| witness(order, flip)).collect()
}

/// The flips on this side, such that the first are as different as can be: each checker's first, then each scenario's
/// first of each checker, then the others.
fn telling(flips: &[Flip], side: Side) -> Vec<Flip> {
    let (mut checkers, mut both) = (BTreeSet::new(), BTreeSet::new());
    let ranked = flips.iter().filter(|flip| flip.convicts == side).map(|flip| {
        let new_checker = checkers.insert(flip.charge.checker);
        let new_pair = both.insert((flip.charge.checker, flip.scenario));
        (if new_checker { 0 } else { 2 - u8::from(new_pair) }, flip.clone())
    });
    let mut ranked: Vec<(u8, Flip)> = ranked.collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, flip)| flip).collect()
}

fn witness(order: &Order<'_>, flip: Flip) -> Result<Witness, CanaryError> {
    let Flip { scenario: place, seed, convicts, .. } = flip;
    let checker = flip.charge.checker;
    let scenario = &order.scenarios[place];
    let holds = convicts.other();
    let judge = |side| {
        let appoint = judges(order.orchestrator(side)).ok_or(CanaryError::NoOrchestrator(side))?;
        Ok(appoint(scenario))
    };
    let mut convicting: Box<dyn Judge + '_> = judge(convicts)?;
    let mut holding: Box<dyn Judge + '_> = judge(holds)?;
    let chosen = convicting.record(seed, None).chosen;
    let mut record = |plot: Plot<'_>| {
        let mut record = convicting.record(seed, Some(plot));
        // What the other orchestrator does wrong as well is no difference.
        if record.violations.iter().any(|violation| violation.checker == checker) {
            let others = holding.record(seed, Some(plot)).violations;
            record.violations.retain(|one| others.iter().all(|other| other.charge() != one.charge()));
        }
        record
    };
    let shrunk = shrink_by(&mut record, checker, Plot::of(&chosen), &Workload::operations(scenario, seed));
    for (side, judge) in [(convicts, &convicting), (holds, &holding)] {
        if let Some(why) = judge.broken() {
            return Err(CanaryError::Broken(Place { scenario: place, seed, side }, why));
        }
    }
    Ok(Witness { flip, shrunk })
}
